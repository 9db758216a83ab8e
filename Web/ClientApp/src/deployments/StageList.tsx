import clsx from 'clsx';
import { Check, Circle, CircleDashed, Minus, X } from 'lucide-react';
import type { DeploymentDetail, DeploymentStage } from '../api/types';
import { duration } from '../ui/format';
import { Elapsed } from '../ui/Time';

type Mood = 'done' | 'active' | 'failed' | 'stopped' | 'waiting';

const moods: Record<Mood, { Icon: typeof Check; bar: string; icon: string; text: string }> = {
  done: { Icon: Check, bar: 'bg-ok', icon: 'text-ok', text: 'done' },
  active: { Icon: CircleDashed, bar: 'bg-busy breathe', icon: 'text-busy', text: 'in progress' },
  failed: { Icon: X, bar: 'bg-bad', icon: 'text-bad', text: 'failed' },
  stopped: { Icon: Minus, bar: 'bg-control', icon: 'text-muted', text: 'cancelled' },
  waiting: { Icon: Circle, bar: 'bg-line', icon: 'text-muted', text: 'not started' },
};

export function StageList({ deployment }: { deployment: DeploymentDetail }) {
  return (
    <section aria-labelledby="stages" className="panel px-4 py-3.5">
      <h2 id="stages" className="sr-only">
        Stages
      </h2>
      <ol className="grid gap-x-2 gap-y-4 sm:auto-cols-fr sm:grid-flow-col">
        {deployment.stages.map((stage) => (
          <Stage key={stage.name} stage={stage} mood={moodOf(stage, deployment)} said={deployment.error?.message} />
        ))}
      </ol>
    </section>
  );
}

/** @param said What stands above already. */
function Stage({ stage, mood, said }: { stage: DeploymentStage; mood: Mood; said?: string }) {
  const { Icon, bar, icon, text } = moods[mood];
  return (
    <li data-stage={stage.name.toLowerCase()} data-stage-status={stage.status} className="min-w-0">
      <span aria-hidden className={clsx('mb-2 block h-1 rounded-full', bar)} />
      <p className="flex items-center gap-1.5">
        <Icon aria-hidden className={clsx('size-4 shrink-0', icon)} />
        <span className={clsx('font-medium', mood === 'waiting' && 'text-muted')}>{stage.name}</span>
        <span className="sr-only">, {text}</span>
        <span className="tabular ml-auto pr-1 text-[0.8125rem] text-muted">
          <StageTime stage={stage} mood={mood} />
        </span>
      </p>
      {stage.error && mood === 'failed' && stage.error !== said && (
        <p className="mt-1 text-[0.8125rem] break-words text-bad">{stage.error}</p>
      )}
    </li>
  );
}

function StageTime({ stage, mood }: { stage: DeploymentStage; mood: Mood }) {
  if (!stage.timestamp) return null;
  if (stage.completedAt) {
    const seconds = (Date.parse(stage.completedAt) - Date.parse(stage.timestamp)) / 1000;
    return seconds >= 1 ? <>{duration(seconds)}</> : null;
  }
  return mood === 'active' ? <Elapsed since={stage.timestamp} /> : null;
}

function moodOf({ status }: DeploymentStage, deployment: DeploymentDetail): Mood {
  if (status === 'completed') return 'done';
  if (status === 'pending') return 'waiting';
  // Whatever a cancelled deployment was doing was stopped; it did not fail.
  if (deployment.status === 'cancelled') return 'stopped';
  return status === 'failed' ? 'failed' : 'active';
}
