import type { FieldErrors } from '../api/errors';
import type { CreateDeploymentRequest } from '../api/types';

export type SourceKind = 'sample' | 'git';

export interface DeployForm {
  /** An organization; empty: the person. */
  owner: string;
  source: SourceKind;
  sample: string;
  gitUrl: string;
  branch: string;
  rootDir: string;
  installCommand: string;
  buildCommand: string;
  outputDir: string;
  envVars: string;
}

export type TextField = Exclude<keyof DeployForm, 'source' | 'owner'>;

const samplePrefix = 'sample:';

export function initialForm(params: URLSearchParams): DeployForm {
  const repository = params.get('repository') ?? '';
  const git = repository.startsWith('https://');
  return {
    owner: params.get('owner') ?? '',
    source: git || params.get('source') === 'git' ? 'git' : 'sample',
    sample: repository.startsWith(samplePrefix) ? repository.slice(samplePrefix.length) : '',
    gitUrl: git ? repository : '',
    branch: 'main',
    rootDir: '',
    installCommand: '',
    buildCommand: '',
    outputDir: '',
    envVars: '',
  };
}

export function repositoryOf(form: DeployForm): string {
  return form.source === 'sample' ? samplePrefix + form.sample : form.gitUrl.trim();
}

export function sourceProblems(form: DeployForm): FieldErrors {
  if (form.source === 'sample') return form.sample ? {} : { repository: ['Choose one of the samples.'] };
  const url = form.gitUrl.trim();
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
  const problems: FieldErrors = {};
  if (!form.branch.trim()) problems.branch = ['Enter the branch to deploy.'];
  const badLines = parseVariables(form.envVars).problems;
  if (badLines.length > 0) problems.envVars = badLines;
  return problems;
}

export function requestOf(form: DeployForm): CreateDeploymentRequest {
  const given = (value: string) => value.trim() || undefined;
  const { variables } = parseVariables(form.envVars);
  return {
    repository: repositoryOf(form),
    branch: form.branch.trim(),
    rootDir: given(form.rootDir),
    installCommand: given(form.installCommand),
    buildCommand: given(form.buildCommand),
    outputDir: given(form.outputDir),
    envVars: Object.keys(variables).length > 0 ? variables : undefined,
    owner: form.owner || undefined,
  };
}

/** `NAME=value` per line; empty lines and lines that begin with # are left out, as in a .env file. */
export function parseVariables(text: string): { variables: Record<string, string>; problems: string[] } {
  const variables: Record<string, string> = {};
  const problems: string[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(trimmed);
    if (!match) {
      problems.push(`Line ${index + 1} is not NAME=value.`);
      return;
    }
    variables[match[1] as string] = unquote((match[2] as string).trim());
  });
  return { variables, problems };
}

function unquote(value: string): string {
  return /^(["']).*\1$/s.test(value) && value.length >= 2 ? value.slice(1, -1) : value;
}

/** The step of the wizard on which a field that the server refused is found. */
export function stepOf(field: string): 1 | 2 {
  return field === 'repository' || field === 'owner' ? 1 : 2;
}

/** The wizard's address with the source filled in, for who has to leave it. */
export function wizardPath(form: DeployForm): string {
  const params = new URLSearchParams({ repository: repositoryOf(form), ...(form.owner && { owner: form.owner }) });
  return `/deploy?${params.toString()}`;
}
