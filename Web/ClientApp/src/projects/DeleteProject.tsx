import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { deleteProject } from '../api/projects';
import type { Project } from '../api/types';
import { text } from '../pages/useAuthForm';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { projectKey, projectsKey } from './queries';

/** The name is typed, so that nobody deletes a site by a slip. */
export function DeleteProject({ project }: { project: Project }) {
  const [asked, setAsked] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (text(new FormData(event.currentTarget), 'name').trim() !== project.name) {
      setFields({ name: [`Type “${project.name}” to delete it.`] });
      return;
    }
    void run(async () => {
      await deleteProject(project.id);
      toast.success(`${project.name} is deleted`);
      void navigate('/projects', { replace: true });
      queries.removeQueries({ queryKey: projectKey(project.id) });
      void queries.invalidateQueries({ queryKey: projectsKey });
      void queries.invalidateQueries({ queryKey: ['deployments'] });
    });
  }

  return (
    <Section title="Delete project" text="Its site goes offline at once, and its deployments, logs, domains and variables go with it. This cannot be undone.">
      {asked ? (
        <form noValidate aria-label="Delete project" onSubmit={onSubmit} className="grid gap-4">
          {error !== null && <ErrorNotice title="The project was not deleted" error={error} />}
          <Field label={`Type “${project.name}”`} errors={fields.name}>
            {(control) => <input {...control} name="name" autoFocus autoComplete="off" autoCapitalize="none" spellCheck={false} className="control sm:max-w-80" />}
          </Field>
          <div className="flex flex-wrap gap-2">
            <button type="submit" aria-disabled={busy} className={buttonStyle('danger')}>
              {busy ? 'Deleting…' : 'Delete it for good'}
            </button>
            <button type="button" className={buttonStyle('secondary')} onClick={() => setAsked(false)}>
              Keep it
            </button>
          </div>
        </form>
      ) : (
        <div>
          <button type="button" className={buttonStyle('danger')} onClick={() => setAsked(true)}>
            Delete project…
          </button>
        </div>
      )}
    </Section>
  );
}
