import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { getLogs, logStreamUrl } from '../api/endpoints';
import type { DeploymentDetail } from '../api/types';
import { deploymentKey } from '../deployments/queries';
import { isActive } from '../ui/StatusBadge';
import { LogFeed } from './LogFeed';

/** The feed of one deployment for as long as the component lives; give the component the id as its key. */
export function useLogFeed(deployment: DeploymentDetail) {
  const queries = useQueryClient();
  const { id, status } = deployment;
  const [feed] = useState(() => {
    const changed = () => void queries.invalidateQueries({ queryKey: deploymentKey(id) });
    return new LogFeed(
      id,
      {
        page: (after, limit, signal) => getLogs(id, after, limit, signal),
        streamUrl: (after) => logStreamUrl(id, after),
      },
      { onStatus: changed, onComplete: changed },
    );
  });

  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);

  useEffect(() => {
    if (!isActive(status)) feed.finish();
  }, [feed, status]);

  return { feed, snapshot: useSyncExternalStore(feed.subscribe, feed.snapshot) };
}
