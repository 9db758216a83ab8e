import { useQuery, useQueryClient } from '@tanstack/react-query';
import clsx from 'clsx';
import { Globe } from 'lucide-react';
import type { FormEvent } from 'react';
import { ApiError } from '../api/errors';
import { addDomain, listDomains, makePrimary, removeDomain, verifyDomain } from '../api/projects';
import type { Domain, DomainStatus, Project } from '../api/types';
import { useRights } from '../organizations/useRights';
import { text } from '../pages/useAuthForm';
import { Loaded } from '../settings/Loaded';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { CopyButton } from '../ui/CopyButton';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { projectKey } from './queries';
import { ReadOnly } from './ReadOnly';

/** Refusals that speak of the name that was given. */
const aboutTheHost = new Set(['DOMAIN_EXISTS', 'TOO_MANY_DOMAINS']);
const pollMs = 15_000;

const domainsKey = (project: Project) => [...projectKey(project.id), 'domains'];

export function DomainsTab({ project }: { project: Project }) {
  const { manage, known } = useRights(project.owner);
  const domains = useQuery({
    queryKey: domainsKey(project),
    queryFn: ({ signal }) => listDomains(project.id, signal),
    // The server looks for the proof by itself, too.
    refetchInterval: ({ state }) => (state.data?.some(({ status }) => status !== 'verified') ? pollMs : false),
  });
  return (
    <>
      {known && !manage && <ReadOnly what="domains" />}
      {manage && <AddDomain project={project} />}
      <Section title="Domains">
        <Loaded query={domains} title="The domains could not be loaded">
          {(list) =>
            list.length === 0 ? (
              <EmptyState Icon={Globe} title="No domains of your own" text="The site is served at its own address. Add a domain to serve it there as well." />
            ) : (
              <ul aria-label="Domains" className="divide-y divide-line">
                {list.map((domain) => (
                  <Row key={domain.id} project={project} domain={domain} manage={manage} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
    </>
  );
}

function AddDomain({ project }: { project: Project }) {
  const queries = useQueryClient();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const host = text(new FormData(form), 'host').trim();
    if (!host) {
      setFields({ host: ['Enter a domain, such as www.example.com.'] });
      return;
    }
    void run(async () => {
      try {
        await addDomain(project.id, host);
      } catch (failure) {
        if (!(failure instanceof ApiError && aboutTheHost.has(failure.code))) throw failure;
        setFields({ host: [failure.message] });
        return;
      }
      form.reset();
      await queries.invalidateQueries({ queryKey: domainsKey(project) });
      toast.success('The domain is added', 'Show that it is yours: the record to set stands below.');
    });
  }

  return (
    <Section title="Add a domain" text="It is served as soon as you have shown that it is yours.">
      <form noValidate aria-label="Add a domain" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="The domain was not added" error={error} />}
        <Field label="Domain" errors={fields.host}>
          {(control) => <input {...control} name="host" inputMode="url" placeholder="www.example.com" autoComplete="off" autoCapitalize="none" spellCheck={false} className="control sm:max-w-96" />}
        </Field>
        <div>
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Adding…' : 'Add domain'}
          </button>
        </div>
      </form>
    </Section>
  );
}

const looks: Record<DomainStatus, { label: string; style: string }> = {
  pending: { label: 'Waits for proof', style: 'bg-busy-soft text-busy' },
  verified: { label: 'Verified', style: 'bg-ok-soft text-ok' },
  failed: { label: 'Proof is gone', style: 'bg-bad-soft text-bad' },
};

function Row({ project, domain, manage }: { project: Project; domain: Domain; manage: boolean }) {
  const queries = useQueryClient();
  const { busy, error, run } = useAction();
  const { id, host, status, primary, problem, checkedAt } = domain;

  function change(work: () => Promise<unknown>, done?: string) {
    void run(async () => {
      await work();
      if (done) toast.success(done);
      await Promise.all([
        queries.invalidateQueries({ queryKey: domainsKey(project) }),
        queries.invalidateQueries({ queryKey: projectKey(project.id), exact: true }),
      ]);
    });
  }

  async function verify() {
    const checked = await verifyDomain(project.id, id);
    if (checked.status === 'verified') toast.success(`${host} is verified`, 'The site is served there now.');
  }

  return (
    <li className="grid grid-cols-1 gap-3 py-4 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h3 className="flex min-w-0 flex-wrap items-center gap-2 font-medium">
          <span className="break-all">{host}</span>
          <span className={clsx('rounded-full px-2 py-0.5 text-xs', looks[status].style)}>{looks[status].label}</span>
          {primary && <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs text-accent">Primary</span>}
        </h3>
        {manage && (
          <div className="flex flex-wrap gap-2">
            {status !== 'verified' && (
              <button type="button" aria-label={`Verify ${host}`} aria-disabled={busy} className={buttonStyle('secondary', 'small')} onClick={() => change(verify)}>
                {busy ? 'Looking…' : 'Verify'}
              </button>
            )}
            {status === 'verified' && !primary && (
              <button
                type="button"
                aria-label={`Make ${host} primary`}
                aria-disabled={busy}
                className={buttonStyle('secondary', 'small')}
                onClick={() => change(() => makePrimary(project.id, id), `${host} is the site’s address now`)}
              >
                Make primary
              </button>
            )}
            <ConfirmButton label="Remove" subject={host} question="It is served no longer." confirm="Remove" busy={busy} onConfirm={() => change(() => removeDomain(project.id, id), `${host} is removed`)} />
          </div>
        )}
      </div>
      {error !== null && <ErrorNotice title="Nothing was changed" error={error} />}
      {status !== 'verified' && (
        <>
          {problem && (
            <p role="status" className="text-[0.8125rem] wrap-anywhere text-bad">
              {problem}
              {checkedAt && (
                <span className="text-muted">
                  {' '}
                  Looked <RelativeTime at={checkedAt} />.
                </span>
              )}
            </p>
          )}
          <Instructions domain={domain} />
        </>
      )}
    </li>
  );
}

function Instructions({ domain: { host, record, alias } }: { domain: Domain }) {
  return (
    <div className="rounded-lg bg-sunken p-3">
      <p className="text-[0.8125rem] wrap-anywhere">At the provider of {host}, set this record to show that it is yours:</p>
      <RecordFields type={record.type} name={record.name} value={record.value} />
      <p className="mt-3 text-[0.8125rem]">Or lead the domain to the site at once, which shows it as well:</p>
      <RecordFields type="CNAME" name={host} value={alias} />
    </div>
  );
}

function RecordFields({ type, name, value }: { type: string; name: string; value: string }) {
  const parts: [string, string][] = [
    ['Type', type],
    ['Name', name],
    ['Value', value],
  ];
  return (
    <dl className="mt-2 grid gap-1.5">
      {parts.map(([label, part]) => (
        <div key={label} className="flex items-baseline gap-x-3">
          <dt className="w-12 shrink-0 text-[0.8125rem] text-muted">{label}</dt>
          <dd className="flex min-w-0 flex-1 flex-wrap items-center gap-2 font-mono text-xs break-all">
            {part}
            {label !== 'Type' && <CopyButton text={part} label={`Copy ${label.toLowerCase()}`} tone="quiet" size="small" />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
