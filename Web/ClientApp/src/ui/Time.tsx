import { useSyncExternalStore } from 'react';
import { absoluteTime, duration, relativeTime } from './format';

/** One clock for all times on a page; it ticks only while somebody looks. */
function clock(periodMs: number) {
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      if (!timer) now = Date.now();
      timer ??= setInterval(() => {
        now = Date.now();
        for (const each of listeners) each();
      }, periodMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    now: () => now,
  };
}

const slow = clock(30_000);
const fast = clock(1_000);

export function RelativeTime({ at }: { at: string }) {
  const now = useSyncExternalStore(slow.subscribe, slow.now);
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={absoluteTime(time)}>
      {relativeTime(time, now)}
    </time>
  );
}

/** The seconds since a moment, counting. */
export function Elapsed({ since }: { since: string }) {
  const now = useSyncExternalStore(fast.subscribe, fast.now);
  return <>{duration((now - Date.parse(since)) / 1000)}</>;
}
