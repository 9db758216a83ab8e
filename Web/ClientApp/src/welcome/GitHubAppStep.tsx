import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/client';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';

interface GitHubAppStepProps {
  url: string;
  next: string;
  footer: ReactNode;
}

/** Sends the browser to GitHub, which sends it back here. */
export function GitHubAppStep({ url, next, footer }: GitHubAppStepProps) {
  const { busy, error, run } = useAction();

  function install() {
    void run(async () => {
      // The browser goes there by itself and cannot refresh a session that has run out on the way: this does.
      await api.session();
      const back = new URL('/welcome', window.location.origin);
      back.searchParams.set('next', next);
      window.location.assign(await api.address(url, { returnUrl: back.toString() }));
    });
  }

  return (
    <section aria-labelledby="github-app" className="panel">
      <div className="grid gap-4 p-5">
        <div>
          <h2 id="github-app" className="text-base font-semibold">
            Install the GitHub App
          </h2>
          <p className="mt-0.5 text-muted">You choose at GitHub which repositories it may see. Then you can pick them when you deploy.</p>
        </div>
        {error !== null && <ErrorNotice title="GitHub cannot be reached" error={error} />}
        <div>
          <button type="button" data-step-start aria-disabled={busy} className={buttonStyle('primary')} onClick={install}>
            Install at GitHub <ExternalLink aria-hidden className="size-4" />
          </button>
        </div>
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5">{footer}</div>
    </section>
  );
}
