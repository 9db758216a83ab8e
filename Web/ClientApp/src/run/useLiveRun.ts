import { useCallback, useEffect, useRef, useState } from 'react';
import { runProblem, runStreamUrl } from '../api/endpoints';
import type { RunExit, RunRequest, RunResult } from '../api/types';
import { nothingPrinted, RunStream, type LiveOutput } from './RunStream';
import type { LiveRun, RunState } from './useRun';

/** One program at a time, watched and typed to while it runs. */
export function useLiveRun() {
  const [state, setState] = useState<RunState>({ kind: 'idle' });
  const current = useRef<RunStream | null>(null);

  useEffect(
    () => () => {
      current.current?.close();
      current.current = null;
    },
    [],
  );

  const run = useCallback(async (request: RunRequest) => {
    if (current.current) return;
    const change = (part: Partial<LiveRun>) => {
      if (current.current === stream) setState((last) => (last.kind === 'running' && last.live ? { kind: 'running', live: { ...last.live, ...part } } : last));
    };
    const stream = new RunStream(
      { url: runStreamUrl, reason: runProblem },
      {
        onOutput: (output) => change({ output }),
        onStage: (stage) => change({ stage, progress: null }),
        onProgress: (progress) => change({ progress }),
        onProblem: (problem) => change({ problem }),
      },
    );
    current.current = stream;
    setState({ kind: 'running', live: { stage: 'connecting', progress: null, problem: null, output: nothingPrinted, takesInput: !request.stdin } });
    let end: RunState;
    try {
      const exit = await stream.run(request);
      end = exit ? { kind: 'done', result: resultOf(exit, stream.output), lossy: stream.output.lossy } : { kind: 'stopped', output: stream.output };
    } catch (error) {
      end = { kind: 'refused', error, output: stream.output };
    }
    // After the page was left, or came to life again, this run is nobody's.
    if (current.current !== stream) return;
    current.current = null;
    setState(end);
  }, []);

  const stop = useCallback(() => {
    const stream = current.current;
    if (!stream) return;
    setState((last) => (last.kind === 'running' && last.live ? { kind: 'running', live: { ...last.live, stage: 'stopping', progress: null } } : last));
    stream.stop();
  }, []);

  const write = useCallback((text: string) => current.current?.write(text), []);

  const endInput = useCallback(() => {
    current.current?.endInput();
    setState((last) => (last.kind === 'running' && last.live ? { kind: 'running', live: { ...last.live, takesInput: false } } : last));
  }, []);

  return { state, run, stop, write, endInput };
}

// As much as is kept of a run that nobody watches; a page of more is slow.
const keptLength = 1_048_576;

/** As if the whole outcome had come at once. */
function resultOf(exit: RunExit, output: LiveOutput): RunResult {
  const { compile } = exit;
  return {
    id: '',
    status: exit.status,
    stdout: output.stdout.slice(0, keptLength),
    stdoutEncoding: 'utf8',
    stderr: output.stderr.slice(0, keptLength),
    stderrEncoding: 'utf8',
    exitCode: exit.exitCode,
    signal: exit.signal,
    timeMs: exit.timeMs,
    cpuTimeMs: exit.cpuTimeMs,
    memoryKb: exit.memoryKb,
    truncated: {
      stdout: exit.truncated.stdout || output.stdout.length > keptLength,
      stderr: exit.truncated.stderr || output.stderr.length > keptLength,
    },
    message: exit.message,
    compile: compile || output.compiler ? {
      output: output.compiler,
      encoding: 'utf8',
      truncated: false,
      exitCode: compile?.exitCode ?? null,
      signal: compile?.signal ?? null,
      timeMs: compile?.timeMs ?? 0,
      cpuTimeMs: 0,
      memoryKb: 0,
    } : null,
    tests: null,
    score: null,
  };
}
