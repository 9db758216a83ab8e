// A stand-in for the host and the Api, for working on the client alone: `npm run build && npm run mock`.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { failure, languages, line, makeDeployment, samples, script, seedDeployments, toDetail, toItem } from './data.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../wwwroot');
const port = Number(process.env.PORT ?? 8090);
const users = new Map();
const sessions = new Map();
let deployments = seedDeployments(23);
const listeners = new Map();
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.txt': 'text/plain' };

const server = http.createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    fail(response, 500, 'INTERNAL_SERVER_ERROR', 'The mock failed.');
  });
});

const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.startsWith('/api/execute/stream/')) return sockets.handleUpgrade(request, socket, head, run);
  const deployment = find(url.pathname.split('/')[3]);
  if (!deployment || !sessionOf(request)) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
  sockets.handleUpgrade(request, socket, head, (client) => stream(client, deployment, Number(url.searchParams.get('after') ?? 0)));
});
server.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`));

const none = { currentPage: 1, totalPages: 1, totalItems: 0 };
// What the frame of the pages asks for, with nothing in it.
const quietRoutes = {
  'GET /api/dashboard/stats': {
    stats: {
      totalDeployments: 24,
      weeklyChange: '+3',
      activeProjects: 8,
      todayDeployments: 2,
      successRate: 96,
      monthlySuccessChange: 2,
      avgDeployTime: '2.4m',
      timeImprovement: '-18s',
    },
  },
  'GET /api/notifications': { notifications: [], nextCursor: null, unread: 0 },
  'GET /api/notifications/unread': { unread: 0 },
  'GET /api/github/connection': { available: true, appAvailable: false, connected: false, broken: false, username: null, scopes: [], connectedAt: null, appInstalled: false, repositoriesShown: false },
  'GET /api/organizations': { organizations: [], pagination: none },
  'GET /api/projects': { projects: [], pagination: none },
};

async function handle(request, response) {
  response.setHeader('X-Request-Id', randomUUID());
  const url = new URL(request.url, 'http://localhost');
  if (!url.pathname.startsWith('/api/')) return await serveFile(url.pathname, response);
  const body = await readBody(request);
  const route = `${request.method} ${url.pathname}`;
  if (route === 'POST /api/auth/signup' || route === 'POST /api/auth/login') return enter(route, body, response);
  if (route === 'GET /api/samples') return json(response, 200, { samples });
  if (route === 'GET /api/execute/languages') return json(response, 200, { languages });
  const session = sessionOf(request);
  if (!session) return fail(response, 401, 'UNAUTHORIZED', 'Sign in to continue.');
  if (request.method !== 'GET' && request.headers['x-csrf-token'] !== session.csrfToken) {
    return fail(response, 403, 'CSRF_TOKEN_INVALID', 'The request was not made by this page.');
  }
  if (route === 'GET /api/auth/session') return json(response, 200, session);
  if (route === 'POST /api/auth/logout') return leave(request, response);
  if (url.pathname.startsWith('/api/deployments')) return onDeployments(request, url, body, response);
  const quiet = quietRoutes[route];
  if (quiet) return json(response, 200, quiet);
  fail(response, 404, 'NOT_FOUND', 'There is no such route.');
}

function enter(route, body, response) {
  const signUp = route.endsWith('signup');
  if (signUp && users.has(body.email)) return fail(response, 409, 'EMAIL_TAKEN', 'There is an account with this address.');
  if (signUp) users.set(body.email, { ...body, id: randomUUID() });
  const user = users.get(body.email);
  if (!user || user.password !== body.password) {
    return fail(response, 401, 'INVALID_CREDENTIALS', 'The address or the password is wrong.');
  }
  const id = randomUUID();
  const session = {
    user: { id: user.id, name: user.name, email: user.email, avatarUrl: null, emailVerified: true, role: 'user' },
    csrfToken: randomUUID(),
    expiresAt: new Date(Date.now() + 900_000).toISOString(),
  };
  sessions.set(id, session);
  response.setHeader('Set-Cookie', `mock=${id}; HttpOnly; SameSite=Lax; Path=/`);
  json(response, 200, { ...session, accessToken: 'a', refreshToken: 'r', expiresIn: 900 });
}

function leave(request, response) {
  sessions.delete(cookieOf(request));
  response.setHeader('Set-Cookie', 'mock=; Max-Age=0; Path=/');
  response.writeHead(204).end();
}

function onDeployments(request, url, body, response) {
  const [, , , id, action] = url.pathname.split('/');
  if (!id && request.method === 'POST') return create(body, response);
  if (!id) return list(url, response);
  if (id === 'recent') return json(response, 200, { recentDeployments: deployments.slice(0, 5).map(toItem) });
  const deployment = find(id);
  if (!deployment) return fail(response, 404, 'DEPLOYMENT_NOT_FOUND', `Deployment '${id}' was not found.`);
  if (action === 'cancel') {
    finish(deployment, 'cancelled');
    return json(response, 202, toDetail(deployment));
  }
  if (action !== 'logs') return json(response, 200, toDetail(deployment));
  const after = Number(url.searchParams.get('after') ?? 0);
  const lines = deployment.log.slice(after, after + Number(url.searchParams.get('limit') ?? 100));
  json(response, 200, { lines, lastSeq: deployment.log.length, total: deployment.log.length });
}

function list(url, response) {
  const { search = '', status = '', page = '1', limit = '10' } = Object.fromEntries(url.searchParams);
  const found = deployments.filter((each) => each.repo.includes(search) && (!status || each.status === status));
  const from = (Number(page) - 1) * Number(limit);
  json(response, 200, {
    deployments: found.slice(from, from + Number(limit)).map(toItem),
    pagination: { currentPage: Number(page), totalPages: Math.max(1, Math.ceil(found.length / limit)), totalItems: found.length },
  });
}

function create(body, response) {
  if (body.branch === 'missing') {
    return fail(response, 422, 'VALIDATION_ERROR', 'The request is not valid.', { branch: ['There is no such branch.'] });
  }
  const deployment = makeDeployment({ repo: body.repository, branch: body.branch, status: 'queued', author: 'You', at: Date.now(), lines: [] });
  deployments = [deployment, ...deployments];
  json(response, 202, toDetail(deployment));
  const bad = body.repository.includes('failing');
  const planned = bad ? [...script.slice(0, 9), ...failure] : script;
  setTimeout(() => change(deployment, 'building', 'Building'), 500);
  const filler = Array.from({ length: Number(process.env.LINES ?? 40) }, (_, index) => ['info', `transforming module ${index}`]);
  const lines = [...planned.slice(0, 8), ...filler, ...planned.slice(8)];
  const write = (index) => {
    if (deployment.status === 'cancelled') return;
    const next = lines[index];
    if (!next) return finish(deployment, bad ? 'failed' : 'success');
    const added = line(deployment.log.length + 1, next[0], next[1], Date.now());
    deployment.log.push(added);
    send(deployment, { type: 'log', ...added });
    setTimeout(() => write(index + 1), 60);
  };
  setTimeout(() => write(0), 900);
}

function change(deployment, status, stage) {
  deployment.status = status;
  send(deployment, { type: 'status_update', status, stage });
}

function finish(deployment, status) {
  deployment.status = status;
  send(deployment, { type: 'deployment_complete', status, duration: '1m 12s', url: toItem(deployment).url });
}

function send(deployment, frame) {
  for (const client of listeners.get(deployment.id) ?? []) client.send(JSON.stringify(frame));
}

function stream(client, deployment, after) {
  const clients = listeners.get(deployment.id) ?? new Set();
  listeners.set(deployment.id, clients.add(client));
  client.on('close', () => clients.delete(client));
  for (const each of deployment.log.slice(after)) client.send(JSON.stringify({ type: 'log', ...each }));
}

/** One program on its socket: prints, and echoes what is typed to it until the end of its input. */
function run(client) {
  let waits = false;
  const tell = (...frames) => frames.forEach((frame) => client.send(JSON.stringify(frame)));
  const print = (data, type = 'stdout') => tell({ type, data, encoding: 'utf8' });
  const end = (status, exitCode = 0) => {
    const measured = { timeMs: 14, cpuTimeMs: 9, memoryKb: 8_420, truncated: { stdout: false, stderr: false } };
    tell({ type: 'exit', status, exitCode, signal: null, ...measured, message: null, compile: null });
    client.close(1000, 'exit');
  };
  const start = ({ code = '', stdin }) => {
    if (code.includes('quota')) {
      const details = { retryAfter: 42 };
      tell({ type: 'error', error: { code: 'RATE_LIMIT_EXCEEDED', message: 'Ten runs per minute are free without an account.', statusCode: 429, details } });
      return client.close(1008, 'RATE_LIMIT_EXCEEDED');
    }
    tell({ type: 'stage', stage: 'queued', session: 'page' }, { type: 'stage', stage: 'running', session: 'page' });
    print('Hello, world!\n');
    if (code.includes('raise')) print('Traceback (most recent call last):\n  File "main.py", line 2, in <module>\nValueError: no\n', 'stderr');
    waits = code.includes('input') && !stdin;
    if (waits) return;
    setTimeout(() => (code.includes('raise') ? end('runtime_error', 1) : end(code.includes('while True') ? 'time_limit' : 'ok')), 150);
  };
  client.on('message', (data) => {
    const frame = JSON.parse(data);
    if (frame.type === 'start') start(frame);
    else if (frame.type === 'stdin') print(frame.data);
    else if (frame.type === 'stdin_close' && waits) end('ok');
    else if (frame.type === 'cancel') end('cancelled', null);
  });
}

async function serveFile(pathname, response) {
  if (pathname === '/config.json') return json(response, 200, { apiBaseUrl: '', sitesDomain: 'apps.localhost:8080' });
  const { scriptHashes } = JSON.parse(await readFile(path.join(root, 'csp.json'), 'utf8'));
  const file = path.join(root, path.extname(pathname) ? path.normalize(pathname) : 'index.html');
  response.setHeader(
    'Content-Security-Policy',
    `default-src 'none'; script-src 'self' ${scriptHashes.map((hash) => `'${hash}'`).join(' ')}; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://localhost:${port}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  );
  try {
    const content = await readFile(file);
    response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream' }).end(content);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    response.writeHead(404).end();
  }
}

function find(id) {
  return deployments.find((deployment) => deployment.id === id);
}

function cookieOf(request) {
  return /(?:^|; )mock=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
}

function sessionOf(request) {
  return sessions.get(cookieOf(request));
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text ? JSON.parse(text) : {};
}

function json(response, status, value) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function fail(response, statusCode, code, message, details = {}) {
  json(response, statusCode, { error: { code, message, statusCode, details } });
}
