import { clampWindow, type TimeWindow } from '../zoom.ts';

/**
 * Where elements of the marks stand, past React: each says by attributes which ticks it is about, and all are put there in
 * the frame in which the lanes are painted.
 *   data-segment               a segment; with data-first and data-last, inclusive ticks
 *   data-tick                  within a segment: a sign or an edge at a tick
 *   data-from                  within a segment: what goes on from a tick to its end
 */
export interface Axis {
  /** Pixels from the left of the lanes. */
  xOf(tick: number): number;
  readonly widthPx: number;
}

/** A segment is never thinner: a single tick of an hour is still seen. */
const LEAST_PX = 2;
/** A sign this far beyond the lanes is still half in sight. */
const SIGN_PX = 6;

export interface Box {
  readonly x: number;
  readonly widthPx: number;
  /** Which ends lie out of sight; "out" where nothing of it is in sight. */
  readonly cut: 'none' | 'start' | 'end' | 'both' | 'out';
}

/** What of a range is in sight. Always within the lanes: what has the focus must not scroll them. */
export function boxOf(first: number, last: number, { xOf, widthPx }: Axis): Box {
  const [start, end] = [xOf(first), xOf(last)];
  if (end < 0) return { x: 0, widthPx: LEAST_PX, cut: 'out' };
  if (start > widthPx) return { x: widthPx - LEAST_PX, widthPx: LEAST_PX, cut: 'out' };
  const x = Math.min(Math.max(0, start), widthPx - LEAST_PX);
  const cut = start < 0 ? (end > widthPx ? 'both' : 'start') : end > widthPx ? 'end' : 'none';
  return { x, widthPx: Math.max(LEAST_PX, Math.min(end, widthPx) - x), cut };
}

/** Puts all segments within `root` where they belong. */
export function placeSegments(root: HTMLElement, axis: Axis): void {
  for (const segment of root.querySelectorAll<HTMLElement>('[data-segment]')) {
    const box = boxOf(numberOf(segment, 'first'), numberOf(segment, 'last'), axis);
    segment.style.transform = `translateX(${rounded(box.x)}px)`;
    segment.style.width = `${rounded(box.widthPx)}px`;
    segment.dataset.cut = box.cut;
    for (const sign of segment.querySelectorAll<HTMLElement>('[data-tick]')) {
      const x = axis.xOf(numberOf(sign, 'tick'));
      const isInSight = x >= -SIGN_PX && x <= axis.widthPx + SIGN_PX;
      sign.style.transform = `translateX(${rounded(Math.min(Math.max(x, 0), axis.widthPx) - box.x)}px)`;
      sign.toggleAttribute('data-out', !isInSight);
    }
    for (const part of segment.querySelectorAll<HTMLElement>('[data-from]')) {
      const from = Math.min(Math.max(axis.xOf(numberOf(part, 'from')) - box.x, 0), box.widthPx);
      part.style.left = `${rounded(from)}px`;
    }
  }
}

function numberOf(element: HTMLElement, name: string): number {
  return Number(element.dataset[name]);
}

/** To half a pixel: nothing shimmers while the window moves. */
function rounded(px: number): number {
  return Math.round(px * 2) / 2;
}

/** The window with a range in sight: as it is where some of the range is in it already, else about the range's start. */
export function windowWith(window: TimeWindow, bounds: TimeWindow, startNs: number, endNs: number): TimeWindow {
  if (endNs >= window.startNs && startNs <= window.endNs) return window;
  const length = window.endNs - window.startNs;
  const from = startNs - 0.2 * length;
  return clampWindow({ startNs: from, endNs: from + length }, bounds);
}
