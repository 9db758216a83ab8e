import type { NotificationFrame } from '../api/types';

const firstBackoffMs = 1_000;
const longestBackoffMs = 60_000;
const steadyMs = 10_000;

/** The socket of notifications. A lost one is opened again, ever less often while that fails; what was missed is in the lists. */
export class NotificationStream {
  readonly #address: () => Promise<string>;
  readonly #onFrame: (frame: NotificationFrame) => void;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped = true;
  #failures = 0;

  constructor(address: () => Promise<string>, onFrame: (frame: NotificationFrame) => void) {
    this.#address = address;
    this.#onFrame = onFrame;
  }

  start(): void {
    this.#stopped = false;
    void this.#open();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  async #open(): Promise<void> {
    let url: string;
    try {
      url = await this.#address();
    } catch {
      // The host's settings cannot be read: the pages say so themselves.
      this.#again();
      return;
    }
    if (this.#stopped) return;
    const socket = new WebSocket(url);
    this.#socket = socket;
    let openedAt = Infinity;
    socket.onopen = () => {
      openedAt = Date.now();
    };
    socket.onmessage = (event) => this.#onFrame(JSON.parse(String(event.data)) as NotificationFrame);
    socket.onclose = () => {
      if (Date.now() - openedAt > steadyMs) this.#failures = 0;
      if (this.#socket === socket) this.#again();
    };
  }

  #again(): void {
    if (this.#stopped) return;
    this.#socket = null;
    const wait = Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.#open(), wait * (0.5 + Math.random() / 2));
  }
}
