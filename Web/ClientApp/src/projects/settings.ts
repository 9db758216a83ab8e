import type { Project, UpdateProjectRequest } from '../api/types';

/** The settings as they are: a change sends all of them, because what is left out would be detected from then on. */
export function settingsOf(project: Project): UpdateProjectRequest {
  const { name, repository, branch, rootDir, installCommand, buildCommand, outputDir, nodeVersion, submodules, autoDeploy, watchPaths } = project;
  return { name, repository, branch, rootDir, installCommand, buildCommand, outputDir, nodeVersion, submodules, autoDeploy, watchPaths };
}

/** The number in a field: null where it is empty, undefined where it is none. */
export function numberIn(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^\d{1,12}(\.\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
