import clsx from 'clsx';
import { Check } from 'lucide-react';

const names = ['Source', 'Build', 'Deploy'];

export function Steps({ current, onGo }: { current: number; onGo: (step: number) => void }) {
  return (
    <nav aria-label="Steps" className="mb-5">
      <ol className="grid grid-cols-3 gap-2">
        {names.map((name, index) => {
          const step = index + 1;
          const done = step < current;
          const label = (
            <span className="flex items-center gap-2">
              <span
                aria-hidden
                className={clsx(
                  'tabular grid size-5 place-items-center rounded-full text-xs font-medium',
                  step <= current ? 'bg-ink text-on-ink' : 'border border-control text-muted',
                )}
              >
                {done ? <Check className="size-3" /> : step}
              </span>
              <span className={step === current ? 'font-medium' : 'text-muted'}>{name}</span>
            </span>
          );
          return (
            <li
              key={name}
              aria-current={step === current ? 'step' : undefined}
              className={clsx('border-t-2 pt-2.5', step <= current ? 'border-ink' : 'border-line')}
            >
              {done ? (
                <button type="button" onClick={() => onGo(step)} className="hover:underline">
                  {label}
                </button>
              ) : (
                label
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
