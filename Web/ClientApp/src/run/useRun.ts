import { useCallback, useEffect, useRef, useState } from 'react';
import { runSnippet } from '../api/endpoints';
import { isAbort } from '../api/errors';
import type { RunRequest, RunResult } from '../api/types';

export type RunState =
  | { kind: 'idle' }
  | { kind: 'running' }
  | { kind: 'stopped' }
  | { kind: 'done'; result: RunResult }
  | { kind: 'refused'; error: unknown };

export function useRun() {
  const [state, setState] = useState<RunState>({ kind: 'idle' });
  const current = useRef<AbortController | null>(null);

  useEffect(() => () => current.current?.abort(), []);

  const run = useCallback(async (request: RunRequest) => {
    if (current.current) return;
    const controller = new AbortController();
    current.current = controller;
    setState({ kind: 'running' });
    try {
      setState({ kind: 'done', result: await runSnippet(request, controller.signal) });
    } catch (error) {
      setState(isAbort(error) ? { kind: 'stopped' } : { kind: 'refused', error });
    } finally {
      current.current = null;
    }
  }, []);

  const stop = useCallback(() => current.current?.abort(), []);

  return { state, run, stop };
}
