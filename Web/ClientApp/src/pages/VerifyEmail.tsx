import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { resendVerification, verifyEmail } from '../api/account';
import { ApiError } from '../api/errors';
import { nextPath, welcomePath } from '../session/nextPath';
import { useSession } from '../session/useSession';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { emailProblem, onlyProblems, text } from './useAuthForm';

const pauseSeconds = 60;

/** Proves the address of an account: by the link of the mail, or by its code. */
export default function VerifyEmail() {
  usePageTitle('Confirm your address');
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const token = new URLSearchParams(useLocation().hash.slice(1)).get('token');
  const used = useRef(false);
  const [fields, setFields] = useState<Record<string, string[]>>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(Boolean(token));
  // Without a session there is nobody to welcome: the page asks to sign in.
  const onward = session.data ? welcomePath(nextPath(search)) : nextPath(search);
  const known = session.data?.user.email ?? search.get('email') ?? '';

  async function verify(body: Parameters<typeof verifyEmail>[0]) {
    setError(null);
    setBusy(true);
    try {
      await verifyEmail(body);
      await queries.invalidateQueries({ queryKey: ['session'], exact: true });
      toast.success('Your address is confirmed');
      void navigate(onward, { replace: true });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  useEffect(() => {
    // Once, also where effects run twice: the link is good for one use.
    if (!token || used.current) return;
    used.current = true;
    void verify({ token });
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [email, code] = [known || text(data, 'email').trim(), text(data, 'code').replace(/\s/g, '')];
    const problems = onlyProblems({ email: emailProblem(email), code: code ? [] : ['Enter the code of the mail.'] });
    setFields(problems);
    if (!busy && Object.keys(problems).length === 0) void verify({ email, code });
  }

  if (session.data?.user.emailVerified) {
    return (
      <>
        <h1 className="text-2xl font-semibold">Your address is confirmed</h1>
        <p className="mt-6">
          <Link to={onward} className={buttonStyle('primary')}>
            Go on
          </Link>
        </p>
      </>
    );
  }

  const refused = error instanceof ApiError && error.code === 'INVALID_VERIFICATION';
  return (
    <>
      <h1 className="text-2xl font-semibold">Confirm your address</h1>
      <p className="mt-1 text-muted">
        We mailed a code{known && ' to '}
        {known && <strong className="text-ink">{known}</strong>}. It works for 15 minutes.
      </p>
      <form noValidate aria-label="Confirm your address" onSubmit={onSubmit} className="mt-6 grid gap-4">
        {error !== null && <ErrorNotice title="Your address is not confirmed" error={error} plain={refused} />}
        {!known && (
          <Field label="Email" errors={fields.email}>
            {(control) => <input {...control} name="email" type="email" autoComplete="username" autoCapitalize="none" spellCheck={false} className="control" />}
          </Field>
        )}
        <Field label="Code" errors={fields.code}>
          {(control) => <input {...control} name="code" inputMode="numeric" autoComplete="one-time-code" className="control font-mono tracking-widest" />}
        </Field>
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Confirming…' : 'Confirm'}
        </button>
      </form>
      {known && <Resend email={known} />}
      {session.data && (
        <p className="mt-3">
          <Link to={onward} className="text-link">
            Later
          </Link>
        </p>
      )}
    </>
  );
}

function Resend({ email }: { email: string }) {
  const [wait, setWait] = useState(0);

  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1_000);
    return () => clearTimeout(timer);
  }, [wait]);

  async function resend() {
    try {
      await resendVerification(email);
      setWait(pauseSeconds);
      toast.success('A new mail is on its way', 'The code of the last one does not work any more.');
    } catch (error) {
      toast.error('No mail was sent', error);
    }
  }

  return (
    <p className="mt-6 text-muted">
      Nothing came?{' '}
      {wait > 0 ? (
        `You can ask for another mail in ${wait} s.`
      ) : (
        <button type="button" className="text-link" onClick={() => void resend()}>
          Send it again
        </button>
      )}
    </p>
  );
}
