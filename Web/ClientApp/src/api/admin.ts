import { api } from './client';
import type { AdminUserPage, AuditPage } from './types';

export interface UserFilter {
  search: string;
  status: string;
  role: string;
}

export interface AuditFilter {
  actor: string;
  action: string;
  target: string;
  from: string;
  to: string;
}

const user = (id: string) => `/api/admin/users/${encodeURIComponent(id)}`;

export const listUsers = (filter: UserFilter, cursor?: string, signal?: AbortSignal): Promise<AdminUserPage> =>
  api.call('/api/admin/users', { query: { ...filter, cursor, limit: 50 }, signal });

export const disableUser = (id: string): Promise<unknown> => api.call(`${user(id)}/disable`, { method: 'POST' });

export const enableUser = (id: string): Promise<unknown> => api.call(`${user(id)}/enable`, { method: 'POST' });

export const changeUserRole = (id: string, role: string): Promise<unknown> =>
  api.call(`${user(id)}/role`, { method: 'PUT', body: { role } });

export const listAudit = (filter: AuditFilter, cursor?: string, signal?: AbortSignal): Promise<AuditPage> =>
  api.call('/api/admin/audit', { query: { ...filter, cursor }, signal });

export const listOwnAudit = (cursor?: string, signal?: AbortSignal): Promise<AuditPage> =>
  api.call('/api/user/audit', { query: { cursor }, signal });
