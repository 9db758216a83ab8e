import clsx from 'clsx';
import type { Ref } from 'react';
import { Link } from 'react-router';
import type { LogLine } from '../api/types';
import { AnsiText } from './AnsiText';

interface LogRowProps {
  ref: Ref<HTMLDivElement>;
  index: number;
  line: LogLine;
  top: number;
  wrap: boolean;
  elapsedFrom: number | null;
  highlighted: boolean;
}

const tones: Record<string, string> = {
  error: 'border-bad text-bad',
  warn: 'border-busy text-busy',
  warning: 'border-busy text-busy',
  debug: 'border-transparent text-muted',
};

export function LogRow({ ref, index, line, top, wrap, elapsedFrom, highlighted }: LogRowProps) {
  return (
    <div
      ref={ref}
      data-index={index}
      data-level={line.level}
      style={{ transform: `translateY(${top}px)` }}
      className={clsx(
        'absolute top-0 left-0 flex min-w-full border-l-2 pr-4 hover:bg-line/40',
        wrap ? 'w-full' : 'w-max',
        tones[line.level] ?? 'border-transparent text-ink',
        highlighted && 'bg-accent-soft!',
      )}
    >
      <Link
        to={{ hash: `#L${line.seq}` }}
        replace
        tabIndex={-1}
        aria-label={`Line ${line.seq}`}
        className="tabular w-13 shrink-0 pr-3 text-right text-muted no-underline select-none hover:text-ink max-sm:w-10 max-sm:pr-2"
      >
        {line.seq}
      </Link>
      {elapsedFrom !== null && (
        <time
          dateTime={line.timestamp}
          title={line.timestamp}
          className="tabular shrink-0 pr-3 text-muted select-none"
        >
          {clockText(Date.parse(line.timestamp) - elapsedFrom)}
        </time>
      )}
      <span
        dir="ltr"
        className={clsx(
          'min-w-0 flex-1 [tab-size:4] [unicode-bidi:isolate]',
          wrap ? 'break-words whitespace-pre-wrap [overflow-wrap:anywhere]' : 'whitespace-pre',
        )}
      >
        <AnsiText text={line.message} />
      </span>
    </div>
  );
}

function clockText(elapsedMs: number): string {
  const seconds = Math.max(0, elapsedMs / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${String(minutes).padStart(2, '0')}:${(seconds % 60).toFixed(1).padStart(4, '0')}`;
}
