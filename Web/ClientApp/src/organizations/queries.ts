import { useInfiniteQuery, useQuery, type QueryKey } from '@tanstack/react-query';
import { getOrganization, listOrganizations } from '../api/organizations';
import type { Organization, Pagination } from '../api/types';

export const organizationsKey = ['organizations'];
export const organizationKey = (id: string) => [...organizationsKey, id];
export const membersKey = (id: string) => [...organizationKey(id), 'members'];
export const invitationsKey = (id: string) => [...organizationKey(id), 'invitations'];

/** A list that comes in numbered pages, one after the other. */
export function usePages<T extends { pagination: Pagination }>(queryKey: QueryKey, load: (page: number, signal?: AbortSignal) => Promise<T>, enabled = true) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: 1,
    getNextPageParam: ({ pagination }) => (pagination.currentPage < pagination.totalPages ? pagination.currentPage + 1 : undefined),
    enabled,
  });
}

export function useOrganization(id: string) {
  return useQuery({ queryKey: organizationKey(id), queryFn: ({ signal }) => getOrganization(id, signal) });
}

/** All organizations of who is signed in, for lists to choose from: nobody is in so many that pages would help. */
export function useAllOrganizations(enabled = true) {
  return useQuery({
    queryKey: [...organizationsKey, 'all'],
    queryFn: async ({ signal }): Promise<Organization[]> => {
      const found: Organization[] = [];
      for (let page = 1, more = true; more; page++) {
        const answer = await listOrganizations(page, signal);
        found.push(...answer.organizations);
        more = page < answer.pagination.totalPages;
      }
      return found;
    },
    enabled,
  });
}
