import { ArrowLeft, CircleStop, ExternalLink } from 'lucide-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { cancelDeployment } from '../api/endpoints';
import { ApiError } from '../api/errors';
import type { DeploymentDetail } from '../api/types';
import { LogViewer } from '../logs/LogViewer';
import { buttonStyle } from '../ui/buttonStyle';
import { CopyButton } from '../ui/CopyButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Loading, Skeleton } from '../ui/Skeleton';
import { isActive, StatusBadge, statusLabel } from '../ui/StatusBadge';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { DeploymentFacts } from './DeploymentFacts';
import { deploymentKey, useDeployment } from './queries';
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
          </h1>
          <p role="status" className="sr-only">
            Deployment {statusLabel(deployment.status)}
          </p>
          <DeploymentFacts deployment={deployment} />
        </div>
        <Actions deployment={deployment} />
      </div>
      {deployment.error && <FailureNotice error={deployment.error} />}
      <StageList deployment={deployment} />
      <LogViewer deployment={deployment} />
    </div>
  );
}

function Actions({ deployment }: { deployment: DeploymentDetail }) {
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelDeployment(deployment.id),
    onSuccess: () => toast.success('The deployment is being cancelled'),
    onError: (error) => toast.error('The deployment was not cancelled', error),
    onSettled: () => queries.invalidateQueries({ queryKey: deploymentKey(deployment.id) }),
  });

  return (
    <div className="flex flex-wrap gap-2">
      {deployment.url && deployment.status === 'success' && (
        <>
          <CopyButton text={deployment.url} label="Copy URL" />
          <a href={deployment.url} target="_blank" rel="noreferrer" className={buttonStyle('primary')}>
            <ExternalLink aria-hidden className="size-4" /> Visit site
            <span className="sr-only"> (opens in a new tab)</span>
          </a>
        </>
      )}
      {isActive(deployment.status) && (
        <button
          type="button"
          className={buttonStyle('danger')}
          disabled={cancel.isPending || cancel.isSuccess}
          onClick={() => cancel.mutate()}
        >
          <CircleStop aria-hidden className="size-4" /> {cancel.isPending || cancel.isSuccess ? 'Cancelling…' : 'Cancel'}
        </button>
      )}
    </div>
  );
}

function FailureNotice({ error }: { error: { code: string; message: string } }) {
  return (
    <section aria-labelledby="failure" className="rounded-[10px] border border-bad/40 bg-bad-soft p-4">
      <h2 id="failure" className="font-semibold">
        Why it failed
      </h2>
      <p className="mt-1 whitespace-pre-line">{error.message}</p>
      <p className="mt-1.5 font-mono text-xs">{error.code}</p>
    </section>
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
