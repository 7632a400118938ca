import { lowerBound } from '../../shared/time/sampling.ts';
import type { TimeWindow } from './zoom.ts';

/**
 * A signal reduced for drawing: the smallest and largest value of every pixel column. Hours of samples are first folded
 * into blocks, once, so that drawing costs by the width of the lane and not by the length of the recording.
 */
export interface Signal {
  /** Ascending ns. */
  readonly times: ArrayLike<number>;
  /** One value a sample; NaN where there is none, which leaves a hole. */
  readonly values: ArrayLike<number>;
  /** Level 0 folds BLOCK samples a block, level n folds BLOCK blocks of level n − 1. */
  readonly levels: readonly Level[];
}

interface Level {
  readonly size: number;
  readonly least: Float32Array;
  readonly most: Float32Array;
}

/** Two arrays of one entry a column; NaN where the column holds no value. */
export interface Columns {
  readonly least: Float32Array;
  readonly most: Float32Array;
}

const BLOCK = 32;

export function buildSignal(times: ArrayLike<number>, values: ArrayLike<number>): Signal {
  const levels: Level[] = [];
  let size = BLOCK;
  let least: ArrayLike<number> = values;
  let most: ArrayLike<number> = values;
  while (least.length > BLOCK) {
    const blocks = Math.ceil(least.length / BLOCK);
    const level = { size, least: new Float32Array(blocks), most: new Float32Array(blocks) };
    for (let block = 0; block < blocks; block++) {
      const from = block * BLOCK;
      const to = Math.min(from + BLOCK, least.length);
      const range = { least: Number.NaN, most: Number.NaN };
      for (let index = from; index < to; index++) widen(range, least[index] as number, most[index] as number);
      level.least[block] = range.least;
      level.most[block] = range.most;
    }
    levels.push(level);
    least = level.least;
    most = level.most;
    size *= BLOCK;
  }
  return { times, values, levels };
}

/** Smallest and largest value of each of `widthPx` columns of the window. */
export function columnsOf(signal: Signal, window: TimeWindow, widthPx: number): Columns {
  const count = Math.max(0, Math.floor(widthPx));
  const least = new Float32Array(count).fill(Number.NaN);
  const most = new Float32Array(count).fill(Number.NaN);
  const perPx = (window.endNs - window.startNs) / Math.max(count, 1);
  let from = lowerBound(signal.times, window.startNs);
  const range = { least: Number.NaN, most: Number.NaN };
  for (let column = 0; column < count && from < signal.times.length; column++) {
    const to = lowerBound(signal.times, window.startNs + (column + 1) * perPx);
    if (to === from) continue;
    range.least = Number.NaN;
    range.most = Number.NaN;
    extremesBetween(signal, from, to, range);
    least[column] = range.least;
    most[column] = range.most;
    from = to;
  }
  return { least, most };
}

/** Extremes of samples from..to (to excluded), by the largest blocks that fit. */
function extremesBetween(signal: Signal, from: number, to: number, range: { least: number; most: number }): void {
  let index = from;
  while (index < to) {
    let level: Level | undefined;
    for (const candidate of signal.levels) {
      if (index % candidate.size !== 0 || index + candidate.size > to) break;
      level = candidate;
    }
    if (level) {
      const block = index / level.size;
      widen(range, level.least[block] as number, level.most[block] as number);
      index += level.size;
    } else {
      const value = signal.values[index] as number;
      widen(range, value, value);
      index++;
    }
  }
}

function widen(range: { least: number; most: number }, least: number, most: number): void {
  if (!(least >= range.least)) range.least = Number.isNaN(least) ? range.least : least;
  if (!(most <= range.most)) range.most = Number.isNaN(most) ? range.most : most;
}

/**
 * Top of a lane's scale: the largest value, or 2.5 times what 95 % of the values stay under where that is less, so that a
 * few spikes do not flatten the rest. Values above it are drawn cut off, with a mark. At least `floor`.
 */
export function robustTop(values: ArrayLike<number>, floor: number): number {
  const stride = Math.max(1, Math.floor(values.length / 20_000));
  const finite: number[] = [];
  for (let index = 0; index < values.length; index += stride) {
    const value = values[index] as number;
    if (Number.isFinite(value)) finite.push(value);
  }
  if (finite.length === 0) return floor;
  const sample = Float64Array.from(finite).sort();
  const usual = sample[Math.min(sample.length - 1, Math.floor(sample.length * 0.95))] as number;
  return Math.max(floor, Math.min((sample.at(-1) as number) * 1.05, usual * 2.5));
}
