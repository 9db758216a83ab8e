import { useState, type ReactNode } from 'react';
import { buttonStyle } from '../ui/buttonStyle';
import { Field } from '../ui/Field';
import { VariableEditor } from './VariableEditor';
import { newRow, rowProblems, withPasted, type VariableRow } from './variableRows';

interface VariableFieldsProps {
  rows: VariableRow[];
  /** Whether what is wrong is said already. */
  checked: boolean;
  onChange: (rows: VariableRow[]) => void;
  /** Buttons before those that add. */
  children?: ReactNode;
}

/** Variables as rows, one by one or from a .env file. */
export function VariableFields({ rows, checked, onChange, children }: VariableFieldsProps) {
  const [pasting, setPasting] = useState(false);
  const [refused, setRefused] = useState<string[]>();

  function paste(text: string): boolean {
    const result = withPasted(rows, text);
    const bad = result.problems.length > 0;
    setRefused(bad ? result.problems : undefined);
    if (!bad) onChange(result.rows);
    return !bad;
  }

  return (
    <>
      {rows.length === 0 && !pasting && <p className="text-muted">No variables.</p>}
      {rows.length > 0 && <VariableEditor rows={rows} problems={checked ? rowProblems(rows) : new Map()} onChange={onChange} onPaste={paste} />}
      {pasting && (
        <PasteBox
          errors={refused}
          onCancel={() => setPasting(false)}
          onAdd={(text) => {
            if (paste(text)) setPasting(false);
          }}
        />
      )}
      <div className="flex flex-wrap gap-2">
        {children}
        <button type="button" className={buttonStyle('secondary')} onClick={() => onChange([...rows, newRow()])}>
          Add variable
        </button>
        {!pasting && (
          <button type="button" className={buttonStyle('quiet')} onClick={() => setPasting(true)}>
            Paste a .env file
          </button>
        )}
      </div>
    </>
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
