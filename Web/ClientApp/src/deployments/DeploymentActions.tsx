import { useQueryClient } from '@tanstack/react-query';
import { CircleStop, ExternalLink, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { cancelDeployment, deleteDeployment, promoteDeployment, redeploy } from '../api/endpoints';
import type { DeploymentDetail, RedeployRequest } from '../api/types';
import { useRights } from '../organizations/useRights';
import { ActionMenu } from '../ui/ActionMenu';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { CopyButton } from '../ui/CopyButton';
import { isActive } from '../ui/StatusBadge';
import { toast } from '../ui/toastStore';
import { deploymentKey, useDeploymentsChanged } from './queries';

/** What can be done with a deployment, as far as its state and the reader's rights allow. */
export function DeploymentActions({ deployment }: { deployment: DeploymentDetail }) {
  const { deploy, manage } = useRights(deployment.owner);
  const actions = useActions(deployment);
  const { id, status, url, branch } = deployment;
  const active = isActive(status);

  return (
    <div className="flex flex-wrap items-start gap-2">
      {manage && !deployment.inProduction && (
        <ConfirmButton
          size="normal"
          label="Delete"
          question={active ? 'It is stopped, and its log goes with it.' : 'Its log and its site go with it.'}
          confirm="Delete deployment"
          busy={actions.busy}
          onConfirm={() => actions.remove()}
        />
      )}
      {deploy && deployment.promotable && !deployment.inProduction && (
        <ConfirmButton
          size="normal"
          tone="secondary"
          label="Promote"
          question="Visitors of the site will see it at once."
          confirm="Make it production"
          busy={actions.busy}
          onConfirm={() => actions.promote()}
        />
      )}
      {deploy && !active && (
        <ActionMenu
          label={
            <>
              <RotateCw aria-hidden className="size-4" /> Redeploy
            </>
          }
          busy={actions.busy}
          actions={[
            { label: 'Same commit', text: 'The same source with the same settings.', onChoose: () => actions.again({}) },
            { label: 'Same commit, without cache', text: 'Installs and builds all of it anew.', onChoose: () => actions.again({ useCache: false }) },
            { label: `Latest of ${branch}`, text: 'The newest commit with the settings of now.', onChoose: () => actions.again({ latest: true }) },
          ]}
        />
      )}
      {url && status === 'success' && (
        <>
          <CopyButton text={url} label="Copy URL" />
          <a href={url} target="_blank" rel="noreferrer" className={buttonStyle('primary')}>
            <ExternalLink aria-hidden className="size-4" /> Visit site
            <span className="sr-only"> (opens in a new tab)</span>
          </a>
        </>
      )}
      {deploy && active && (
        <button key={id} type="button" className={buttonStyle('danger')} disabled={actions.cancelling} onClick={() => actions.cancel()}>
          <CircleStop aria-hidden className="size-4" /> {actions.cancelling ? 'Cancelling…' : 'Cancel'}
        </button>
      )}
    </div>
  );
}

function useActions(deployment: DeploymentDetail) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const changed = useDeploymentsChanged();
  const [busy, setBusy] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  const { id } = deployment;

  async function run(failed: string, work: () => Promise<void>): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    try {
      await work();
      return true;
    } catch (error) {
      toast.error(failed, error);
      return false;
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    cancelling,
    cancel: () => {
      setCancelling(true);
      void run('The deployment was not cancelled', async () => {
        await cancelDeployment(id);
        toast.success('The deployment is being cancelled');
      }).then(async (done) => {
        await queries.invalidateQueries({ queryKey: deploymentKey(id) });
        if (!done) setCancelling(false);
      });
    },
    again: (request: RedeployRequest) =>
      void run('Nothing was deployed', async () => {
        const next = await redeploy(id, request);
        queries.setQueryData(deploymentKey(next.id), next);
        changed();
        toast.success('Deployment started', 'The log follows as it is written.');
        void navigate(`/deployments/${next.id}`);
      }),
    promote: () =>
      void run('Production was not changed', async () => {
        queries.setQueryData(deploymentKey(id), await promoteDeployment(id));
        changed(deployment.projectId);
        toast.success('This deployment is production now');
      }),
    remove: () =>
      void run('The deployment was not deleted', async () => {
        await deleteDeployment(id);
        toast.success('The deployment is deleted');
        void navigate('/deployments', { replace: true });
        queries.removeQueries({ queryKey: deploymentKey(id) });
        changed();
      }),
  };
}
