import clsx from 'clsx';
import type { ReactNode } from 'react';

/** A sentence that the reader should not miss, without a request behind it. */
export function Notice({ tone, children }: { tone: 'ok' | 'bad'; children: ReactNode }) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={clsx('mt-4 rounded-[10px] border p-3', tone === 'bad' ? 'border-bad/40 bg-bad-soft' : 'border-line bg-sunken')}
    >
      {children}
    </div>
  );
}
