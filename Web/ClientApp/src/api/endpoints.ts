import { enterWith } from './account';
import { api } from './client';
import { ApiError } from './errors';
import type { Progress } from './sendFile';
import type {
  CreateDeploymentRequest,
  DashboardFigures,
  DeploymentDetail,
  DeploymentItem,
  DeploymentPage,
  Language,
  LoginRequest,
  LogPage,
  RedeployRequest,
  Sample,
  SecondStep,
  Session,
  SignedIn,
  SignUpRequest,
} from './types';

export interface DeploymentQuery {
  search: string;
  status: string;
  project?: string;
  branch?: string;
  environment?: string;
  page: number;
  limit: number;
}

export interface Upload {
  file: Blob;
  /** The project to deploy to; without it a new one is made. */
  project?: string;
  name?: string;
  rootDir?: string;
  installCommand?: string;
  buildCommand?: string;
  outputDir?: string;
  /** Secrets: they never stand in the address. */
  envVars?: Record<string, string>;
  owner?: string;
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

export function uploadDeployment({ file, envVars, ...query }: Upload, onProgress: Progress, signal?: AbortSignal): Promise<DeploymentDetail> {
  // Browsers disagree about the types of archives; the server looks into the file.
  const archive = file.slice(0, file.size, 'application/octet-stream');
  return api.call('/api/deployments/upload', { method: 'POST', body: envVars ? formOf(archive, envVars) : archive, query, onProgress, signal });
}

/** The server reads the fields before the file comes. */
function formOf(archive: Blob, envVars: Record<string, string>): FormData {
  const form = new FormData();
  form.append('envVars', JSON.stringify(envVars));
  form.append('file', archive, 'archive');
  return form;
}

export async function dashboardFigures(signal?: AbortSignal): Promise<DashboardFigures> {
  return (await api.call<{ stats: DashboardFigures }>('/api/dashboard/stats', { signal })).stats;
}

export function getDeployment(id: string, signal?: AbortSignal): Promise<DeploymentDetail> {
  return api.call(deployment(id), { signal });
}

export function cancelDeployment(id: string): Promise<unknown> {
  return api.call(`${deployment(id)}/cancel`, { method: 'POST' });
}

export function redeploy(id: string, body: RedeployRequest): Promise<DeploymentDetail> {
  return api.call(`${deployment(id)}/redeploy`, { method: 'POST', body });
}

export function promoteDeployment(id: string): Promise<DeploymentDetail> {
  return api.call(`${deployment(id)}/promote`, { method: 'POST' });
}

export function approveDeployment(id: string): Promise<unknown> {
  return api.call(`${deployment(id)}/approve`, { method: 'POST' });
}

export function deleteDeployment(id: string): Promise<unknown> {
  return api.call(deployment(id), { method: 'DELETE' });
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

/** One socket runs one program, so its name says nothing. */
const runStream = '/api/execute/stream/page';

/** Fails with 401 when somebody was signed in and is so no more: a socket would take them for nobody. */
export async function runStreamUrl(): Promise<string> {
  await api.confirmSession();
  return await api.webSocketUrl(runStream, {});
}

/** Why the socket cannot be opened, which browsers do not tell: the refusal of the same address without a socket. */
export async function runProblem(): Promise<ApiError> {
  const error: unknown = await api.call(runStream).then(
    () => null,
    (reason: unknown) => reason,
  );
  // "Upgrade required" is no refusal of the caller: something between does not let sockets through.
  if (error instanceof ApiError && error.status !== 426) return error;
  return new ApiError({
    code: 'NO_LIVE_CONNECTION',
    message: 'No live connection to the server could be opened. A proxy or an extension may be in its way.',
    status: 0,
  });
}
