import { ExternalLink } from 'lucide-react';
import { Link, Navigate, useParams } from 'react-router';
import { ApiError } from '../api/errors';
import type { Project } from '../api/types';
import { useRights } from '../organizations/useRights';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { hostOf } from '../ui/format';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/Skeleton';
import { Tabs } from '../ui/Tabs';
import { usePageTitle } from '../ui/usePageTitle';
import { DeployMenu } from './DeployMenu';
import { DomainsTab } from './DomainsTab';
import { OverviewTab } from './OverviewTab';
import { useProject } from './queries';
import { SettingsTab } from './SettingsTab';
import { VariablesTab } from './VariablesTab';
import { WebhooksTab } from './WebhooksTab';

export default function ProjectPage() {
  const { id = '' } = useParams();
  const project = useProject(id);
  usePageTitle(project.data?.name ?? 'Project');

  if (project.isPending) return <PageSkeleton />;
  if (!project.data) {
    const gone = project.error instanceof ApiError && project.error.status === 404;
    return (
      <>
        <h1 className="sr-only">Project</h1>
        <ErrorNotice
          title={gone ? 'There is no such project, or it belongs to another account' : 'The project could not be loaded'}
          error={project.error}
          plain={gone}
          onRetry={gone ? undefined : () => void project.refetch()}
        >
          <Link to="/projects" className={buttonStyle('secondary', 'small')}>
            Your projects
          </Link>
        </ErrorNotice>
      </>
    );
  }
  return <Found key={id} project={project.data} />;
}

function Found({ project }: { project: Project }) {
  const { tab } = useParams();
  const { deploy, manage } = useRights(project.owner);
  const base = `/projects/${project.id}`;
  const tabs = [
    { path: '', label: 'Overview', shown: true },
    { path: 'environment', label: 'Environment', shown: deploy },
    { path: 'domains', label: 'Domains', shown: true },
    { path: 'webhooks', label: 'Webhooks', shown: manage },
    { path: 'settings', label: 'Settings', shown: true },
  ].filter(({ shown, path }) => shown || path === tab);

  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <PageHeader
          title={project.name}
          text={
            <span className="break-all">
              {project.repo} · {project.branch}
            </span>
          }
        />
        <div className="mb-6 flex flex-wrap gap-2">
          {deploy && <DeployMenu project={project} />}
          {project.productionDeploymentId && (
            <a href={project.url} target="_blank" rel="noreferrer" className={buttonStyle('primary')}>
              <ExternalLink aria-hidden className="size-4" /> Visit site
              <span className="sr-only"> {hostOf(project.url)} (opens in a new tab)</span>
            </a>
          )}
        </div>
      </div>
      <Tabs label="Project" tabs={tabs.map(({ path, label }) => ({ to: path ? `${base}/${path}` : base, label, end: !path }))} />
      <div className={tab ? 'grid max-w-3xl grid-cols-1 gap-6' : 'grid grid-cols-1 gap-6'}>
        {tab === undefined && <OverviewTab project={project} />}
        {tab === 'environment' && <VariablesTab project={project} />}
        {tab === 'domains' && <DomainsTab project={project} />}
        {tab === 'webhooks' && <WebhooksTab project={project} />}
        {tab === 'settings' && <SettingsTab project={project} />}
        {tab !== undefined && !['environment', 'domains', 'webhooks', 'settings'].includes(tab) && <Navigate to={base} replace />}
      </div>
    </>
  );
}
