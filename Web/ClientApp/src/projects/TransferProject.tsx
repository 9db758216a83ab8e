import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { transferProject } from '../api/projects';
import type { Project } from '../api/types';
import { useAllOrganizations } from '../organizations/queries';
import { isAtLeast } from '../organizations/roles';
import { text } from '../pages/useAuthForm';
import { useSession } from '../session/useSession';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { projectsKey } from './queries';

/** Gives the project to an organization, or takes it back to oneself. */
export function TransferProject({ project }: { project: Project }) {
  const queries = useQueryClient();
  const session = useSession();
  const organizations = useAllOrganizations();
  const { busy, error, fields, setFields, run } = useAction();
  const me = session.data?.user;
  const owners = [
    ...(me ? [{ id: me.id, name: `${me.name} (you)` }] : []),
    ...(organizations.data?.filter(({ role }) => isAtLeast(role, 'developer')) ?? []),
  ].filter(({ id }) => id !== project.owner);
  if (owners.length === 0) return null;

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const owner = text(new FormData(event.currentTarget), 'owner');
    if (!owner) {
      setFields({ owner: ['Choose who gets it.'] });
      return;
    }
    void run(async () => {
      await transferProject(project.id, owner);
      await queries.invalidateQueries({ queryKey: projectsKey });
      toast.success('The project is handed over');
    });
  }

  return (
    <Section title="Hand over" text="Its site and its deployments go with it. Who sees and changes it is decided by the new owner.">
      <form noValidate aria-label="Hand over" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="The project was not handed over" error={error} />}
        <Field label="New owner" errors={fields.owner}>
          {(control) => (
            <select {...control} name="owner" defaultValue="" className="control sm:max-w-80">
              <option value="">Choose an owner</option>
              {owners.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div>
          <button type="submit" aria-disabled={busy} className={buttonStyle('danger')}>
            {busy ? 'Handing over…' : 'Hand over'}
          </button>
        </div>
      </form>
    </Section>
  );
}
