import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getConnection, listBranches, listRepositories } from '../api/github';

export const repositoriesInPage = 10;

export const gitHubKey = ['github'] as const;

export function useGitHubConnection() {
  return useQuery({ queryKey: [...gitHubKey, 'connection'], queryFn: ({ signal }) => getConnection(signal) });
}

export function useRepositories(search: string, page: number, enabled = true) {
  return useQuery({
    queryKey: [...gitHubKey, 'repositories', search, page],
    queryFn: ({ signal }) => listRepositories({ search, page, limit: repositoriesInPage }, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** The first page of a repository's branches: more than people look through. */
export function useBranches(fullName: string) {
  return useQuery({
    queryKey: [...gitHubKey, 'branches', fullName],
    queryFn: ({ signal }) => listBranches(fullName, 1, signal),
    enabled: fullName !== '',
  });
}
