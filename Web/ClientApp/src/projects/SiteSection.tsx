import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { updateProject } from '../api/projects';
import type { FieldErrors } from '../api/errors';
import type { Project, Protection } from '../api/types';
import { text } from '../pages/useAuthForm';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { projectKey } from './queries';
import { numberIn, settingsOf } from './settings';

const megabyte = 1024 * 1024;
const protections: { value: Protection; label: string }[] = [
  { value: 'off', label: 'Nobody: all addresses are public' },
  { value: 'previews', label: 'Visitors of previews' },
  { value: 'all', label: 'Visitors of every address' },
];
const numbers = [
  { name: 'keepDeployments', label: 'Deployments to keep', hint: 'Older ones lose their files, never the one that is live.' },
  { name: 'keepMegabytes', label: 'Megabytes to keep', hint: 'All kept deployments together.' },
  { name: 'assetHours', label: 'Hours for replaced assets', hint: 'Pages that are still open find their old scripts.' },
] as const;

/** How the site is served, and what is kept of it. */
export function SiteSection({ project, readOnly }: { project: Project; readOnly: boolean }) {
  const { site } = project;
  const queries = useQueryClient();
  const { busy, error, fields, setFields, run } = useAction();
  const [protection, setProtection] = useState(site.protection);
  const kept = { keepDeployments: site.keepDeployments, keepMegabytes: site.keepBytes === null ? null : site.keepBytes / megabyte, assetHours: site.assetHours };

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const password = text(data, 'password');
    const given = Object.fromEntries(numbers.map(({ name }) => [name, numberIn(text(data, name))])) as Record<keyof typeof kept, number | null | undefined>;
    const problems: FieldErrors = Object.fromEntries(numbers.filter(({ name }) => given[name] === undefined).map(({ name }) => [name, ['Enter a number, or nothing.']]));
    if (protection !== 'off' && !site.hasPassword && !password) problems.password = ['Choose a password for your visitors.'];
    if (Object.keys(problems).length > 0) {
      setFields(problems);
      return;
    }
    const { keepDeployments = null, keepMegabytes = null, assetHours = null } = given;
    const fallback = text(data, 'spaFallback');
    void run(async () => {
      const saved = await updateProject(project.id, {
        ...settingsOf(project),
        site: {
          protection,
          ...(password && { password }),
          spaFallback: fallback === '' ? null : fallback === 'on',
          keepDeployments,
          keepBytes: keepMegabytes === null ? null : Math.round(keepMegabytes * megabyte),
          assetHours,
        },
      });
      queries.setQueryData(projectKey(project.id), saved);
      toast.success('The site’s settings are saved', 'They hold from now on.');
    });
  }

  const of = (name: string) => fields[name] ?? fields[`site.${name}`] ?? (name === 'keepMegabytes' ? fields['site.keepBytes'] : undefined);
  return (
    <Section title="Site" text="How it is served. These settings hold at once, for what is deployed already as well.">
      <form key={project.updatedAt} noValidate aria-label="Site" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="The settings were not saved" error={error} />}
        <fieldset disabled={readOnly} className="grid gap-4 sm:grid-cols-2">
          <legend className="sr-only">Site</legend>
          <Field label="Who is asked for a password" errors={of('protection')}>
            {(control) => (
              <select {...control} value={protection} onChange={(event) => setProtection(event.target.value as Protection)} className="control">
                {protections.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {protection !== 'off' && (
            <Field label="Password for visitors" hint={site.hasPassword ? 'Empty: the one before stays.' : 'Tell it to those who may look.'} errors={of('password')}>
              {(control) => <input {...control} name="password" type="password" autoComplete="new-password" className="control" />}
            </Field>
          )}
          <div className="sm:col-span-2">
            <Field label="Unknown paths" hint="Single-page apps answer them with their first page." errors={of('spaFallback')}>
              {(control) => (
                <select {...control} name="spaFallback" defaultValue={site.spaFallback === null ? '' : site.spaFallback ? 'on' : 'off'} className="control">
                  <option value="">As detected in the build</option>
                  <option value="on">Answer with the first page</option>
                  <option value="off">Answer “not found”</option>
                </select>
              )}
            </Field>
          </div>
          {numbers.map(({ name, label, hint }) => (
            <Field key={name} label={label} optional hint={hint} errors={of(name)}>
              {(control) => <input {...control} name={name} inputMode="numeric" defaultValue={kept[name] ?? ''} placeholder="The installation’s default" className="control" />}
            </Field>
          ))}
        </fieldset>
        {!readOnly && (
          <div>
            <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
              {busy ? 'Saving…' : 'Save site settings'}
            </button>
          </div>
        )}
      </form>
    </Section>
  );
}
