import { api } from './client';
import type {
  AuditPage,
  CreateOrganizationRequest,
  Invitation,
  InvitationPage,
  InvitationPreview,
  MemberPage,
  Organization,
  OrganizationPage,
  OrganizationRole,
  UpdateOrganizationRequest,
} from './types';

const pageSize = 100;
const one = (id: string) => `/api/organizations/${encodeURIComponent(id)}`;
const member = (id: string, userId: string) => `${one(id)}/members/${encodeURIComponent(userId)}`;

export const listOrganizations = (page: number, signal?: AbortSignal): Promise<OrganizationPage> =>
  api.call('/api/organizations', { query: { page, limit: pageSize }, signal });

export const getOrganization = (id: string, signal?: AbortSignal): Promise<Organization> => api.call(one(id), { signal });

export const createOrganization = (body: CreateOrganizationRequest): Promise<Organization> =>
  api.call('/api/organizations', { method: 'POST', body });

export const updateOrganization = (id: string, body: UpdateOrganizationRequest): Promise<Organization> =>
  api.call(one(id), { method: 'PATCH', body });

export const deleteOrganization = (id: string): Promise<unknown> => api.call(one(id), { method: 'DELETE' });

export const transferOrganization = (id: string, userId: string): Promise<unknown> =>
  api.call(`${one(id)}/transfer`, { method: 'POST', body: { userId } });

export const leaveOrganization = (id: string): Promise<unknown> => api.call(`${one(id)}/leave`, { method: 'POST' });

export const listMembers = (id: string, page: number, signal?: AbortSignal): Promise<MemberPage> =>
  api.call(`${one(id)}/members`, { query: { page, limit: pageSize }, signal });

export const changeMemberRole = (id: string, userId: string, role: OrganizationRole): Promise<unknown> =>
  api.call(member(id, userId), { method: 'PATCH', body: { role } });

export const removeMember = (id: string, userId: string): Promise<unknown> => api.call(member(id, userId), { method: 'DELETE' });

export const listInvitations = (id: string, page: number, signal?: AbortSignal): Promise<InvitationPage> =>
  api.call(`${one(id)}/invitations`, { query: { page, limit: pageSize }, signal });

export const inviteMember = (id: string, body: { email: string; role: OrganizationRole }): Promise<Invitation> =>
  api.call(`${one(id)}/invitations`, { method: 'POST', body });

export const revokeInvitation = (id: string, invitationId: string): Promise<unknown> =>
  api.call(`${one(id)}/invitations/${encodeURIComponent(invitationId)}`, { method: 'DELETE' });

export const listOrganizationAudit = (id: string, cursor: string | undefined, signal?: AbortSignal): Promise<AuditPage> =>
  api.call(`${one(id)}/audit`, { query: { cursor }, signal });

export const getInvitation = (token: string, signal?: AbortSignal): Promise<InvitationPreview> =>
  api.call('/api/invitations/preview', { method: 'POST', body: { token }, signal });

export const acceptInvitation = (token: string): Promise<Organization> =>
  api.call('/api/invitations/accept', { method: 'POST', body: { token } });

export const declineInvitation = (token: string): Promise<unknown> =>
  api.call('/api/invitations/decline', { method: 'POST', body: { token } });
