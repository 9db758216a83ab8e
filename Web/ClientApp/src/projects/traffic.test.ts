import { expect, it } from 'vitest';
import { barsOf } from './traffic';

const hour = (at: string, requests: number, status4xx = 0) => ({ hour: at, requests, bytes: 1, status2xx: requests - status4xx, status3xx: 0, status4xx, status5xx: 0 });
const now = Date.parse('2026-01-20T10:30:00Z');

it('has a bar for every hour of a day, the running one last', () => {
  const bars = barsOf([hour('2026-01-20T10:00:00Z', 7), hour('2026-01-19T11:00:00Z', 3, 2), hour('2026-01-19T10:00:00Z', 99)], 24, now);
  expect(bars).toHaveLength(24);
  expect(bars.at(-1)).toEqual({ start: Date.parse('2026-01-20T10:00:00Z'), requests: 7, failed: 0 });
  expect(bars[0]).toEqual({ start: Date.parse('2026-01-19T11:00:00Z'), requests: 3, failed: 2 });
  expect(bars.slice(1, -1).every(({ requests }) => requests === 0)).toBe(true);
});

it('sums the hours of a day where many days are looked at', () => {
  const bars = barsOf([hour('2026-01-20T00:00:00Z', 1), hour('2026-01-20T10:00:00Z', 2), hour('2026-01-19T23:00:00Z', 4)], 24 * 7, now);
  expect(bars.map(({ requests }) => requests)).toEqual([0, 0, 0, 0, 0, 4, 3]);
});
