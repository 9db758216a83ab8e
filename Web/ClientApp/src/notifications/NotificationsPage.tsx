import { Bell } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { LoadMore } from '../ui/LoadMore';
import { PageHeader } from '../ui/PageHeader';
import { Loading, Skeleton } from '../ui/Skeleton';
import { usePageTitle } from '../ui/usePageTitle';
import { NotificationItem } from './NotificationItem';
import { useNotifications, useUnread } from './queries';
import { useNotificationActions } from './useNotificationActions';

export default function NotificationsPage() {
  usePageTitle('Notifications');
  const [params, setParams] = useSearchParams();
  const onlyUnread = params.get('show') === 'unread';
  const list = useNotifications(onlyUnread);
  const unread = useUnread().data ?? 0;
  const { read, readAll, remove, removeAll } = useNotificationActions();
  const all = list.data?.pages.flatMap((page) => page.notifications);
  const newest = all?.[0];

  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="Notifications" text="What happened with your deployments, your organizations and your account." />
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <select
          aria-label="Show"
          value={onlyUnread ? 'unread' : ''}
          onChange={(event) => setParams(event.target.value ? { show: event.target.value } : {}, { replace: true })}
          className="control w-auto"
        >
          <option value="">All</option>
          <option value="unread">Unread only</option>
        </select>
        <p role="status" className="tabular text-muted">
          {unread} unread
        </p>
        <div className="ml-auto flex flex-wrap gap-2">
          {unread > 0 && newest && (
            <button type="button" className={buttonStyle('secondary', 'small')} onClick={() => readAll(newest.seq)}>
              Mark all as read
            </button>
          )}
          {newest && <ConfirmButton label="Delete all" question="They do not come back." confirm="Delete all" onConfirm={removeAll} />}
        </div>
      </div>
      {list.isPending && (
        <Loading label="Loading notifications">
          <Skeleton className="h-48 w-full" />
        </Loading>
      )}
      {list.isError && !all && <ErrorNotice title="The notifications could not be loaded" error={list.error} onRetry={() => void list.refetch()} />}
      {all?.length === 0 && (
        <div className="panel">
          <EmptyState Icon={Bell} title={onlyUnread ? 'Nothing unread' : 'Nothing happened yet'} text="You are told when deployments end and when people invite you." />
        </div>
      )}
      {all && all.length > 0 && (
        <ul aria-label="Notifications" className="panel mb-4 divide-y divide-line">
          {all.map((notification) => (
            <NotificationItem key={notification.id} notification={notification} onOpen={() => !notification.read && read(notification.id)}>
              <div className="mt-1 -ml-2.5 flex flex-wrap gap-1">
                {!notification.read && (
                  <button type="button" aria-label={`Mark as read: ${notification.title}`} className={buttonStyle('quiet', 'small')} onClick={() => read(notification.id)}>
                    Mark as read
                  </button>
                )}
                <button type="button" aria-label={`Delete: ${notification.title}`} className={buttonStyle('quiet', 'small')} onClick={() => remove(notification.id)}>
                  Delete
                </button>
              </div>
            </NotificationItem>
          ))}
        </ul>
      )}
      <LoadMore query={list} />
    </div>
  );
}
