import type { RunResult, RunStatus } from '../api/types';

export type Tone = 'ok' | 'bad' | 'busy' | 'neutral';

const verdicts: Record<RunStatus, { label: string; tone: Tone; hint: string | null }> = {
  ok: { label: 'Finished', tone: 'ok', hint: null },
  runtime_error: { label: 'Runtime error', tone: 'bad', hint: 'The program ended with an error.' },
  wrong_answer: { label: 'Wrong answer', tone: 'bad', hint: 'The program ended well, but printed something else than expected.' },
  compile_error: { label: 'Compile error', tone: 'bad', hint: 'The program could not be compiled, so it was not run.' },
  time_limit: { label: 'Time limit', tone: 'busy', hint: 'The program ran too long and was stopped.' },
  idle_limit: { label: 'Idle limit', tone: 'busy', hint: 'The program waited too long without doing anything.' },
  memory_limit: { label: 'Memory limit', tone: 'busy', hint: 'The program asked for more memory than it may have.' },
  output_limit: { label: 'Output limit', tone: 'busy', hint: 'The program printed more than is kept.' },
  signalled: { label: 'Killed by a signal', tone: 'bad', hint: null },
  internal_error: { label: 'Internal error', tone: 'bad', hint: 'The sandbox failed, not your program. Try again.' },
  cancelled: { label: 'Cancelled', tone: 'neutral', hint: null },
};

export function verdictOf(result: RunResult) {
  const known = Object.hasOwn(verdicts, result.status) ? verdicts[result.status] : null;
  return known ?? { label: result.status, tone: 'neutral' as const, hint: null };
}
