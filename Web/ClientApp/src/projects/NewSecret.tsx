import type { WebhookSecret } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';
import { CopyButton } from '../ui/CopyButton';

/** The one moment in which the secret can be seen. */
export function NewSecret({ secret, onDone }: { secret: WebhookSecret; onDone: () => void }) {
  return (
    <div role="status" className="rounded-[10px] border border-line bg-sunken p-4">
      <p className="font-medium">Copy the secret now</p>
      <p className="mt-0.5 text-muted">
        It is not shown again. Requests to <span className="break-all">{secret.webhook.url}</span> are signed with it.
      </p>
      <p className="my-3 font-mono text-[0.8125rem] break-all">{secret.secret}</p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={secret.secret} label="Copy secret" size="small" />
        <button type="button" className={buttonStyle('secondary', 'small')} onClick={onDone}>
          Done
        </button>
      </div>
    </div>
  );
}
