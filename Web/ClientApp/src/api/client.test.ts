import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setSignedInHint } from '../session/signedInHint';
import { ApiServer, failure, session, signedIn } from '../test/apiServer';
import { ApiClient } from './client';
import { ApiError } from './errors';

let server: ApiServer;
let client: ApiClient;

beforeEach(async () => {
  server = await ApiServer.start();
  client = new ApiClient();
});

afterEach(() => server.stop());

/** An Api whose access cookie has expired until it is refreshed. */
function expiredUntilRefresh() {
  let fresh = false;
  server.on('POST /api/auth/refresh', () => {
    fresh = true;
    return { body: signedIn };
  });
  server.on('GET /api/thing', () => (fresh ? { body: { ok: true } } : failure(401, 'UNAUTHORIZED', 'Expired.')));
  server.on('POST /api/thing', () => (fresh ? { status: 204 } : failure(401, 'UNAUTHORIZED', 'Expired.')));
}

async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`Expected an ApiError, got ${String(error)}`);
  return error;
}

describe('session and CSRF', () => {
  it('sends the CSRF token of the session with what changes state, and only with that', async () => {
    server.on('GET /api/auth/session', { body: session }).on('POST /api/thing', { status: 204 });
    server.on('GET /api/thing', { body: {} });
    await client.session();
    await client.call('/api/thing', { method: 'POST', body: { a: 1 } });
    await client.call('/api/thing');
    expect(server.calls('POST /api/thing')[0]?.headers['x-csrf-token']).toBe('csrf-1');
    expect(server.calls('POST /api/thing')[0]?.body).toEqual({ a: 1 });
    expect(server.calls('GET /api/thing')[0]?.headers['x-csrf-token']).toBeUndefined();
  });

  it('answers null, without asking for a refresh, when nobody ever signed in here', async () => {
    server.on('GET /api/auth/session', failure(401, 'UNAUTHORIZED', 'Nobody.'));
    expect(await client.session()).toBeNull();
    expect(server.calls('POST /api/auth/refresh')).toHaveLength(0);
  });

  it('refreshes an expired session of somebody who did', async () => {
    setSignedInHint(true);
    let fresh = false;
    server.on('POST /api/auth/refresh', () => {
      fresh = true;
      return { body: signedIn };
    });
    server.on('GET /api/auth/session', () => (fresh ? { body: session } : failure(401, 'UNAUTHORIZED', 'Expired.')));
    expect((await client.session())?.user.name).toBe('Ada Lovelace');
  });

  it('refreshes before a call that would be taken for one of nobody', async () => {
    server.on('POST /api/auth/refresh', { body: signedIn }).on('POST /api/execute/execute', { body: {} });
    client.adopt({ ...signedIn, expiresIn: 900 });
    await client.call('/api/execute/execute', { method: 'POST', body: {} });
    expect(server.calls('POST /api/auth/refresh')).toHaveLength(0);

    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 900_000);
    await Promise.all([1, 2].map(() => client.call('/api/execute/execute', { method: 'POST', body: {} })));
    await client.call('/api/execute/execute', { method: 'POST', body: {} });
    clock.mockRestore();
    expect(server.received.map(({ path }) => path)).toEqual([
      '/api/execute/execute',
      '/api/auth/refresh',
      '/api/execute/execute',
      '/api/execute/execute',
      '/api/execute/execute',
    ]);
  });

  it('fetches a new CSRF token once when the server refuses the old one', async () => {
    let token = 'csrf-1';
    server.on('GET /api/auth/session', () => ({ body: { ...session, csrfToken: token } }));
    await client.session();
    token = 'csrf-new';
    server.on('POST /api/thing', ({ headers }) =>
      headers['x-csrf-token'] === token ? { status: 204 } : failure(403, 'CSRF_TOKEN_INVALID', 'Stale.'),
    );
    await client.call('/api/thing', { method: 'POST' });
    expect(server.calls('POST /api/thing')).toHaveLength(2);
  });
});

