import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { forgotPassword } from '../api/account';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { usePageTitle } from '../ui/usePageTitle';
import { emailProblem, text } from './useAuthForm';

export default function ForgotPassword() {
  usePageTitle('Forgot password');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [problem, setProblem] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = text(new FormData(event.currentTarget), 'email').trim();
    const wrong = emailProblem(email);
    setProblem(wrong);
    if (busy || wrong.length > 0) return;
    setError(null);
    setBusy(true);
    try {
      await forgotPassword(email);
      setSentTo(email);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <h1 className="text-2xl font-semibold">Forgot password</h1>
      {sentTo ? (
        <p role="status" className="mt-3">
          If there is an account with the address <strong>{sentTo}</strong>, a mail with a link is on its way. The link works once, for 30
          minutes.
        </p>
      ) : (
        <>
          <p className="mt-1 text-muted">We mail you a link to set a new one.</p>
          <form noValidate aria-label="Forgot password" onSubmit={(event) => void onSubmit(event)} className="mt-6 grid gap-4">
            {error !== null && <ErrorNotice title="No mail was sent" error={error} />}
            <Field label="Email" errors={problem}>
              {(control) => (
                <input {...control} name="email" type="email" inputMode="email" autoComplete="username" autoCapitalize="none" spellCheck={false} className="control" />
              )}
            </Field>
            <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
              {busy ? 'Sending…' : 'Send reset link'}
            </button>
          </form>
        </>
      )}
      <p className="mt-6">
        <Link to="/login" className="text-link">
          Back to login
        </Link>
      </p>
    </>
  );
}
