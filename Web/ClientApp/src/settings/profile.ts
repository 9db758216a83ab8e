import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { getProfile } from '../api/account';

const profileKey = ['profile'];

export function useProfile() {
  return useQuery({ queryKey: profileKey, queryFn: ({ signal }) => getProfile(signal) });
}

/** What the profile says stands in the session, too: name, address, picture. */
export function useProfileChanged() {
  const queries = useQueryClient();
  return useCallback(async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: profileKey }),
      queries.invalidateQueries({ queryKey: ['session'], exact: true }),
    ]);
  }, [queries]);
}
