import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { disableTwoFactor, enableTwoFactor, getTwoFactor, renewRecoveryCodes, setUpTwoFactor } from '../api/account';
import type { TwoFactorSetup, TwoFactorStatus } from '../api/types';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { CopyButton } from '../ui/CopyButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { Loaded } from './Loaded';
import { Section } from './Section';
import { useAction } from './useAction';

const statusKey = ['two-factor'];

/** An authenticator app as the second step of signing in. */
export function TwoFactorSection({ hasPassword }: { hasPassword: boolean }) {
  const status = useQuery({ queryKey: statusKey, queryFn: ({ signal }) => getTwoFactor(signal) });
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Section title="Two-factor authentication" text="A code of an authenticator app beside your password.">
      {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />}
      <Loaded query={status} title="The state could not be loaded">
        {(data) =>
          data.enabled ? (
            <Enabled status={data} hasPassword={hasPassword} onCodes={setCodes} />
          ) : (
            <SetUp hasPassword={hasPassword} onCodes={setCodes} />
          )
        }
      </Loaded>
    </Section>
  );
}

function SetUp({ hasPassword, onCodes }: { hasPassword: boolean; onCodes: (codes: string[]) => void }) {
  const queries = useQueryClient();
  const [setup, setSetup] = useState<TwoFactorSetup | null>(null);
  const { busy, error, fields, run } = useAction();

  function begin(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    void run(async () => setSetup(await setUpTwoFactor(hasPassword ? { password: text(data, 'password') } : {})));
  }

  function finish(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = text(new FormData(event.currentTarget), 'code').replace(/\s/g, '');
    void run(async () => {
      const { recoveryCodes } = await enableTwoFactor(code);
      onCodes(recoveryCodes);
      await queries.invalidateQueries({ queryKey: statusKey });
      toast.success('Two-factor authentication is on');
    });
  }

  if (!setup) {
    return (
      <form noValidate aria-label="Set up two-factor authentication" onSubmit={begin} className="grid gap-4">
        {error !== null && <ErrorNotice title="It was not set up" error={error} />}
        {hasPassword && (
          <Field label="Your password" errors={fields.password}>
            {(control) => <input {...control} name="password" type="password" autoComplete="current-password" className="control" />}
          </Field>
        )}
        <div>
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            Set up an authenticator app
          </button>
        </div>
      </form>
    );
  }

  return (
    <form noValidate aria-label="Turn on two-factor authentication" onSubmit={finish} className="grid gap-4">
      {error !== null && <ErrorNotice title="It was not turned on" error={error} />}
      <p>Take a picture of this with your authenticator app, or type the key into it.</p>
      <img
        src={`data:image/svg+xml;utf8,${encodeURIComponent(setup.qrCode)}`}
        alt="QR code with the key for the authenticator app"
        className="size-44 rounded-md border border-line bg-white p-2"
      />
      <p className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-[0.8125rem] break-all">{setup.secret}</code>
        <CopyButton text={setup.secret} label="Copy key" size="small" />
      </p>
      <Field label="Code that the app shows" errors={fields.code}>
        {(control) => <input {...control} name="code" inputMode="numeric" autoComplete="one-time-code" className="control font-mono tracking-widest" />}
      </Field>
      <div className="flex gap-2">
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          Turn on
        </button>
        <button type="button" className={buttonStyle('secondary')} onClick={() => setSetup(null)}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface EnabledProps {
  status: TwoFactorStatus;
  hasPassword: boolean;
  onCodes: (codes: string[]) => void;
}

function Enabled({ status, hasPassword, onCodes }: EnabledProps) {
  const queries = useQueryClient();
  const { busy, error, fields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const wish = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value');
    const proof = text(new FormData(event.currentTarget), 'proof');
    const body = hasPassword ? { password: proof } : { code: proof };
    void run(async () => {
      if (wish === 'renew') {
        onCodes((await renewRecoveryCodes(body)).recoveryCodes);
      } else {
        await disableTwoFactor(body);
        toast.success('Two-factor authentication is off');
      }
      await queries.invalidateQueries({ queryKey: statusKey });
    });
  }

  return (
    <form noValidate aria-label="Change two-factor authentication" onSubmit={onSubmit} className="grid gap-4">
      <p>
        It is <strong>on</strong>. {status.recoveryCodesLeft} recovery {status.recoveryCodesLeft === 1 ? 'code is' : 'codes are'} left.
      </p>
      {error !== null && <ErrorNotice title="Nothing was changed" error={error} />}
      <Field label={hasPassword ? 'Your password' : 'A code of the app'} errors={fields.password ?? fields.code}>
        {(control) => (
          <input {...control} name="proof" type={hasPassword ? 'password' : 'text'} autoComplete={hasPassword ? 'current-password' : 'one-time-code'} className="control" />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <button type="submit" value="renew" aria-disabled={busy} className={buttonStyle('secondary')}>
          New recovery codes
        </button>
        <button type="submit" value="disable" aria-disabled={busy} className={buttonStyle('danger')}>
          Turn off
        </button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <div role="status" className="rounded-[10px] border border-line bg-sunken p-4">
      <p className="font-medium">Keep these recovery codes</p>
      <p className="mt-0.5 text-muted">Each lets you in once without the app. They are not shown again.</p>
      <ul className="my-3 grid grid-cols-2 gap-x-6 gap-y-1 font-mono text-[0.8125rem]">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex gap-2">
        <CopyButton text={codes.join('\n')} label="Copy codes" size="small" />
        <button type="button" className={buttonStyle('secondary', 'small')} onClick={onDone}>
          I have kept them
        </button>
      </div>
    </div>
  );
}
