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
  const distance = meanSquare(stored, wanted);
  for (const [neighbour, fault] of [
    [before, 'before'],
    [after, 'after'],
  ] as const) {
    if (neighbour === null || meanSquare(wanted, neighbour) < SAME) continue;
    if (meanSquare(stored, neighbour) < distance * NEARER) return fault;
  }
  return distance > farthest ? 'other' : null;
}

/** First, last, and so many between, evenly; fewer where there are fewer. */
export function framesToCompare(frames: number, between = 8): number[] {
  const places = Array.from({ length: between + 2 }, (_, n) => Math.round((n * (frames - 1)) / (between + 1)));
  return [...new Set(places)];
}
