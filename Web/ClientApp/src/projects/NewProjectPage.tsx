import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { EmailNotVerified, isEmailNotVerified } from '../account/EmailNotVerified';
import { createProject, putVariables } from '../api/projects';
import type { FieldErrors } from '../api/errors';
import { initialForm, repositoryOf, sourceProblems, type DeployForm } from '../deploy/deployForm';
import { SourceFields } from '../deploy/SourceFields';
import { useBranches } from '../github/queries';
import { text } from '../pages/useAuthForm';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageHeader } from '../ui/PageHeader';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { BuildFields } from './BuildFields';
import { settingsIn, settingsProblems, type BuildSettings } from './buildSettings';
import { projectKey, projectsKey } from './queries';
import { TextSetting } from './TextSetting';
import { VariableFields } from './VariableFields';
import { requestOf, rowProblems, type VariableRow } from './variableRows';

/** Sets a project up before anything of it is built: the first deployment has its variables already. */
export default function NewProjectPage() {
  usePageTitle('New project');
  const [params] = useSearchParams();
  const [source, setSource] = useState<DeployForm>(() => initialForm(new URLSearchParams([...params, ['source', 'git']])));
  const [rows, setRows] = useState<VariableRow[]>([]);
  const [checked, setChecked] = useState(false);
  const { busy, error, fields, setFields, run } = useAction();
  const branches = useBranches(source.source === 'github' ? source.gitHubRepository : '');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useFocusOnProblem(fields);

  function change(part: Partial<DeployForm>) {
    setSource((before) => ({ ...before, ...part }));
  }

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const settings = settingsIn(data);
    const name = text(data, 'name').trim() || undefined;
    const problems: FieldErrors = { ...sourceProblems(source), ...settingsProblems(settings) };
    setChecked(true);
    setFields(problems);
    if (Object.keys(problems).length > 0 || rowProblems(rows).size > 0) return;
    void run(async () => {
      const project = await createProject({ name, repository: repositoryOf(source), owner: source.owner || undefined, ...asked(settings) });
      queries.setQueryData(projectKey(project.id), project);
      void queries.invalidateQueries({ queryKey: projectsKey });
      await store(project.id);
    });
  }

  /** The project is there by now: what is wrong with its variables is mended on their own page. */
  async function store(id: string) {
    try {
      if (rows.length > 0) await putVariables(id, { production: requestOf(rows) });
      toast.success('The project is made', 'Nothing of it is deployed yet.');
      void navigate(`/projects/${id}`, { replace: true });
    } catch (failure) {
      toast.error('The project is made, but its variables were not saved', failure);
      void navigate(`/projects/${id}/environment`, { replace: true });
    }
  }

  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="New project" text="Set it up now, deploy it when you want to." />
      <form ref={form} noValidate aria-label="New project" onSubmit={onSubmit} className="grid grid-cols-1 gap-6">
        {error !== null &&
          (isEmailNotVerified(error) ? (
            <EmailNotVerified title="The project was not made" next="/projects/new" />
          ) : (
            <ErrorNotice title="The project was not made" error={error} />
          ))}
        <Section title="Source">
          <SourceFields form={source} errors={fields} without="upload" onChange={change} />
        </Section>
        <Section title="Build and deployment" text="What is left empty is detected from the source.">
          <div className="grid gap-4 sm:grid-cols-2">
            <TextSetting name="name" label="Name" optional placeholder="As the repository" errors={fields} />
            <BuildFields values={{ branch: source.branch, autoDeploy: true }} branches={branches.data?.branches.map(({ name }) => name)} errors={fields} />
          </div>
        </Section>
        <Section title="Environment variables" text="For builds of the production branch. Those of previews are set on the project’s page.">
          <VariableFields rows={rows} checked={checked} onChange={setRows} />
        </Section>
        <div className="flex flex-wrap gap-2">
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Creating…' : 'Create project'}
          </button>
          <Link to="/projects" className={buttonStyle('secondary')}>
            Cancel
          </Link>
        </div>
      </form>
    </div>
  );
}

/** What is to be detected is not asked for. */
const asked = ({ rootDir, installCommand, buildCommand, outputDir, nodeVersion, ...others }: BuildSettings) => ({
  ...others,
  rootDir: rootDir || undefined,
  installCommand: installCommand ?? undefined,
  buildCommand: buildCommand ?? undefined,
  outputDir: outputDir ?? undefined,
  nodeVersion: nodeVersion ?? undefined,
});

/** What was refused comes into view with the first field that has to be changed. */
function useFocusOnProblem(fields: FieldErrors) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(fields).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [fields]);
  return form;
}
