import { Link, Navigate } from 'react-router';
import { ProviderButtons } from '../account/ProviderButtons';
import { signUp } from '../api/endpoints';
import { ApiError } from '../api/errors';
import { nextPath, welcomePath } from '../session/nextPath';
import { useSession } from '../session/useSession';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { PasswordField } from './PasswordField';
import { emailProblem, onlyProblems, text, useAuthForm } from './useAuthForm';

export default function SignUp() {
  usePageTitle('Create an account');
  const session = useSession();
  const { form, fields, error, busy, onSubmit, search } = useAuthForm({
    check: (data) =>
      onlyProblems({
        name: text(data, 'name').trim() ? [] : ['Enter your name.'],
        email: emailProblem(text(data, 'email').trim()),
        password: text(data, 'password').length >= 8 ? [] : ['Use at least 8 characters.'],
      }),
    submit: (data) =>
      signUp({
        name: text(data, 'name').trim(),
        email: text(data, 'email').trim(),
        password: text(data, 'password'),
      }),
    onEntered: ({ user }) => toast.success(`Welcome, ${user.name}`, 'We mailed you a code to confirm your address.'),
    then: '/verify-email',
  });

  if (session.data) {
    // Also the moment after signing up: the address comes first, then the page that was wanted.
    const target = session.data.user.emailVerified ? nextPath(search) : `/verify-email?next=${encodeURIComponent(nextPath(search))}`;
    return <Navigate to={target} replace />;
  }
  const taken = error instanceof ApiError && error.code === 'EMAIL_TAKEN';
  const loginLink = { pathname: '/login', search: search.toString() };

  return (
    <>
      <h1 className="text-2xl font-semibold">Create an account</h1>
      <p className="mt-1 text-muted">Then deploy a sample or a repository of your own.</p>
      <form
        ref={form}
        noValidate
        aria-label="Create an account"
        onSubmit={(event) => void onSubmit(event)}
        className="mt-6 grid gap-4"
      >
        {error !== null && (
          <ErrorNotice
            title={taken ? 'This address has an account' : 'The account was not created'}
            error={error}
            plain={taken}
          >
            {taken && (
              <Link to={loginLink} className={buttonStyle('secondary', 'small')}>
                Sign in instead
              </Link>
            )}
          </ErrorNotice>
        )}
        <Field label="Full name" errors={fields.name}>
          {(control) => <input {...control} name="name" autoComplete="name" className="control" />}
        </Field>
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
        <PasswordField autoComplete="new-password" hint="At least 8 characters." errors={fields.password} />
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Creating your account…' : 'Create account'}
        </button>
      </form>
      <ProviderButtons returnTo={welcomePath(nextPath(search))} />
      <p className="mt-6 text-muted">
        Already have an account?{' '}
        <Link to={loginLink} className="text-link">
          Sign in
        </Link>
      </p>
    </>
  );
}
