import { normalizeRanges, type TickRange } from '../time/ranges.ts';

/** Part of a recording that detectors look at, inclusive; empty where `last` < `first`. */
export interface TickSpan {
  first: number;
  last: number;
}

/** Runs of ticks within the span for which `holds`, each as long as it can be. */
export function runsWhere({ first, last }: TickSpan, holds: (tick: number) => boolean): [number, number][] {
  const runs: [number, number][] = [];
  let start = -1;
  for (let tick = first; tick <= last + 1; tick++) {
    if (tick <= last && holds(tick)) {
      if (start < 0) start = tick;
    } else if (start >= 0) {
      runs.push([start, tick - 1]);
      start = -1;
    }
  }
  return runs;
}

/** Ranges widened on both sides within the span, and joined where they then touch. */
export function widened(ranges: readonly TickRange[], by: number, { first, last }: TickSpan): TickRange[] {
  return normalizeRanges(ranges.map(([a, b]) => [Math.max(first, a - by), Math.min(last, b + by)] as const));
}

/** How many ticks two ranges have in common. */
export function commonTicks(a: TickRange, b: TickRange): number {
  return Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]) + 1);
}

/** Ranges in coordinates that begin at another tick; what lies before it is cut off. */
export function shifted(ranges: readonly TickRange[], by: number): [number, number][] {
  return ranges.flatMap(([a, b]): [number, number][] => (b + by < 0 ? [] : [[Math.max(0, a + by), b + by]]));
}
