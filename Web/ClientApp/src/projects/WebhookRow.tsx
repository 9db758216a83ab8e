import { useState } from 'react';
import { deleteWebhook, rotateWebhookSecret, testWebhook, updateWebhook } from '../api/projects';
import type { Project, Webhook, WebhookSecret } from '../api/types';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { NewSecret } from './NewSecret';
import { eventLabel } from './webhookEvents';
import { WebhookDeliveries } from './WebhookDeliveries';

interface WebhookRowProps {
  project: Project;
  webhook: Webhook;
  onChanged: () => Promise<unknown>;
}

export function WebhookRow({ project, webhook, onChanged }: WebhookRowProps) {
  const { busy, error, run } = useAction();
  const [secret, setSecret] = useState<WebhookSecret | null>(null);
  const [showing, setShowing] = useState(false);
  // Asked for a test, so that the list below shows it at once.
  const [tests, setTests] = useState(0);
  const { id, url, events, allProjects, enabled, failingSince, disabledAt } = webhook;

  function change(work: () => Promise<unknown>, done: string, text: string | null = null) {
    void run(async () => {
      await work();
      await onChanged();
      toast.success(done, text);
    });
  }

  return (
    <li className="grid gap-3 py-4 first:pt-0 last:pb-0">
      <div>
        <h3 className="font-mono text-[0.8125rem] break-all">{url}</h3>
        <p className="mt-0.5 text-[0.8125rem] text-muted">
          {events.map(eventLabel).join(', ')}
          {allProjects && ' · all projects of the owner'}
          {!enabled && !disabledAt && ' · switched off'}
        </p>
        {disabledAt && (
          <p className="mt-0.5 text-[0.8125rem] text-bad">
            Switched off <RelativeTime at={disabledAt} />, because it had failed for too long.
          </p>
        )}
        {failingSince && !disabledAt && (
          <p className="mt-0.5 text-[0.8125rem] text-bad">
            Failing since <RelativeTime at={failingSince} />
          </p>
        )}
      </div>
      {error !== null && <ErrorNotice title="Nothing was changed" error={error} />}
      {secret && <NewSecret secret={secret} onDone={() => setSecret(null)} />}
      <div className="flex flex-wrap gap-2">
        <Action
          label="Send a test"
          subject={url}
          busy={busy}
          onChoose={() =>
            void run(async () => {
              await testWebhook(project.id, id);
              setShowing(true);
              setTests(tests + 1);
            })
          }
        />
        <button type="button" aria-expanded={showing} aria-label={`Deliveries to ${url}`} className={buttonStyle('secondary', 'small')} onClick={() => setShowing(!showing)}>
          Deliveries
        </button>
        <Action
          label={enabled ? 'Switch off' : 'Switch on'}
          subject={url}
          busy={busy}
          onChoose={() => change(() => updateWebhook(project.id, id, { url, events, enabled: !enabled }), enabled ? 'The webhook is switched off' : 'The webhook is switched on')}
        />
        <ConfirmButton
          tone="secondary"
          label="New secret"
          subject={`for ${url}`}
          question="The old one signs as well for a day."
          confirm="Make a new one"
          busy={busy}
          onConfirm={() => void run(async () => setSecret(await rotateWebhookSecret(project.id, id)))}
        />
        <ConfirmButton label="Delete" subject={url} question="Its history goes with it." confirm="Delete" busy={busy} onConfirm={() => change(() => deleteWebhook(project.id, id), 'The webhook is deleted')} />
      </div>
      {showing && <WebhookDeliveries key={tests} project={project} webhook={webhook} />}
    </li>
  );
}

function Action({ label, subject, busy, onChoose }: { label: string; subject: string; busy: boolean; onChoose: () => void }) {
  return (
    <button type="button" aria-label={`${label}: ${subject}`} aria-disabled={busy} className={buttonStyle('secondary', 'small')} onClick={onChoose}>
      {label}
    </button>
  );
}
