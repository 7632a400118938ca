/** Figures of one feature: a number a component each. */
export type Figures = ReadonlyMap<string, readonly number[]>;

/** Statistics worked out anew from stored rows; the values of each component in order. */
export interface ExactStats {
  readonly count: number;
  readonly sorted: readonly Float64Array[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

const QUANTILES: Readonly<Record<string, number>> = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 };
const ORDERED = ['min', 'q01', 'q10', 'q50', 'q90', 'q99', 'max'] as const;
/** Rows are kept in single precision, and statistics were taken before: they part by so much of the largest value. */
const PRECISION = 2e-6;

export function exactStats(rows: ArrayLike<unknown>): ExactStats {
  const list = Array.from(rows, (cell): ArrayLike<unknown> => (isList(cell) ? cell : [cell]));
  const width = list[0]?.length ?? 0;
  const sorted = Array.from({ length: width }, (_, n) => Float64Array.from(list, (cells) => Number(cells[n])).sort());
  // Sums of differences from the median stay exact where the values themselves are large (an index, a clock).
  const about = sorted.map((values) => values[values.length >> 1] as number);
  const mean = sorted.map(
    (values, n) => (about[n] as number) + sum(values, (value) => value - (about[n] as number)) / values.length,
  );
  const std = sorted.map((values, n) =>
    Math.sqrt(sum(values, (value) => (value - (mean[n] as number)) ** 2) / values.length),
  );
  return { count: list.length, sorted, mean, std };
}

/** That an episode's kept statistics are those of its rows. A quantile may be any between its neighbours in order. */
export function figureFaults(stored: Figures | undefined, exact: ExactStats, key: string): string[] {
  if (!stored) return [`no statistics of ${key} are kept.`];
  const faults: string[] = [];
  const tell = (name: string, at: number, should: string) => {
    if (faults.length === 0)
      faults.push(`the ${name} of ${key} is ${stored.get(name)?.[at] ?? 'missing'}, and should be ${should}.`);
  };
  if (stored.get('count')?.[0] !== exact.count) tell('count', 0, `${exact.count}`);
  for (const [at, values] of exact.sorted.entries()) {
    const [least = Number.NaN, most = Number.NaN] = [values[0], values.at(-1)];
    const slack = PRECISION * Math.max(1e-6, Math.abs(least), Math.abs(most));
    const hold = (name: string, low: number, high = low) => {
      const value = stored.get(name)?.[at];
      if (!(value !== undefined && value >= low - slack && value <= high + slack))
        tell(name, at, low === high ? `${low}` : `from ${low} to ${high}`);
    };
    hold('min', least);
    hold('max', most);
    hold('mean', exact.mean[at] as number);
    hold('std', exact.std[at] as number);
    for (const [name, share] of Object.entries(QUANTILES)) {
      const place = share * (values.length - 1);
      hold(name, values[Math.floor(place)] as number, values[Math.ceil(place)] as number);
    }
  }
  return faults;
}

/** Pictures are counted by some of their frames: between none and white, in order, of as many frames as can be. */
export function pictureFigureFaults(stored: Figures | undefined, frames: number, key: string): string[] {
  if (!stored) return [`no statistics of ${key} are kept.`];
  const count = stored.get('count')?.[0] ?? Number.NaN;
  if (!(count >= 1 && count <= frames)) return [`the count of ${key} is ${count}, and it has ${frames} frames.`];
  for (let channel = 0; channel < 3; channel++) {
    const levels = ORDERED.map((name) => stored.get(name)?.[channel] ?? Number.NaN);
    const isOrdered = levels.every((level, at) => level >= (at === 0 ? 0 : (levels[at - 1] as number)) && level <= 1);
    const [least = 0, most = 0] = [levels[0], levels.at(-1)];
    const mean = stored.get('mean')?.[channel] ?? Number.NaN;
    const std = stored.get('std')?.[channel] ?? Number.NaN;
    // No spread is wider than half of what it spreads over.
    if (!isOrdered || !(mean >= least && mean <= most && std >= 0 && std <= (most - least) / 2 + 1e-9))
      return [
        `the statistics of ${key} in channel ${channel} are none of pictures (${levels.join(', ')}; mean ${mean}, std ${std}).`,
      ];
  }
  return [];
}

/**
 * That statistics of the whole are those of its episodes: counts add up, mean and spread are of all rows, the least and the
 * largest are, and quantiles are the envelope that LeRobot takes (the least up to the median, the largest above).
 *
 * @param rows that there are; null for pictures, of which some are counted
 */
export function joinedFaults(whole: Figures, parts: readonly Figures[], rows: number | null, key: string): string[] {
  const of = (part: Figures, name: string, at: number) => part.get(name)?.[at] ?? Number.NaN;
  const count = sum(parts, (part) => of(part, 'count', 0));
  const frames = rows ?? count;
  if (of(whole, 'count', 0) !== count || count !== frames)
    return [`it counts ${of(whole, 'count', 0)} frames of ${key} where there are ${frames}.`];
  for (const at of (parts[0]?.get('mean') ?? []).keys()) {
    const mean = sum(parts, (part) => of(part, 'count', 0) * of(part, 'mean', at)) / count;
    const squares = sum(parts, (part) => of(part, 'count', 0) * (of(part, 'std', at) ** 2 + of(part, 'mean', at) ** 2));
    const figures: Record<string, number> = { mean, std: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
    for (const name of ORDERED) {
      const each = parts.map((part) => of(part, name, at));
      figures[name] = name === 'max' || name === 'q90' || name === 'q99' ? Math.max(...each) : Math.min(...each);
    }
    const scale = Math.max(Math.abs(figures.min as number), Math.abs(figures.max as number), 1e-6);
    // A spread by squares loses half of the digits.
    for (const [name, value] of Object.entries(figures))
      if (!(Math.abs(of(whole, name, at) - value) <= (name === 'std' ? 1e-5 : 1e-9) * scale))
        return [`its ${name} of ${key} is ${of(whole, name, at)}, and its episodes' make ${value}.`];
  }
  return [];
}

function sum<T>(values: Iterable<T>, of: (value: T) => number): number {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}

function isList(cell: unknown): cell is ArrayLike<unknown> {
  return Array.isArray(cell) || ArrayBuffer.isView(cell);
}
