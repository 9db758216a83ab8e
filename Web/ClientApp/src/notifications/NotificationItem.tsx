import clsx from 'clsx';
import { Bell, CircleAlert, CircleCheck, ShieldAlert, UserPlus, Webhook, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Notification } from '../api/types';
import { RelativeTime } from '../ui/Time';

const looks: Record<string, { Icon: LucideIcon; tone: string }> = {
  'deployment.succeeded': { Icon: CircleCheck, tone: 'text-ok' },
  'deployment.failed': { Icon: CircleAlert, tone: 'text-bad' },
  'invitation.received': { Icon: UserPlus, tone: 'text-accent' },
  'invitation.accepted': { Icon: UserPlus, tone: 'text-accent' },
  security: { Icon: ShieldAlert, tone: 'text-busy' },
  'webhook.disabled': { Icon: Webhook, tone: 'text-bad' },
};

interface NotificationItemProps {
  notification: Notification;
  onOpen: () => void;
  children?: ReactNode;
}

export function NotificationItem({ notification, onOpen, children }: NotificationItemProps) {
  const { type, title, message, link, read, timestamp } = notification;
  const { Icon, tone } = looks[type] ?? { Icon: Bell, tone: 'text-muted' };
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', tone)} />
      <div className="min-w-0 flex-1">
        <p className={clsx('break-words', !read && 'font-medium')}>
          {!read && <span className="sr-only">Unread: </span>}
          {link ? (
            <Link to={link} onClick={onOpen} className="hover:underline">
              {title}
            </Link>
          ) : (
            title
          )}
        </p>
        <p className="text-[0.8125rem] break-words text-muted">{message}</p>
        <p className="text-[0.8125rem] text-muted">
          <RelativeTime at={timestamp} />
        </p>
        {children}
      </div>
      {!read && <span aria-hidden className="mt-1.5 size-2 shrink-0 rounded-full bg-accent" />}
    </li>
  );
}
