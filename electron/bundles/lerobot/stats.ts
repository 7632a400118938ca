import type { RawFormat } from '../../media/encode.ts';

/** What LeRobot keeps of a feature: a number a component (a channel, of pictures), and over how many it was taken. */
export interface FeatureStats {
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly q01: readonly number[];
  readonly q10: readonly number[];
  readonly q50: readonly number[];
  readonly q90: readonly number[];
  readonly q99: readonly number[];
  readonly count: number;
}

const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 } as const;
type Quantile = keyof typeof QUANTILES;
const QUANTILE_NAMES = Object.keys(QUANTILES) as Quantile[];
export const FIGURES = ['min', 'max', 'mean', 'std', ...QUANTILE_NAMES] as const;

/** Of one episode: quantiles by linear interpolation, the deviation that of the whole, not of a sample of it. */
export function numberStats(values: ArrayLike<number>, width: number): FeatureStats {
  const count = values.length / width;
  const of: Record<(typeof FIGURES)[number], number[]> = {
    min: [],
    max: [],
    mean: [],
    std: [],
    q01: [],
    q10: [],
    q50: [],
    q90: [],
    q99: [],
  };
  const column = new Float64Array(count);
  for (let component = 0; component < width; component++) {
    for (let row = 0; row < count; row++) column[row] = values[row * width + component] as number;
    let sum = 0;
    for (const value of column) sum += value;
    const mean = sum / count;
    let squares = 0;
    for (const value of column) squares += (value - mean) ** 2;
    column.sort();
    of.min.push(column[0] as number);
    of.max.push(column[count - 1] as number);
    of.mean.push(mean);
    of.std.push(Math.sqrt(squares / count));
    for (const name of QUANTILE_NAMES) of[name].push(quantile(column, QUANTILES[name]));
  }
  return { ...of, count };
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  return low + (at - below) * ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low);
}

/**
 * Over episodes: mean and deviation of all rows exactly; of quantiles the envelope that LeRobot takes itself (the least up
 * to the median, the largest above).
 */
export function joinedStats(parts: readonly FeatureStats[]): FeatureStats {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const width = parts[0]?.mean.length ?? 0;
  const each = (value: (component: number) => number) =>
    Array.from({ length: width }, (_, component) => value(component));
  const least = (name: (typeof FIGURES)[number]) =>
    each((at) => Math.min(...parts.map((part) => part[name][at] as number)));
  const largest = (name: (typeof FIGURES)[number]) =>
    each((at) => Math.max(...parts.map((part) => part[name][at] as number)));
  const mean = each((at) => parts.reduce((sum, part) => sum + part.count * (part.mean[at] as number), 0) / count);
  const variance = (part: FeatureStats, at: number) =>
    (part.std[at] as number) ** 2 + ((part.mean[at] as number) - (mean[at] as number)) ** 2;
  return {
    ...{ min: least('min'), max: largest('max'), mean },
    std: each((at) => Math.sqrt(parts.reduce((sum, part) => sum + part.count * variance(part, at), 0) / count)),
    ...{ q01: least('q01'), q10: least('q10'), q50: least('q50'), q90: largest('q90'), q99: largest('q99'), count },
  };
}

const LEAST_PICTURES = 100;
const MOST_PICTURES = 10_000;
const SIDE_PX = 150;

/** Frames of an episode that count for the statistics of its pictures: evenly among them, as many as LeRobot takes. */
export function sampledFrames(frames: number): Set<number> {
  const wanted = Math.min(frames, MOST_PICTURES, Math.max(LEAST_PICTURES, Math.floor(frames ** 0.75)));
  return new Set(Array.from({ length: wanted }, (_, n) => Math.round((n * (frames - 1)) / Math.max(1, wanted - 1))));
}

/** Counts the levels of pictures, thinned to about 150 pixels a side: 0…1 by channel, red first. */
export class PictureStats {
  readonly #levels = [new Float64Array(256), new Float64Array(256), new Float64Array(256)] as const;
  #pictures = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly format: RawFormat,
  ) {}

  add(bytes: Uint8Array): void {
    const { width, height, format } = this;
    const channels = format === 'gray' ? 1 : 3;
    const step = Math.max(1, Math.floor(Math.max(width, height) / SIDE_PX));
    const places = format === 'gray' ? [0, 0, 0] : format === 'rgb24' ? [0, 1, 2] : [2, 1, 0];
    this.#pictures++;
    for (let y = 0; y < height; y += step) {
      for (let x = 0; x < width; x += step) {
        const at = (y * width + x) * channels;
        for (const [channel, levels] of this.#levels.entries()) {
          const level = bytes[at + (places[channel] as number)] as number;
          levels[level] = (levels[level] as number) + 1;
        }
      }
    }
  }

  stats(): FeatureStats {
    const of = this.#levels.map(levelStats);
    const each = (name: (typeof FIGURES)[number]) => of.map((channel) => channel[name]);
    return {
      ...{ min: each('min'), max: each('max'), mean: each('mean'), std: each('std') },
      ...{ q01: each('q01'), q10: each('q10'), q50: each('q50'), q90: each('q90'), q99: each('q99') },
      count: this.#pictures,
    };
  }
}

function levelStats(levels: Float64Array): Record<(typeof FIGURES)[number], number> {
  let total = 0;
  let sum = 0;
  let min = 255;
  let max = 0;
  for (const [level, count] of levels.entries()) {
    if (count === 0) continue;
    total += count;
    sum += count * level;
    min = Math.min(min, level);
    max = Math.max(max, level);
  }
  const mean = sum / total;
  let squares = 0;
  for (const [level, count] of levels.entries()) squares += count * (level - mean) ** 2;
  const at = (share: number) => {
    let reached = 0;
    for (const [level, count] of levels.entries()) {
      reached += count;
      if (reached > share * (total - 1)) return level / 255;
    }
    return max / 255;
  };
  const { q01, q10, q50, q90, q99 } = QUANTILES;
  return {
    ...{ min: min / 255, max: max / 255, mean: mean / 255, std: Math.sqrt(squares / total) / 255 },
    ...{ q01: at(q01), q10: at(q10), q50: at(q50), q90: at(q90), q99: at(q99) },
  };
}
