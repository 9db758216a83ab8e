import type { WebSocket as ServerSocket } from 'ws';
import type { RunFrame } from '../api/types';
import type { ApiServer } from './apiServer';

type Script = RunFrame[] | ((run: PlayedRun) => void);

/** The other end of one program's socket. */
export class PlayedRun {
  readonly received: Record<string, unknown>[] = [];
  readonly socket: ServerSocket;

  constructor(socket: ServerSocket) {
    this.socket = socket;
  }

  send(...frames: RunFrame[]): void {
    for (const frame of frames) this.socket.send(JSON.stringify(frame));
    if (frames.some((frame) => frame.type === 'exit')) this.socket.close(1000);
  }
}

/** Plays programs that are run over the socket; it remembers what it was sent. */
export class RunServer {
  readonly runs: PlayedRun[] = [];

  constructor(server: ApiServer, script: () => Script) {
    server.onSocket((socket) => {
      const run = new PlayedRun(socket);
      this.runs.push(run);
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
        run.received.push(frame);
        if (frame.type !== 'start') return;
        const play = script();
        if (typeof play === 'function') play(run);
        else run.send(...play);
      });
    });
  }

  get last(): PlayedRun {
    const run = this.runs.at(-1);
    if (!run) throw new Error('Nothing has been run.');
    return run;
  }
}
