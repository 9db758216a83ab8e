import { useQueryClient } from '@tanstack/react-query';
import { Rocket, Upload } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { deployProject } from '../api/projects';
import type { Project } from '../api/types';
import { deploymentKey, useDeploymentsChanged } from '../deployments/queries';
import { ActionMenu } from '../ui/ActionMenu';
import { buttonStyle } from '../ui/buttonStyle';
import { toast } from '../ui/toastStore';

/** Deploys the project as it is set up now. */
export function DeployMenu({ project }: { project: Project }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const changed = useDeploymentsChanged();
  const [busy, setBusy] = useState(false);

  async function deploy(useCache: boolean) {
    setBusy(true);
    try {
      const deployment = await deployProject(project.id, { useCache });
      queries.setQueryData(deploymentKey(deployment.id), deployment);
      changed();
      toast.success('Deployment started', 'The log follows as it is written.');
      void navigate(`/deployments/${deployment.id}`);
    } catch (error) {
      toast.error('Nothing was deployed', error);
      setBusy(false);
    }
  }

  return (
    <>
      {isUploaded(project) && (
        <Link to={`/deploy?source=upload&project=${project.id}`} className={buttonStyle('secondary')}>
          <Upload aria-hidden className="size-4" /> Upload a version
        </Link>
      )}
      <ActionMenu
        label={
          <>
            <Rocket aria-hidden className="size-4" /> Deploy
          </>
        }
        busy={busy}
        actions={[
          { label: isUploaded(project) ? 'The last upload' : `Latest of ${project.branch}`, text: 'With the settings of now.', onChoose: () => void deploy(true) },
          { label: 'Without cache', text: 'Installs and builds all of it anew.', onChoose: () => void deploy(false) },
        ]}
      />
    </>
  );
}

/** Whether it comes from an archive and not from a repository. */
export const isUploaded = ({ repository }: Project): boolean => repository.startsWith('archive:');
