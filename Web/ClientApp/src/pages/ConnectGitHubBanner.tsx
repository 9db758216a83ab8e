import { FolderGit2, X } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useGitHubConnection } from '../github/queries';
import { buttonStyle } from '../ui/buttonStyle';

/** Offered until it is connected, or not wanted for now. */
export function ConnectGitHubBanner() {
  const connection = useGitHubConnection();
  const [later, setLater] = useState(false);
  if (later || !connection.data?.available || (connection.data.connected && !connection.data.broken)) return null;
  return (
    <section aria-label="GitHub" className="panel mb-6 flex flex-wrap items-center gap-x-4 gap-y-3 p-4">
      <FolderGit2 aria-hidden className="size-5 text-accent" />
      <p className="min-w-0 flex-1 basis-60">
        <span className="block font-medium">{connection.data.broken ? 'GitHub does not accept the connection any more' : 'Deploy on every push'}</span>
        <span className="block text-muted">Connect GitHub to choose from your repositories and to get previews of pull requests.</span>
      </p>
      <Link to="/settings/github" className={buttonStyle('secondary')}>
        {connection.data.broken ? 'Connect again' : 'Connect GitHub'}
      </Link>
      <button type="button" aria-label="Not now" className="rounded p-1 text-muted hover:text-ink" onClick={() => setLater(true)}>
        <X aria-hidden className="size-4" />
      </button>
    </section>
  );
}
