import clsx from 'clsx';
import type { DeploymentStatus } from '../api/types';

const looks: Record<DeploymentStatus, { label: string; style: string }> = {
  queued: { label: 'Queued', style: 'bg-sunken text-muted' },
  building: { label: 'Building', style: 'bg-busy-soft text-busy' },
  deploying: { label: 'Deploying', style: 'bg-busy-soft text-busy' },
  success: { label: 'Success', style: 'bg-ok-soft text-ok' },
  failed: { label: 'Failed', style: 'bg-bad-soft text-bad' },
  cancelled: { label: 'Cancelled', style: 'bg-sunken text-muted' },
};

export function isActive(status: DeploymentStatus): boolean {
  return status === 'queued' || status === 'building' || status === 'deploying';
}

export function statusLabel(status: DeploymentStatus): string {
  return looks[status].label;
}

export function StatusBadge({ status }: { status: DeploymentStatus }) {
  const { label, style } = looks[status];
  return (
    <span
      data-status={status}
      className={clsx('inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium', style)}
    >
      <span aria-hidden className={clsx('size-1.5 rounded-full bg-current', isActive(status) && 'breathe')} />
      {label}
    </span>
  );
}
