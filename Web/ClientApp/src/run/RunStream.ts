import { ApiError, fieldErrors } from '../api/errors';
import type { RunExit, RunFrame, RunRequest, RunStage } from '../api/types';

/** What a program has printed so far. */
export interface LiveOutput {
  compiler: string;
  stdout: string;
  stderr: string;
  /** Some bytes were no text, and are shown as replacement characters. */
  lossy: boolean;
}

export interface RunEvents {
  /** Told at most every few milliseconds, however much is printed. */
  onOutput(output: LiveOutput): void;
  onStage(stage: RunStage): void;
  onProgress(message: string): void;
  /** A frame was refused; the program runs on. */
  onProblem(message: string): void;
}

export interface RunSource {
  /** Fails when somebody who was signed in is so no more. */
  url(): Promise<string>;
  /** Why no socket could be opened: browsers do not tell. */
  reason(): Promise<unknown>;
}

export const nothingPrinted: LiveOutput = { compiler: '', stdout: '', stderr: '', lossy: false };

const flushMs = 40;
const stopPatienceMs = 5_000;

/**
 * One program on one socket: its output as it comes, its input while it runs. A connection that is lost ends the program with it, so
 * nothing is opened again by itself.
 */
export class RunStream {
  readonly #source: RunSource;
  readonly #events: RunEvents;
  #socket: WebSocket | null = null;
  #output: LiveOutput = nothingPrinted;
  #compiling = false;
  #flushTimer: ReturnType<typeof setTimeout> | null = null;
  #stopTimer: ReturnType<typeof setTimeout> | null = null;
  #stopped = false;
  #closed = false;

  constructor(source: RunSource, events: RunEvents) {
    this.#source = source;
    this.#events = events;
  }

  get output(): LiveOutput {
    return this.#output;
  }

  /** Resolves at the end of the program; null when it was stopped and did not say how it ended. */
  async run(request: RunRequest): Promise<RunExit | null> {
    const url = await this.#source.url();
    if (this.#stopped || this.#closed) return null;
    const socket = new WebSocket(url);
    this.#socket = socket;
    try {
      return await this.#follow(socket, request);
    } finally {
      this.#clear();
      socket.close();
    }
  }

  write(text: string): void {
    this.#send({ type: 'stdin', data: text });
  }

  endInput(): void {
    this.#send({ type: 'stdin_close' });
  }

  /** Ends the program; what it has printed is kept. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      this.#socket?.close();
      return;
    }
    this.#send({ type: 'cancel' });
    this.#stopTimer = setTimeout(() => this.#socket?.close(), stopPatienceMs);
  }

  /** Nobody looks any more. */
  close(): void {
    this.#closed = true;
    this.#clear();
    this.#socket?.close();
  }

  #follow(socket: WebSocket, request: RunRequest): Promise<RunExit | null> {
    return new Promise((resolve, reject) => {
      let opened = false;
      socket.onopen = () => {
        opened = true;
        socket.send(JSON.stringify({ type: 'start', ...request }));
        // Input that was given beforehand is all there is; without any, it can be typed while the program runs.
        if (request.stdin) this.endInput();
      };
      socket.onmessage = (event) => {
        const frame = JSON.parse(String(event.data)) as RunFrame;
        if (frame.type === 'exit') {
          this.#flush();
          resolve(frame);
        } else if (frame.type === 'error' && frame.error.statusCode !== 400) {
          reject(errorOf(frame.error));
        } else this.#receive(frame);
      };
      socket.onclose = () => {
        this.#flush();
        if (this.#stopped || this.#closed) resolve(null);
        else if (opened) reject(lost());
        else this.#source.reason().then(reject, reject);
      };
    });
  }

  #receive(frame: Exclude<RunFrame, RunExit>): void {
    switch (frame.type) {
      case 'stage':
        this.#compiling = frame.stage === 'compiling';
        this.#flush();
        this.#events.onStage(frame.stage);
        break;
      case 'progress':
        this.#events.onProgress(frame.message);
        break;
      case 'error':
        this.#events.onProblem(frame.error.message);
        break;
      default:
        this.#append(this.#compiling ? 'compiler' : frame.type, frame.data, frame.encoding === 'base64');
    }
  }

  #append(stream: 'compiler' | 'stdout' | 'stderr', data: string, binary: boolean): void {
    const text = binary ? decoded(data) : data;
    this.#output = { ...this.#output, [stream]: this.#output[stream] + text, lossy: this.#output.lossy || binary };
    this.#flushTimer ??= setTimeout(() => this.#flush(), flushMs);
  }

  #flush(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    else return;
    this.#flushTimer = null;
    this.#events.onOutput(this.#output);
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #clear(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    if (this.#stopTimer) clearTimeout(this.#stopTimer);
    this.#flushTimer = this.#stopTimer = null;
  }
}

function decoded(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

function errorOf({ code, message, statusCode, details }: { code: string; message: string; statusCode: number; details?: unknown }): ApiError {
  return new ApiError({ code, message, status: statusCode, fields: statusCode === 422 ? fieldErrors(details) : {} });
}

function lost(): ApiError {
  return new ApiError({
    code: 'CONNECTION_LOST',
    message: 'The connection was lost, and the program ended with it. Run it again.',
    status: 0,
  });
}
