import { hasSignedInHint, setSignedInHint } from '../session/signedInHint';
import { ApiError, isAbort } from './errors';
import { sendFile, type Progress } from './sendFile';
import { runtimeConfig } from './runtimeConfig';
import type { Session, SignedIn } from './types';

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A file and a form go as they are, all else as JSON. */
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal;
  /** Told how much of a file has been sent. */
  onProgress?: Progress;
}

type Listener = () => void;

/** In seconds. */
const shortestAccess = 30;

/** Calls that must not lead to a token refresh: they are how a session begins or ends. */
const withoutRefresh = new Set([
  '/api/auth/login',
  '/api/auth/signup',
  '/api/auth/refresh',
  '/api/auth/link',
  '/api/auth/2fa/verify',
]);
const withoutCsrf = withoutRefresh;

/** Refusals with 401 that speak of what was sent and not of the session: the same request again would count as another attempt. */
const aboutTheRequest = new Set(['INVALID_EMAIL_TOKEN']);

/**
 * Talks to the Api with the browser's cookies: adds the CSRF header to what changes state, refreshes an expired
 * access cookie once per expiry (however many calls notice it), and turns every failure into an ApiError.
 */
export class ApiClient {
  #csrfToken: string | null = null;
  /** By the clock of the page, which nobody sets. */
  #accessEndsAt: number | null = null;
  #refreshing: Promise<boolean> | null = null;
  readonly #signedOut = new Set<Listener>();

  onSignedOut(listener: Listener): () => void {
    this.#signedOut.add(listener);
    return () => this.#signedOut.delete(listener);
  }

  async call<T>(path: string, options: CallOptions = {}): Promise<T> {
    // What takes everybody would take the call for one of nobody, and not ask for a refresh.
    if (!withoutRefresh.has(path) && this.#accessEndsAt !== null && performance.now() >= this.#accessEndsAt) await this.#refresh();
    let response = await this.#send(path, options);
    if (response.status === 401 && !withoutRefresh.has(path)) {
      if (!aboutTheRequest.has(await codeOf(response)) && (await this.#refresh())) response = await this.#send(path, options);
    } else if (response.status === 403 && (await isCsrfRefusal(response)) && (await this.session()) !== null) {
      response = await this.#send(path, options);
    }
    if (!response.ok) throw await ApiError.fromResponse(response);
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** The current session, or null when nobody is signed in. */
  async session(signal?: AbortSignal): Promise<Session | null> {
    const path = '/api/auth/session';
    let response = await this.#send(path, { signal });
    if (response.status === 401 && hasSignedInHint() && (await this.#refresh())) {
      response = await this.#send(path, { signal });
    }
    if (response.status === 401) {
      this.forget();
      return null;
    }
    if (!response.ok) throw await ApiError.fromResponse(response);
    const session = (await response.json()) as Session;
    this.#csrfToken = session.csrfToken;
    this.#accessFor((Date.parse(session.expiresAt) - Date.now()) / 1000);
    setSignedInHint(true);
    return session;
  }

  /** For what takes everybody and cannot be asked again: who believes to be signed in is so, or the call fails with 401. */
  async confirmSession(): Promise<void> {
    if (this.#csrfToken === null || (await this.session()) !== null) return;
    throw new ApiError({
      code: 'UNAUTHORIZED',
      message: 'Your session has ended. Sign in again, or go on without an account.',
      status: 401,
    });
  }

  /** Takes over what sign-up and login answered. The tokens in the body are for other clients; ours are the cookies. */
  adopt(answer: SignedIn): Session {
    this.#csrfToken = answer.csrfToken;
    this.#accessFor(answer.expiresIn);
    setSignedInHint(true);
    return {
      user: answer.user,
      csrfToken: answer.csrfToken,
      expiresAt: new Date(Date.now() + answer.expiresIn * 1000).toISOString(),
    };
  }

  forget(): void {
    this.#csrfToken = null;
    this.#accessEndsAt = null;
    setSignedInHint(false);
  }

  async webSocketUrl(path: string, query: Record<string, string | number>): Promise<string> {
    const url = await this.#url(path, query);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.toString();
  }

  /** Where a path of the Api lies, for what the browser itself goes to. */
  async address(path: string, query: Record<string, string> = {}): Promise<string> {
    return (await this.#url(path, query)).toString();
  }

  async #url(path: string, query?: CallOptions['query']): Promise<URL> {
    const { apiBaseUrl } = await runtimeConfig();
    const url = new URL(path, apiBaseUrl || window.location.origin);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
    }
    return url;
  }

  async #send(path: string, { method = 'GET', body, query, signal, onProgress }: CallOptions): Promise<Response> {
    const url = await this.#url(path, query);
    const headers: Record<string, string> = { Accept: 'application/json' };
    const file = body instanceof Blob || body instanceof FormData;
    // Only the browser knows what stands between the fields of a form.
    if (body instanceof Blob) headers['Content-Type'] = body.type;
    else if (body !== undefined && !file) headers['Content-Type'] = 'application/json';
    if (method !== 'GET' && this.#csrfToken && !withoutCsrf.has(path)) headers['X-CSRF-Token'] = this.#csrfToken;
    try {
      if (file && onProgress) return await sendFile({ url, method, headers, file: body, signal, onProgress });
      return await fetch(url, {
        method,
        headers,
        credentials: 'include',
        body: file || body === undefined ? body : JSON.stringify(body),
        signal,
      });
    } catch (error) {
      if (isAbort(error)) throw error;
      throw ApiError.unreachable(error);
    }
  }

  /** A little less than it is; a clock that goes wrong does not make every call ask for a refresh. */
  #accessFor(seconds: number): void {
    this.#accessEndsAt = performance.now() + Math.max(seconds - 5, shortestAccess) * 1000;
  }

  #refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refreshAcrossTabs().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refreshAcrossTabs(): Promise<boolean> {
    // Refresh tokens rotate: two tabs that present the same one would look like a theft. One tab at a time, and the
    // one that waited looks first whether the cookies have become good meanwhile.
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) return await this.#refreshNow();
    let waited = false;
    const free = await locks.request('autostack.refresh', { ifAvailable: true }, async (lock) => {
      waited = lock === null;
      return lock ? await this.#refreshNow() : false;
    });
    if (!waited) return free;
    return await locks.request('autostack.refresh', async () => {
      const probe = await this.#send('/api/auth/session', {});
      if (!probe.ok) return await this.#refreshNow();
      this.#csrfToken = ((await probe.json()) as Session).csrfToken;
      return true;
    });
  }

  async #refreshNow(): Promise<boolean> {
    const response = await this.#send('/api/auth/refresh', { method: 'POST' });
    if (response.ok) {
      const answer = (await response.json()) as SignedIn;
      this.#csrfToken = answer.csrfToken;
      this.#accessFor(answer.expiresIn);
      return true;
    }
    if (response.status === 429 || response.status >= 500) throw await ApiError.fromResponse(response);
    this.forget();
    for (const listener of this.#signedOut) listener();
    return false;
  }
}

async function isCsrfRefusal(response: Response): Promise<boolean> {
  return (await codeOf(response)).includes('CSRF');
}

async function codeOf(response: Response): Promise<string> {
  return (await ApiError.fromResponse(response.clone())).code;
}

export const api = new ApiClient();
