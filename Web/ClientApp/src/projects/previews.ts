import type { DeploymentItem } from '../api/types';

const most = 5;

/** Of deployments, newest first, the newest of each branch and pull request. */
export function newestOfBranches(items: DeploymentItem[]): DeploymentItem[] {
  const newest = new Map<string, DeploymentItem>();
  for (const item of items) {
    const key = `${item.pullRequest ?? ''} ${item.branch}`;
    if (!newest.has(key)) newest.set(key, item);
  }
  return [...newest.values()].slice(0, most);
}
