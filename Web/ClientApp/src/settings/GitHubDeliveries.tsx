import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { listGitHubDeliveries, replayDelivery } from '../api/github';
import type { GitHubDelivery } from '../api/types';
import { gitHubKey } from '../github/queries';
import { useAllOrganizations, usePages } from '../organizations/queries';
import { isAtLeast } from '../organizations/roles';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { LoadMore } from '../ui/LoadMore';
import { Loading, Skeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { Section } from './Section';
import { useAction } from './useAction';

/** What GitHub told about the projects, what came of it, and once more. */
export function GitHubDeliveries() {
  const [owner, setOwner] = useState('');
  const queries = useQueryClient();
  const organizations = useAllOrganizations();
  const managed = organizations.data?.filter(({ role }) => isAtLeast(role, 'admin')) ?? [];
  const key = [...gitHubKey, 'deliveries', owner];
  const deliveries = usePages(key, (page, signal) => listGitHubDeliveries(owner || undefined, page, signal));
  const { busy, error, run } = useAction();
  const all = deliveries.data?.pages.flatMap((page) => page.deliveries);

  function replay(delivery: GitHubDelivery) {
    void run(async () => {
      await replayDelivery(delivery.id);
      toast.success('It is processed again');
      await queries.invalidateQueries({ queryKey: key });
    });
  }

  return (
    <Section title="Deliveries" text="What GitHub told about your projects, newest first, and what came of it.">
      {managed.length > 0 && (
        <Field label="Projects of">
          {(control) => (
            <select {...control} value={owner} onChange={(event) => setOwner(event.target.value)} className="control sm:max-w-80">
              <option value="">You</option>
              {managed.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {error !== null && <ErrorNotice title="It was not processed again" error={error} />}
      {deliveries.isPending && (
        <Loading label="Loading deliveries">
          <Skeleton className="h-24 w-full" />
        </Loading>
      )}
      {deliveries.isError && !all && <ErrorNotice title="The deliveries could not be loaded" error={deliveries.error} onRetry={() => void deliveries.refetch()} />}
      {all?.length === 0 && <p className="text-muted">GitHub has told nothing yet.</p>}
      {all && all.length > 0 && (
        <ul aria-label="Deliveries" className="divide-y divide-line">
          {all.map((delivery) => (
            <Row key={delivery.id} delivery={delivery} busy={busy} onReplay={() => replay(delivery)} />
          ))}
        </ul>
      )}
      <LoadMore query={deliveries} />
    </Section>
  );
}

function Row({ delivery, busy, onReplay }: { delivery: GitHubDelivery; busy: boolean; onReplay: () => void }) {
  const { event, action, repository, status, reason, receivedAt, projects } = delivery;
  const name = [event, action].filter(Boolean).join(' ').replace(/_/g, ' ');
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3 first:pt-0">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium break-all">
          {name}
          {repository && <span className="font-normal text-muted"> · {repository}</span>}
        </p>
        <p className="text-[0.8125rem] text-muted">
          {status.replace(/_/g, ' ')}
          {reason && `: ${reason}`} · <RelativeTime at={receivedAt} />
        </p>
        {projects.length > 0 && (
          <ul className="mt-1 text-[0.8125rem]">
            {projects.map(({ projectId, project, outcome, reason: why, deploymentId }) => (
              <li key={projectId}>
                {project}: {deploymentId ? <Link to={`/deployments/${deploymentId}`} className="text-link">{outcome.replace(/_/g, ' ')}</Link> : outcome.replace(/_/g, ' ')}
                {why && <span className="text-muted">, {why}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
      <button type="button" aria-label={`Replay ${name}`} aria-disabled={busy} className={buttonStyle('secondary', 'small')} onClick={onReplay}>
        Replay
      </button>
    </li>
  );
}
