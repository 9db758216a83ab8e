import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { dismissToast, toastStore } from './toastStore';

export function Toasts() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.snapshot);
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 grid gap-2 sm:left-auto sm:w-88"
    >
      {toasts.map(({ id, tone, title, text }) => (
        <div key={id} className="panel pointer-events-auto flex items-start gap-2.5 p-3 shadow-raised">
          {tone === 'ok' ? (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
          ) : (
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
          )}
          <div className="min-w-0 flex-1">
            <p className="font-medium">{title}</p>
            {text && <p className="text-muted">{text}</p>}
          </div>
          <button
            type="button"
            aria-label={`Dismiss: ${title}`}
            onClick={() => dismissToast(id)}
            className="rounded p-0.5 text-muted hover:text-ink"
          >
            <X aria-hidden className="size-4" />
          </button>
        </div>
      ))}
    </section>
  );
}
