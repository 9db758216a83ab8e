import { Rocket, Search, SearchX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { buttonStyle } from '../ui/buttonStyle';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageHeader } from '../ui/PageHeader';
import { usePageTitle } from '../ui/usePageTitle';
import { DeploymentTable, DeploymentTableSkeleton } from './DeploymentTable';
import { Pager } from './Pager';
import { useDeployments } from './queries';

const statuses = [
  ['all', 'All statuses'],
  ['queued', 'Queued'],
  ['building', 'Building'],
  ['deploying', 'Deploying'],
  ['success', 'Success'],
  ['failed', 'Failed'],
  ['cancelled', 'Cancelled'],
] as const;

const pageSize = 10;
const typingPauseMs = 250;

export default function DeploymentsPage() {
  usePageTitle('Deployments');
  const [params, setParams] = useSearchParams();
  const search = params.get('search') ?? '';
  const status = statuses.find(([value]) => value === params.get('status'))?.[0] ?? 'all';
  const page = Math.max(1, Number.parseInt(params.get('page') ?? '1', 10) || 1);
  const list = useDeployments({ search, status, page, limit: pageSize });
  const filtered = search !== '' || status !== 'all';

  function filter(name: 'search' | 'status', value: string) {
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '' || value === 'all') next.delete(name);
        else next.set(name, value);
        next.delete('page');
        return next;
      },
      { replace: true },
    );
  }

  return (
    <>
      <PageHeader title="Deployments" text="Everything you deployed, the newest first." />

      <div role="search" className="mb-4 flex flex-wrap gap-2">
        <SearchBox value={search} onSearch={(value) => filter('search', value)} />
        <select
          aria-label="Status"
          value={status}
          onChange={(event) => filter('status', event.target.value)}
          className="control max-w-44"
        >
          {statuses.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>

      <p role="status" className="sr-only">
        {list.data && !list.isPlaceholderData ? `${list.data.pagination.totalItems} deployments found` : ''}
      </p>

      <div className="panel overflow-hidden" aria-busy={list.isFetching}>
        {list.isPending && <DeploymentTableSkeleton rows={pageSize} />}
        {list.isError && (
          <div className="p-4">
            <ErrorNotice
              title="The deployments could not be loaded"
              error={list.error}
              onRetry={() => void list.refetch()}
            />
          </div>
        )}
        {list.data?.deployments.length === 0 && <NothingFound filtered={filtered} page={page} />}
        {list.data && list.data.deployments.length > 0 && (
          <DeploymentTable items={list.data.deployments} caption="Deployments" />
        )}
      </div>
      {list.data && <Pager pagination={list.data.pagination} />}
    </>
  );
}

function NothingFound({ filtered, page }: { filtered: boolean; page: number }) {
  if (filtered || page > 1) {
    return (
      <EmptyState Icon={SearchX} title="No deployment matches" text="Change the search or the status, or see them all.">
        <Link to="/deployments" className={buttonStyle('secondary')}>
          Show all deployments
        </Link>
      </EmptyState>
    );
  }
  return (
    <EmptyState Icon={Rocket} title="Nothing deployed yet" text="Your deployments appear here, the newest first.">
      <Link to="/deploy" className={buttonStyle('primary')}>
        Deploy a sample
      </Link>
    </EmptyState>
  );
}

function SearchBox({ value, onSearch }: { value: string; onSearch: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const [applied, setApplied] = useState(value);

  // The address changed without typing (back, "show all"): the box follows it.
  if (applied !== value) {
    setApplied(value);
    if (typed.trim() !== value) setTyped(value);
  }

  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onSearch(typed.trim()), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, value, onSearch]);

  return (
    <div className="relative min-w-0 flex-1 basis-56 sm:max-w-80">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted" />
      <input
        type="search"
        aria-label="Search by repository"
        placeholder="Search by repository"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="control pl-8"
      />
    </div>
  );
}
