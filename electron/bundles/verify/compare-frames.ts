/** So many pixels tell two moments apart, and whether a picture is damaged; more would hold the thread up. */
const ENOUGH_PIXELS = 50_000;

/**
 * Pixels of a picture, as RGB, spread evenly over it; all of them where there are few. Two pictures of one size are thinned alike.
 *
 * @param format how the bytes lie: the channels of a pixel one after the other, or one for all three
 */
export function thinned(
  bytes: Uint8Array,
  format: 'rgb24' | 'bgr24' | 'gray',
  width: number,
  height: number,
): Uint8Array {
  const pixels = width * height;
  const step = stepOf(width, pixels);
  const rgb = new Uint8Array(3 * Math.ceil(pixels / step));
  const channels = format === 'gray' ? 1 : 3;
  const [red, green, blue] = format === 'gray' ? [0, 0, 0] : format === 'rgb24' ? [0, 1, 2] : [2, 1, 0];
  for (let pixel = 0, to = 0; pixel < pixels; pixel += step) {
    const from = pixel * channels;
    rgb[to++] = bytes[from + (red as number)] as number;
    rgb[to++] = bytes[from + (green as number)] as number;
    rgb[to++] = bytes[from + (blue as number)] as number;
  }
  return rgb;
}

/** One that has no part in common with the width, so that every column has its turn. */
function stepOf(width: number, pixels: number): number {
  let step = Math.max(1, Math.floor(pixels / ENOUGH_PIXELS));
  while (greatestCommonDivisor(step, width) > 1) step++;
  return step;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** How far two pictures of RGB are apart: the mean of squared differences, 0 for equal ones, 65025 at most. */
export function meanSquare(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    sum += difference * difference;
  }
  return sum / a.length;
}

/** Pictures that are nearer than this are one picture with other noise: which of the two was stored cannot be told. */
const SAME = 2;
/** Clearly nearer, whatever the encoder took from it. */
const NEARER = 0.8;
/** 26 dB: what is further off shows something else, or is damaged. Below a quality that people look at it may be more. */
const FAR_DB = 26;
const LOOKED_AT_CRF = 28;

/**
 * How far a stored picture may be from what was recorded (mean of squared differences): packets that were copied show exactly
 * the recorded pixels; encoded ones are lossy, the more the higher the factor.
 */
export function farthestOf({ way, crf }: { way: 'encode' | 'copy'; crf: number }): number {
  if (way === 'copy') return 0;
  return 65_025 / 10 ** ((FAR_DB - Math.max(0, crf - LOOKED_AT_CRF) / 2) / 10);
}

export type FrameFault = 'other' | 'before' | 'after';

/**
 * Whether a stored frame is the one it should be: near to it, and to none of its neighbours clearly nearer where those differ
 * from it. Null for a frame that is right. All pictures RGB of one size; a neighbour is null at the ends.
 */
export function frameFault(
  stored: Uint8Array,
  wanted: Uint8Array,
  before: Uint8Array | null,
  after: Uint8Array | null,
  farthest: number,
): FrameFault | null {
  const own = meanSquare(stored, wanted);
  for (const [neighbour, fault] of [
    [before, 'before'],
    [after, 'after'],
  ] as const)
    if (neighbour !== null && isNearer(stored, wanted, neighbour, own)) return fault;
  return own > farthest ? 'other' : null;
}

/**
 * Whether a stored picture is clearly nearer to another than to the wanted one, where those two differ.
 *
 * @param own how far the stored one is from the wanted one, where that is known
 */
export function isNearer(
  stored: Uint8Array,
  wanted: Uint8Array,
  other: Uint8Array,
  own = meanSquare(stored, wanted),
): boolean {
  return isWithin(stored, other, own * NEARER) && meanSquare(wanted, other) >= SAME;
}

/** Values between two looks at whether a sum is already too large. */
const STRIDE = 3000;

/** Whether two pictures are less than so far apart: those that are not are mostly told by their first rows. */
function isWithin(a: Uint8Array, b: Uint8Array, limit: number): boolean {
  const most = limit * a.length;
  let sum = 0;
  for (let from = 0; from < a.length && sum < most; from += STRIDE) {
    const to = Math.min(a.length, from + STRIDE);
    for (let at = from; at < to; at++) {
      const difference = (a[at] as number) - (b[at] as number);
      sum += difference * difference;
    }
  }
  return sum < most;
}

/** First, last, and so many between, evenly; fewer where there are fewer. */
export function framesToCompare(frames: number, between = 8): number[] {
  const places = Array.from({ length: between + 2 }, (_, n) => Math.round((n * (frames - 1)) / (between + 1)));
  return [...new Set(places)];
}
