import { enterWith } from './account';
import { api } from './client';
import type {
  CreateDeploymentRequest,
  DeploymentDetail,
  DeploymentItem,
  DeploymentPage,
  Language,
  LoginRequest,
  LogPage,
  RunRequest,
  RunResult,
  Sample,
  SecondStep,
  Session,
  SignedIn,
  SignUpRequest,
} from './types';

export interface DeploymentQuery {
  search: string;
  status: string;
  page: number;
  limit: number;
}

const deployment = (id: string) => `/api/deployments/${encodeURIComponent(id)}`;

export async function signUp(body: SignUpRequest): Promise<Session> {
  return api.adopt(await api.call<SignedIn>('/api/auth/signup', { method: 'POST', body }));
}

export function logIn(body: LoginRequest): Promise<Session | SecondStep> {
  return enterWith('/api/auth/login', body);
}

export async function logOut(): Promise<void> {
  await api.call<void>('/api/auth/logout', { method: 'POST' });
  api.forget();
}

export function listDeployments(query: DeploymentQuery, signal?: AbortSignal): Promise<DeploymentPage> {
  const status = query.status === 'all' ? undefined : query.status;
  return api.call('/api/deployments', { query: { ...query, status }, signal });
}

export async function recentDeployments(signal?: AbortSignal): Promise<DeploymentItem[]> {
  const answer = await api.call<{ recentDeployments: DeploymentItem[] }>('/api/deployments/recent', { signal });
  return answer.recentDeployments;
}

export function createDeployment(body: CreateDeploymentRequest): Promise<DeploymentDetail> {
  return api.call('/api/deployments', { method: 'POST', body });
}

export function getDeployment(id: string, signal?: AbortSignal): Promise<DeploymentDetail> {
  return api.call(deployment(id), { signal });
}

export function cancelDeployment(id: string): Promise<unknown> {
  return api.call(`${deployment(id)}/cancel`, { method: 'POST' });
}

export function getLogs(id: string, after: number, limit: number, signal?: AbortSignal): Promise<LogPage> {
  return api.call(`${deployment(id)}/logs`, { query: { after, limit }, signal });
}

export function logStreamUrl(id: string, after: number): Promise<string> {
  return api.webSocketUrl(`${deployment(id)}/logs/stream`, { after });
}

export async function listSamples(signal?: AbortSignal): Promise<Sample[]> {
  return (await api.call<{ samples: Sample[] }>('/api/samples', { signal })).samples;
}

export async function listLanguages(signal?: AbortSignal): Promise<Language[]> {
  return (await api.call<{ languages: Language[] }>('/api/execute/languages', { signal })).languages;
}

export function runSnippet(body: RunRequest, signal?: AbortSignal): Promise<RunResult> {
  return api.call('/api/execute/execute', { method: 'POST', body, signal });
}
