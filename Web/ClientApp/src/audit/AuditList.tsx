import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { History } from 'lucide-react';
import type { AuditEvent, AuditPage } from '../api/types';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { LoadMore } from '../ui/LoadMore';
import { Loading, Skeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { actionLabel } from './actions';

interface AuditListProps {
  queryKey: QueryKey;
  load: (cursor?: string, signal?: AbortSignal) => Promise<AuditPage>;
  empty: string;
}

/** Events, newest first, page after page. */
export function AuditList({ queryKey, load, empty }: AuditListProps) {
  const events = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

  if (events.isPending) {
    return (
      <Loading label="Loading the events">
        <div className="grid gap-3">
          {Array.from({ length: 4 }, (_, index) => (
            <Skeleton key={index} className="h-10 w-full" />
          ))}
        </div>
      </Loading>
    );
  }
  if (!events.data) return <ErrorNotice title="The events could not be loaded" error={events.error} onRetry={() => void events.refetch()} />;
  const all = events.data.pages.flatMap((page) => page.events);
  if (all.length === 0) return <EmptyState Icon={History} title="No events" text={empty} />;
  return (
    <>
      <ol className="divide-y divide-line">
        {all.map((event) => (
          <Entry key={event.id} event={event} />
        ))}
      </ol>
      <LoadMore query={events} />
    </>
  );
}

function Entry({ event }: { event: AuditEvent }) {
  const details = Object.entries(event.details).filter(([, value]) => value !== null && value !== '');
  const origin = [event.ipAddress, event.userAgent].filter(Boolean).join(' · ');
  return (
    <li className="grid grid-cols-1 gap-0.5 py-2.5 first:pt-0">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">{actionLabel(event.action)}</span>
        <span className="text-[0.8125rem] whitespace-nowrap text-muted">
          <RelativeTime at={event.timestamp} />
        </span>
      </p>
      <p className="text-[0.8125rem] wrap-anywhere text-muted">
        {event.actor ? `by ${event.actor.name ?? 'an account that is gone'}` : 'by the platform'}
        {event.actor?.email && ` (${event.actor.email})`}
        {details.length > 0 && ` · ${details.map(([name, value]) => `${name}: ${value ?? ''}`).join(', ')}`}
      </p>
      {origin && <p className="truncate text-xs text-muted" title={origin}>{origin}</p>}
    </li>
  );
}
