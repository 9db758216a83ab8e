import clsx from 'clsx';
import type { DeploymentEnvironment } from '../api/types';

interface EnvironmentBadgeProps {
  environment: DeploymentEnvironment;
  /** Whether it is what visitors of the site see now. */
  live?: boolean;
}

/** Only what is not the usual case: previews, and the deployment that is live. */
export function EnvironmentBadge({ environment, live = false }: EnvironmentBadgeProps) {
  if (!live && environment === 'production') return null;
  return (
    <span className={clsx('inline-block rounded-full px-2 py-0.5 text-xs font-medium', live ? 'bg-accent-soft text-accent' : 'bg-sunken text-muted')}>
      {live ? 'Live' : 'Preview'}
    </span>
  );
}
