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
import { toast } from '../ui/toastStore';
import { BuildFields } from './BuildFields';
import { settingsIn, settingsProblems } from './buildSettings';
import { isUploaded } from './DeployMenu';
import { projectKey, projectsKey } from './queries';
import { TextSetting } from './TextSetting';

/** Where the source comes from, how it is built, and what makes it deploy. */
export function BuildSection({ project, readOnly }: { project: Project; readOnly: boolean }) {
  const queries = useQueryClient();
  const { busy, error, fields, setFields, run } = useAction();
  const uploaded = isUploaded(project);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const settings = settingsIn(data);
    const name = text(data, 'name').trim();
    const repository = uploaded ? project.repository : text(data, 'repository').trim();
    const problems: FieldErrors = {
      ...(!name && { name: ['Give the project a name.'] }),
      ...(!repository && { repository: ['Choose a repository.'] }),
      ...settingsProblems(settings),
    };
    if (Object.keys(problems).length > 0) {
      setFields(problems);
      return;
    }
    void run(async () => {
      const saved = await updateProject(project.id, { name, repository, ...settings });
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
          <TextSetting name="name" label="Name" value={project.name} errors={fields} />
          {uploaded ? (
            <p className="self-end text-muted">The source is an uploaded archive.</p>
          ) : (
            <TextSetting name="repository" label="Repository" value={project.repository} errors={fields} />
          )}
          <BuildFields values={project} errors={fields} />
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
