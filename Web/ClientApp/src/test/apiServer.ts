import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

type Handler = (request: Received) => Answer | Promise<Answer>;

/** A real HTTP and WebSocket server on a free port, with the routes of one test; it remembers what it was sent. */
export class ApiServer {
  readonly received: Received[] = [];
  readonly #routes = new Map<string, Handler>();
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  #onSocket: ((socket: ServerSocket, url: URL) => void) | null = null;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status = 200, body, headers = {} }) => {
        const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
        response.writeHead(status, { 'X-Request-Id': 'req-1', ...crossOrigin(request), ...headers }).end(text);
      });
    });
    this.#server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://server');
      if (!this.#onSocket) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#onSocket?.(client, url));
    });
  }

  static async start(): Promise<ApiServer> {
    const api = new ApiServer();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    const { port } = api.#server.address() as AddressInfo;
    const network = fetch;
    // The page's own origin serves nothing in a test but this one file.
    vi.stubGlobal('fetch', async (input: string | URL, init?: RequestInit) =>
      String(input).endsWith('/config.json')
        ? Response.json({ apiBaseUrl: `http://127.0.0.1:${port}`, sitesDomain: 'apps.localhost' })
        : network(input, init?.body instanceof Blob ? { ...init, body: await bytesOf(init.body) } : init),
    );
    return api;
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  on(route: string, handler: Handler | Answer): this {
    this.#routes.set(route, typeof handler === 'function' ? handler : () => handler);
    return this;
  }

  onSocket(handler: ((socket: ServerSocket, url: URL) => void) | null): this {
    this.#onSocket = handler;
    return this;
  }

  dropSockets(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  calls(route: string): Received[] {
    return this.received.filter((each) => `${each.method} ${each.path}` === route);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://server');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const received: Received = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : request.headers['content-type'] === 'application/json' ? JSON.parse(text) : text,
    };
    // What a browser asks before it sends something to another origin.
    if (received.method === 'OPTIONS') return { status: 204 };
    this.received.push(received);
    const handler = this.#routes.get(`${received.method} ${received.path}`);
    return handler ? await handler(received) : failure(404, 'NOT_FOUND', `No route for ${received.path}`);
  }
}

/** Only a request that tells how far it is goes by jsdom, which minds origins. */
function crossOrigin({ headers }: IncomingMessage): Record<string, string> {
  const { origin } = headers;
  if (!origin) return {};
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Headers': 'accept,content-type,x-csrf-token',
    'Access-Control-Allow-Methods': 'GET,POST,PUT,PATCH,DELETE',
    'Access-Control-Expose-Headers': 'X-Request-Id,Retry-After',
  };
}

/** The files of jsdom are none that Node's fetch knows. */
function bytesOf(file: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(new Error('The file cannot be read.'));
    reader.readAsArrayBuffer(file);
  });
}

export function failure(statusCode: number, code: string, message: string, details: unknown = {}): Answer {
  return { status: statusCode, body: { error: { code, message, statusCode, details } } };
}

export const ada = {
  id: 'user-1',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  avatarUrl: null,
  emailVerified: true,
  role: 'user',
  createdAt: '2026-01-01T00:00:00Z',
};

export const session = { user: ada, csrfToken: 'csrf-1', expiresAt: '2030-01-01T00:00:00Z' };
export const signedIn = { user: ada, accessToken: 'a', refreshToken: 'r', expiresIn: 900, csrfToken: 'csrf-2' };
