import clsx from 'clsx';
import { CircleAlert, CircleCheck, CircleSlash, LoaderCircle, Terminal, TimerOff } from 'lucide-react';
import { Link, useLocation } from 'react-router';
import { ApiError } from '../api/errors';
import type { RunResult } from '../api/types';
import { hasControls } from '../logs/ansi';
import { AnsiText } from '../logs/AnsiText';
import { loginPath } from '../session/nextPath';
import { useSession } from '../session/useSession';
import { buttonStyle } from '../ui/buttonStyle';
import { CopyButton } from '../ui/CopyButton';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { kilobytes, milliseconds } from '../ui/format';
import { Skeleton } from '../ui/Skeleton';
import { LiveInput } from './LiveInput';
import type { LiveOutput } from './RunStream';
import type { LiveRun, RunState } from './useRun';
import { verdictOf, type Tone } from './verdicts';

const tones: Record<Tone, { style: string; Icon: typeof CircleCheck }> = {
  ok: { style: 'text-ok', Icon: CircleCheck },
  bad: { style: 'text-bad', Icon: CircleAlert },
  busy: { style: 'text-busy', Icon: TimerOff },
  neutral: { style: 'text-muted', Icon: CircleSlash },
};

interface OutputProps {
  state: RunState;
  onRetry: () => void;
  /** Of runs that are watched: what is typed to the program, and the end of it. */
  onLine?: (line: string) => void;
  onEndInput?: () => void;
}

export function Output({ state, onRetry, onLine, onEndInput }: OutputProps) {
  return (
    <section aria-labelledby="output" className="panel min-w-0 overflow-hidden">
      <h2 id="output" className="border-b border-line px-4 py-3 font-semibold">
        Output
      </h2>
      <p role="status" className="sr-only">
        {announcement(state)}
      </p>
      {state.kind === 'idle' && (
        <EmptyState Icon={Terminal} title="Nothing has run yet" text="Press Run, or Ctrl Enter from anywhere in the snippet." />
      )}
      {state.kind === 'stopped' && !wasPrinted(state.output) && (
        <EmptyState Icon={CircleSlash} title="Stopped" text="You stopped waiting, so the result was not read." />
      )}
      {state.kind === 'stopped' && wasPrinted(state.output) && (
        <>
          <p className="border-b border-line px-4 py-3 font-medium text-muted">Stopped</p>
          <Printed output={state.output} />
        </>
      )}
      {state.kind === 'running' && state.live && (
        <>
          <Progress live={state.live} />
          <Printed output={state.live.output} />
          {state.live.stage === 'running' && state.live.takesInput && onLine && onEndInput && <LiveInput onLine={onLine} onEnd={onEndInput} />}
        </>
      )}
      {state.kind === 'running' && !state.live && (
        <div className="grid gap-2.5 p-4">
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-24 w-full" />
        </div>
      )}
      {state.kind === 'refused' && <Refusal error={state.error} onRetry={onRetry} />}
      {state.kind === 'refused' && wasPrinted(state.output) && <Printed output={state.output} />}
      {state.kind === 'done' && state.lossy && <NotText />}
      {state.kind === 'done' && <Result result={state.result} />}
    </section>
  );
}

const stages: Record<LiveRun['stage'], string> = {
  connecting: 'Connecting',
  queued: 'Waiting for a sandbox',
  compiling: 'Compiling',
  running: 'Running',
  stopping: 'Stopping',
};

function Progress({ live }: { live: LiveRun }) {
  return (
    <div className="border-b border-line px-4 py-3">
      <p data-stage={live.stage} className="flex items-center gap-1.5 font-medium text-busy">
        <LoaderCircle aria-hidden className="size-4 motion-safe:animate-spin" /> {stages[live.stage]}…
      </p>
      {live.progress && <p className="mt-0.5 break-words text-muted">{live.progress}</p>}
      {live.problem && (
        <p role="alert" className="mt-0.5 break-words text-bad">
          {live.problem}
        </p>
      )}
    </div>
  );
}

function wasPrinted(output?: LiveOutput): output is LiveOutput {
  return output !== undefined && output.compiler + output.stdout + output.stderr !== '';
}

/** What a program has printed that has not told its end. */
function Printed({ output }: { output: LiveOutput }) {
  return (
    <>
      {output.lossy && <NotText />}
      {output.compiler !== '' && <Stream name="compiler" title="Compiler" text={output.compiler} />}
      {output.stdout !== '' && <Stream name="stdout" title="Standard output" text={latest(output.stdout)} />}
      {output.stderr !== '' && <Stream name="stderr" title="Standard error" text={latest(output.stderr)} />}
    </>
  );
}

const latestLength = 32_768;

/** What came last, from the start of a line: more than that would be laid out again with each piece that comes. */
function latest(text: string): string {
  if (text.length <= latestLength) return text;
  const tail = text.slice(-latestLength);
  return `…\n${tail.slice(tail.indexOf('\n') + 1)}`;
}

function NotText() {
  return <p className="px-4 pt-3 text-[0.8125rem] text-muted">Some of the output is no text: its bytes are shown as �.</p>;
}

