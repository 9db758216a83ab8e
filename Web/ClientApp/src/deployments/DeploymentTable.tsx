import { ExternalLink, GitBranch, ScrollText } from 'lucide-react';
import { Link } from 'react-router';
import type { DeploymentItem } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';
import { shortCommit } from '../ui/format';
import { isActive, StatusBadge } from '../ui/StatusBadge';
import { Loading, Skeleton } from '../ui/Skeleton';
import { Elapsed, RelativeTime } from '../ui/Time';
import { useMediaQuery } from '../ui/useMediaQuery';
import { EnvironmentBadge } from './EnvironmentBadge';

const cell = 'px-4 py-2.5 align-middle';

interface DeploymentTableProps {
  items: DeploymentItem[];
  caption: string;
}

/** A table where there is room for one; the same rows as cards where there is not. */
export function DeploymentTable({ items, caption }: DeploymentTableProps) {
  const roomy = useMediaQuery('(min-width: 64rem)');
  return roomy ? <Rows items={items} caption={caption} /> : <Cards items={items} caption={caption} />;
}

function Rows({ items, caption }: DeploymentTableProps) {
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-[0.8125rem] text-muted">
        <tr className="border-b border-line">
          <th scope="col" className={`${cell} font-medium`}>Repository</th>
          <th scope="col" className={`${cell} font-medium`}>Status</th>
          <th scope="col" className={`${cell} font-medium`}>Branch</th>
          <th scope="col" className={`${cell} font-medium`}>Author</th>
          <th scope="col" className={`${cell} font-medium`}>Commit</th>
          <th scope="col" className={`${cell} font-medium`}>Duration</th>
          <th scope="col" className={`${cell} font-medium`}>Started</th>
          <th scope="col" className={cell}>
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id} className="border-b border-line last:border-0 hover:bg-sunken/60">
            <th scope="row" className={`${cell} max-w-64 font-medium`}>
              <Link to={`/deployments/${item.id}`} className="block truncate hover:underline" title={item.repo}>
                {item.repo}
              </Link>
            </th>
            <td className={cell}>
              <ItemStatus item={item} />
            </td>
            <td className={`${cell} max-w-48 text-muted`}>
              <span className="flex items-center gap-2">
                <span className="truncate" title={item.branch}>
                  {item.branch}
                </span>
                <EnvironmentBadge environment={item.environment} />
              </span>
            </td>
            <td className={`${cell} max-w-40 truncate text-muted`}>{item.author ?? '–'}</td>
            <td className={`${cell} font-mono text-xs text-muted`}>
              {item.commit ? shortCommit(item.commit) : '–'}
            </td>
            <td className={`${cell} tabular whitespace-nowrap text-muted`}>
              <DurationOf item={item} />
            </td>
            <td className={`${cell} whitespace-nowrap text-muted`}>
              <RelativeTime at={item.timestamp} />
            </td>
            <td className={`${cell} text-right whitespace-nowrap`}>
              <RowActions item={item} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cards({ items, caption }: DeploymentTableProps) {
  return (
    <ul className="divide-y divide-line" aria-label={caption}>
      {items.map((item) => (
        <li key={item.id} className="grid gap-2 p-4">
          <div className="flex items-start justify-between gap-3">
            <Link to={`/deployments/${item.id}`} className="min-w-0 font-medium break-words hover:underline">
              {item.repo}
            </Link>
            <ItemStatus item={item} />
          </div>
          <p className="flex flex-wrap gap-x-3 gap-y-1 text-[0.8125rem] text-muted">
            <span className="inline-flex items-center gap-1">
              <GitBranch aria-hidden className="size-3.5" />
              {item.branch}
            </span>
            <EnvironmentBadge environment={item.environment} />
            {item.commit && <span className="font-mono text-xs leading-5">{shortCommit(item.commit)}</span>}
            <span className="tabular">
              <DurationOf item={item} />
            </span>
            <RelativeTime at={item.timestamp} />
            {item.author && <span>by {item.author}</span>}
          </p>
          <div className="-ml-2.5">
            <RowActions item={item} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function ItemStatus({ item }: { item: DeploymentItem }) {
  if (item.approval === 'waiting' && item.status === 'queued') {
    return <span className="inline-block rounded-full bg-busy-soft px-2 py-0.5 text-xs font-medium whitespace-nowrap text-busy">Waits for approval</span>;
  }
  return <StatusBadge status={item.status} />;
}

function DurationOf({ item }: { item: DeploymentItem }) {
  if (item.duration) return <>{item.duration}</>;
  return isActive(item.status) ? <Elapsed since={item.timestamp} /> : <>–</>;
}

function RowActions({ item }: { item: DeploymentItem }) {
  return (
    <>
      {item.url && item.status === 'success' && (
        <a href={item.url} target="_blank" rel="noreferrer" className={buttonStyle('quiet', 'small')}>
          <ExternalLink aria-hidden className="size-3.5" /> Visit
          <span className="sr-only"> {item.repo} (opens in a new tab)</span>
        </a>
      )}
      <Link to={`/deployments/${item.id}`} className={buttonStyle('quiet', 'small')}>
        <ScrollText aria-hidden className="size-3.5" /> View logs
        <span className="sr-only"> of {item.repo}</span>
      </Link>
    </>
  );
}

export function DeploymentTableSkeleton({ rows }: { rows: number }) {
  return (
    <Loading label="Loading deployments">
      <div className="divide-y divide-line">
        {Array.from({ length: rows }, (_, index) => (
          <div key={index} className="flex items-center gap-6 px-4 py-3.5">
            <Skeleton className="h-4 w-44" />
            <Skeleton className="h-4 w-18" />
            <Skeleton className="h-4 w-20 max-sm:hidden" />
            <Skeleton className="ml-auto h-4 w-24 max-sm:hidden" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
