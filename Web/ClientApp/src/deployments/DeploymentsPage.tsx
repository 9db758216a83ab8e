import { Rocket, SearchX } from 'lucide-react';
import { Link, useSearchParams } from 'react-router';
import { useProjectChoices } from '../projects/queries';
import { buttonStyle } from '../ui/buttonStyle';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageHeader } from '../ui/PageHeader';
import { SearchBox } from '../ui/SearchBox';
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

const environments = [
  ['', 'All environments'],
  ['production', 'Production'],
  ['preview', 'Previews'],
] as const;

type Filter = 'search' | 'status' | 'project' | 'branch' | 'environment';

const pageSize = 10;

export default function DeploymentsPage() {
  usePageTitle('Deployments');
  const [params, setParams] = useSearchParams();
  const search = params.get('search') ?? '';
  const status = statuses.find(([value]) => value === params.get('status'))?.[0] ?? 'all';
  const page = Math.max(1, Number.parseInt(params.get('page') ?? '1', 10) || 1);
  const project = params.get('project') ?? '';
  const branch = params.get('branch') ?? '';
  const environment = environments.find(([value]) => value === params.get('environment'))?.[0] ?? '';
  const list = useDeployments({ search, status, project, branch, environment, page, limit: pageSize });
  const filtered = search !== '' || status !== 'all' || project !== '' || branch !== '' || environment !== '';

  function filter(name: Filter, value: string) {
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
        <SearchBox label="Search by repository" value={search} onSearch={(value) => filter('search', value)} />
        <div className="grid w-full grid-cols-2 gap-2 sm:contents">
          <Choice label="Status" value={status} choices={statuses} onChoose={(value) => filter('status', value)} />
          <Choice label="Environment" value={environment} choices={environments} onChoose={(value) => filter('environment', value)} />
          <ProjectChoice value={project} onChoose={(value) => filter('project', value)} />
          <SearchBox label="Branch" value={branch} onSearch={(value) => filter('branch', value)} />
        </div>
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

interface ChoiceProps {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, label: string])[];
  onChoose: (value: string) => void;
}

function Choice({ label, value, choices, onChoose }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChoose(event.target.value)} className="control sm:max-w-44">
      {choices.map(([choice, text]) => (
        <option key={choice} value={choice}>
          {text}
        </option>
      ))}
    </select>
  );
}

function ProjectChoice({ value, onChoose }: { value: string; onChoose: (value: string) => void }) {
  const projects = useProjectChoices();
  const known = projects.data?.projects.map(({ id, name }) => [id, name] as const) ?? [];
  // One that an address names may be further down than the list goes.
  const chosen = value && !known.some(([id]) => id === value) ? ([[value, 'Chosen project']] as const) : [];
  return <Choice label="Project" value={value} choices={[['', 'All projects'], ...chosen, ...known]} onChoose={onChoose} />;
}

function NothingFound({ filtered, page }: { filtered: boolean; page: number }) {
  if (filtered || page > 1) {
    return (
      <EmptyState Icon={SearchX} title="No deployment matches" text="Change the filters, or see them all.">
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
