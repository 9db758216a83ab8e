import { useState } from 'react';
import { Link, Navigate, useLocation, useNavigate } from 'react-router';
import { LinkForm, needsSecondStep } from '../account/LinkForm';
import { oauthError, oauthNotice } from '../account/oauthErrors';
import { ProviderButtons } from '../account/ProviderButtons';
import { SecondStepForm } from '../account/SecondStepForm';
import { logIn } from '../api/endpoints';
import { ApiError } from '../api/errors';
import type { SecondStep, Session } from '../api/types';
import { nextPath } from '../session/nextPath';
import { useEnterSession, useSession } from '../session/useSession';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { Notice } from '../ui/Notice';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { PasswordField } from './PasswordField';
import { emailProblem, onlyProblems, text, useAuthForm } from './useAuthForm';

type Step = Pick<SecondStep, 'twoFactorToken'>;

export default function Login() {
  usePageTitle('Sign in');
  const session = useSession();
  const enter = useEnterSession();
  const navigate = useNavigate();
  const { hash, search: query } = useLocation();
  // What a provider's detour left: behind "#", so that no server has seen it.
  const given = new URLSearchParams(hash.slice(1));
  const token = given.get('twoFactorToken');
  const [step, setStep] = useState<Step | null>(token ? { twoFactorToken: token } : null);
  const linkToken = given.get('linkToken');

  function take(answer: Session | SecondStep): Session | null {
    if (!needsSecondStep(answer)) return answer;
    setStep(answer);
    return null;
  }

  const { form, fields, error, busy, onSubmit, search } = useAuthForm({
    check: (data) =>
      onlyProblems({
        email: emailProblem(text(data, 'email').trim()),
        password: text(data, 'password') ? [] : ['Enter your password.'],
      }),
    submit: async (data) =>
      take(
        await logIn({
          email: text(data, 'email').trim(),
          password: text(data, 'password'),
          rememberMe: data.get('rememberMe') === 'on',
        }),
      ),
    onEntered: welcome,
  });

  function entered(answer: Session) {
    enter(answer);
    welcome(answer);
    void navigate(nextPath(search), { replace: true });
  }

  function restart() {
    setStep(null);
    void navigate({ pathname: '/login', search: query }, { replace: true });
  }

  if (session.data) return <Navigate to={nextPath(search)} replace />;
  if (step) return <SecondStepForm step={step} onEntered={entered} onRestart={restart} />;
  if (linkToken) {
    return (
      <LinkForm
        token={linkToken}
        provider={given.get('provider') ?? 'the provider'}
        email={given.get('email') ?? ''}
        byPassword={given.get('methods')?.includes('password') ?? false}
        onAnswer={(answer) => {
          const whole = take(answer);
          if (whole) entered(whole);
        }}
      />
    );
  }

  const refused = error instanceof ApiError && error.status === 401;
  return (
    <>
      <h1 className="text-2xl font-semibold">Sign in</h1>
      {search.has('next') && <p className="mt-1 text-muted">Sign in to continue where you wanted to go.</p>}
      {search.has('error') && <Notice tone="bad">{oauthError(search.get('error') ?? '')}</Notice>}
      {search.has('notice') && <Notice tone="ok">{oauthNotice(search.get('notice') ?? '')}</Notice>}
      <form ref={form} noValidate aria-label="Sign in" onSubmit={(event) => void onSubmit(event)} className="mt-6 grid gap-4">
        {error !== null && <ErrorNotice title="You are not signed in" error={error} plain={refused} />}
        <Field label="Email" errors={fields.email}>
          {(control) => (
            <input
              {...control}
              name="email"
              type="email"
              inputMode="email"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              className="control"
            />
          )}
        </Field>
        <PasswordField autoComplete="current-password" errors={fields.password} />
        <div className="flex items-center justify-between gap-3">
          <label className="flex items-center gap-2">
            <input type="checkbox" name="rememberMe" className="size-4 accent-accent" />
            Remember me
          </label>
          <Link to="/forgot-password" className="text-link">
            Forgot password?
          </Link>
        </div>
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
      <ProviderButtons returnTo={nextPath(search)} />
      <p className="mt-6 text-muted">
        New here?{' '}
        <Link to={{ pathname: '/signup', search: search.toString() }} className="text-link">
          Create an account
        </Link>
      </p>
    </>
  );
}

function welcome({ user }: Session) {
  toast.success(`Welcome back, ${user.name}`);
}
