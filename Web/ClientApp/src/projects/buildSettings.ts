import type { FieldErrors } from '../api/errors';
import type { Project } from '../api/types';
import { text } from '../pages/useAuthForm';

export type BuildSettings = Pick<
  Project,
  'branch' | 'rootDir' | 'installCommand' | 'buildCommand' | 'outputDir' | 'nodeVersion' | 'submodules' | 'autoDeploy' | 'watchPaths'
>;

/** What the fields of a build say; what is left empty is detected. */
export function settingsIn(form: FormData): BuildSettings {
  const value = (name: keyof BuildSettings) => text(form, name).trim();
  return {
    branch: value('branch'),
    rootDir: value('rootDir'),
    installCommand: value('installCommand') || null,
    buildCommand: value('buildCommand') || null,
    outputDir: value('outputDir') || null,
    nodeVersion: value('nodeVersion') || null,
    submodules: form.has('submodules'),
    autoDeploy: form.has('autoDeploy'),
    watchPaths: value('watchPaths').split('\n').map((line) => line.trim()).filter((line) => line !== ''),
  };
}

export const settingsProblems = ({ branch }: BuildSettings): FieldErrors => (branch ? {} : { branch: ['Choose a branch.'] });
