import { useState, type FormEvent } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { resetPassword } from '../api/account';
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Notice } from '../ui/Notice';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { PasswordField } from './PasswordField';
import { text } from './useAuthForm';

export default function ResetPassword() {
  usePageTitle('Set a new password');
  const token = new URLSearchParams(useLocation().hash.slice(1)).get('token');
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = text(new FormData(event.currentTarget), 'password');
    setProblem(password.length >= 8 ? [] : ['Use at least 8 characters.']);
    if (busy || !token || password.length < 8) return;
    setError(null);
    setBusy(true);
    try {
      await resetPassword(token, password);
      api.forget();
      toast.success('Your password is set', 'Sign in with it. All other devices were signed out.');
      void navigate('/login', { replace: true });
    } catch (failure) {
      if (failure instanceof ApiError && failure.fields.password) setProblem(failure.fields.password);
      else setError(failure);
    } finally {
      setBusy(false);
    }
  }

  const over = error instanceof ApiError && error.code === 'INVALID_RESET_TOKEN';
  return (
    <>
      <h1 className="text-2xl font-semibold">Set a new password</h1>
      {token ? (
        <form noValidate aria-label="Set a new password" onSubmit={(event) => void onSubmit(event)} className="mt-6 grid gap-4">
          {error !== null && (
            <ErrorNotice title="The password was not set" error={error} plain={over}>
              {over && (
                <Link to="/forgot-password" className={buttonStyle('secondary', 'small')}>
                  Ask for a new mail
                </Link>
              )}
            </ErrorNotice>
          )}
          <PasswordField autoComplete="new-password" hint="At least 8 characters." errors={problem} />
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Setting…' : 'Set password'}
          </button>
        </form>
      ) : (
        <Notice tone="bad">
          This address is not complete. Open the link of the mail again, or{' '}
          <Link to="/forgot-password" className="text-link">
            ask for a new one
          </Link>
          .
        </Notice>
      )}
    </>
  );
}
