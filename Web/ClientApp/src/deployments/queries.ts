import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { getDeployment, listDeployments, recentDeployments, type DeploymentQuery } from '../api/endpoints';
import type { DeploymentItem } from '../api/types';
import { isActive } from '../ui/StatusBadge';

const pollMs = 5_000;
const anyActive = (items: DeploymentItem[] | undefined) => items?.some((item) => isActive(item.status)) ?? false;

export function useDeployments(query: DeploymentQuery) {
  return useQuery({
    queryKey: ['deployments', 'list', query],
    queryFn: ({ signal }) => listDeployments(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (anyActive(state.data?.deployments) ? pollMs : false),
  });
}

export function useRecentDeployments() {
  return useQuery({
    queryKey: ['deployments', 'recent'],
    queryFn: ({ signal }) => recentDeployments(signal),
    refetchInterval: ({ state }) => (anyActive(state.data) ? pollMs : false),
  });
}

export const deploymentKey = (id: string) => ['deployments', 'detail', id] as const;

export function useDeployment(id: string) {
  return useQuery({
    queryKey: deploymentKey(id),
    queryFn: ({ signal }) => getDeployment(id, signal),
    // The log stream announces changes; this only catches what it missed while it was away.
    refetchInterval: ({ state }) => (state.data && isActive(state.data.status) ? pollMs : false),
  });
}

/** Lists of deployments, figures and the project say something else now. */
export function useDeploymentsChanged() {
  const queries = useQueryClient();
  return useCallback(
    (projectId?: string) => {
      void queries.invalidateQueries({ queryKey: ['deployments', 'list'] });
      void queries.invalidateQueries({ queryKey: ['deployments', 'recent'] });
      void queries.invalidateQueries({ queryKey: ['deployments', 'figures'] });
      void queries.invalidateQueries({ queryKey: projectId ? ['projects', 'detail', projectId] : ['projects'] });
    },
    [queries],
  );
}
