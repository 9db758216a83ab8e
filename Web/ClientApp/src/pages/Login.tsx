import { Link, Navigate } from 'react-router';
import { logIn } from '../api/endpoints';
import { ApiError } from '../api/errors';
import { nextPath } from '../session/nextPath';
import { useSession } from '../session/useSession';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { PasswordField } from './PasswordField';
import { emailProblem, onlyProblems, text, useAuthForm } from './useAuthForm';

export default function Login() {
  usePageTitle('Sign in');
  const session = useSession();
  const { form, fields, error, busy, onSubmit, search } = useAuthForm({
    check: (data) =>
      onlyProblems({
        email: emailProblem(text(data, 'email').trim()),
        password: text(data, 'password') ? [] : ['Enter your password.'],
      }),
    submit: (data) =>
      logIn({
        email: text(data, 'email').trim(),
        password: text(data, 'password'),
        rememberMe: data.get('rememberMe') === 'on',
      }),
    onEntered: ({ user }) => toast.success(`Welcome back, ${user.name}`),
  });

  if (session.data) return <Navigate to={nextPath(search)} replace />;

  const refused = error instanceof ApiError && error.status === 401;

  return (
    <>
      <h1 className="text-2xl font-semibold">Sign in</h1>
      {search.has('next') && <p className="mt-1 text-muted">Sign in to continue where you wanted to go.</p>}
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
        <label className="flex items-center gap-2">
          <input type="checkbox" name="rememberMe" className="size-4 accent-accent" />
          Remember me on this device
        </label>
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
      <p className="mt-6 text-muted">
        New here?{' '}
        <Link to={{ pathname: '/signup', search: search.toString() }} className="text-link">
          Create an account
        </Link>
      </p>
    </>
  );
}
