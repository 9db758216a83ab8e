import { ApiError } from '../api/errors';
import type { DeploymentStatus, LogFrame, LogLine, LogPage } from '../api/types';

export type FeedState = 'loading' | 'connecting' | 'live' | 'reconnecting' | 'complete' | 'failed';

export interface FeedSnapshot {
  /** Grows in place; `count` tells how much of it this snapshot covers. */
  lines: readonly LogLine[];
  count: number;
  state: FeedState;
  error: unknown;
  firstError: number | null;
}

export interface FeedSource {
  page(after: number, limit: number, signal: AbortSignal): Promise<LogPage>;
  streamUrl(after: number): Promise<string>;
}

export interface FeedEvents {
  onStatus(status: DeploymentStatus): void;
  onComplete(status: DeploymentStatus): void;
}

const pageSize = 5_000;
const flushMs = 16;
const firstBackoffMs = 500;
const longestBackoffMs = 10_000;
const gapAttempts = 3;

/**
 * The log of one deployment, each line exactly once and in order: stored pages first, then the live stream from the
 * last line on. A lost stream is resumed by the last number; a gap is filled from the stored lines before going on.
 */
export class LogFeed {
  readonly #id: string;
  readonly #source: FeedSource;
  readonly #events: FeedEvents;
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<() => void>();
  #ahead: LogLine[] = [];
  #snapshot: FeedSnapshot;
  #lastSeq = 0;
  #firstError: number | null = null;
  #run: AbortController | null = null;
  #socket: WebSocket | null = null;
  #filling: Promise<void> | null = null;
  #flushTimer: ReturnType<typeof setTimeout> | null = null;
  #finished = false;
  #wake: (() => void) | null = null;

  constructor(id: string, source: FeedSource, events: FeedEvents) {
    this.#id = id;
    this.#source = source;
    this.#events = events;
    this.#snapshot = { lines: this.#lines, count: 0, state: 'loading', error: null, firstError: null };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): FeedSnapshot => this.#snapshot;

  start(): void {
    if (this.#run) return;
    this.#run = new AbortController();
    void this.#follow(this.#run.signal);
  }

  stop(): void {
    this.#run?.abort();
    this.#run = null;
    this.#filling = null;
    this.#closeSocket();
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
  }

  retry(): void {
    this.stop();
    this.#publish({ state: 'loading', error: null });
    this.start();
  }

  /** The deployment has ended: what is stored is all there will be. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#closeSocket();
    this.#wake?.();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const finished = this.#finished;
      try {
        await this.#fill(signal);
        if (finished) {
          this.#publish({ state: 'complete', error: null });
          return;
        }
        if (this.#finished) continue;
        if (await this.#stream(signal)) failures = 0;
        if (this.#finished) continue;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && isFinal(error)) {
          this.#publish({ state: 'failed', error });
          return;
        }
      }
      if (signal.aborted) return;
      failures += 1;
      this.#publish({ state: this.#lines.length > 0 || failures > 1 ? 'reconnecting' : 'loading' });
      await this.#pause(failures, signal);
    }
  }

  /** Resolves when the stream ended: true if it had held for a while, so that the next attempt may come soon. */
  async #stream(signal: AbortSignal): Promise<boolean> {
    const url = await this.#source.streamUrl(this.#lastSeq);
    if (signal.aborted || this.#finished) return false;
    if (this.#snapshot.state === 'loading') this.#publish({ state: 'connecting' });
    const socket = new WebSocket(url);
    this.#socket = socket;
    const openedAt = await new Promise<number | null>((resolve) => {
      let at: number | null = null;
      socket.onopen = () => {
        at = Date.now();
        socket.send(JSON.stringify({ type: 'subscribe', deploymentId: this.#id }));
        this.#publish({ state: 'live', error: null });
      };
      socket.onmessage = (event) => this.#receive(String(event.data), signal);
      socket.onclose = () => resolve(at);
    });
    if (this.#socket === socket) this.#socket = null;
    return openedAt !== null && Date.now() - openedAt > longestBackoffMs;
  }

  #receive(data: string, signal: AbortSignal): void {
    if (signal.aborted) return;
    const frame = JSON.parse(data) as LogFrame;
    if (frame.type === 'log') this.#accept(frame, signal);
    else if (frame.type === 'status_update') this.#events.onStatus(frame.status);
    else if (frame.type === 'deployment_complete') {
      this.#events.onComplete(frame.status);
      this.finish();
    }
  }

  #accept(line: LogLine, signal: AbortSignal): void {
    if (line.seq <= this.#lastSeq) return;
    if (line.seq === this.#lastSeq + 1 && !this.#filling) {
      this.#append(line);
      return;
    }
    this.#ahead.push(line);
    // A failure closes the stream, and the loop that reopens it fills the gap.
    this.#fill(signal).catch(() => this.#closeSocket());
  }

  #fill(signal: AbortSignal): Promise<void> {
    if (this.#filling) return this.#filling;
    const filling = this.#fillNow(signal).finally(() => {
      if (this.#filling === filling) this.#filling = null;
    });
    this.#filling = filling;
    return filling;
  }

  async #fillNow(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#readStored(signal);
      this.#ahead.sort((a, b) => a.seq - b.seq);
      const next = this.#ahead[0];
      // Lines may be announced a moment before they are stored.
      if (!next || next.seq <= this.#lastSeq + 1 || attempt === gapAttempts) break;
      await this.#pause(attempt, signal);
      signal.throwIfAborted();
    }
    const ahead = this.#ahead;
    this.#ahead = [];
    for (const line of ahead) this.#append(line);
  }

  async #readStored(signal: AbortSignal): Promise<void> {
    for (;;) {
      const page = await this.#source.page(this.#lastSeq, pageSize, signal);
      signal.throwIfAborted();
      for (const line of page.lines) this.#append(line);
      if (page.lines.length === 0 || this.#lastSeq >= page.lastSeq) return;
    }
  }

  #append(line: LogLine): void {
    if (line.seq <= this.#lastSeq) return;
    this.#lastSeq = line.seq;
    if (this.#firstError === null && line.level === 'error') this.#firstError = this.#lines.length;
    this.#lines.push({ seq: line.seq, timestamp: line.timestamp, level: line.level, message: line.message });
    this.#flushTimer ??= setTimeout(() => {
      this.#flushTimer = null;
      this.#publish({});
    }, flushMs);
  }

  #publish(change: Partial<Pick<FeedSnapshot, 'state' | 'error'>>): void {
    this.#snapshot = {
      ...this.#snapshot,
      ...change,
      count: this.#lines.length,
      firstError: this.#firstError,
    };
    for (const listener of this.#listeners) listener();
  }

  #closeSocket(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  #pause(failures: number, signal: AbortSignal): Promise<void> {
    const ceiling = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (failures - 1));
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ceiling * (0.5 + Math.random() / 2));
      signal.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
  }
}

/** A refusal that asking again cannot change. Too many requests and server faults pass. */
function isFinal(error: ApiError): boolean {
  return error.status >= 400 && error.status < 500 && error.status !== 429 && error.status !== 408;
}
