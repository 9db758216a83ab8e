import type { DeploymentDetail, DeploymentItem, DeploymentStatus, LogLine } from '../api/types';

export function item(part: Partial<DeploymentItem> = {}): DeploymentItem {
  return {
    id: 'dep-1',
    owner: 'user-1',
    repo: 'acme/storefront',
    branch: 'main',
    status: 'success',
    author: 'Ada',
    commit: '4f1c9ab',
    duration: '1m 12s',
    timestamp: '2026-01-20T10:30:00Z',
    url: 'http://storefront.apps.localhost:8080',
    projectId: 'project-1',
    environment: 'production',
    pullRequest: null,
    approval: null,
    ...part,
  };
}

export function detail(status: DeploymentStatus, part: Partial<DeploymentDetail> = {}): DeploymentDetail {
  return {
    ...item({ status }),
    project: 'storefront',
    commitMessage: 'Add prices',
    immutableUrl: null,
    branchUrl: null,
    useCache: true,
    inProduction: false,
    promotable: false,
    queuePosition: null,
    error: null,
    stages: [
      { name: 'Queued', status: 'completed', timestamp: '2026-01-20T10:30:00Z', completedAt: '2026-01-20T10:30:02Z', error: null },
      { name: 'Building', status: 'in_progress', timestamp: '2026-01-20T10:30:02Z', completedAt: null, error: null },
    ],
    logs: [],
    logsTotal: 0,
    lastSeq: 0,
    ...part,
  };
}

export function logLine(seq: number, message = `line ${seq}`, level = 'info'): LogLine {
  return { seq, timestamp: new Date(Date.UTC(2026, 0, 20, 10, 30, seq)).toISOString(), level, message };
}

export function logLines(count: number): LogLine[] {
  return Array.from({ length: count }, (_, index) => logLine(index + 1));
}
