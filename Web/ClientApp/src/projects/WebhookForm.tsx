import type { FormEvent } from 'react';
import { ApiError } from '../api/errors';
import { createWebhook } from '../api/projects';
import type { Project, WebhookSecret } from '../api/types';
import { text } from '../pages/useAuthForm';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { webhookEvents } from './webhookEvents';

const usual = ['deployment.succeeded', 'deployment.failed'];

export function WebhookForm({ project, onCreated }: { project: Project; onCreated: (secret: WebhookSecret) => void }) {
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const url = text(data, 'url').trim();
    const events = data.getAll('events').filter((each) => typeof each === 'string');
    if (!url || events.length === 0) {
      setFields({ ...(!url && { url: ['Enter the address to call.'] }), ...(events.length === 0 && { events: ['Choose at least one event.'] }) });
      return;
    }
    void run(async () => {
      try {
        onCreated(await createWebhook(project.id, { url, events, allProjects: data.has('allProjects') }));
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === 'TOO_MANY_WEBHOOKS')) throw failure;
        setFields({ url: [failure.message] });
      }
    });
  }

  return (
    <form noValidate aria-label="New webhook" onSubmit={onSubmit} className="grid gap-4">
      {error !== null && <ErrorNotice title="The webhook was not added" error={error} />}
      <Field label="Address" errors={fields.url}>
        {(control) => (
          <input {...control} name="url" type="url" inputMode="url" placeholder="https://example.com/hooks/autostack" autoComplete="off" spellCheck={false} className="control font-mono text-[0.8125rem]" />
        )}
      </Field>
      <fieldset aria-describedby={fields.events && 'events-error'}>
        <legend className="mb-1.5 text-[0.8125rem] font-medium">When a deployment is</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-2">
          {webhookEvents.map(({ value, label }) => (
            <label key={value} className="flex items-center gap-2">
              <input type="checkbox" name="events" value={value} defaultChecked={usual.includes(value)} className="size-4 accent-accent" />
              {label}
            </label>
          ))}
        </div>
        {fields.events && (
          <p id="events-error" role="alert" className="mt-1.5 text-[0.8125rem] text-bad">
            {fields.events.join(' ')}
          </p>
        )}
      </fieldset>
      <label className="flex items-start gap-3">
        <input type="checkbox" name="allProjects" className="mt-0.5 size-4 shrink-0 accent-accent" />
        <span>
          <span className="font-medium">All projects of the owner</span>
          <span className="block text-muted">Those that are made later as well.</span>
        </span>
      </label>
      <div>
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Adding…' : 'Add webhook'}
        </button>
      </div>
    </form>
  );
}
