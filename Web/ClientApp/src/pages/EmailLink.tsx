import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { confirmEmail, undoEmail } from '../api/account';
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Notice } from '../ui/Notice';
import { usePageTitle } from '../ui/usePageTitle';

interface EmailLinkProps {
  title: string;
  text: string;
  button: string;
  failed: string;
  work: (token: string) => Promise<{ email: string }>;
  done: (email: string) => ReactNode;
}

/**
 * Where the mails of a change of address lead. It takes a press of a button: programs that look at mails open their links, and they must
 * not move an account.
 */
function EmailLink({ title, text, button, failed, work, done }: EmailLinkProps) {
  usePageTitle(title);
  const token = new URLSearchParams(useLocation().hash.slice(1)).get('token');
  const [email, setEmail] = useState<string | null>(null);
  const { busy, error, run } = useAction();
  const over = error instanceof ApiError && error.code === 'INVALID_EMAIL_TOKEN';

  return (
    <>
      <h1 className="text-2xl font-semibold">{title}</h1>
      {email !== null && done(email)}
      {email === null && !token && <Notice tone="bad">This address is not complete. Open the link of the mail again.</Notice>}
      {email === null && token && (
        <>
          <p className="mt-1 text-muted">{text}</p>
          <div className="mt-6 grid gap-4">
            {error !== null && <ErrorNotice title={failed} error={error} plain={over} />}
            <button
              type="button"
              aria-disabled={busy}
              className={buttonStyle('primary')}
              onClick={() => void run(async () => setEmail((await work(token)).email))}
            >
              {busy ? 'One moment…' : button}
            </button>
          </div>
        </>
      )}
    </>
  );
}

export function ConfirmEmail() {
  const queries = useQueryClient();
  return (
    <EmailLink
      title="Confirm your new address"
      text="Your account moves to this address: you sign in with it from now on."
      button="Confirm the address"
      failed="Your address was not changed"
      work={async (token) => {
        const answer = await confirmEmail({ token });
        await Promise.all([queries.invalidateQueries({ queryKey: ['session'], exact: true }), queries.invalidateQueries({ queryKey: ['profile'] })]);
        return answer;
      }}
      done={(email) => (
        <>
          <Notice tone="ok">Your account has the address {email} now.</Notice>
          <p className="mt-6">
            <Link to="/dashboard" className={buttonStyle('primary')}>
              Go on
            </Link>
          </p>
        </>
      )}
    />
  );
}

export function UndoEmail() {
  const queries = useQueryClient();
  return (
    <EmailLink
      title="Take the change back"
      text="Your account gets this address back, and everybody who is signed in to it is signed out."
      button="Take it back"
      failed="Nothing was taken back"
      work={async (token) => {
        const answer = await undoEmail(token);
        api.forget();
        queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
        queries.setQueryData(['session'], null);
        return answer;
      }}
      done={(email) => (
        <>
          <Notice tone="ok">Your account has the address {email} again. Set a new password now: somebody knows the present one.</Notice>
          <p className="mt-6">
            <Link to="/forgot-password" className={buttonStyle('primary')}>
              Set a new password
            </Link>
          </p>
        </>
      )}
    />
  );
}
