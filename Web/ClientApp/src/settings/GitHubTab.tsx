import { useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { oauthError } from '../account/oauthErrors';
import { connectGitHub, disconnectGitHub } from '../api/github';
import { api } from '../api/client';
import type { GitHubConnection } from '../api/types';
import { gitHubKey, useGitHubConnection } from '../github/queries';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Notice } from '../ui/Notice';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { gitHubAppWord } from '../welcome/gitHubAppWords';
import { GitHubDeliveries } from './GitHubDeliveries';
import { GitHubRepositories } from './GitHubRepositories';
import { Loaded } from './Loaded';
import { Section } from './Section';
import { useAction } from './useAction';

export function GitHubTab() {
  const [search] = useSearchParams();
  const connection = useGitHubConnection();
  const word = wordOf(search);
  return (
    <>
      <Section title="GitHub account" text="Lists and builds its repositories, private ones as well, and deploys on every push.">
        {word && <Notice tone={word.tone}>{word.text}</Notice>}
        <Loaded query={connection} title="The connection could not be looked up">
          {(data) => <Connection connection={data} />}
        </Loaded>
      </Section>
      {connection.data?.connected && <GitHubRepositories shown={connection.data.repositoriesShown} />}
      {connection.data && isThere(connection.data) && <GitHubDeliveries />}
    </>
  );
}

/** Something to show: it can be connected, or was when it could be. */
const isThere = ({ available, connected, broken }: GitHubConnection) => available || connected || broken;

/** What the detour to GitHub left in the address. */
function wordOf(search: URLSearchParams): { tone: 'ok' | 'bad'; text: string } | null {
  const refused = search.get('error');
  if (refused && !refused.startsWith('GITHUB_APP')) return { tone: 'bad', text: oauthError(refused) };
  return gitHubAppWord(search) ?? (search.get('github') === 'connected' ? { tone: 'ok', text: 'GitHub is connected.' } : null);
}

function Connection({ connection }: { connection: GitHubConnection }) {
  const queries = useQueryClient();
  const { busy, error, run } = useAction();
  const { available, appAvailable, connected, broken, username, scopes, connectedAt, appInstalled } = connection;

  function leaveFor(address: (back: string) => Promise<string>) {
    void run(async () => {
      // The browser goes there by itself and cannot refresh a session that has run out on the way: this does.
      await api.session();
      window.location.assign(await address(new URL('/settings/github', window.location.origin).toString()));
    });
  }

  const connect = () => leaveFor(async (back) => api.address(await connectGitHub(back)));
  const install = () => leaveFor((returnUrl) => api.address('/api/github/app/install', { returnUrl }));

  function disconnect() {
    void run(async () => {
      await disconnectGitHub();
      await queries.invalidateQueries({ queryKey: gitHubKey });
      toast.success('GitHub is disconnected', 'Your sites stay online; pushes do not deploy any more.');
    });
  }

  if (!isThere(connection)) {
    return <p className="text-muted">This installation has no connection to GitHub. Public repositories can be deployed by their address.</p>;
  }
  return (
    <>
      {error !== null && <ErrorNotice title="Nothing was changed" error={error} />}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <p className="font-medium">{username ? username : connected ? 'Connected' : 'Not connected'}</p>
          <p className="text-[0.8125rem] text-muted">
            {broken && <span className="text-bad">GitHub does not accept the connection any more: connect again. </span>}
            {connected && connectedAt && (
              <>
                Connected <RelativeTime at={connectedAt} />
                {scopes.length > 0 && `, may use ${scopes.join(', ')}`}
                {appInstalled && ', App installed'}
              </>
            )}
            {!connected && !broken && 'Connect it to choose from its repositories.'}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {appAvailable && connected && !appInstalled && (
            <button type="button" aria-disabled={busy} className={buttonStyle('secondary')} onClick={install}>
              Install the App
            </button>
          )}
          {available && (!connected || broken) && (
            <button type="button" aria-disabled={busy} className={buttonStyle('primary')} onClick={connect}>
              {busy ? 'Going to GitHub…' : broken ? 'Connect again' : 'Connect GitHub'}
            </button>
          )}
          {(connected || broken) && (
            <ConfirmButton label="Disconnect" subject="GitHub" question="Private repositories cannot be built and pushes do not deploy any more." confirm="Disconnect" busy={busy} onConfirm={disconnect} />
          )}
        </div>
      </div>
    </>
  );
}
