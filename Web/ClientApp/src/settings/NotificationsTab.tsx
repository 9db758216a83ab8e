import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getPreferences, savePreferences } from '../api/account';
import type { Preferences } from '../api/types';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Loaded } from './Loaded';
import { Section } from './Section';
import { useAction } from './useAction';

type Toggle = Exclude<keyof Preferences, 'theme'>;

const toggles: { name: Toggle; label: string; text: string }[] = [
  { name: 'emailNotifications', label: 'Email notifications', text: 'Mails about your projects. Mails about your account always come.' },
  { name: 'deploymentSuccessNotifications', label: 'Successful deployments', text: 'When a deployment is live.' },
  { name: 'deploymentFailureNotifications', label: 'Failed deployments', text: 'When a deployment fails, with the reason.' },
];

export const preferencesKey = ['preferences'];

export function NotificationsTab() {
  const queries = useQueryClient();
  const preferences = useQuery({ queryKey: preferencesKey, queryFn: ({ signal }) => getPreferences(signal) });
  const { error, run } = useAction();

  function toggle(current: Preferences, name: Toggle) {
    const wanted = { ...current, [name]: !current[name] };
    queries.setQueryData(preferencesKey, wanted);
    void run(async () => {
      try {
        queries.setQueryData(preferencesKey, await savePreferences(wanted));
      } catch (failure) {
        queries.setQueryData(preferencesKey, current);
        throw failure;
      }
    });
  }

  return (
    <Section title="What we mail you">
      {error !== null && <ErrorNotice title="Your choice was not saved" error={error} />}
      <Loaded query={preferences} title="Your choices could not be loaded">
        {(data) => (
          <>
            {toggles.map(({ name, label, text }) => (
              <label key={name} className="flex items-start gap-3">
                <input type="checkbox" checked={data[name]} onChange={() => toggle(data, name)} className="mt-0.5 size-4 accent-accent" />
                <span>
                  <span className="font-medium">{label}</span>
                  <span className="block text-muted">{text}</span>
                </span>
              </label>
            ))}
          </>
        )}
      </Loaded>
    </Section>
  );
}
