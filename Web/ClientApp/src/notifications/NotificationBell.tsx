import { Bell } from 'lucide-react';
import { Link } from 'react-router';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Loading, Skeleton } from '../ui/Skeleton';
import { useDisclosure } from '../ui/useDisclosure';
import { NotificationItem } from './NotificationItem';
import { useNotifications, useNotificationStream, useUnread } from './queries';
import { useNotificationActions } from './useNotificationActions';

const shown = 6;

/** The unread count, and the newest notifications behind it. */
export function NotificationBell() {
  useNotificationStream();
  const unread = useUnread().data ?? 0;
  const { open, setOpen, panel, box, trigger, onKeyDown } = useDisclosure();
  const list = useNotifications(false, open);
  const { read, readAll } = useNotificationActions();
  const all = list.data?.pages[0]?.notifications;
  const newest = all?.[0];

  return (
    <div ref={box} className="relative" onKeyDown={onKeyDown}>
      <button
        ref={trigger}
        type="button"
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
        className="relative grid size-9 place-items-center rounded-full text-muted hover:bg-sunken hover:text-ink"
      >
        <Bell aria-hidden className="size-[1.125rem]" />
        <span className="sr-only">Notifications</span>
        {unread > 0 && (
          <span className="tabular absolute top-0 right-0 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-[0.625rem] font-semibold text-canvas">
            {unread > 99 ? '99+' : unread}
            <span className="sr-only"> unread</span>
          </span>
        )}
      </button>
      <div
        id={panel}
        hidden={!open}
        className="panel fixed inset-x-4 z-30 mt-2 overflow-hidden shadow-raised sm:absolute sm:inset-x-auto sm:top-full sm:right-0 sm:w-96"
      >
        <div className="flex items-center justify-between gap-3 border-b border-line px-4 py-2">
          <h2 className="font-semibold">Notifications</h2>
          {unread > 0 && newest && (
            <button type="button" className={buttonStyle('quiet', 'small')} onClick={() => readAll(newest.seq)}>
              Mark all as read
            </button>
          )}
        </div>
        {open && list.isPending && (
          <Loading label="Loading notifications">
            <div className="grid gap-2 p-4">
              <Skeleton className="h-10" />
              <Skeleton className="h-10" />
            </div>
          </Loading>
        )}
        {list.isError && !all && (
          <div className="p-4">
            <ErrorNotice title="The notifications could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {all?.length === 0 && <p className="px-4 py-6 text-center text-muted">Nothing happened yet.</p>}
        {all && all.length > 0 && (
          <ul aria-label="Newest notifications" className="max-h-[60vh] divide-y divide-line overflow-y-auto">
            {all.slice(0, shown).map((notification) => (
              <NotificationItem
                key={notification.id}
                notification={notification}
                onOpen={() => {
                  setOpen(false);
                  if (!notification.read) read(notification.id);
                }}
              />
            ))}
          </ul>
        )}
        <div className="flex justify-between gap-3 border-t border-line px-4 py-2">
          <Link to="/notifications" onClick={() => setOpen(false)} className="text-link">
            See all
          </Link>
          <Link to="/settings/notifications" onClick={() => setOpen(false)} className="text-link">
            Settings
          </Link>
        </div>
      </div>
    </div>
  );
}
