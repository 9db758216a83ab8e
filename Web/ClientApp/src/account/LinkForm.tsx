import { useState, type FormEvent } from 'react';
import { enterWith, isSecondStep } from '../api/account';
import { ApiError } from '../api/errors';
import type { SecondStep, Session, SignedIn } from '../api/types';
import { PasswordField } from '../pages/PasswordField';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';

interface LinkFormProps {
  token: string;
  provider: string;
  email: string;
  byPassword: boolean;
  onAnswer: (answer: Session | SecondStep) => void;
}

/** An account has the address of a provider's login: whoever knows its password may connect the two; the mail that was sent serves the others. */
export function LinkForm({ token, provider, email, byPassword, onAnswer }: LinkFormProps) {
  const [problem, setProblem] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = text(new FormData(event.currentTarget), 'password');
    setProblem(password ? [] : ['Enter the password of the account.']);
    if (busy || !password) return;
    setError(null);
    setBusy(true);
    try {
      onAnswer(await enterWith('/api/auth/link', { token, password }));
    } catch (failure) {
      if (failure instanceof ApiError && failure.code === 'INVALID_CREDENTIALS') setProblem([failure.message]);
      else setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <h1 className="text-2xl font-semibold">Connect your account</h1>
      <p className="mt-1 text-muted">
        There is an account with the address {email}. {byPassword ? `Enter its password to connect ${provider} with it` : 'We mailed you a link'}
        {byPassword ? ', or open the link that we mailed to it.' : ` that connects ${provider} with it.`}
      </p>
      {byPassword && (
        <form noValidate aria-label="Connect your account" onSubmit={(event) => void onSubmit(event)} className="mt-6 grid gap-4">
          {error !== null && <ErrorNotice title="The accounts are not connected" error={error} />}
          <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
          <PasswordField autoComplete="current-password" errors={problem} />
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Connecting…' : 'Connect and sign in'}
          </button>
        </form>
      )}
    </>
  );
}

export function needsSecondStep(answer: Session | SecondStep): answer is SecondStep {
  return isSecondStep(answer as SignedIn | SecondStep);
}
