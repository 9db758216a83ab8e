import { api } from './client';
import type { ApiScopes, ApiToken, CreateApiTokenRequest, CreatedApiToken } from './types';

export const listTokens = async (signal?: AbortSignal): Promise<ApiToken[]> =>
  (await api.call<{ tokens: ApiToken[] }>('/api/user/tokens', { signal })).tokens;

export const listScopes = (signal?: AbortSignal): Promise<ApiScopes> => api.call('/api/user/tokens/scopes', { signal });

export const createToken = (body: CreateApiTokenRequest): Promise<CreatedApiToken> =>
  api.call('/api/user/tokens', { method: 'POST', body });

export const revokeToken = (id: string): Promise<unknown> =>
  api.call(`/api/user/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
