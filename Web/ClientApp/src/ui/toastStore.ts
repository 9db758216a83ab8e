import { ApiError } from '../api/errors';

export interface Toast {
  id: number;
  tone: 'ok' | 'bad';
  title: string;
  text: string | null;
}

const lifetimeMs = { ok: 5_000, bad: 12_000 };
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

export const toast = {
  success(title: string, text: string | null = null) {
    show('ok', title, text);
  },
  error(title: string, error: unknown) {
    const text = error instanceof Error ? error.message : String(error);
    const request = error instanceof ApiError && error.requestId ? ` (request ${error.requestId})` : '';
    show('bad', title, text + request);
  },
};

export function dismissToast(id: number): void {
  publish(toasts.filter((shown) => shown.id !== id));
}

export const toastStore = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  snapshot: () => toasts,
};

function show(tone: Toast['tone'], title: string, text: string | null): void {
  lastId += 1;
  const id = lastId;
  publish([...toasts.slice(-2), { id, tone, title, text }]);
  setTimeout(() => dismissToast(id), lifetimeMs[tone]);
}

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
