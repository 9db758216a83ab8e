import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { updateProject } from '../api/projects';
import type { FieldErrors } from '../api/errors';
import type { Project } from '../api/types';
import { text } from '../pages/useAuthForm';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { isUploaded } from './DeployMenu';
import { projectKey, projectsKey } from './queries';

type TextSetting = 'name' | 'repository' | 'branch' | 'rootDir' | 'installCommand' | 'buildCommand' | 'outputDir' | 'nodeVersion';

const detected: { name: TextSetting; label: string; placeholder: string }[] = [
  { name: 'rootDir', label: 'Root directory', placeholder: './' },
  { name: 'nodeVersion', label: 'Node version', placeholder: 'As the repository says' },
  { name: 'installCommand', label: 'Install command', placeholder: 'Detected, e.g. npm ci' },
  { name: 'buildCommand', label: 'Build command', placeholder: 'Detected, e.g. npm run build' },
  { name: 'outputDir', label: 'Output directory', placeholder: 'Detected, e.g. dist' },
];

/** Where the source comes from, how it is built, and what makes it deploy. */
export function BuildSection({ project, readOnly }: { project: Project; readOnly: boolean }) {
  const queries = useQueryClient();
  const { busy, error, fields, setFields, run } = useAction();
  const uploaded = isUploaded(project);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const value = (name: TextSetting) => text(data, name).trim();
    const problems: FieldErrors = {
      ...(!value('name') && { name: ['Give the project a name.'] }),
      ...(!value('branch') && { branch: ['Choose a branch.'] }),
      ...(!uploaded && !value('repository') && { repository: ['Choose a repository.'] }),
    };
    if (Object.keys(problems).length > 0) {
      setFields(problems);
      return;
    }
    void run(async () => {
      const saved = await updateProject(project.id, {
        name: value('name'),
        repository: uploaded ? project.repository : value('repository'),
        branch: value('branch'),
        rootDir: value('rootDir'),
        installCommand: value('installCommand') || null,
        buildCommand: value('buildCommand') || null,
        outputDir: value('outputDir') || null,
        nodeVersion: value('nodeVersion') || null,
        submodules: data.has('submodules'),
        autoDeploy: data.has('autoDeploy'),
        watchPaths: text(data, 'watchPaths').split('\n').map((line) => line.trim()).filter((line) => line !== ''),
      });
      queries.setQueryData(projectKey(project.id), saved);
      void queries.invalidateQueries({ queryKey: projectsKey });
      toast.success('The settings are saved', 'The next deployment uses them.');
    });
  }

  return (
    <Section title="Build and deployment" text="What is left empty is detected from the source.">
      <form key={project.updatedAt} noValidate aria-label="Build and deployment" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="The settings were not saved" error={error} />}
        <fieldset disabled={readOnly} className="grid gap-4 sm:grid-cols-2">
          <legend className="sr-only">Build and deployment</legend>
          <Text name="name" label="Name" project={project} errors={fields} />
          <Text name="branch" label="Production branch" project={project} errors={fields} />
          {uploaded ? (
            <p className="text-muted sm:col-span-2">The source is an uploaded archive.</p>
          ) : (
            <div className="sm:col-span-2">
              <Text name="repository" label="Repository" project={project} errors={fields} />
            </div>
          )}
          {detected.map((setting) => (
            <Text key={setting.name} {...setting} optional project={project} errors={fields} />
          ))}
          <div className="sm:col-span-2">
            <Field
              label="Watch paths"
              optional
              hint="One pattern per line, such as apps/web/**. A push deploys only if it touches one of them."
              errors={fields.watchPaths}
            >
              {(control) => (
                <textarea {...control} name="watchPaths" rows={3} spellCheck={false} autoCapitalize="none" defaultValue={project.watchPaths.join('\n')} className="control font-mono text-[0.8125rem]" />
              )}
            </Field>
          </div>
          <Switch name="autoDeploy" label="Deploy on every push" text="Pushes to the branch go live, other branches get previews." on={project.autoDeploy} />
          <Switch name="submodules" label="Check out submodules" text="Fetches the repository's submodules, too." on={project.submodules} />
        </fieldset>
        {!readOnly && (
          <div>
            <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
              {busy ? 'Saving…' : 'Save changes'}
            </button>
          </div>
        )}
      </form>
    </Section>
  );
}

function Text(props: { name: TextSetting; label: string; placeholder?: string; optional?: boolean; project: Project; errors: FieldErrors }) {
  const { name, project } = props;
  return (
    <Field label={props.label} optional={props.optional} errors={props.errors[name]}>
      {(control) => (
        <input
          {...control}
          name={name}
          defaultValue={project[name] ?? ''}
          placeholder={props.placeholder}
          maxLength={name === 'name' ? 100 : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="control"
        />
      )}
    </Field>
  );
}

export function Switch({ name, label, text: explanation, on }: { name: string; label: string; text: string; on: boolean }) {
  return (
    <label className="flex items-start gap-3">
      <input type="checkbox" name={name} defaultChecked={on} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span>
        <span className="font-medium">{label}</span>
        <span className="block text-muted">{explanation}</span>
      </span>
    </label>
  );
}
