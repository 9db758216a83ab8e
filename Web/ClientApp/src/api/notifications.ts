import { api } from './client';
import type { NotificationPage } from './types';

const path = '/api/notifications';

export const listNotifications = (
  query: { unread?: boolean; cursor?: number; limit?: number },
  signal?: AbortSignal,
): Promise<NotificationPage> => api.call(path, { query: { ...query, unread: query.unread ? 'true' : undefined }, signal });

export const countUnread = async (signal?: AbortSignal): Promise<number> => (await api.call<{ unread: number }>(`${path}/unread`, { signal })).unread;

/** Those up to a number, so that what arrives meanwhile stays unread. */
export const readNotifications = async (upTo: number): Promise<number> =>
  (await api.call<{ unread: number }>(`${path}/read`, { method: 'POST', body: { upTo } })).unread;

export const readNotification = (id: string): Promise<unknown> => api.call(`${path}/${encodeURIComponent(id)}/read`, { method: 'POST' });

export const deleteNotification = (id: string): Promise<unknown> => api.call(`${path}/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const deleteNotifications = (): Promise<unknown> => api.call(path, { method: 'DELETE' });

export const notificationStreamUrl = (): Promise<string> => api.webSocketUrl(`${path}/stream`, {});
