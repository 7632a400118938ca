import { clampWindow, type TimeWindow } from '../zoom.ts';

/**
 * Where elements of the marks stand, past React: each says by attributes which ticks it is about, and all are put there in
 * the frame in which the lanes are painted.
 *   data-segment               a segment; with data-first and data-last, inclusive ticks
 *   data-tick                  within a segment: a sign or an edge at a tick
 *   data-from                  within a segment: what goes on from a tick to its end
 *   data-words                 within a segment: its words, where none of its signs covers them
 *   data-beside                within a segment: its words behind it, where they have no room in it; with data-until, the
 *                              tick they may reach up to ("" for the end of the lanes)
 */
export interface Axis {
  /** Pixels from the left of the lanes. */
  xOf(tick: number): number;
  readonly widthPx: number;
  /** Says that ticks lie where they lay. */
  readonly key: string;
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
export function boxOf(first: number, last: number, { xOf, widthPx }: Omit<Axis, 'key'>): Box {
  const [start, end] = [xOf(first), xOf(last)];
  if (end < 0) return { x: 0, widthPx: LEAST_PX, cut: 'out' };
  if (start > widthPx) return { x: widthPx - LEAST_PX, widthPx: LEAST_PX, cut: 'out' };
  const x = Math.min(Math.max(0, start), widthPx - LEAST_PX);
  const cut = start < 0 ? (end > widthPx ? 'both' : 'start') : end > widthPx ? 'end' : 'none';
  return { x, widthPx: Math.max(LEAST_PX, Math.min(end, widthPx) - x), cut };
}

/** How each segment was placed last: nothing is written anew for those that stay where they are. */
const placedAs = new WeakMap<HTMLElement, string>();

/** Puts all segments within `root` where they belong. */
export function placeSegments(root: HTMLElement, axis: Axis): void {
  for (const segment of root.querySelectorAll<HTMLElement>('[data-segment]')) {
    const box = boxOf(numberOf(segment, 'first'), numberOf(segment, 'last'), axis);
    const { signs, first, last } = segment.dataset;
    // Out of sight it lies as it lay, however the window moves.
    const within = box.cut === 'out' ? `${box.x}` : `${axis.key} ${first} ${last}`;
    const placing = `${box.cut} ${within} ${signs} ${segment.childElementCount}`;
    if (placedAs.get(segment) === placing) continue;
    placedAs.set(segment, placing);
    placeSegment(segment, box, axis);
  }
}

function placeSegment(segment: HTMLElement, box: Box, axis: Axis): void {
  segment.style.transform = `translateX(${rounded(box.x)}px)`;
  segment.style.width = `${rounded(box.widthPx)}px`;
  segment.dataset.cut = box.cut;
  const signs: number[] = [];
  for (const sign of segment.querySelectorAll<HTMLElement>('[data-tick]')) {
    const x = axis.xOf(numberOf(sign, 'tick'));
    const isInSight = x >= -SIGN_PX && x <= axis.widthPx + SIGN_PX;
    sign.style.transform = `translateX(${rounded(Math.min(Math.max(x, 0), axis.widthPx) - box.x)}px)`;
    sign.toggleAttribute('data-out', !isInSight);
    if (sign.hasAttribute('data-sign')) signs.push(x - box.x);
  }
  for (const part of segment.querySelectorAll<HTMLElement>('[data-from]')) {
    const from = Math.min(Math.max(axis.xOf(numberOf(part, 'from')) - box.x, 0), box.widthPx);
    part.style.left = `${rounded(from)}px`;
  }
  const words = segment.querySelector<HTMLElement>('[data-words]');
  if (!words) return;
  const { from, to } = roomForWords(box.widthPx, signs);
  // Half a number would be another number.
  const least = (words.querySelector('b')?.textContent?.length ?? 0) * LETTER_PX;
  words.hidden = to - from < Math.max(least, LEAST_WORDS_PX);
  placeBeside(segment, box, signs, words.hidden, axis);
  if (words.hidden) return;
  words.style.left = `${rounded(from)}px`;
  words.style.width = `${rounded(to - from)}px`;
  words.toggleAttribute('data-narrow', to - from < NARROW_PX);
}

function placeBeside(segment: HTMLElement, box: Box, signs: readonly number[], isWanted: boolean, axis: Axis): void {
  const beside = segment.querySelector<HTMLElement>('[data-beside]');
  if (!beside) return;
  const { until } = beside.dataset;
  const end = until ? Math.min(axis.xOf(Number(until)), axis.widthPx) : axis.widthPx;
  const { from, to } = roomBeside(box.widthPx, signs, end - box.x);
  const isCut = box.cut === 'end' || box.cut === 'both' || box.cut === 'out';
  beside.hidden = !isWanted || isCut || to - from < LEAST_BESIDE_PX;
  if (beside.hidden) return;
  beside.style.left = `${rounded(from)}px`;
  beside.style.maxWidth = `${rounded(to - from)}px`;
}

/** Behind a band so wide and its signs, up to what comes next in its row, px from the band's start. */
export function roomBeside(widthPx: number, signs: readonly number[], untilPx: number): { from: number; to: number } {
  const from = Math.max(widthPx + MARGIN_PX, ...signs.map((x) => x + BESIDE_SIGN_PX));
  return { from, to: Math.max(from, untilPx - BESIDE_SIGN_PX) };
}

/** Fewer letters than this say nothing. */
const LEAST_WORDS_PX = 14;
const LEAST_BESIDE_PX = 30;
/** From a sign's middle to where words have room. */
const BESIDE_SIGN_PX = 8;
const MARGIN_PX = 3;
/** So much is enough for words: they stay at the front, where one begins to read. */
const ENOUGH_PX = 90;
/** Of a sign's bold letters and digits. */
const LETTER_PX = 7;
/** Less than this has no room to say that more would follow. */
const NARROW_PX = 56;

/** The part of a band so wide in which words are written: the first that has room enough, else the widest between its signs. */
export function roomForWords(widthPx: number, signs: readonly number[]): { from: number; to: number } {
  const inside = signs.filter((x) => x > -BESIDE_SIGN_PX && x < widthPx + BESIDE_SIGN_PX).sort((a, b) => a - b);
  const ends = [...inside.map((x) => x - BESIDE_SIGN_PX), widthPx - MARGIN_PX];
  const rooms = [MARGIN_PX, ...inside.map((x) => x + BESIDE_SIGN_PX)].map((from, index) => ({
    from: Math.max(MARGIN_PX, from),
    to: Math.max(from, ends[index] as number),
  }));
  const wide = ({ from, to }: { from: number; to: number }) => to - from;
  return (
    rooms.find((room) => wide(room) >= ENOUGH_PX) ??
    rooms.reduce((best, room) => (wide(room) > wide(best) ? room : best))
  );
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
