import { FolderGit2, Plus, SearchX } from 'lucide-react';
import { Link, useSearchParams } from 'react-router';
import type { ProjectItem } from '../api/types';
import { Pager } from '../deployments/Pager';
import { useAllOrganizations } from '../organizations/queries';
import { buttonStyle } from '../ui/buttonStyle';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { hostOf } from '../ui/format';
import { PageHeader } from '../ui/PageHeader';
import { SearchBox } from '../ui/SearchBox';
import { Loading, Skeleton } from '../ui/Skeleton';
import { StatusBadge } from '../ui/StatusBadge';
import { RelativeTime } from '../ui/Time';
import { usePageTitle } from '../ui/usePageTitle';
import { useProjects } from './queries';

const pageSize = 20;

export default function ProjectsPage() {
  usePageTitle('Projects');
  const [params, setParams] = useSearchParams();
  const search = params.get('search') ?? '';
  const page = Math.max(1, Number.parseInt(params.get('page') ?? '1', 10) || 1);
  const projects = useProjects({ search, page, limit: pageSize });
  const all = projects.data?.projects;

  function find(value: string) {
    setParams(value ? { search: value } : {}, { replace: true });
  }

  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <PageHeader title="Projects" text="A repository, how it is built, and the site that it becomes." />
        <Link to="/projects/new" className={`${buttonStyle('secondary')} mb-6`}>
          <Plus aria-hidden className="size-4" /> New project
        </Link>
      </div>
      <div role="search" className="mb-4 flex flex-wrap gap-2">
        <SearchBox label="Search by name or repository" value={search} onSearch={find} />
      </div>
      <p role="status" className="sr-only">
        {projects.data && !projects.isPlaceholderData ? `${projects.data.pagination.totalItems} projects found` : ''}
      </p>
      {projects.isPending && (
        <Loading label="Loading projects">
          <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
            {[1, 2, 3].map((each) => (
              <Skeleton key={each} className="h-36" />
            ))}
          </div>
        </Loading>
      )}
      {projects.isError && !all && <ErrorNotice title="The projects could not be loaded" error={projects.error} onRetry={() => void projects.refetch()} />}
      {all?.length === 0 && (
        <div className="panel">
          {search || page > 1 ? (
            <EmptyState Icon={SearchX} title="No project matches" text="Change the search, or see them all.">
              <Link to="/projects" className={buttonStyle('secondary')}>
                Show all projects
              </Link>
            </EmptyState>
          ) : (
            <EmptyState Icon={FolderGit2} title="No projects yet" text="The first deployment of a repository makes its project.">
              <Link to="/deploy" className={buttonStyle('primary')}>
                New deployment
              </Link>
            </EmptyState>
          )}
        </div>
      )}
      {all && all.length > 0 && (
        <ul aria-label="Projects" aria-busy={projects.isFetching} className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {all.map((project) => (
            <Card key={project.id} project={project} />
          ))}
        </ul>
      )}
      {projects.data && <Pager pagination={projects.data.pagination} things="projects" />}
    </>
  );
}

function Card({ project }: { project: ProjectItem }) {
  const { id, name, owner, repo, branch, url, productionDeploymentId, lastStatus, lastDeploymentAt } = project;
  const organizations = useAllOrganizations();
  const organization = organizations.data?.find((each) => each.id === owner)?.name;
  return (
    <li className="panel relative flex flex-col gap-2 p-4 hover:border-control">
      <div className="flex items-start justify-between gap-3">
        <h2 className="min-w-0 font-semibold break-words">
          {/* The whole card leads there; the address inside stays a link of its own. */}
          <Link to={`/projects/${id}`} className="after:absolute after:inset-0 after:rounded-[10px]">
            {name}
          </Link>
        </h2>
        {lastStatus && <StatusBadge status={lastStatus} />}
      </div>
      <p className="text-[0.8125rem] break-all text-muted">
        {repo} · {branch}
        {organization && ` · ${organization}`}
      </p>
      <p className="mt-auto text-[0.8125rem]">
        {productionDeploymentId ? (
          <a href={url} target="_blank" rel="noreferrer" className="text-link relative break-all">
            {hostOf(url)}
            <span className="sr-only"> (opens in a new tab)</span>
          </a>
        ) : (
          <span className="text-muted">Not online yet</span>
        )}
      </p>
      <p className="text-[0.8125rem] text-muted">
        {lastDeploymentAt ? (
          <>
            Deployed <RelativeTime at={lastDeploymentAt} />
          </>
        ) : (
          'Never deployed'
        )}
      </p>
    </li>
  );
}
