import { useSearchParams } from 'react-router';
import type { FormEvent } from 'react';
import { listAudit, type AuditFilter } from '../api/admin';
import { actionLabel, knownActions } from '../audit/actions';
import { AuditList } from '../audit/AuditList';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { usePageTitle } from '../ui/usePageTitle';

const names = ['action', 'actor', 'target', 'from', 'to'] as const;

export default function AdminAuditPage() {
  usePageTitle('Audit log');
  const [params, setParams] = useSearchParams();
  const shown = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ''])) as unknown as AuditFilter;
  const filter = { ...shown, from: instant(shown.from), to: instant(shown.to) };

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setParams(names.map((name): [string, string] => [name, text(data, name).trim()]).filter(([, value]) => value !== ''), { replace: true });
  }

  return (
    <>
      <form key={params.toString()} role="search" aria-label="Audit log" onSubmit={onSubmit} className="mb-6 grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-3">
        <label>
          <span className="mb-1.5 block text-[0.8125rem] font-medium">What</span>
          <select name="action" defaultValue={shown.action} className="control">
            <option value="">Everything</option>
            {knownActions.map((action) => (
              <option key={action} value={action}>
                {actionLabel(action)}
              </option>
            ))}
          </select>
        </label>
        <Input name="from" label="From" type="datetime-local" value={shown.from} />
        <Input name="to" label="Before" type="datetime-local" value={shown.to} />
        <Input name="actor" label="Account that acted (ID)" value={shown.actor} />
        <Input name="target" label="What it was done to (ID)" value={shown.target} />
        <div className="flex gap-2">
          <button type="submit" className={buttonStyle('primary')}>
            Show
          </button>
          <button type="button" className={buttonStyle('secondary')} onClick={() => setParams({}, { replace: true })}>
            Reset
          </button>
        </div>
      </form>
      <div className="panel p-5">
        <AuditList queryKey={['audit', 'all', filter]} load={(cursor, signal) => listAudit(filter, cursor, signal)} empty="No event matches." />
      </div>
    </>
  );
}

function Input({ name, label, value, type = 'text' }: { name: string; label: string; value: string; type?: string }) {
  return (
    <label>
      <span className="mb-1.5 block text-[0.8125rem] font-medium">{label}</span>
      <input name={name} type={type} defaultValue={value} autoComplete="off" className="control" />
    </label>
  );
}

/** What the reader's clock says, as a moment. */
function instant(local: string): string {
  const at = Date.parse(local);
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}
