import type { TrafficHour } from '../api/types';

const hourMs = 3_600_000;

export interface Bar {
  start: number;
  requests: number;
  failed: number;
}

/** One bar for each piece of the time that is looked at, those without a request included. */
export function barsOf(hours: TrafficHour[], range: number, now: number): Bar[] {
  const step = (range <= 48 ? 1 : 24) * hourMs;
  const end = Math.floor(now / step) * step;
  const count = (range * hourMs) / step;
  const bars: Bar[] = Array.from({ length: count }, (_, index) => ({ start: end - (count - 1 - index) * step, requests: 0, failed: 0 }));
  for (const hour of hours) {
    const bar = bars[count - 1 - Math.floor((end + step - 1 - Date.parse(hour.hour)) / step)];
    if (!bar) continue;
    bar.requests += hour.requests;
    bar.failed += hour.status4xx + hour.status5xx;
  }
  return bars;
}
