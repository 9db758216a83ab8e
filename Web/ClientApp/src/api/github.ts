import { api } from './client';
import type { BranchPage, GitHubConnection, GitHubDeliveryPage, RepositoryPage } from './types';

export const getConnection = (signal?: AbortSignal): Promise<GitHubConnection> => api.call('/api/github/connection', { signal });

/** Answers where to send the browser: GitHub's page, or a path of the Api that leads there. */
export const connectGitHub = async (returnUrl: string): Promise<string> =>
  (await api.call<{ url: string }>('/api/github/connect', { method: 'POST', body: { returnUrl } })).url;

export const disconnectGitHub = (): Promise<unknown> => api.call('/api/github/disconnect', { method: 'DELETE' });

export const listRepositories = (
  query: { search?: string; page: number; limit: number; refresh?: boolean },
  signal?: AbortSignal,
): Promise<RepositoryPage> => api.call('/api/github/repos', { query: { ...query, refresh: query.refresh ? 'true' : undefined }, signal });

export const listBranches = (fullName: string, page: number, signal?: AbortSignal): Promise<BranchPage> =>
  api.call(`/api/github/repos/${fullName.split('/').map(encodeURIComponent).join('/')}/branches`, { query: { page }, signal });

export const listGitHubDeliveries = (owner: string | undefined, page: number, signal?: AbortSignal): Promise<GitHubDeliveryPage> =>
  api.call('/api/github/deliveries', { query: { owner, page, limit: 20 }, signal });

export const replayDelivery = (id: string): Promise<unknown> =>
  api.call(`/api/github/deliveries/${encodeURIComponent(id)}/replay`, { method: 'POST' });
