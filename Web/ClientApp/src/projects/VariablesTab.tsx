import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getVariables, putVariables } from '../api/projects';
import type { DeploymentEnvironment, Project, Variable } from '../api/types';
import { useRights } from '../organizations/useRights';
import { Loaded } from '../settings/Loaded';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { toast } from '../ui/toastStore';
import { projectKey } from './queries';
import { ReadOnly } from './ReadOnly';
import { VariableFields } from './VariableFields';
import { requestOf, rowProblems, rowsOf } from './variableRows';

const environments: { name: DeploymentEnvironment; title: string; text: string }[] = [
  { name: 'production', title: 'Production', text: 'For builds of the production branch.' },
  { name: 'preview', title: 'Previews', text: 'For builds of all other branches and of pull requests.' },
];

export function VariablesTab({ project }: { project: Project }) {
  const { manage, known } = useRights(project.owner);
  const key = [...projectKey(project.id), 'env'];
  // What is being edited must not be old, and must not change under the hands of who edits it.
  const variables = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => getVariables(project.id, signal),
    gcTime: 0,
    staleTime: Infinity,
  });
  return (
    <>
      {known && !manage && <ReadOnly what="variables" />}
      <Loaded query={variables} title="The variables could not be loaded">
        {(data) => (
          <>
            {environments.map(({ name, title, text }) => (
              <Section key={name} title={title} text={text}>
                {manage ? <Editor project={project} environment={name} stored={data[name]} /> : <Names variables={data[name]} />}
              </Section>
            ))}
          </>
        )}
      </Loaded>
    </>
  );
}

function Names({ variables }: { variables: Variable[] }) {
  if (variables.length === 0) return <p className="text-muted">No variables.</p>;
  return (
    <dl className="divide-y divide-line font-mono text-[0.8125rem]">
      {variables.map(({ name, value, secret }) => (
        <div key={name} className="grid gap-x-4 py-1.5 sm:grid-cols-2">
          <dt className="break-all">{name}</dt>
          <dd className="break-all text-muted">{secret ? 'secret' : value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Editor({ project, environment, stored }: { project: Project; environment: DeploymentEnvironment; stored: Variable[] }) {
  const [rows, setRows] = useState(() => rowsOf(stored));
  const [checked, setChecked] = useState(false);
  const { busy, error, fields, run } = useAction();
  const refused = Object.values(fields).flat();

  function save() {
    setChecked(true);
    if (rowProblems(rows).size > 0) return;
    void run(async () => {
      const saved = await putVariables(project.id, { [environment]: requestOf(rows) });
      setRows(rowsOf(saved[environment]));
      setChecked(false);
      toast.success('The variables are saved', 'The next deployment has them.');
    });
  }

  return (
    <form
      noValidate
      aria-label={`Variables of ${environment}`}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {error !== null && <ErrorNotice title="The variables were not saved" error={error} />}
      {refused.length > 0 && (
        <p role="alert" className="text-bad">
          {refused.join(' ')}
        </p>
      )}
      <VariableFields rows={rows} checked={checked} onChange={setRows}>
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Saving…' : `Save ${environment} variables`}
        </button>
      </VariableFields>
    </form>
  );
}
