import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { api } from '../api/client';
import { logOut } from '../api/endpoints';
import { ApiError } from '../api/errors';
import type { Session } from '../api/types';

const sessionKey = ['session'] as const;
const leftByChoiceKey = ['session', 'left-by-choice'] as const;

export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }): Promise<Session | null> => api.session(signal),
    staleTime: 5 * 60_000,
  });
}

/** Drops everything cached for the person who left, as soon as any call finds the session gone. */
export function useSignedOutWatch(): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      api.onSignedOut(() => {
        queries.setQueryData(sessionKey, null);
        forgetPerson(queries);
      }),
    [queries],
  );
}

export function useEnterSession() {
  const queries = useQueryClient();
  return useCallback(
    (session: Session) => {
      forgetPerson(queries);
      queries.setQueryData(leftByChoiceKey, false);
      queries.setQueryData(sessionKey, session);
    },
    [queries],
  );
}

export function useLeaveSession() {
  const queries = useQueryClient();
  return useCallback(async () => {
    try {
      await logOut();
    } catch (error) {
      // Already signed out on the server: the wish is fulfilled.
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      api.forget();
    }
    queries.setQueryData(leftByChoiceKey, true);
    queries.setQueryData(sessionKey, null);
    forgetPerson(queries);
  }, [queries]);
}

/** True when the reader signed out themselves: then nothing asks them to sign in again to come back here. */
export function useLeftByChoice(): boolean {
  return useQueryClient().getQueryData<boolean>(leftByChoiceKey) ?? false;
}

function forgetPerson(queries: QueryClient): void {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
}
