import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { resume, rollBack } from '../api/projects';
import type { Production, Project } from '../api/types';
import { useDeployment, useDeploymentsChanged } from '../deployments/queries';
import { useRights } from '../organizations/useRights';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { CopyButton } from '../ui/CopyButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { hostOf, shortCommit } from '../ui/format';
import { Skeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { projectKey } from './queries';

/** What visitors of the site see, and the way back. */
export function ProductionSection({ project }: { project: Project }) {
  const { deploy } = useRights(project.owner);
  const queries = useQueryClient();
  const changed = useDeploymentsChanged();
  const { busy, error, run } = useAction();

  function move(work: () => Promise<Production>, done: string, text: string | null = null) {
    void run(async () => {
      const { deploymentId, pinned } = await work();
      queries.setQueryData(projectKey(project.id), { ...project, productionDeploymentId: deploymentId, productionPinned: pinned });
      changed(project.id);
      void queries.invalidateQueries({ queryKey: ['deployments', 'detail'] });
      toast.success(done, text);
    });
  }

  const live = project.productionDeploymentId;
  if (!live) {
    return (
      <Section title="Production">
        <p className="text-muted">
          Not online yet. The first deployment of <span className="font-mono text-xs">{project.branch}</span> that succeeds is served at{' '}
          <span className="break-all">{hostOf(project.url)}</span>.
        </p>
      </Section>
    );
  }
  return (
    <Section title="Production">
      {error !== null && <ErrorNotice title="Production was not changed" error={error} />}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="grid min-w-0 grid-cols-1 gap-1">
          <p className="flex flex-wrap items-center gap-2">
            <a href={project.url} target="_blank" rel="noreferrer" className="text-link text-base font-medium break-all">
              {hostOf(project.url)}
              <span className="sr-only"> (opens in a new tab)</span>
            </a>
            <CopyButton text={project.url} label="Copy" tone="quiet" size="small" />
          </p>
          <Live id={live} />
          {project.productionPinned && (
            <p className="mt-1 text-busy">Rolled back: new deployments do not go live until you resume.</p>
          )}
        </div>
        {deploy && (
          <div className="flex flex-wrap gap-2">
            {project.productionPinned && (
              <button
                type="button"
                aria-disabled={busy}
                className={buttonStyle('secondary', 'small')}
                onClick={() => move(() => resume(project.id), 'Production follows the newest deployment again')}
              >
                Resume
              </button>
            )}
            <ConfirmButton
              label="Roll back"
              question="To the deployment before this one and its variables, at once."
              confirm="Roll back"
              busy={busy}
              onConfirm={() => move(() => rollBack(project.id, live), 'Production is rolled back', 'It stays there until you resume.')}
            />
          </div>
        )}
      </div>
    </Section>
  );
}

function Live({ id }: { id: string }) {
  const deployment = useDeployment(id);
  if (deployment.isPending) return <Skeleton className="h-5 w-64 max-w-full" />;
  if (!deployment.data) return <p className="text-muted">What is live could not be loaded.</p>;
  const { commit, commitMessage, branch, timestamp, author } = deployment.data;
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1 text-[0.8125rem] text-muted">
      <Link to={`/deployments/${id}`} className="text-link">
        {commit ? <span className="font-mono text-xs">{shortCommit(commit)}</span> : 'The deployment'}
      </Link>
      {commitMessage && <span className="max-w-full truncate sm:max-w-96">{commitMessage.split('\n')[0]}</span>}
      <span>{branch}</span>
      {author && <span>by {author}</span>}
      <RelativeTime at={timestamp} />
    </p>
  );
}
