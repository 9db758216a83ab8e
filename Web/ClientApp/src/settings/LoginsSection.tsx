import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { connectLogin, disconnectLogin, listLogins, listProviders } from '../api/account';
import type { Logins, Provider } from '../api/types';
import { oauthError } from '../account/oauthErrors';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Notice } from '../ui/Notice';
import { toast } from '../ui/toastStore';
import { Loaded } from './Loaded';
import { useProfileChanged } from './profile';
import { Section } from './Section';
import { useAction } from './useAction';

export const loginsKey = ['logins'];
const titles: Record<string, string> = { github: 'GitHub', google: 'Google' };

/** The providers that can sign in to the account. */
export function LoginsSection() {
  const [search] = useSearchParams();
  const logins = useQuery({
    queryKey: loginsKey,
    queryFn: async ({ signal }) => {
      const [own, offered] = await Promise.all([listLogins(signal), listProviders(signal)]);
      return { own, offered };
    },
  });
  const refused = search.get('error');
  const linked = search.get('linked');
  // An installation without providers has nothing to say here.
  if (logins.data?.own.logins.length === 0 && logins.data.offered.length === 0) return null;

  return (
    <Section title="Connected logins" text="Sign in with one click where you have an account already.">
      {refused && <Notice tone="bad">{oauthError(refused)}</Notice>}
      {linked && !refused && <Notice tone="ok">{titles[linked] ?? linked} is connected.</Notice>}
      <Loaded query={logins} title="Your logins could not be loaded">
        {({ own, offered }) => <LoginList own={own} offered={offered} />}
      </Loaded>
    </Section>
  );
}

function LoginList({ own, offered }: { own: Logins; offered: Provider[] }) {
  const queries = useQueryClient();
  const changed = useProfileChanged();
  const { busy, error, run } = useAction();
  const open = offered.filter(({ id }) => !own.logins.some(({ provider }) => provider === id));

  function connect(provider: Provider) {
    void run(async () => {
      window.location.assign(await connectLogin(provider.id, new URL('/settings/security', window.location.origin).toString()));
    });
  }

  function disconnect(provider: string, title: string) {
    void run(async () => {
      await disconnectLogin(provider);
      await Promise.all([queries.invalidateQueries({ queryKey: loginsKey }), changed()]);
      toast.success(`${title} is disconnected`);
    });
  }

  return (
    <>
      {error !== null && <ErrorNotice title="Nothing was changed" error={error} />}
      <ul className="divide-y divide-line">
        {own.logins.map(({ provider, name }) => {
          const title = titles[provider] ?? provider;
          return (
            <li key={provider} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5 first:pt-0">
              <div className="min-w-0">
                <p className="font-medium">{title}</p>
                <p className="text-[0.8125rem] text-muted">{name ? `Connected as ${name}` : 'Connected'}</p>
              </div>
              {own.canUnlink ? (
                <ConfirmButton
                  label="Disconnect"
                  subject={title}
                  question={`Sign in without ${title} from now on?`}
                  confirm="Disconnect"
                  busy={busy}
                  onConfirm={() => disconnect(provider, title)}
                />
              ) : (
                <p className="text-[0.8125rem] text-muted">Your only way to sign in: set a password first.</p>
              )}
            </li>
          );
        })}
        {open.map((provider) => (
          <li key={provider.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5 first:pt-0">
            <p className="font-medium">{provider.name}</p>
            <button
              type="button"
              aria-label={`Connect ${provider.name}`}
              aria-disabled={busy}
              className={buttonStyle('secondary', 'small')}
              onClick={() => connect(provider)}
            >
              Connect
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
