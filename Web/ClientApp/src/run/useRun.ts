import { useCallback, useEffect, useRef, useState } from 'react';
import { isAbort } from '../api/errors';
import type { RunResult, RunStage } from '../api/types';
import type { LiveOutput } from './RunStream';

export type RunState =
  | { kind: 'idle' }
  | { kind: 'running'; live?: LiveRun }
  | { kind: 'stopped'; output?: LiveOutput }
  | { kind: 'done'; result: RunResult; lossy?: boolean }
  | { kind: 'refused'; error: unknown; output?: LiveOutput };

/** A run that is watched. */
export interface LiveRun {
  stage: RunStage | 'connecting' | 'stopping';
  /** What is waited for, such as an image that is being built. */
  progress: string | null;
  /** Why something that was typed did not reach the program. */
  problem: string | null;
  output: LiveOutput;
  takesInput: boolean;
}

/** One run at a time; `send` starts it and answers with what became of it. */
export function useRun<Request>(send: (request: Request, signal: AbortSignal) => Promise<RunResult>) {
  const [state, setState] = useState<RunState>({ kind: 'idle' });
  const current = useRef<AbortController | null>(null);

  useEffect(() => () => current.current?.abort(), []);

  const run = useCallback(async (request: Request) => {
    if (current.current) return;
    const controller = new AbortController();
    current.current = controller;
    setState({ kind: 'running' });
    try {
      setState({ kind: 'done', result: await send(request, controller.signal) });
    } catch (error) {
      setState(isAbort(error) ? { kind: 'stopped' } : { kind: 'refused', error });
    } finally {
      current.current = null;
    }
  }, [send]);

  const stop = useCallback(() => current.current?.abort(), []);

  return { state, run, stop };
}
