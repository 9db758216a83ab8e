import { useState, type FormEvent } from 'react';
import { changeEmail, confirmEmail } from '../api/account';
import { ApiError } from '../api/errors';
import type { Profile } from '../api/types';
import { emailProblem, onlyProblems, text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { useProfileChanged } from './profile';
import { ProofField, proofOf } from './Proof';
import { Section } from './Section';
import { useAction } from './useAction';

/** Moves the account to another address, which is proven first. */
export function EmailSection({ profile }: { profile: Profile }) {
  const [asked, setAsked] = useState(false);
  return (
    <Section title="Email address">
      <p>
        <strong className="font-medium break-all">{profile.email}</strong>{' '}
        <span className="text-muted">{profile.emailVerified ? 'Confirmed.' : 'Not confirmed yet.'}</span>
      </p>
      {profile.pendingEmail && !asked && <Confirm email={profile.pendingEmail} onAgain={() => setAsked(true)} />}
      {asked && <Ask profile={profile} onDone={() => setAsked(false)} />}
      {!asked && !profile.pendingEmail && (
        <div>
          <button type="button" className={buttonStyle('secondary', 'small')} onClick={() => setAsked(true)}>
            Change address…
          </button>
        </div>
      )}
    </Section>
  );
}

function Ask({ profile, onDone }: { profile: Profile; onDone: () => void }) {
  const changed = useProfileChanged();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const email = text(data, 'email').trim();
    const problems = onlyProblems({ email: emailProblem(email) });
    if (problems.email) {
      setFields(problems);
      return;
    }
    void run(async () => {
      try {
        await changeEmail({ email, ...proofOf(data, profile) });
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === 'EMAIL_TAKEN')) throw failure;
        setFields({ email: [failure.message] });
        return;
      }
      await changed();
      toast.success('A mail is on its way', `Confirm ${email} with its link or its code.`);
      onDone();
    });
  }

  return (
    <form noValidate aria-label="Change address" onSubmit={onSubmit} className="grid gap-4">
      {error !== null && <ErrorNotice title="Your address was not changed" error={error} />}
      <Field label="New address" hint="It gets a mail with a link and a code. Your present address is told, too." errors={fields.email}>
        {(control) => <input {...control} name="email" type="email" autoComplete="email" autoCapitalize="none" spellCheck={false} className="control" />}
      </Field>
      <ProofField owner={profile} errors={fields} />
      <div className="flex gap-2">
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Sending…' : 'Send the mail'}
        </button>
        <button type="button" className={buttonStyle('secondary')} onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Confirm({ email, onAgain }: { email: string; onAgain: () => void }) {
  const changed = useProfileChanged();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = text(new FormData(event.currentTarget), 'code').replace(/\s/g, '');
    if (!code) {
      setFields({ code: ['Enter the code of the mail.'] });
      return;
    }
    void run(async () => {
      try {
        await confirmEmail({ code });
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === 'INVALID_EMAIL_TOKEN')) throw failure;
        setFields({ code: [failure.message] });
        return;
      }
      await changed();
      toast.success('Your address is changed');
    });
  }

  return (
    <form noValidate aria-label="Confirm the new address" onSubmit={onSubmit} className="grid gap-4 rounded-[10px] border border-line bg-sunken p-4">
      <p>
        <strong className="font-medium break-all">{email}</strong> waits for its proof. Open the link of the mail to it, or enter its code.
      </p>
      {error !== null && <ErrorNotice title="Your address is not confirmed" error={error} />}
      <Field label="Code" errors={fields.code}>
        {(control) => <input {...control} name="code" inputMode="numeric" autoComplete="one-time-code" className="control font-mono tracking-widest" />}
      </Field>
      <div className="flex flex-wrap gap-2">
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Confirming…' : 'Confirm'}
        </button>
        <button type="button" className={buttonStyle('secondary')} onClick={onAgain}>
          Another mail or address
        </button>
      </div>
    </form>
  );
}
