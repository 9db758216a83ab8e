import type { FormEvent } from 'react';
import { Link } from 'react-router';
import { saveProfile } from '../api/account';
import type { Profile } from '../api/types';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { hostingLabel, userTypeLabel } from '../welcome/choices';
import { AvatarField } from './AvatarField';
import { DataSection } from './DataSection';
import { DeleteSection } from './DeleteSection';
import { EmailSection } from './EmailSection';
import { Loaded } from './Loaded';
import { useProfile, useProfileChanged } from './profile';
import { Section } from './Section';
import { useAction } from './useAction';

export function ProfileTab() {
  const profile = useProfile();
  return (
    <Loaded query={profile} title="Your profile could not be loaded">
      {(data) => (
        <>
          <Person profile={data} />
          <EmailSection profile={data} />
          <Journey profile={data} />
          <DataSection />
          <DeleteSection profile={data} />
        </>
      )}
    </Loaded>
  );
}

function Person({ profile }: { profile: Profile }) {
  const changed = useProfileChanged();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = text(new FormData(event.currentTarget), 'name').trim();
    if (!name) {
      setFields({ name: ['Enter your name.'] });
      return;
    }
    void run(async () => {
      await saveProfile({ name });
      await changed();
      toast.success('Your profile is saved');
    });
  }

  return (
    <Section title="Profile">
      <AvatarField profile={profile} />
      <form noValidate aria-label="Profile" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="Your profile was not saved" error={error} />}
        <Field label="Name" errors={fields.name}>
          {(control) => <input {...control} name="name" defaultValue={profile.name} autoComplete="name" className="control" />}
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

function Journey({ profile }: { profile: Profile }) {
  return (
    <Section title="How you work" text="It decides what is offered to you first.">
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[8rem_1fr]">
        <dt className="text-muted">You are</dt>
        <dd>{userTypeLabel(profile.userType) ?? 'Not told yet'}</dd>
        <dt className="text-muted">Hosting</dt>
        <dd>{hostingLabel(profile.hostingOption, profile.hostingTarget) ?? 'Not chosen yet'}</dd>
      </dl>
      <div>
        <Link to="/welcome?change=1&next=%2Fsettings%2Fprofile" className={buttonStyle('secondary', 'small')}>
          {profile.userType ? 'Change' : 'Choose'}
        </Link>
      </div>
    </Section>
  );
}
