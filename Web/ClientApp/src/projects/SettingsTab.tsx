import type { Project } from '../api/types';
import { useRights } from '../organizations/useRights';
import { BuildSection } from './BuildSection';
import { DeleteProject } from './DeleteProject';
import { ReadOnly } from './ReadOnly';
import { SiteSection } from './SiteSection';
import { TransferProject } from './TransferProject';

export function SettingsTab({ project }: { project: Project }) {
  const { manage, known } = useRights(project.owner);
  return (
    <>
      {known && !manage && <ReadOnly what="these settings" />}
      <BuildSection project={project} readOnly={!manage} />
      <SiteSection project={project} readOnly={!manage} />
      {manage && <TransferProject project={project} />}
      {manage && <DeleteProject project={project} />}
    </>
  );
}
