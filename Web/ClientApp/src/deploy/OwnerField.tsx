import { useAllOrganizations } from '../organizations/queries';
import { isAtLeast } from '../organizations/roles';
import { useSession } from '../session/useSession';
import { Field } from '../ui/Field';

interface OwnerFieldProps {
  owner: string;
  errors?: string[];
  onChoose: (owner: string) => void;
}

/** Whom the project belongs to; nothing where there is nothing to choose. */
export function OwnerField({ owner, errors, onChoose }: OwnerFieldProps) {
  const session = useSession();
  const organizations = useAllOrganizations(Boolean(session.data));
  const allowed = organizations.data?.filter(({ role }) => isAtLeast(role, 'developer')) ?? [];
  if (allowed.length === 0 && !owner) return null;
  return (
    <Field label="Owner" hint="An organization's projects are seen and deployed by its members." errors={errors}>
      {(control) => (
        <select {...control} value={owner} onChange={(event) => onChoose(event.target.value)} className="control sm:max-w-80">
          <option value="">{session.data ? `${session.data.user.name} (you)` : 'You'}</option>
          {allowed.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          {owner && organizations.data && !allowed.some(({ id }) => id === owner) && <option value={owner}>Not an organization of yours</option>}
        </select>
      )}
    </Field>
  );
}
