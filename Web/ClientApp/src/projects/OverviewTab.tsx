import { Rocket } from 'lucide-react';
import { Link } from 'react-router';
import type { Project } from '../api/types';
import { DeploymentTable, DeploymentTableSkeleton } from '../deployments/DeploymentTable';
import { useDeployments } from '../deployments/queries';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PreviewsSection } from './PreviewsSection';
import { ProductionSection } from './ProductionSection';
import { TrafficSection } from './TrafficSection';

const shown = 5;

export function OverviewTab({ project }: { project: Project }) {
  return (
    <>
      <ProductionSection project={project} />
      <PreviewsSection project={project} />
      <Latest project={project} />
      {project.productionDeploymentId && <TrafficSection project={project} />}
    </>
  );
}

function Latest({ project }: { project: Project }) {
  const list = useDeployments({ search: '', status: 'all', project: project.id, page: 1, limit: shown });
  const items = list.data?.deployments;
  return (
    <section aria-labelledby="latest" className="panel overflow-hidden">
      <div className="flex items-center justify-between gap-4 border-b border-line px-4 py-3">
        <h2 id="latest" className="font-semibold">
          Latest deployments
        </h2>
        {items && items.length > 0 && (
          <Link to={`/deployments?project=${project.id}`} className="text-link">
            See all
          </Link>
        )}
      </div>
      {list.isPending && <DeploymentTableSkeleton rows={3} />}
      {list.isError && !items && (
        <div className="p-4">
          <ErrorNotice title="The deployments could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {items?.length === 0 && <EmptyState Icon={Rocket} title="Never deployed" text="Deploy it to see its site here." />}
      {items && items.length > 0 && <DeploymentTable items={items} caption="Latest deployments" />}
    </section>
  );
}
