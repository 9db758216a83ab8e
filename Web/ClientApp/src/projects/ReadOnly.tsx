/** Says why nothing can be changed here. */
export function ReadOnly({ what }: { what: string }) {
  return <p className="text-muted">Admins of the organization can change {what}. You can look at them.</p>;
}
