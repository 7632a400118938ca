import { median } from './numbers.ts';
import type { ImageSignals } from './signals.ts';
import { runsWhere, type TickSpan } from './ticks.ts';

export interface ClockGap {
  /** The ticks on both sides of the hole. */
  ticks: [number, number];
  seconds: number;
  /** Ticks that would have been between them at the median rate. */
  lost: number;
}

/** Steps of the clock of at least so many median periods. */
export function detectClockGaps(timesNs: Float64Array, periodSeconds: number, gapPeriods: number): ClockGap[] {
  const gaps: ClockGap[] = [];
  if (!(periodSeconds > 0)) return gaps;
  for (let tick = 0; tick + 1 < timesNs.length; tick++) {
    const seconds = ((timesNs[tick + 1] as number) - (timesNs[tick] as number)) / 1e9;
    if (seconds < gapPeriods * periodSeconds) continue;
    gaps.push({ ticks: [tick, tick + 1], seconds, lost: Math.max(1, Math.round(seconds / periodSeconds) - 1) });
  }
  return gaps;
}

/** A key frame paints a picture anew: of one that stands still it differs by about 1 of 255. */
const REFRESH_MOTION = 2;
/** Samples on both sides of such a key frame that have to stand still. */
const BESIDE_REFRESH = 2;

/**
 * 1 at every tick whose picture is that of the tick before, byte by byte. Encoders repeat no picture bit for bit: of an
 * encoded video it is one that differs by no more than `stillMotion`, and a key frame between such.
 */
export function repeatedTicks(image: ImageSignals, isEncoded: boolean, stillMotion: number): Uint8Array {
  const { duplicate, index, motion } = image;
  const repeated = Uint8Array.from(duplicate, (is, tick) => Number(is === 1 && (index[tick] as number) >= 0));
  if (!isEncoded) return repeated;
  // Ticks that show the same sample again say nothing of how samples follow each other.
  const samples: number[] = [];
  for (let tick = 1; tick < index.length; tick++) {
    if ((index[tick] as number) < 0 || index[tick] === index[tick - 1]) continue;
    samples.push(tick);
    if ((motion[tick] as number) <= stillMotion) repeated[tick] = 1;
  }
  const still = samples.map((tick) => repeated[tick] === 1);
  for (const [at, tick] of samples.entries()) {
    if (still[at] || !((motion[tick] as number) <= REFRESH_MOTION)) continue;
    const beside = [
      ...still.slice(Math.max(0, at - BESIDE_REFRESH), at),
      ...still.slice(at + 1, at + 1 + BESIDE_REFRESH),
    ];
    if (beside.length === 2 * BESIDE_REFRESH && beside.every(Boolean)) repeated[tick] = 1;
  }
  return repeated;
}

/**
 * Ticks whose picture is that of the tick before (see `repeatedTicks`), for longer than the stream's own pace explains: a camera
 * slower than the master clock repeats every picture, a still scene seen by a real sensor never does. The tick whose
 * picture is repeated comes first. Where the frames themselves are numbered on, they were written anew all the same.
 */
export function detectFrozenVideo(repeated: Uint8Array, span: TickSpan, shortestTicks: number): [number, number][] {
  const within = { first: span.first + 1, last: span.last };
  const runs = runsWhere(within, (tick) => repeated[tick] === 1);
  // The usual length of a repeat is the stream's pace; three of them is what a pane holds a picture for.
  const usual = median(runs.map(([a, b]) => b - a + 1)) || 0;
  const isPace = runs.length * 4 > span.last - span.first;
  const shortest = Math.max(shortestTicks, isPace ? 3 * usual : 0);
  return runs.filter(([a, b]) => b - a + 1 >= shortest).map(([a, b]) => [a - 1, b]);
}

/** Runs of ticks at which something that is there before or after is missing. */
export function detectMissing(isMissing: (at: number) => boolean, count: number): [number, number][] {
  const runs = runsWhere({ first: 0, last: count - 1 }, isMissing);
  const isWhole = runs.length === 1 && runs[0]?.[0] === 0 && runs[0][1] === count - 1;
  return isWhole ? [] : runs;
}
