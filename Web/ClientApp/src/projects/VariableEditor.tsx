import { Trash2 } from 'lucide-react';
import { buttonStyle } from '../ui/buttonStyle';
import type { VariableRow } from './variableRows';

interface VariableEditorProps {
  rows: VariableRow[];
  problems: Map<number, string>;
  onChange: (rows: VariableRow[]) => void;
  /** Text with several lines; true when it was taken over. */
  onPaste: (text: string) => boolean;
}

/** Names and values. The values of stored secrets are not shown; what is typed takes their place. */
export function VariableEditor({ rows, problems, onChange, onPaste }: VariableEditorProps) {
  function change(key: number, part: Partial<VariableRow>) {
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  }

  function pasted(event: React.ClipboardEvent) {
    const text = event.clipboardData.getData('text');
    if (/[\n=]/.test(text.trim()) && onPaste(text)) event.preventDefault();
  }

  return (
    <ul className="grid gap-3">
      {rows.map((row, index) => {
        const problem = problems.get(row.key);
        const called = row.name || `variable ${index + 1}`;
        return (
          <li key={row.key} className="grid grid-cols-[1fr_auto] gap-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto_auto] sm:items-start">
            <div className="col-span-2 min-w-0 sm:col-span-1">
              <input
                aria-label={`Name of ${called}`}
                aria-invalid={problem !== undefined || undefined}
                aria-describedby={problem === undefined ? undefined : `variable-${row.key}`}
                placeholder="NAME"
                // The stored value belongs to the name.
                readOnly={row.kept}
                value={row.name}
                onChange={(event) => change(row.key, { name: event.target.value.trim() })}
                onPaste={pasted}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                className="control font-mono text-[0.8125rem] read-only:bg-sunken"
              />
              {problem !== undefined && (
                <p id={`variable-${row.key}`} className="mt-1 text-[0.8125rem] text-bad">
                  {problem}
                </p>
              )}
            </div>
            <textarea
              aria-label={`Value of ${called}`}
              rows={row.value.includes('\n') ? 4 : 1}
              placeholder={row.kept ? 'Stored. Type to replace it.' : 'value'}
              value={row.value}
              onChange={(event) => change(row.key, { value: event.target.value, kept: false })}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              className="control col-span-2 font-mono text-[0.8125rem] sm:col-span-1"
            />
            <label className="flex min-h-9 items-center gap-2 text-[0.8125rem]">
              <input
                type="checkbox"
                aria-label={`${called} is secret`}
                checked={row.secret}
                disabled={row.kept}
                onChange={(event) => change(row.key, { secret: event.target.checked })}
                className="size-4 accent-accent"
              />
              Secret
            </label>
            <button type="button" aria-label={`Remove ${called}`} className={buttonStyle('quiet')} onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}>
              <Trash2 aria-hidden className="size-4" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
