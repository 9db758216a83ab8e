import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { changePassword } from '../api/account';
import type { Profile } from '../api/types';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { loginsKey } from './LoginsSection';
import { useProfileChanged } from './profile';
import { ProofField, proofOf } from './Proof';
import { Section } from './Section';
import { useAction } from './useAction';

/** Changes the password, or sets the first one of an account that signs in elsewhere. */
export function PasswordSection({ profile }: { profile: Profile }) {
  const { hasPassword } = profile;
  const changed = useProfileChanged();
  const queries = useQueryClient();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const newPassword = text(data, 'newPassword');
    if (newPassword.length < 8) {
      setFields({ newPassword: ['Use at least 8 characters.'] });
      return;
    }
    void run(async () => {
      const proof = hasPassword ? { currentPassword: text(data, 'currentPassword') } : proofOf(data, profile);
      await changePassword({ newPassword, ...proof });
      form.reset();
      toast.success(hasPassword ? 'Your password is changed' : 'Your password is set', 'All other devices were signed out.');
      await Promise.all([changed(), queries.invalidateQueries({ queryKey: loginsKey }), queries.invalidateQueries({ queryKey: ['sessions'] })]);
    });
  }

  return (
    <Section title="Password" text={hasPassword ? undefined : 'Your account has none yet. With one you can sign in without a provider.'}>
      <form noValidate aria-label="Password" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="Your password was not changed" error={error} />}
        <input type="email" name="email" autoComplete="username" value={profile.email} readOnly hidden />
        {hasPassword ? (
          <Field label="Current password" errors={fields.currentPassword ?? fields.password}>
            {(control) => <input {...control} name="currentPassword" type="password" autoComplete="current-password" className="control" />}
          </Field>
        ) : (
          <ProofField owner={profile} errors={fields} />
        )}
        <Field label="New password" hint="At least 8 characters." errors={fields.newPassword}>
          {(control) => <input {...control} name="newPassword" type="password" autoComplete="new-password" className="control" />}
        </Field>
        <div>
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Saving…' : hasPassword ? 'Change password' : 'Set password'}
          </button>
        </div>
      </form>
    </Section>
  );
}
