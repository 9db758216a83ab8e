import { ArrowDown, ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { DeploymentDetail } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Loading, Skeleton } from '../ui/Skeleton';
import { LogRow } from './LogRow';
import { LogSearch } from './LogSearch';
import { LogToolbar } from './LogToolbar';
import { useLogFeed } from './useLogFeed';
import { useLogScroll } from './useLogScroll';

/** The build log: live, complete, searchable, and never moving under the reader. */
export function LogViewer({ deployment }: { deployment: DeploymentDetail }) {
  const { feed, snapshot } = useLogFeed(deployment);
  const { lines, count, state, firstError } = snapshot;
  const [wrap, setWrap] = useState(true);
  const [times, setTimes] = useState(false);
  const [query, setQuery] = useState('');
  const [search] = useState(() => new LogSearch());
  const [hit, setHit] = useState(0);
  const scroll = useLogScroll(lines, count);
  const matches = search.matches(query, lines, count);
  const currentHit = matches.length > 0 ? matches[hit % matches.length] : undefined;

  function find(next: string) {
    setQuery(next);
    setHit(0);
    const first = search.matches(next, lines, count)[0];
    if (first !== undefined) scroll.showLine(first);
  }

  function step(by: number) {
    if (matches.length === 0) return;
    const next = (hit + by + matches.length) % matches.length;
    setHit(next);
    scroll.showLine(matches[next] ?? 0);
  }

  function onKeyDown(event: React.KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'End') scroll.toEnd();
    else if (event.key === 'Home') scroll.toStart();
    else if (event.key === 'e' && firstError !== null) scroll.showLine(firstError);
    else return;
    event.preventDefault();
  }

  const start = lines[0] ? Date.parse(lines[0].timestamp) : 0;
  return (
    <section aria-labelledby="log-title" className="panel min-w-0 overflow-hidden">
      <LogToolbar
        deployment={deployment}
        snapshot={snapshot}
        view={{ wrap, times, setWrap, setTimes }}
        search={{ query, matches: matches.length, current: matches.length > 0 ? (hit % matches.length) + 1 : 0, find, step }}
        following={scroll.following}
        onFollow={scroll.toggleFollow}
        onFirstError={() => firstError !== null && scroll.showLine(firstError)}
      />
      {state === 'failed' && (
        <div className="p-4">
          <ErrorNotice title="The log could not be loaded" error={snapshot.error} onRetry={() => feed.retry()} />
        </div>
      )}
      <div className="relative">
        {/* Lines are not announced one by one: the stages above are. */}
        <div
          ref={scroll.container}
          role="log"
          aria-live="off"
          aria-label="Build log"
          aria-describedby="log-keys"
          tabIndex={0}
          onScroll={scroll.onScroll}
          onKeyDown={onKeyDown}
          className="max-h-[clamp(18rem,60vh,48rem)] min-h-40 overflow-auto overscroll-contain bg-sunken font-mono text-[0.8125rem] leading-5 [overflow-anchor:none] focus-visible:outline-offset-[-2px]"
        >
          {count === 0 && <NoLines state={state} />}
          <div className="relative min-w-full" style={{ height: scroll.virtual.getTotalSize() }}>
            {scroll.virtual.getVirtualItems().map((item) => {
              const line = lines[item.index];
              return (
                line && (
                  <LogRow
                    key={item.key}
                    ref={scroll.virtual.measureElement}
                    index={item.index}
                    line={line}
                    top={item.start}
                    wrap={wrap}
                    elapsedFrom={times ? start : null}
                    highlighted={item.index === currentHit || line.seq === scroll.marked}
                  />
                )
              );
            })}
          </div>
        </div>
        {scroll.unseen > 0 && (
          <button
            type="button"
            onClick={scroll.toEnd}
            className={`${buttonStyle('primary', 'small')} absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-raised`}
          >
            {scroll.unseen} new {scroll.unseen === 1 ? 'line' : 'lines'} <ArrowDown aria-hidden className="size-3.5" />
          </button>
        )}
      </div>
      <p id="log-keys" className="sr-only">
        Home and End go to the first and the last line, e to the first error.
      </p>
    </section>
  );
}

function NoLines({ state }: { state: string }) {
  if (state === 'loading') {
    return (
      <Loading label="Loading log">
        <div className="grid gap-2.5 p-4">
          {['w-2/5', 'w-3/5', 'w-1/3', 'w-1/2'].map((width) => (
            <Skeleton key={width} className={`h-3.5 ${width}`} />
          ))}
        </div>
      </Loading>
    );
  }
  return (
    <p className="flex items-center gap-2 p-4 font-sans text-muted">
      <ScrollText aria-hidden className="size-4" />
      {state === 'complete' || state === 'failed' ? 'No lines were logged.' : 'Waiting for the first line…'}
    </p>
  );
}