function announcement(state: RunState): string {
  if (state.kind === 'running') return state.live ? stages[state.live.stage] : 'Running';
  if (state.kind !== 'done') return '';
  const { status, exitCode } = state.result;
  return `${verdictOf(state.result).label}${status === 'ok' || exitCode === null ? '' : `, exit code ${exitCode}`}`;
}

function Refusal({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const session = useSession();
  const location = useLocation();
  const status = error instanceof ApiError ? error.status : 0;
  const anonymous = !session.data && (status === 401 || isQuota(error));
  const title = isQuota(error) ? 'That was the last run for now' : status === 401 ? 'Sign in to run snippets' : 'The snippet was not run';
  return (
    <div className="p-4">
      <ErrorNotice title={title} error={error} onRetry={status === 401 || status === 422 ? undefined : onRetry}>
        {anonymous && (
          <Link to={loginPath(location)} className={buttonStyle('primary', 'small')}>
            {status === 429 ? 'Sign in for more runs' : 'Sign in'}
          </Link>
        )}
      </ErrorNotice>
    </div>
  );
}

/** Where many wait, signing in changes nothing. */
function isQuota(error: unknown): boolean {
  return error instanceof ApiError && error.status === 429 && error.code !== 'EXECUTION_BUSY';
}

function Result({ result }: { result: RunResult }) {
  const verdict = verdictOf(result);
  const { style, Icon } = tones[verdict.tone];
  // Where the compiler refused it, there is no output but the compiler's.
  const ran = result.status !== 'compile_error' || !result.compile?.output;
  const explanation = result.message ?? verdict.hint;
  return (
    <>
      <div className="border-b border-line px-4 py-3">
        <p data-verdict={result.status} className={clsx('flex items-center gap-1.5 font-medium', style)}>
          <Icon aria-hidden className="size-4" /> {verdict.label}
        </p>
        {explanation && <p className="mt-0.5 break-words text-muted">{explanation}</p>}
        <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-1">
          {result.exitCode !== null && <Fact name="Exit code" value={String(result.exitCode)} />}
          {result.signal && <Fact name="Signal" value={result.signal} />}
          <Fact name="Time" value={milliseconds(result.timeMs)} />
          {result.cpuTimeMs !== null && <Fact name="CPU" value={milliseconds(result.cpuTimeMs)} />}
          {result.memoryKb !== null && <Fact name="Memory" value={kilobytes(result.memoryKb)} />}
          {result.compile && <Fact name="Compiled in" value={milliseconds(result.compile.timeMs)} />}
        </dl>
      </div>
      {result.compile && result.compile.output !== '' && (
        <Stream
          name="compiler"
          title="Compiler"
          text={result.compile.output}
          binary={result.compile.encoding === 'base64'}
          truncated={result.compile.truncated}
        />
      )}
      {ran && (
        <Stream
          name="stdout"
          title="Standard output"
          text={result.stdout}
          binary={result.stdoutEncoding === 'base64'}
          truncated={result.truncated.stdout}
        />
      )}
      {ran && (result.stderr !== '' || result.truncated.stderr) && (
        <Stream
          name="stderr"
          title="Standard error"
          text={result.stderr}
          binary={result.stderrEncoding === 'base64'}
          truncated={result.truncated.stderr}
        />
      )}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-muted">{name}</dt>
      <dd className="tabular font-medium">{value}</dd>
    </div>
  );
}

interface StreamProps {
  name: 'stdout' | 'stderr' | 'compiler';
  title: string;
  text: string;
  binary?: boolean;
  truncated?: boolean;
}

function Stream({ name, title, text, binary = false, truncated = false }: StreamProps) {
  const bad = name === 'stderr';
  return (
    <div className={clsx('border-l-2', bad ? 'border-bad' : 'border-transparent')}>
      <div className="flex min-h-10 items-center justify-between gap-2 px-4 pt-1.5">
        <h3 id={name} className={clsx('text-[0.8125rem] font-medium', bad ? 'text-bad' : 'text-muted')}>
          {title}
        </h3>
        {text !== '' && <CopyButton text={text} label={`Copy ${name}`} tone="quiet" size="small" />}
      </div>
      {binary && <p className="px-4 pb-2 text-[0.8125rem] text-muted">This is no text, so it is shown as Base64.</p>}
      {text === '' ? (
        <p className="px-4 pb-4 text-muted">Nothing was printed.</p>
      ) : (
        <pre
          role="region"
          aria-labelledby={name}
          tabIndex={0}
          data-stream={name}
          className="max-h-112 overflow-auto px-4 pb-4 font-mono text-[0.8125rem] leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap focus-visible:outline-offset-[-2px]"
        >
          <Lines text={text} />
        </pre>
      )}
      {truncated && <p className="px-4 pb-3 text-[0.8125rem] text-busy">The rest was cut off: only the beginning is kept.</p>}
    </div>
  );
}

function Lines({ text }: { text: string }) {
  const lines = text.split('\n');
  // Without escapes one text node serves, however many lines there are.
  if (!lines.some(hasControls)) return text;
  return lines.map((line, index) => (
    <span key={index}>
      <AnsiText text={line} />
      {index < lines.length - 1 && '\n'}
    </span>
  ));
}
