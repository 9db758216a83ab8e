/** What the words of the audit log mean. */
const labels: Record<string, string> = {
  'account.created': 'Account created',
  'account.deleted': 'Account deleted',
  'account.exported': 'Data downloaded',
  'account.disabled': 'Account closed',
  'account.enabled': 'Account opened again',
  'account.role_changed': 'Site role changed',
  'account.email_verified': 'Address confirmed',
  'account.verification_refused': 'Wrong confirmation code',
  'account.password_reset': 'Password reset',
  'account.administrator_named': 'Made an administrator',
  'password.changed': 'Password changed',
  'email.change_requested': 'Change of address asked for',
  'email.changed': 'Address changed',
  'email.change_undone': 'Change of address taken back',
  'session.started': 'Signed in',
  'session.refused': 'Sign-in refused',
  'session.ended': 'Signed out',
  'session.all_ended': 'Signed out everywhere',
  'session.token_reused': 'Stolen session ended',
  'login.linked': 'Login connected',
  'login.unlinked': 'Login disconnected',
  'two_factor.enabled': 'Two-factor authentication turned on',
  'two_factor.disabled': 'Two-factor authentication turned off',
  'two_factor.refused': 'Wrong code of the second step',
  'recovery_codes.renewed': 'New recovery codes',
  'recovery_code.used': 'Recovery code used',
  'api_token.created': 'API token created',
  'api_token.revoked': 'API token revoked',
  'organization.created': 'Organization created',
  'organization.renamed': 'Organization renamed',
  'organization.deleted': 'Organization deleted',
  'organization.transferred': 'Organization handed over',
  'member.role_changed': 'Role of a member changed',
  'member.removed': 'Member removed',
  'member.left': 'Member left',
  'invitation.created': 'Invitation sent',
  'invitation.revoked': 'Invitation taken back',
  'invitation.accepted': 'Invitation accepted',
  'invitation.declined': 'Invitation declined',
  'project.transferred': 'Project handed over',
  'github_app.installed': 'GitHub App installed',
  'signing_key.rotated': 'Signing key changed',
  'mail.failed': 'Mail could not be sent',
};

/** A word that this client does not know yet is better shown as it is than not at all. */
export function actionLabel(action: string): string {
  return Object.hasOwn(labels, action) ? (labels[action] as string) : action.replace(/[._]/g, ' ');
}

export const knownActions = Object.keys(labels).sort();
