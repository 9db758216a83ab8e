import type { Upload } from '../api/endpoints';
import type { FieldErrors } from '../api/errors';
import type { CreateDeploymentRequest } from '../api/types';
import { parseVariables } from './parseVariables';

export type SourceKind = 'sample' | 'github' | 'git' | 'upload';

export interface DeployForm {
  /** An organization; empty: the person. */
  owner: string;
  source: SourceKind;
  sample: string;
  /** `owner/name` of the connected account. */
  gitHubRepository: string;
  gitUrl: string;
  file: File | null;
  /** The project that an upload is a new version of; empty: a new project. */
  project: string;
  projectName: string;
  branch: string;
  rootDir: string;
  installCommand: string;
  buildCommand: string;
  outputDir: string;
  envVars: string;
}

export type TextField = Exclude<keyof DeployForm, 'source' | 'owner' | 'file'>;

const sourceKinds: SourceKind[] = ['sample', 'github', 'git', 'upload'];
const samplePrefix = 'sample:';

export function initialForm(params: URLSearchParams): DeployForm {
  const repository = params.get('repository') ?? '';
  const git = repository.startsWith('https://');
  const gitHub = /^[^/:\s]+\/[^/:\s]+$/.test(repository);
  const wanted = sourceKinds.find((kind) => kind === params.get('source'));
  return {
    owner: params.get('owner') ?? '',
    source: git ? 'git' : gitHub ? 'github' : (wanted ?? 'sample'),
    sample: repository.startsWith(samplePrefix) ? repository.slice(samplePrefix.length) : '',
    gitHubRepository: gitHub ? repository : '',
    gitUrl: git ? repository : '',
    file: null,
    project: wanted === 'upload' ? (params.get('project') ?? '') : '',
    projectName: '',
    branch: params.get('branch') || 'main',
    rootDir: '',
    installCommand: '',
    buildCommand: '',
    outputDir: '',
    envVars: '',
  };
}

/** As the Api takes it; of an upload the name of its file. */
export function repositoryOf(form: DeployForm): string {
  if (form.source === 'sample') return samplePrefix + form.sample;
  if (form.source === 'github') return form.gitHubRepository;
  return form.source === 'upload' ? (form.file?.name ?? '') : form.gitUrl.trim();
}

export function sourceProblems(form: DeployForm): FieldErrors {
  switch (form.source) {
    case 'sample':
      return form.sample ? {} : { repository: ['Choose one of the samples.'] };
    case 'github':
      return form.gitHubRepository ? {} : { repository: ['Choose one of your repositories.'] };
    case 'upload':
      return fileProblems(form.file);
    case 'git':
      return addressProblems(form.gitUrl.trim());
  }
}

function fileProblems(file: File | null): FieldErrors {
  if (!file) return { file: ['Choose a zip or tar.gz file.'] };
  if (!/\.(zip|tgz|tar\.gz)$/i.test(file.name)) return { file: ['Choose a file that ends with .zip, .tar.gz or .tgz.'] };
  return file.size === 0 ? { file: ['The file is empty.'] } : {};
}

function addressProblems(url: string): FieldErrors {
  if (!url) return { repository: ['Enter the address of the repository.'] };
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    return { repository: ['The address must begin with https:// and lead to a Git repository.'] };
  }
  const { username, password } = new URL(url);
  return username || password
    ? { repository: ['Leave user name and password out of the address: it is shown to everybody who sees the deployment.'] }
    : {};
}

export function buildProblems(form: DeployForm): FieldErrors {
  // A new version of a project has neither: its variables are those of the project.
  if (form.project) return {};
  const problems: FieldErrors = {};
  if (form.source !== 'upload' && !form.branch.trim()) problems.branch = ['Enter the branch to deploy.'];
  const badLines = parseVariables(form.envVars).problems;
  if (badLines.length > 0) problems.envVars = badLines;
  return problems;
}

export function requestOf(form: DeployForm): CreateDeploymentRequest {
  return {
    repository: repositoryOf(form),
    branch: form.branch.trim(),
    rootDir: given(form.rootDir),
    installCommand: given(form.installCommand),
    buildCommand: given(form.buildCommand),
    outputDir: given(form.outputDir),
    envVars: variablesOf(form),
    owner: form.owner || undefined,
  };
}

export function uploadOf(form: DeployForm, file: Blob): Upload {
  if (form.project) return { file, project: form.project };
  return {
    file,
    name: given(form.projectName),
    rootDir: given(form.rootDir),
    installCommand: given(form.installCommand),
    buildCommand: given(form.buildCommand),
    outputDir: given(form.outputDir),
    envVars: variablesOf(form),
    owner: form.owner || undefined,
  };
}

function variablesOf(form: DeployForm): Record<string, string> | undefined {
  const { variables } = parseVariables(form.envVars);
  return Object.keys(variables).length > 0 ? variables : undefined;
}

function given(value: string): string | undefined {
  return value.trim() || undefined;
}

/** The step of the wizard on which a field that the server refused is found. */
export function stepOf(field: string): 1 | 2 {
  return ['repository', 'owner', 'file', 'name', 'project'].includes(field) ? 1 : 2;
}

/** The wizard's address with the source filled in, for who has to leave it. A file has to be chosen again. */
export function wizardPath(form: DeployForm): string {
  const params = new URLSearchParams(form.source === 'upload' ? { source: 'upload' } : { repository: repositoryOf(form) });
  if (form.project) params.set('project', form.project);
  if (form.owner) params.set('owner', form.owner);
  return `/deploy?${params.toString()}`;
}
