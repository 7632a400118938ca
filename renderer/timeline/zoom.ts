import { NS_PER_SECOND } from '../../shared/time/nanoseconds.ts';

/**
 * What part of the recording the timeline shows. Times are nanoseconds from the episode's start; pixels count from the
 * left end of the lanes. All functions are pure and answer a window inside `bounds`.
 */
export interface TimeWindow {
  readonly startNs: number;
  readonly endNs: number;
}

/** Never closer than this many nanoseconds over the whole width: a few ticks of the fastest clock. */
export const SMALLEST_WINDOW_NS = 20_000_000;

/** The whole recording. A recording of no or one tick gets a second, so that there is something to draw. */
export function boundsOf(times: ArrayLike<number>): TimeWindow {
  const first = times[0] ?? 0;
  const last = times[times.length - 1] ?? 0;
  return last > first ? { startNs: first, endNs: last } : { startNs: first, endNs: first + NS_PER_SECOND };
}

export function xOfTime(window: TimeWindow, widthPx: number, ns: number): number {
  return ((ns - window.startNs) / (window.endNs - window.startNs)) * widthPx;
}

export function timeOfX(window: TimeWindow, widthPx: number, x: number): number {
  return window.startNs + (x / Math.max(widthPx, 1)) * (window.endNs - window.startNs);
}

/** Keeps the length where it fits, moves it inside, and never lets it get larger than the bounds or too small. */
export function clampWindow(window: TimeWindow, bounds: TimeWindow): TimeWindow {
  const whole = bounds.endNs - bounds.startNs;
  const length = Math.min(whole, Math.max(Math.min(SMALLEST_WINDOW_NS, whole), window.endNs - window.startNs));
  const startNs = Math.min(Math.max(window.startNs, bounds.startNs), bounds.endNs - length);
  return { startNs, endNs: startNs + length };
}

/** `factor` > 1 shows more. The moment under `anchorNs` stays where it is, unless an end of the recording forbids it. */
export function zoomAbout(window: TimeWindow, bounds: TimeWindow, anchorNs: number, factor: number): TimeWindow {
  const whole = bounds.endNs - bounds.startNs;
  const length = window.endNs - window.startNs;
  const wanted = Math.min(whole, Math.max(Math.min(SMALLEST_WINDOW_NS, whole), length * factor));
  const share = length > 0 ? (anchorNs - window.startNs) / length : 0.5;
  const startNs = anchorNs - share * wanted;
  return clampWindow({ startNs, endNs: startNs + wanted }, bounds);
}

export function panBy(window: TimeWindow, bounds: TimeWindow, byNs: number): TimeWindow {
  return clampWindow({ startNs: window.startNs + byNs, endNs: window.endNs + byNs }, bounds);
}

/** Moves one end, the other stays: for the handles of the overview. */
export function resizeWindow(window: TimeWindow, bounds: TimeWindow, edge: 'start' | 'end', ns: number): TimeWindow {
  const smallest = Math.min(SMALLEST_WINDOW_NS, bounds.endNs - bounds.startNs);
  if (edge === 'start') {
    return { startNs: Math.min(Math.max(ns, bounds.startNs), window.endNs - smallest), endNs: window.endNs };
  }
  return { startNs: window.startNs, endNs: Math.max(Math.min(ns, bounds.endNs), window.startNs + smallest) };
}

/**
 * The window that has `ns` in sight. Where it leaves at the right (play, step) the window turns a page so that the moment
 * stands near the left, and the other way round; a moment already in sight changes nothing (the same object is answered).
 */
export function pageTo(window: TimeWindow, bounds: TimeWindow, ns: number): TimeWindow {
  if (ns >= window.startNs && ns <= window.endNs) return window;
  const length = window.endNs - window.startNs;
  const far = ns < window.startNs - length || ns > window.endNs + length;
  const share = far ? 0.5 : ns > window.endNs ? 0.1 : 0.9;
  const startNs = ns - share * length;
  return clampWindow({ startNs, endNs: startNs + length }, bounds);
}

export function isWhole(window: TimeWindow, bounds: TimeWindow): boolean {
  return window.startNs <= bounds.startNs && window.endNs >= bounds.endNs;
}
