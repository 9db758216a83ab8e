import clsx from 'clsx';
import { ChevronDown, ChevronUp, Download, Pause, Play, Search } from 'lucide-react';
import type { DeploymentDetail } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';
import { CopyButton } from '../ui/CopyButton';
import { plainText } from './ansi';
import type { FeedSnapshot, FeedState } from './LogFeed';

interface LogToolbarProps {
  deployment: DeploymentDetail;
  snapshot: FeedSnapshot;
  view: { wrap: boolean; times: boolean; setWrap: (on: boolean) => void; setTimes: (on: boolean) => void };
  search: {
    query: string;
    matches: number;
    current: number;
    find: (query: string) => void;
    step: (by: number) => void;
  };
  following: boolean;
  onFollow: () => void;
  onFirstError: () => void;
}

export function LogToolbar({ deployment, snapshot, view, search, following, onFollow, onFirstError }: LogToolbarProps) {
  const running = snapshot.state !== 'complete' && snapshot.state !== 'failed';
  const text = () => logText(snapshot);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
      <h2 id="log-title" className="font-semibold">
        Build log
      </h2>
      <FeedStateText state={snapshot.state} count={snapshot.count} />
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        <LogSearchBox {...search} />
        {snapshot.firstError !== null && (
          <button type="button" className={buttonStyle('danger', 'small')} onClick={onFirstError}>
            First error
          </button>
        )}
        {running && (
          <button type="button" aria-pressed={following} className={buttonStyle('secondary', 'small')} onClick={onFollow}>
            {following ? <Pause aria-hidden className="size-3.5" /> : <Play aria-hidden className="size-3.5" />}
            {following ? 'Pause' : 'Follow'}
          </button>
        )}
        <Toggle on={view.wrap} onChange={view.setWrap} label="Wrap" />
        <Toggle on={view.times} onChange={view.setTimes} label="Times" />
        <CopyButton text={text} label="Copy log" tone="quiet" size="small" />
        <button
          type="button"
          className={buttonStyle('quiet', 'small')}
          onClick={() => download(`${deployment.project}-${deployment.id}.log`, text())}
        >
          <Download aria-hidden className="size-3.5" /> Download
        </button>
      </div>
    </div>
  );
}

function LogSearchBox({ query, matches, current, find, step }: LogToolbarProps['search']) {
  function onKeyDown(event: React.KeyboardEvent) {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && query !== '') find('');
    else return;
    event.preventDefault();
  }

  return (
    <div className="flex items-center gap-1">
      <div className="relative">
        <Search aria-hidden className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-muted" />
        <input
          type="search"
          aria-label="Search the log"
          placeholder="Search the log"
          value={query}
          onChange={(event) => find(event.target.value)}
          onKeyDown={onKeyDown}
          className="control min-h-7! w-40! py-0.5! pl-7! text-[0.8125rem]"
        />
      </div>
      <span role="status" className={clsx('tabular text-[0.8125rem] text-muted', query === '' && 'sr-only')}>
        {query !== '' && (matches > 0 ? `${current} of ${matches}` : 'No match')}
      </span>
      {query !== '' && matches > 0 && (
        <>
          <button type="button" aria-label="Previous match" className={buttonStyle('quiet', 'small')} onClick={() => step(-1)}>
            <ChevronUp aria-hidden className="size-3.5" />
          </button>
          <button type="button" aria-label="Next match" className={buttonStyle('quiet', 'small')} onClick={() => step(1)}>
            <ChevronDown aria-hidden className="size-3.5" />
          </button>
        </>
      )}
    </div>
  );
}

function Toggle({ on, onChange, label }: { on: boolean; onChange: (on: boolean) => void; label: string }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onChange(!on)}
      className={clsx(buttonStyle('quiet', 'small'), on && 'bg-sunken text-ink!')}
    >
      {label}
    </button>
  );
}

const stateTexts: Record<FeedState, string> = {
  loading: 'Loading',
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Connection lost, trying again',
  complete: '',
  failed: '',
};

function FeedStateText({ state, count }: { state: FeedState; count: number }) {
  return (
    <p className="flex items-center gap-2 text-[0.8125rem] text-muted">
      <span role="status" className={clsx('inline-flex items-center gap-1.5', state === 'live' && 'text-ok', state === 'reconnecting' && 'text-busy')}>
        {state === 'live' && <span aria-hidden className="breathe size-1.5 rounded-full bg-current" />}
        {stateTexts[state]}
      </span>
      <span className="tabular">
        {count.toLocaleString('en')} {count === 1 ? 'line' : 'lines'}
      </span>
    </p>
  );
}

function logText({ lines, count }: FeedSnapshot): string {
  return lines
    .slice(0, count)
    .map((line) => plainText(line.message))
    .join('\n');
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replace(/[^\w.-]+/g, '-');
  link.click();
  URL.revokeObjectURL(url);
}
