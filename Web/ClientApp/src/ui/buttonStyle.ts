import clsx from 'clsx';

export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger';

export function buttonStyle(tone: ButtonTone = 'primary', size: 'small' | 'normal' | 'large' = 'normal'): string {
  return clsx(
    'inline-flex items-center justify-center gap-1.5 rounded-[7px] font-medium whitespace-nowrap transition-colors duration-100',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55',
    size === 'small' && 'min-h-7 px-2.5 text-[0.8125rem]',
    size === 'normal' && 'min-h-9 px-3.5 text-sm',
    size === 'large' && 'min-h-11 px-5 text-[0.9375rem]',
    tone === 'primary' && 'border border-ink bg-ink text-on-ink hover:not-disabled:opacity-88',
    tone === 'secondary' && 'border border-control/60 bg-surface text-ink hover:not-disabled:bg-sunken',
    tone === 'quiet' && 'border border-transparent text-muted hover:not-disabled:bg-sunken hover:not-disabled:text-ink',
    tone === 'danger' && 'border border-bad/50 bg-surface text-bad hover:not-disabled:bg-bad-soft',
  );
}
