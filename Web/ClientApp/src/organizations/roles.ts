import type { OrganizationRole } from '../api/types';

export const roles: { value: OrganizationRole; label: string; text: string }[] = [
  { value: 'viewer', label: 'Viewer', text: 'looks' },
  { value: 'developer', label: 'Developer', text: 'also changes and deploys' },
  { value: 'admin', label: 'Admin', text: 'also decides about members and settings' },
  { value: 'owner', label: 'Owner', text: 'also decides about owners, hands over and deletes' },
];

export const roleLabel = (role: OrganizationRole): string => roles.find(({ value }) => value === role)?.label ?? role;

export const isAtLeast = (role: OrganizationRole, least: OrganizationRole): boolean =>
  roles.findIndex(({ value }) => value === role) >= roles.findIndex(({ value }) => value === least);

/** The roles that somebody may give: owners are made by owners. */
export const rolesGivenBy = (role: OrganizationRole) => (role === 'owner' ? roles : roles.filter(({ value }) => value !== 'owner'));
