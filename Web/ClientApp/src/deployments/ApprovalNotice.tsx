import { useQueryClient } from '@tanstack/react-query';
import { GitPullRequest } from 'lucide-react';
import { approveDeployment } from '../api/endpoints';
import type { DeploymentDetail } from '../api/types';
import { useRights } from '../organizations/useRights';
import { useAction } from '../settings/useAction';
import { ConfirmButton } from '../ui/ConfirmButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { toast } from '../ui/toastStore';
import { deploymentKey } from './queries';

/** Code of a fork runs only after somebody has looked at it. */
export function ApprovalNotice({ deployment }: { deployment: DeploymentDetail }) {
  const { deploy, known } = useRights(deployment.owner);
  const queries = useQueryClient();
  const { busy, error, run } = useAction();
  const { id, pullRequest, repo } = deployment;

  function approve() {
    void run(async () => {
      await approveDeployment(id);
      toast.success('The deployment is approved', 'It builds as soon as a worker is free.');
      await queries.invalidateQueries({ queryKey: deploymentKey(id) });
    });
  }

  return (
    <section aria-labelledby="approval" className="rounded-[10px] border border-busy/40 bg-busy-soft p-4">
      <h2 id="approval" className="flex items-center gap-2 font-semibold">
        <GitPullRequest aria-hidden className="size-4" /> Waits for approval
      </h2>
      <p className="mt-1">
        {pullRequest ? `Pull request #${pullRequest} of ${repo}` : 'This deployment'} comes from a fork. Look at its changes before you let
        them run.
      </p>
      {error !== null && (
        <div className="mt-3">
          <ErrorNotice title="The deployment was not approved" error={error} />
        </div>
      )}
      {deploy && (
        <div className="mt-3">
          <ConfirmButton tone="secondary" label="Approve" question="The build runs the fork's code." confirm="Let it run" busy={busy} onConfirm={approve} />
        </div>
      )}
      {known && !deploy && <p className="mt-1 text-muted">A developer of the organization can approve it.</p>}
    </section>
  );
}
