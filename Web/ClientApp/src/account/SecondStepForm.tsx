import { useState, type FormEvent } from 'react';
import { verifyTwoFactor } from '../api/account';
import { ApiError } from '../api/errors';
import type { SecondStep, Session } from '../api/types';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';

interface SecondStepFormProps {
  step: Pick<SecondStep, 'twoFactorToken'>;
  onEntered: (session: Session) => void;
  onRestart: () => void;
}

/** Asks for the code of the authenticator app, or for a recovery code. */
export function SecondStepForm({ step, onEntered, onRestart }: SecondStepFormProps) {
  const [recovery, setRecovery] = useState(false);
  const [problem, setProblem] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = text(new FormData(event.currentTarget), 'code').trim();
    setProblem(code ? [] : ['Enter the code.']);
    if (busy || !code) return;
    setError(null);
    setBusy(true);
    try {
      onEntered(await verifyTwoFactor(step.twoFactorToken, code));
    } catch (failure) {
      if (failure instanceof ApiError && failure.code === 'INVALID_TWO_FACTOR_CODE') setProblem([failure.message]);
      else setError(failure);
    } finally {
      setBusy(false);
    }
  }

  const over = error instanceof ApiError && error.code === 'INVALID_TWO_FACTOR_TOKEN';
  return (
    <>
      <h1 className="text-2xl font-semibold">Second step</h1>
      <p className="mt-1 text-muted">
        {recovery ? 'Enter one of the recovery codes that you kept.' : 'Enter the code that your authenticator app shows.'}
      </p>
      <form noValidate aria-label="Second step" onSubmit={(event) => void onSubmit(event)} className="mt-6 grid gap-4">
        {error !== null && (
          <ErrorNotice title="You are not signed in" error={error} plain={over}>
            {over && (
              <button type="button" className={buttonStyle('secondary', 'small')} onClick={onRestart}>
                Begin again
              </button>
            )}
          </ErrorNotice>
        )}
        <Field label={recovery ? 'Recovery code' : 'Code'} errors={problem}>
          {(control) => (
            <input
              {...control}
              key={String(recovery)}
              name="code"
              autoFocus
              inputMode={recovery ? 'text' : 'numeric'}
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              className="control font-mono tracking-widest"
            />
          )}
        </Field>
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Checking…' : 'Continue'}
        </button>
      </form>
      <p className="mt-6 flex justify-between gap-3 text-muted">
        <button type="button" className="text-link" onClick={() => setRecovery(!recovery)}>
          {recovery ? 'Use the app instead' : 'Use a recovery code'}
        </button>
        <button type="button" className="text-link" onClick={onRestart}>
          Begin again
        </button>
      </p>
    </>
  );
}
