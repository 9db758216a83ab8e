import { ArrowLeft } from 'lucide-react';
import { Link, useParams } from 'react-router';
import { ApiError } from '../api/errors';
import type { DeploymentDetail } from '../api/types';
import { LogViewer } from '../logs/LogViewer';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Loading, Skeleton } from '../ui/Skeleton';
import { StatusBadge, statusLabel } from '../ui/StatusBadge';
import { usePageTitle } from '../ui/usePageTitle';
import { ApprovalNotice } from './ApprovalNotice';
import { DeploymentActions } from './DeploymentActions';
import { DeploymentFacts } from './DeploymentFacts';
import { EnvironmentBadge } from './EnvironmentBadge';
import { FailureNotice } from './FailureNotice';
import { useDeployment } from './queries';
import { StageList } from './StageList';

export default function DeploymentDetailPage() {
  const { id = '' } = useParams();
  const detail = useDeployment(id);
  usePageTitle(detail.data ? `${detail.data.repo}: ${statusLabel(detail.data.status)}` : 'Deployment');

  return (
    <>
      <Link to="/deployments" className={`${buttonStyle('quiet', 'small')} mb-3 -ml-2.5`}>
        <ArrowLeft aria-hidden className="size-3.5" /> Back to deployments
      </Link>
      {detail.isPending && <DetailSkeleton />}
      {detail.isError && !detail.data && <DetailError error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.data && <Detail key={id} deployment={detail.data} />}
    </>
  );
}

function Detail({ deployment }: { deployment: DeploymentDetail }) {
  return (
    <div className="grid min-w-0 gap-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
            <span className="break-all">{deployment.repo}</span>
            <StatusBadge status={deployment.status} />
            <EnvironmentBadge environment={deployment.environment} live={deployment.inProduction} />
          </h1>
          <p role="status" className="sr-only">
            Deployment {statusLabel(deployment.status)}
          </p>
          <DeploymentFacts deployment={deployment} />
        </div>
        <DeploymentActions deployment={deployment} />
      </div>
      {deployment.approval === 'waiting' && deployment.status === 'queued' && <ApprovalNotice deployment={deployment} />}
      {deployment.error && <FailureNotice error={deployment.error} />}
      <StageList deployment={deployment} />
      <LogViewer deployment={deployment} />
    </div>
  );
}

function DetailError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const missing = error instanceof ApiError && error.status === 404;
  const title = missing ? 'This deployment does not exist' : 'The deployment could not be loaded';
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold">{title}</h1>
      <ErrorNotice
        title={missing ? 'It was removed, or it belongs to another account' : 'Nothing was changed'}
        error={error}
        onRetry={missing ? undefined : onRetry}
      />
    </>
  );
}

function DetailSkeleton() {
  return (
    <Loading label="Loading deployment">
      <div className="grid gap-5">
        <Skeleton className="h-7 w-64 max-w-full" />
        <Skeleton className="h-4 w-96 max-w-full" />
        <Skeleton className="h-20 w-full" />
        <Skeleton className="h-96 w-full" />
      </div>
    </Loading>
  );
}
