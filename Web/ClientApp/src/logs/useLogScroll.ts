import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import type { LogLine } from '../api/types';

const rowHeight = 20;
const bottomSlack = 24;

/**
 * Follows the end of the log while the reader is there. Scrolling up pauses, coming back to the end resumes; an
 * address with `#L120` opens at that line.
 */
export function useLogScroll(lines: readonly LogLine[], count: number) {
  const container = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const { hash } = useLocation();
  const linked = lineOf(hash);
  const [following, setFollowing] = useState(linked === null);
  const [pausedAt, setPausedAt] = useState(0);
  const [marked, setMarked] = useState<number | null>(null);
  const opened = useRef<number | null>(null);

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => container.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => lines[index]?.seq ?? index,
  });
  const height = virtual.getTotalSize();

  useLayoutEffect(() => {
    const element = container.current;
    if (following && element) element.scrollTop = element.scrollHeight;
  }, [following, count, height]);

  function pause() {
    if (following) setPausedAt(count);
    setFollowing(false);
  }

  function showLine(index: number) {
    pause();
    setMarked(lines[index]?.seq ?? null);
    virtual.scrollToIndex(index, { align: 'center' });
    container.current?.scrollIntoView({ block: 'nearest' });
  }

  useEffect(() => {
    if (linked === null || opened.current === linked) return;
    const index = lines.findIndex((line) => line.seq === linked);
    if (index < 0) return;
    opened.current = linked;
    setMarked(linked);
    setFollowing(false);
    setPausedAt(count);
    virtual.scrollToIndex(index, { align: 'center' });
  }, [linked, lines, count, virtual]);

  function onScroll() {
    const element = container.current;
    if (!element) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < bottomSlack;
    const movedUp = element.scrollTop < lastTop.current - 1;
    const movedDown = element.scrollTop > lastTop.current + 1;
    lastTop.current = element.scrollTop;
    if (movedUp && !atEnd) pause();
    else if (movedDown && atEnd) setFollowing(true);
  }

  function toStart() {
    pause();
    virtual.scrollToOffset(0);
  }

  function toEnd() {
    setFollowing(true);
  }

  return {
    container,
    virtual,
    following,
    marked,
    unseen: following ? 0 : Math.max(0, count - pausedAt),
    onScroll,
    showLine,
    toStart,
    toEnd,
    toggleFollow: () => (following ? pause() : toEnd()),
  };
}

function lineOf(hash: string): number | null {
  const match = /^#L(\d{1,9})$/.exec(hash);
  return match ? Number(match[1]) : null;
}
