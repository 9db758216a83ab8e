import { Clock, FolderGit2, GitBranch, GitCommitHorizontal, GitPullRequest, Hourglass, Link2, User } from 'lucide-react';
import { Link } from 'react-router';
import type { DeploymentDetail } from '../api/types';
import { CopyButton } from '../ui/CopyButton';
import { hostOf, shortCommit } from '../ui/format';
import { isActive } from '../ui/StatusBadge';
import { Elapsed, RelativeTime } from '../ui/Time';

const icon = 'size-3.5 shrink-0';
const fact = 'inline-flex min-w-0 items-center gap-1.5';

export function DeploymentFacts({ deployment }: { deployment: DeploymentDetail }) {
  const { branch, commit, commitMessage, author, duration, timestamp, status, url, immutableUrl, branchUrl, queuePosition, pullRequest } = deployment;
  return (
    <div className="mt-1.5 grid gap-1 text-muted">
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        <span className={fact}>
          <FolderGit2 aria-hidden className={icon} />
          <Link to={`/projects/${deployment.projectId}`} className="text-link break-all">
            <span className="sr-only">Project </span>
            {deployment.project}
          </Link>
        </span>
        <span className={fact}>
          <GitBranch aria-hidden className={icon} /> {branch}
        </span>
        {pullRequest && (
          <span className={fact}>
            <GitPullRequest aria-hidden className={icon} /> #{pullRequest}
          </span>
        )}
        {commit && (
          <span className={fact} title={commitMessage ?? undefined}>
            <GitCommitHorizontal aria-hidden className={icon} />
            <span className="font-mono text-xs">{shortCommit(commit)}</span>
            {commitMessage && <span className="max-w-72 truncate">{commitMessage.split('\n')[0]}</span>}
          </span>
        )}
        {author && (
          <span className={fact}>
            <User aria-hidden className={icon} /> {author}
          </span>
        )}
        <span className={fact}>
          <Clock aria-hidden className={icon} />
          <RelativeTime at={timestamp} />
          {(duration || isActive(status)) && (
            <span className="tabular">· {duration ?? <Elapsed since={timestamp} />}</span>
          )}
        </span>
        {queuePosition !== null && status === 'queued' && (
          <span className={`${fact} tabular`}>
            <Hourglass aria-hidden className={icon} /> Position {queuePosition} in the queue
          </span>
        )}
        {!deployment.useCache && <span className={fact}>Without cache</span>}
      </p>
      {status === 'success' && <Addresses own={immutableUrl} branch={branchUrl} production={url} />}
    </div>
  );
}

interface AddressesProps {
  production: string | null;
  branch: string | null;
  own: string | null;
}

/** Each address with what it shows: the first two lead to another deployment after the next one. */
function Addresses({ production, branch, own }: AddressesProps) {
  const all = [
    { url: production === own ? null : production, label: 'Production' },
    { url: branch, label: 'Branch' },
    { url: own, label: 'This deployment' },
  ].filter((each): each is { url: string; label: string } => each.url !== null);
  if (all.length === 0) return null;
  return (
    <dl aria-label="Addresses" className="grid gap-1">
      {all.map(({ url, label }) => (
        <div key={url} className="flex flex-wrap items-center gap-x-2">
          <dt className="inline-flex w-36 shrink-0 items-center gap-1.5">
            <Link2 aria-hidden className={icon} /> {label}
          </dt>
          <dd className="flex min-w-0 flex-wrap items-center gap-x-1">
            <a href={url} target="_blank" rel="noreferrer" className="text-link break-all">
              {hostOf(url)}
              <span className="sr-only"> (opens in a new tab)</span>
            </a>
            <CopyButton text={url} label="Copy" subject={hostOf(url)} tone="quiet" size="small" />
          </dd>
        </div>
      ))}
    </dl>
  );
}
