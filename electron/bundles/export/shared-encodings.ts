import { MOST_KEY_FRAMES } from '../../media/encode.ts';

/** A run of frames within a longer one's: `from` is the place of its first there. */
export interface Stretch {
  readonly from: number;
  readonly frames: number;
}

/** How the videos of one unit come about. */
export interface Encoding {
  /** The longer unit out of whose video this one's is cut, packet by packet; null: it is encoded for itself. */
  readonly within: { readonly ticks: Int32Array; readonly from: number; readonly cuts: readonly Stretch[] } | null;
  /** What is cut out of this one's video: it has a key frame at each. */
  readonly cuts: readonly Stretch[];
}

/**
 * Which units of one recording need no encoding of their own, because all their frames stand in a row in those of a longer
 * one: a failure in its rollout. A pure function of the frames, so that the same recipe makes the same videos.
 *
 * @param units tick behind each frame of every unit
 * @returns an encoding a unit, in their order
 */
export function sharedEncodings(units: readonly Int32Array[]): Encoding[] {
  const encodings: { within: { host: number; from: number } | null; cuts: Stretch[] }[] = units.map(() => ({
    within: null,
    cuts: [],
  }));
  for (const at of longestFirst(units)) {
    const ticks = units[at] as Int32Array;
    for (const [host, { within, cuts }] of encodings.entries()) {
      if (host === at || within !== null || !isLonger(units, host, at)) continue;
      const from = placeOf(ticks, units[host] as Int32Array);
      if (from < 0) continue;
      const isKnown = cuts.some((cut) => cut.from === from && cut.frames === ticks.length);
      if (!isKnown && cuts.length >= MOST_KEY_FRAMES) continue;
      if (!isKnown) cuts.push({ from, frames: ticks.length });
      (encodings[at] as (typeof encodings)[number]).within = { host, from };
      break;
    }
  }
  for (const { cuts } of encodings) cuts.sort((a, b) => a.from - b.from || a.frames - b.frames);
  return encodings.map(({ within, cuts }) => {
    if (within === null) return { within, cuts };
    const { host, from } = within;
    return { within: { ticks: units[host] as Int32Array, from, cuts: encodings[host]?.cuts ?? [] }, cuts };
  });
}

/** Places of units: those that others are cut out of before those others. */
export function longestFirst(units: readonly Int32Array[]): number[] {
  return units.map((_, at) => at).sort((a, b) => (isLonger(units, a, b) ? -1 : 1));
}

/** Of two of one length the first counts as the longer. */
function isLonger(units: readonly Int32Array[], a: number, b: number): boolean {
  const [first, second] = [units[a]?.length ?? 0, units[b]?.length ?? 0];
  return first > second || (first === second && a < b);
}

/** Where `some` stand in a row in `all`; -1 where they do not. */
function placeOf(some: Int32Array, all: Int32Array): number {
  for (let from = all.indexOf(some[0] as number); from >= 0; from = all.indexOf(some[0] as number, from + 1)) {
    if (from + some.length > all.length) return -1;
    if (some.every((tick, frame) => tick === all[from + frame])) return from;
  }
  return -1;
}
