import { GitBranch, GitPullRequest } from 'lucide-react';
import { Link } from 'react-router';
import type { DeploymentItem, Project } from '../api/types';
import { useDeployment, useDeployments } from '../deployments/queries';
import { Section } from '../settings/Section';
import { CopyButton } from '../ui/CopyButton';
import { hostOf } from '../ui/format';
import { RelativeTime } from '../ui/Time';
import { newestOfBranches } from './previews';

const lookedAt = 20;

/** The branches and pull requests that have a site of their own: nothing where there is none. */
export function PreviewsSection({ project }: { project: Project }) {
  const list = useDeployments({ search: '', status: 'success', project: project.id, environment: 'preview', page: 1, limit: lookedAt });
  const previews = newestOfBranches(list.data?.deployments ?? []);
  if (previews.length === 0) return null;
  return (
    <Section title="Previews" text="Each address shows the newest success of its branch.">
      <ul aria-label="Previews" className="divide-y divide-line">
        {previews.map((item) => (
          <Preview key={item.id} item={item} />
        ))}
      </ul>
    </Section>
  );
}

function Preview({ item }: { item: DeploymentItem }) {
  const detail = useDeployment(item.id);
  // A closed one has lost its address; what it showed last is still there.
  const url = detail.data?.branchUrl ?? item.url;
  const Icon = item.pullRequest ? GitPullRequest : GitBranch;
  return (
    <li className="grid grid-cols-1 gap-x-6 gap-y-1 py-2.5 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto] sm:items-center">
      <span className="flex min-w-0 items-center gap-1.5">
        <Icon aria-hidden className="size-4 shrink-0 text-muted" />
        <span className="truncate" title={item.branch}>
          {item.branch}
        </span>
        {item.pullRequest && <span className="text-muted">#{item.pullRequest}</span>}
      </span>
      <span className="flex min-w-0 flex-wrap items-center gap-x-1 text-[0.8125rem]">
        {url && !detail.isPending && (
          <>
            <a href={url} target="_blank" rel="noreferrer" className="text-link break-all">
              {hostOf(url)}
              <span className="sr-only"> (opens in a new tab)</span>
            </a>
            <CopyButton text={url} label="Copy" subject={hostOf(url)} tone="quiet" size="small" />
          </>
        )}
      </span>
      <Link to={`/deployments/${item.id}`} className="text-link justify-self-start text-[0.8125rem]">
        <span className="sr-only">Deployment of {item.branch} </span>
        <RelativeTime at={item.timestamp} />
      </Link>
    </li>
  );
}