describe('refresh', () => {
  it('repeats the call after one refresh, with the new CSRF token', async () => {
    expiredUntilRefresh();
    await client.call('/api/thing', { method: 'POST', body: {} });
    expect(server.calls('POST /api/auth/refresh')).toHaveLength(1);
    expect(server.calls('POST /api/thing')[1]?.headers['x-csrf-token']).toBe('csrf-2');
  });

  it('refreshes once for calls that expire together', async () => {
    expiredUntilRefresh();
    await Promise.all([1, 2, 3, 4].map(() => client.call('/api/thing')));
    expect(server.calls('POST /api/auth/refresh')).toHaveLength(1);
    expect(server.calls('GET /api/thing')).toHaveLength(8);
  });

  it('reports the end of the session once, and gives up, when the refresh is refused', async () => {
    const signedOut = vi.fn();
    client.onSignedOut(signedOut);
    server.on('GET /api/thing', failure(401, 'UNAUTHORIZED', 'Expired.'));
    server.on('POST /api/auth/refresh', failure(401, 'UNAUTHORIZED', 'Too old.'));
    expect((await failureOf(client.call('/api/thing'))).status).toBe(401);
    expect(server.calls('GET /api/thing')).toHaveLength(1);
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it('keeps the session when the refresh only failed for now', async () => {
    const signedOut = vi.fn();
    client.onSignedOut(signedOut);
    server.on('GET /api/thing', failure(401, 'UNAUTHORIZED', 'Expired.'));
    server.on('POST /api/auth/refresh', { ...failure(429, 'RATE_LIMIT_EXCEEDED', 'Slowly.'), headers: { 'Retry-After': '7' } });
    const error = await failureOf(client.call('/api/thing'));
    expect(error.retryAfterSeconds).toBe(7);
    expect(signedOut).not.toHaveBeenCalled();
  });

  it('does not try to refresh a refused login', async () => {
    server.on('POST /api/auth/login', failure(401, 'INVALID_CREDENTIALS', 'Wrong.'));
    const error = await failureOf(client.call('/api/auth/login', { method: 'POST', body: {} }));
    expect(error.code).toBe('INVALID_CREDENTIALS');
    expect(server.calls('POST /api/auth/refresh')).toHaveLength(0);
  });
});

describe('failures', () => {
  it('carries code, message, field messages and request id', async () => {
    server.on('POST /api/thing', failure(422, 'VALIDATION_ERROR', 'Invalid.', { branch: ['Required.'], name: 'Too long.' }));
    const error = await failureOf(client.call('/api/thing', { method: 'POST', body: {} }));
    expect(error).toMatchObject({ code: 'VALIDATION_ERROR', message: 'Invalid.', status: 422, requestId: 'req-1' });
    expect(error.fields).toEqual({ branch: ['Required.'], name: ['Too long.'] });
  });

  it('survives an answer that is not ours', async () => {
    server.on('GET /api/thing', { status: 502, body: '<html>Bad gateway</html>' });
    expect(await failureOf(client.call('/api/thing'))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', status: 502 });
  });

  it('says so when nothing answers', async () => {
    server.on('GET /api/thing', { body: {} });
    await client.call('/api/thing');
    await server.stop();
    expect(await failureOf(client.call('/api/thing'))).toMatchObject({ code: 'UNREACHABLE', status: 0 });
    server = await ApiServer.start();
  });

  it('lets an abort pass as an abort', async () => {
    server.on('GET /api/thing', () => new Promise(() => undefined));
    const controller = new AbortController();
    const call = client.call('/api/thing', { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('turns the base address into a WebSocket address', async () => {
  expect(await client.webSocketUrl('/api/deployments/1/logs/stream', { after: 7 })).toMatch(
    /^ws:\/\/127\.0\.0\.1:\d+\/api\/deployments\/1\/logs\/stream\?after=7$/,
  );
});
