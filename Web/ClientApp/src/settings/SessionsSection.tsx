import { useQuery, useQueryClient } from '@tanstack/react-query';
import { endOtherSessions, endSession, listSessions } from '../api/account';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { Loaded } from './Loaded';
import { Section } from './Section';
import { useAction } from './useAction';

const sessionsKey = ['sessions'];

/** The devices that are signed in. */
export function SessionsSection() {
  const sessions = useQuery({ queryKey: sessionsKey, queryFn: ({ signal }) => listSessions(signal) });
  const queries = useQueryClient();
  const { busy, error, run } = useAction();

  function end(work: () => Promise<unknown>, done: string) {
    void run(async () => {
      await work();
      await queries.invalidateQueries({ queryKey: sessionsKey });
      toast.success(done);
    });
  }

  return (
    <Section title="Sessions" text="Where your account is signed in. End what you do not know, and change your password then.">
      {error !== null && <ErrorNotice title="The session was not ended" error={error} />}
      <Loaded query={sessions} title="Your sessions could not be loaded">
        {(list) => (
          <>
            <ul className="divide-y divide-line">
              {list.map((session) => (
                <li key={session.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5 first:pt-0">
                  <div className="min-w-0">
                    <p className="font-medium">
                      {session.device}
                      {session.current && <span className="ml-2 text-[0.8125rem] font-normal text-ok">this device</span>}
                    </p>
                    <p className="text-[0.8125rem] text-muted">
                      {session.ipAddress ?? 'unknown address'} · seen <RelativeTime at={session.lastSeenAt} />
                    </p>
                  </div>
                  {!session.current && (
                    <button
                      type="button"
                      aria-label={`Sign out ${session.device}`}
                      aria-disabled={busy}
                      className={buttonStyle('secondary', 'small')}
                      onClick={() => end(() => endSession(session.id), 'The device is signed out')}
                    >
                      Sign out
                    </button>
                  )}
                </li>
              ))}
            </ul>
            {list.length > 1 && (
              <div>
                <button
                  type="button"
                  aria-disabled={busy}
                  className={buttonStyle('danger', 'small')}
                  onClick={() => end(endOtherSessions, 'All other devices are signed out')}
                >
                  Sign out all other devices
                </button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
