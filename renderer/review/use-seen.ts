import { useEffect, useState } from 'react';
import { countTicks, normalizeRanges } from '../../shared/time/ranges.ts';
import type { OpenEpisode } from '../app/session.ts';

const COUNT_EVERY_MS = 1000;

export interface Seen {
  count: number;
  total: number;
  /** Rounded down: 100 is said only when nothing is left. */
  percent: number;
}

/** Ticks of the open episode that were really painted, in this sitting and before; counted once a second. */
export function useSeen(open: OpenEpisode): Seen {
  const [count, setCount] = useState(0);
  const total = open.player.times.length;
  useEffect(() => {
    const read = () => {
      const seen = countTicks(normalizeRanges([...open.seenBefore, ...open.player.seen()]));
      setCount(Math.min(seen, total));
    };
    read();
    const timer = window.setInterval(read, COUNT_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [open, total]);
  return { count, total, percent: total > 0 ? Math.floor((count / total) * 100) : 0 };
}
