import { waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WebSocket as ServerSocket } from 'ws';
import { getLogs, logStreamUrl } from '../api/endpoints';
import type { LogLine } from '../api/types';
import { ApiServer, failure } from '../test/apiServer';
import { logLine, logLines } from '../test/deployments';
import { LogFeed } from './LogFeed';

let server: ApiServer;
let feed: LogFeed;
let stored: LogLine[];
const events = { onStatus: vi.fn(), onComplete: vi.fn() };

beforeEach(async () => {
  server = await ApiServer.start();
  stored = [];
  server.on('GET /api/deployments/dep-1/logs', ({ query }) => {
    const after = Number(query.get('after') ?? 0);
    const lines = stored.filter((line) => line.seq > after).slice(0, Number(query.get('limit')));
    return { body: { lines, lastSeq: stored.at(-1)?.seq ?? 0, total: stored.length } };
  });
  feed = new LogFeed(
    'dep-1',
    { page: (after, limit, signal) => getLogs('dep-1', after, limit, signal), streamUrl: (after) => logStreamUrl('dep-1', after) },
    events,
  );
});

afterEach(async () => {
  feed.stop();
  vi.clearAllMocks();
  await server.stop();
});

const seen = () => feed.snapshot().lines.slice(0, feed.snapshot().count).map((line) => line.seq);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const send = (socket: ServerSocket, frame: unknown) => socket.send(JSON.stringify(frame));
const log = (seq: number) => ({ type: 'log', ...logLine(seq) });

it('reads every page of a finished log and opens no stream', async () => {
  stored = logLines(12_000);
  const opened = vi.fn();
  server.onSocket(opened);
  feed.finish();
  feed.start();
  await waitFor(() => expect(feed.snapshot().state).toBe('complete'));
  expect(seen()).toEqual(upTo(12_000));
  expect(opened).not.toHaveBeenCalled();
});

it('continues the stored lines with the live ones, subscribing from the last', async () => {
  stored = logLines(3);
  const subscriptions: unknown[] = [];
  const after: (string | null)[] = [];
  server.onSocket((socket, url) => {
    after.push(url.searchParams.get('after'));
    socket.on('message', (data) => {
      subscriptions.push(JSON.parse((data as Buffer).toString('utf8')));
      send(socket, log(4));
      send(socket, { type: 'status_update', status: 'deploying', stage: 'Deploying' });
      send(socket, log(5));
    });
  });
  feed.start();
  await waitFor(() => expect(seen()).toEqual(upTo(5)));
  expect(after).toEqual(['3']);
  expect(subscriptions).toEqual([{ type: 'subscribe', deploymentId: 'dep-1' }]);
  expect(events.onStatus).toHaveBeenCalledWith('deploying');
  expect(feed.snapshot().state).toBe('live');
});

it('resumes a lost stream and shows each line once', async () => {
  let connections = 0;
  server.onSocket((socket, url) => {
    connections += 1;
    const after = Number(url.searchParams.get('after'));
    // A server that repeats what was already sent must not make the reader see it twice.
    for (const seq of connections === 1 ? [1, 2] : [after, after + 1, after + 2]) {
      if (seq > 0) send(socket, log(seq));
    }
    stored = logLines(2);
    if (connections === 1) setTimeout(() => socket.terminate(), 30);
  });
  feed.start();
  await waitFor(() => expect(connections).toBe(2));
  await waitFor(() => expect(seen()).toEqual([1, 2, 3, 4]));
});

it('fills a gap in the stream from the stored lines before going on', async () => {
  server.onSocket((socket) => {
    send(socket, log(1));
    stored = logLines(4);
    send(socket, log(4));
    send(socket, log(5));
  });
  feed.start();
  await waitFor(() => expect(seen()).toEqual(upTo(5)));
});

it('waits for lines that are announced before they are stored', async () => {
  server.onSocket((socket) => {
    send(socket, log(3));
    setTimeout(() => {
      stored = logLines(3);
    }, 100);
  });
  feed.start();
  await waitFor(() => expect(seen()).toEqual([1, 2, 3]));
});

it('reads what is left when the deployment completes', async () => {
  stored = logLines(1);
  server.onSocket((socket) => {
    stored = logLines(3);
    send(socket, { type: 'deployment_complete', status: 'success', duration: '2s', url: null });
  });
  feed.start();
  await waitFor(() => expect(feed.snapshot().state).toBe('complete'));
  expect(seen()).toEqual([1, 2, 3]);
  expect(events.onComplete).toHaveBeenCalledWith('success');
});

it('says that it is trying again while no stream can be had, and recovers', async () => {
  stored = logLines(2);
  feed.start();
  await waitFor(() => expect(feed.snapshot().state).toBe('reconnecting'));
  expect(seen()).toEqual([1, 2]);
  server.onSocket(() => undefined);
  await waitFor(() => expect(feed.snapshot().state).toBe('live'));
});

it('gives up on what asking again cannot change, and retries when told to', async () => {
  const good = { body: { lines: logLines(1), lastSeq: 1, total: 1 } };
  let missing = true;
  server.on('GET /api/deployments/dep-1/logs', () => (missing ? failure(404, 'DEPLOYMENT_NOT_FOUND', 'Gone.') : good));
  feed.start();
  await waitFor(() => expect(feed.snapshot().state).toBe('failed'));
  expect(feed.snapshot().error).toMatchObject({ code: 'DEPLOYMENT_NOT_FOUND' });
  missing = false;
  feed.finish();
  feed.retry();
  await waitFor(() => expect(feed.snapshot().state).toBe('complete'));
  expect(seen()).toEqual([1]);
});

it('remembers where the first error stands', async () => {
  stored = [logLine(1), logLine(2, 'oh no', 'error'), logLine(3, 'again', 'error')];
  feed.finish();
  feed.start();
  await waitFor(() => expect(feed.snapshot().firstError).toBe(1));
});
