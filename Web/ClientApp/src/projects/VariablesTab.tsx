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
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { projectKey } from './queries';
import { ReadOnly } from './ReadOnly';
import { VariableEditor } from './VariableEditor';
import { newRow, requestOf, rowProblems, rowsOf, withPasted } from './variableRows';

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
  const [pasting, setPasting] = useState(false);
  const { busy, error, fields, setFields, run } = useAction();
  const problems = checked ? rowProblems(rows) : new Map<number, string>();
  const refused = Object.entries(fields).filter(([field]) => field !== 'paste');

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

  function paste(text: string): boolean {
    const result = withPasted(rows, text);
    if (result.problems.length > 0) {
      setFields({ paste: result.problems });
      return false;
    }
    setFields({});
    setRows(result.rows);
    return true;
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
          {refused.flatMap(([, messages]) => messages).join(' ')}
        </p>
      )}
      {rows.length === 0 && !pasting && <p className="text-muted">No variables.</p>}
      <VariableEditor rows={rows} problems={problems} onChange={setRows} onPaste={paste} />
      {pasting && (
        <PasteBox
          errors={fields.paste}
          onCancel={() => setPasting(false)}
          onAdd={(text) => {
            if (paste(text)) setPasting(false);
          }}
        />
      )}
      <div className="flex flex-wrap gap-2">
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Saving…' : `Save ${environment} variables`}
        </button>
        <button type="button" className={buttonStyle('secondary')} onClick={() => setRows([...rows, newRow()])}>
          Add variable
        </button>
        {!pasting && (
          <button type="button" className={buttonStyle('quiet')} onClick={() => setPasting(true)}>
            Paste a .env file
          </button>
        )}
      </div>
    </form>
  );
}

function PasteBox({ errors, onAdd, onCancel }: { errors?: string[]; onAdd: (text: string) => void; onCancel: () => void }) {
  const [text, setText] = useState('');
  return (
    <div className="grid gap-2 rounded-lg border border-line p-3">
      <Field label="Lines of a .env file" hint="NAME=value per line. Names that are there already get the new values." errors={errors}>
        {(control) => (
          <textarea {...control} autoFocus rows={5} spellCheck={false} autoCapitalize="none" value={text} onChange={(event) => setText(event.target.value)} className="control font-mono text-[0.8125rem]" />
        )}
      </Field>
      <div className="flex gap-2">
        <button type="button" className={buttonStyle('secondary', 'small')} onClick={() => onAdd(text)}>
          Take over
        </button>
        <button type="button" className={buttonStyle('quiet', 'small')} onClick={onCancel}>
          Cancel
        </button>
      </div>
    </div>
  );
}
