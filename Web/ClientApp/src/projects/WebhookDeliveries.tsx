import { useInfiniteQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { listWebhookDeliveries, redeliver } from '../api/projects';
import type { Project, Webhook, WebhookDelivery } from '../api/types';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { milliseconds } from '../ui/format';
import { LoadMore } from '../ui/LoadMore';
import { Loading, Skeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { eventLabel } from './webhookEvents';
import { projectKey } from './queries';

const pollMs = 2_000;
const looks: Record<WebhookDelivery['state'], { label: string; style: string }> = {
  pending: { label: 'Pending', style: 'bg-busy-soft text-busy' },
  delivered: { label: 'Delivered', style: 'bg-ok-soft text-ok' },
  failed: { label: 'Failed', style: 'bg-bad-soft text-bad' },
};

/** What a webhook was told, and how that went. */
export function WebhookDeliveries({ project, webhook }: { project: Project; webhook: Webhook }) {
  const { busy, error, run } = useAction();
  const deliveries = useInfiniteQuery({
    queryKey: [...projectKey(project.id), 'webhooks', webhook.id, 'deliveries'],
    queryFn: ({ pageParam, signal }) => listWebhookDeliveries(project.id, webhook.id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.deliveries.some(({ state: each }) => each === 'pending') ? pollMs : false),
  });
  const all = deliveries.data?.pages.flatMap((page) => page.deliveries);

  function again(delivery: WebhookDelivery) {
    void run(async () => {
      await redeliver(project.id, webhook.id, delivery.id);
      await deliveries.refetch();
    });
  }

  if (deliveries.isPending) {
    return (
      <Loading label="Loading deliveries">
        <Skeleton className="h-16 w-full" />
      </Loading>
    );
  }
  if (!all) return <ErrorNotice title="The deliveries could not be loaded" error={deliveries.error} onRetry={() => void deliveries.refetch()} />;
  if (all.length === 0) return <p className="text-muted">Nothing was sent yet.</p>;
  return (
    <div className="grid gap-3 rounded-lg bg-sunken p-3">
      {error !== null && <ErrorNotice title="It was not sent again" error={error} />}
      <ul aria-label={`Deliveries to ${webhook.url}`} className="divide-y divide-line">
        {all.map((delivery) => (
          <li key={delivery.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 py-2 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-center gap-2 text-[0.8125rem]">
                <span className={clsx('rounded-full px-2 py-0.5 text-xs font-medium', looks[delivery.state].style)}>{looks[delivery.state].label}</span>
                {delivery.event.startsWith('deployment.') ? eventLabel(delivery.event) : delivery.event}
                <span className="text-muted">
                  <RelativeTime at={delivery.timestamp} />
                </span>
              </p>
              <p className="mt-0.5 text-[0.8125rem] break-words text-muted">
                {[
                  delivery.responseStatus !== null && `answer ${delivery.responseStatus}`,
                  delivery.durationMs !== null && milliseconds(delivery.durationMs),
                  delivery.attempts > 1 && `${delivery.attempts} attempts`,
                  delivery.error,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              <details className="mt-1 text-[0.8125rem]">
                <summary>What was sent</summary>
                <pre tabIndex={0} aria-label="Body" className="mt-1 max-h-60 overflow-auto rounded-md bg-surface p-2 font-mono text-xs">
                  {pretty(delivery.payload)}
                </pre>
              </details>
            </div>
            {delivery.state !== 'pending' && (
              <button type="button" aria-disabled={busy} className={buttonStyle('secondary', 'small')} onClick={() => again(delivery)}>
                Send again
              </button>
            )}
          </li>
        ))}
      </ul>
      <LoadMore query={deliveries} />
    </div>
  );
}

function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    // Shown as it was sent.
    return payload;
  }
}
