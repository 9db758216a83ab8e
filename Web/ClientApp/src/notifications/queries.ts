import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { countUnread, listNotifications, notificationStreamUrl } from '../api/notifications';
import { NotificationStream } from './NotificationStream';

const pollMs = 60_000;

export const notificationsKey = ['notifications'] as const;
export const unreadKey = [...notificationsKey, 'unread'] as const;

export function useUnread() {
  return useQuery({
    queryKey: unreadKey,
    queryFn: ({ signal }) => countUnread(signal),
    // The stream tells at once; this catches what it missed while it was away.
    refetchInterval: pollMs,
  });
}

export function useNotifications(unread: boolean, enabled = true) {
  return useInfiniteQuery({
    queryKey: [...notificationsKey, 'list', unread],
    queryFn: ({ pageParam, signal }) => listNotifications({ unread, cursor: pageParam }, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    enabled,
  });
}

/** Follows what arrives for as long as the component is there. */
export function useNotificationStream(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stream = new NotificationStream(notificationStreamUrl, (frame) => {
      if (frame.type === 'unread') queries.setQueryData(unreadKey, frame.unread);
      else void queries.invalidateQueries({ queryKey: [...notificationsKey, 'list'] });
    });
    stream.start();
    return () => stream.stop();
  }, [queries]);
}
