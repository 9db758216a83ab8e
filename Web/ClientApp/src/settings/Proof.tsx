import type { Profile, Proof } from '../api/types';
import type { FieldErrors } from '../api/errors';
import { text } from '../pages/useAuthForm';
import { Field } from '../ui/Field';

type Owner = Pick<Profile, 'hasPassword' | 'twoFactorEnabled'>;

interface ProofFieldProps {
  owner: Owner;
  errors: FieldErrors;
}

/** Asks who is signed in to show once more that it is them: by the password, else by a code, else by a sign-in that is minutes old. */
export function ProofField({ owner, errors }: ProofFieldProps) {
  if (owner.hasPassword) {
    return (
      <Field label="Your password" errors={errors.password}>
        {(control) => <input {...control} name="password" type="password" autoComplete="current-password" className="control" />}
      </Field>
    );
  }
  if (owner.twoFactorEnabled) {
    return (
      <Field label="A code of your authenticator app" errors={errors.code}>
        {(control) => <input {...control} name="code" inputMode="numeric" autoComplete="one-time-code" className="control font-mono tracking-widest" />}
      </Field>
    );
  }
  return <p className="text-muted">Your account has no password: this works within ten minutes of signing in. Later, sign out and in again first.</p>;
}

export function proofOf(form: FormData, owner: Owner): Proof {
  if (owner.hasPassword) return { password: text(form, 'password') };
  return owner.twoFactorEnabled ? { code: text(form, 'code').replace(/\s/g, '') } : {};
}
