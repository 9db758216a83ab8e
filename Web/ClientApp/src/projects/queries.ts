import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getProject, getTraffic, listProjects, type ProjectQuery } from '../api/projects';
import { isActive } from '../ui/StatusBadge';

const pollMs = 5_000;
const mostChoices = 100;

export const projectsKey = ['projects'] as const;
export const projectKey = (id: string) => [...projectsKey, 'detail', id] as const;

export function useProjects(query: ProjectQuery) {
  return useQuery({
    queryKey: [...projectsKey, 'list', query],
    queryFn: ({ signal }) => listProjects(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.projects.some(({ lastStatus }) => lastStatus && isActive(lastStatus)) ? pollMs : false),
  });
}

/** The newest projects, for lists to choose from. */
export function useProjectChoices() {
  return useQuery({
    queryKey: [...projectsKey, 'choices'],
    queryFn: ({ signal }) => listProjects({ page: 1, limit: mostChoices }, signal),
    staleTime: 60_000,
  });
}

export function useProject(id: string) {
  return useQuery({ queryKey: projectKey(id), queryFn: ({ signal }) => getProject(id, signal) });
}

export function useTraffic(id: string, hours: number) {
  return useQuery({
    queryKey: [...projectKey(id), 'traffic', hours],
    queryFn: ({ signal }) => getTraffic(id, hours, signal),
    placeholderData: keepPreviousData,
  });
}
