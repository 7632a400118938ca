import { latestAtOrBefore, lowerBound } from '../time/sampling.ts';
import type { Failure, Recovery, WindowSeconds } from './markers.ts';

/**
 * Changes of marked ranges as pure functions of ticks. `times` are the ticks' nanoseconds, ascending, at least one; a
 * range [first, last] includes both. What would leave the recording is held at its ends.
 */
export type TickRange = readonly [first: number, last: number];
export type Edge = 'start' | 'end';

/** The ticks of `window` seconds around an event, as far as the recording goes; the event is always among them. */
export function windowAround(times: Float64Array, event: number, window: WindowSeconds): [number, number] {
  const at = times[event] as number;
  const first = lowerBound(times, at - window.before * 1e9);
  const last = latestAtOrBefore(times, at + window.after * 1e9);
  return [Math.min(first, event), Math.max(last, event)];
}

/**
 * One edge put at another tick, no further than the other edge and the recording's ends. The start of a range that lies
 * beyond the recording comes along to its last tick with the end: it has to lie somewhere.
 */
export function moveEdge([first, last]: TickRange, edge: Edge, to: number, ticks: number): [number, number] {
  if (edge === 'start') return [clamp(to, 0, Math.min(last, ticks - 1)), last];
  const start = Math.min(first, ticks - 1);
  return [start, clamp(to, start, ticks - 1)];
}

/** The whole range put so that it begins at a tick, with its length, as far as the recording goes. */
export function moveRange([first, last]: TickRange, to: number, ticks: number): [number, number] {
  const length = last - first;
  const start = clamp(to, 0, Math.max(0, ticks - 1 - length));
  return [start, start + length];
}

/**
 * The tick reached from one by so many seconds: the first at or after that moment (forward) or the last at or before it
 * (backward), and always at least one tick away while there is one.
 */
export function tickAfter(times: Float64Array, from: number, seconds: number): number {
  const last = times.length - 1;
  const at = (times[from] as number) + seconds * 1e9;
  if (seconds > 0) return Math.min(last, Math.max(lowerBound(times, at), from + 1));
  if (seconds < 0) return Math.max(0, Math.min(latestAtOrBefore(times, at), from - 1));
  return from;
}

/** Two ranges of one: up to the tick before `at`, and from `at` on. Null where one of them would be empty. */
export function splitAt([first, last]: TickRange, at: number): [[number, number], [number, number]] | null {
  if (at <= first || at > last) return null;
  return [
    [first, at - 1],
    [at, last],
  ];
}

/** The range of both and what lies between them. */
export function joinOf(a: TickRange, b: TickRange): [number, number] {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** The candidate nearest to a tick within reach, the earlier of two as near; the tick itself where there is none. */
export function snapped(tick: number, candidates: Iterable<number>, reachTicks: number): number {
  let best = tick;
  let distance = reachTicks + 1;
  for (const candidate of candidates) {
    const away = Math.abs(candidate - tick);
    if (away > reachTicks) continue;
    if (away < distance || (away === distance && candidate < best)) [best, distance] = [candidate, away];
  }
  return best;
}

/** The failure with another window; the event stays within it, and a hand-off stays where it is. */
export function withWindow(failure: Failure, window: TickRange): Failure {
  return { ...failure, window: [window[0], window[1]], event: clamp(failure.event, window[0], window[1]) };
}

/** The failure with its event elsewhere; its window grows where the event would lie outside of it. */
export function withEvent(failure: Failure, event: number): Failure {
  return { ...failure, event, window: [Math.min(failure.window[0], event), Math.max(failure.window[1], event)] };
}

/** A recovery as two attempts at the same failure: the second keeps how it ended, the first is to be said anew. */
export function splitRecovery(recovery: Recovery, at: number): [Recovery, Recovery] | null {
  const parts = splitAt(recovery.ticks, at);
  return (
    parts && [
      { ...recovery, ticks: parts[0], outcome: null },
      { ...recovery, ticks: parts[1] },
    ]
  );
}

/**
 * A failure as two: what was said stays with the part that its event lies in, the other is seen to fail where the two meet and
 * is said anew. The hand-off goes with the part that it comes after.
 */
export function splitFailure(failure: Failure, at: number): [Failure, Failure] | null {
  const parts = splitAt(failure.window, at);
  if (!parts) return null;
  const { state: _, ...rest } = failure;
  const unsaid = { ...rest, code: null, severity: null, resetability: null, whatHappened: '' };
  const isFirst = failure.event < at;
  const handOff = (part: 0 | 1) =>
    failure.handOff !== null && failure.handOff >= at === (part === 1) ? failure.handOff : null;
  const [first, second] = [
    isFirst ? failure : { ...unsaid, event: at - 1 },
    isFirst ? { ...unsaid, event: at } : failure,
  ];
  return [
    { ...first, window: parts[0], handOff: handOff(0) },
    { ...second, window: parts[1], handOff: handOff(1) },
  ];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
