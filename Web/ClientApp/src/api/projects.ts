import { api } from './client';
import type {
  CreateProjectRequest,
  CreateWebhookRequest,
  DeploymentDetail,
  Domain,
  Production,
  Project,
  ProjectPage,
  Traffic,
  UpdateProjectRequest,
  UpdateWebhookRequest,
  VariableRequest,
  Variables,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookSecret,
} from './types';

export interface ProjectQuery {
  search?: string;
  owner?: string;
  page: number;
  limit: number;
}

const one = (id: string) => `/api/projects/${encodeURIComponent(id)}`;
const domain = (id: string, domainId: string) => `${one(id)}/domains/${encodeURIComponent(domainId)}`;
const webhook = (id: string, webhookId: string) => `${one(id)}/webhooks/${encodeURIComponent(webhookId)}`;

export const listProjects = (query: ProjectQuery, signal?: AbortSignal): Promise<ProjectPage> => api.call('/api/projects', { query: { ...query }, signal });

export const createProject = (body: CreateProjectRequest): Promise<Project> => api.call('/api/projects', { method: 'POST', body });

export const getProject = (id: string, signal?: AbortSignal): Promise<Project> => api.call(one(id), { signal });

export const updateProject = (id: string, body: UpdateProjectRequest): Promise<Project> => api.call(one(id), { method: 'PUT', body });

export const deleteProject = (id: string): Promise<unknown> => api.call(one(id), { method: 'DELETE' });

export const transferProject = (id: string, owner: string): Promise<unknown> => api.call(`${one(id)}/transfer`, { method: 'POST', body: { owner } });

export const deployProject = (id: string, body: { branch?: string; useCache?: boolean }): Promise<DeploymentDetail> =>
  api.call(`${one(id)}/deployments`, { method: 'POST', body });

/** Away from that deployment: when somebody else was quicker, nothing happens. */
export const rollBack = (id: string, from: string): Promise<Production> => api.call(`${one(id)}/rollback`, { method: 'POST', body: { from } });

export const resume = (id: string): Promise<Production> => api.call(`${one(id)}/resume`, { method: 'POST' });

export const getVariables = (id: string, signal?: AbortSignal): Promise<Variables> => api.call(`${one(id)}/env`, { signal });

export const putVariables = (id: string, body: { production?: VariableRequest[]; preview?: VariableRequest[] }): Promise<Variables> =>
  api.call(`${one(id)}/env`, { method: 'PUT', body });

export const getTraffic = (id: string, hours: number, signal?: AbortSignal): Promise<Traffic> => api.call(`${one(id)}/traffic`, { query: { hours }, signal });

export const listDomains = async (id: string, signal?: AbortSignal): Promise<Domain[]> =>
  (await api.call<{ domains: Domain[] }>(`${one(id)}/domains`, { signal })).domains;

export const addDomain = (id: string, host: string): Promise<Domain> => api.call(`${one(id)}/domains`, { method: 'POST', body: { host } });

export const verifyDomain = (id: string, domainId: string): Promise<Domain> => api.call(`${domain(id, domainId)}/verify`, { method: 'POST' });

export const makePrimary = (id: string, domainId: string): Promise<unknown> => api.call(`${domain(id, domainId)}/primary`, { method: 'POST' });

export const removeDomain = (id: string, domainId: string): Promise<unknown> => api.call(domain(id, domainId), { method: 'DELETE' });

export const listWebhooks = async (id: string, signal?: AbortSignal): Promise<Webhook[]> =>
  (await api.call<{ webhooks: Webhook[] }>(`${one(id)}/webhooks`, { signal })).webhooks;

export const createWebhook = (id: string, body: CreateWebhookRequest): Promise<WebhookSecret> => api.call(`${one(id)}/webhooks`, { method: 'POST', body });

export const updateWebhook = (id: string, webhookId: string, body: UpdateWebhookRequest): Promise<Webhook> =>
  api.call(webhook(id, webhookId), { method: 'PUT', body });

export const deleteWebhook = (id: string, webhookId: string): Promise<unknown> => api.call(webhook(id, webhookId), { method: 'DELETE' });

export const rotateWebhookSecret = (id: string, webhookId: string): Promise<WebhookSecret> =>
  api.call(`${webhook(id, webhookId)}/secret`, { method: 'POST' });

export const testWebhook = (id: string, webhookId: string): Promise<WebhookDelivery> => api.call(`${webhook(id, webhookId)}/test`, { method: 'POST' });

export const listWebhookDeliveries = (id: string, webhookId: string, cursor: string | undefined, signal?: AbortSignal): Promise<WebhookDeliveryPage> =>
  api.call(`${webhook(id, webhookId)}/deliveries`, { query: { cursor }, signal });

export const redeliver = (id: string, webhookId: string, deliveryId: string): Promise<WebhookDelivery> =>
  api.call(`${webhook(id, webhookId)}/deliveries/${encodeURIComponent(deliveryId)}/redeliver`, { method: 'POST' });
