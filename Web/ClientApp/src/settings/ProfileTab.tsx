import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { deleteAccount, getProfile, saveProfile } from '../api/account';
import { api } from '../api/client';
import type { Profile } from '../api/types';
import { PasswordField } from '../pages/PasswordField';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { Loaded } from './Loaded';
import { Section } from './Section';
import { useAction } from './useAction';

const profileKey = ['profile'];

export function ProfileTab() {
  const profile = useQuery({ queryKey: profileKey, queryFn: ({ signal }) => getProfile(signal) });
  return (
    <Loaded query={profile} title="Your profile could not be loaded">
      {(data) => (
        <>
          <Person profile={data} />
          <Leaving profile={data} />
        </>
      )}
    </Loaded>
  );
}

function Person({ profile }: { profile: Profile }) {
  const queries = useQueryClient();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = text(new FormData(event.currentTarget), 'name').trim();
    if (!name) {
      setFields({ name: ['Enter your name.'] });
      return;
    }
    void run(async () => {
      queries.setQueryData(profileKey, await saveProfile({ name }));
      await queries.invalidateQueries({ queryKey: ['session'], exact: true });
      toast.success('Your profile is saved');
    });
  }

  return (
    <Section title="Profile">
      <form noValidate aria-label="Profile" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="Your profile was not saved" error={error} />}
        <Field label="Name" errors={fields.name}>
          {(control) => <input {...control} name="name" defaultValue={profile.name} autoComplete="name" className="control" />}
        </Field>
        <Field label="Email" hint={profile.emailVerified ? 'Confirmed.' : 'Not confirmed yet.'}>
          {(control) => <input {...control} value={profile.email} disabled className="control" />}
        </Field>
        <div>
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Saving…' : 'Save changes'}
          </button>
        </div>
      </form>
    </Section>
  );
}

function Leaving({ profile }: { profile: Profile }) {
  const [asked, setAsked] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { busy, error, fields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    void run(async () => {
      await deleteAccount(profile.hasPassword ? { password: text(data, 'password') } : {});
      api.forget();
      queries.clear();
      toast.success('Your account is deleted');
      void navigate('/', { replace: true });
    });
  }

  return (
    <Section title="Delete account" text="Your projects, their sites and everything else that is yours go with it. This cannot be undone.">
      {asked ? (
        <form noValidate aria-label="Delete account" onSubmit={onSubmit} className="grid gap-4">
          {error !== null && <ErrorNotice title="Your account was not deleted" error={error} />}
          {profile.hasPassword && <PasswordField autoComplete="current-password" errors={fields.password} />}
          <div className="flex gap-2">
            <button type="submit" aria-disabled={busy} className={buttonStyle('danger')}>
              {busy ? 'Deleting…' : 'Delete my account for good'}
            </button>
            <button type="button" className={buttonStyle('secondary')} onClick={() => setAsked(false)}>
              Keep it
            </button>
          </div>
        </form>
      ) : (
        <div>
          <button type="button" className={buttonStyle('danger')} onClick={() => setAsked(true)}>
            Delete account…
          </button>
        </div>
      )}
    </Section>
  );
}
