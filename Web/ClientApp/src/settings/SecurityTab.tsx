import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { changePassword, getProfile } from '../api/account';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { Loaded } from './Loaded';
import { Section } from './Section';
import { SessionsSection } from './SessionsSection';
import { TwoFactorSection } from './TwoFactorSection';
import { useAction } from './useAction';

export function SecurityTab() {
  const profile = useQuery({ queryKey: ['profile'], queryFn: ({ signal }) => getProfile(signal) });
  return (
    <>
      <Loaded query={profile} title="Your profile could not be loaded">
        {(data) => (
          <>
            {data.hasPassword && <PasswordSection />}
            <TwoFactorSection hasPassword={data.hasPassword} />
          </>
        )}
      </Loaded>
      <SessionsSection />
    </>
  );
}

function PasswordSection() {
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
      await changePassword({ currentPassword: text(data, 'currentPassword'), newPassword });
      form.reset();
      toast.success('Your password is changed', 'All other devices were signed out.');
    });
  }

  return (
    <Section title="Password">
      <form noValidate aria-label="Password" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="Your password was not changed" error={error} />}
        <Field label="Current password" errors={fields.currentPassword}>
          {(control) => <input {...control} name="currentPassword" type="password" autoComplete="current-password" className="control" />}
        </Field>
        <Field label="New password" hint="At least 8 characters." errors={fields.newPassword ?? fields.password}>
          {(control) => <input {...control} name="newPassword" type="password" autoComplete="new-password" className="control" />}
        </Field>
        <div>
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Changing…' : 'Change password'}
          </button>
        </div>
      </form>
    </Section>
  );
}
