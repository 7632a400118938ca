import type { Leaf } from '../common/json-file.ts';

/** Parts of a loop in the order they happen, as the producer names them; others follow by name. */
const PARTS = ['obs_read_ms', 'preprocess_ms', 'inference_ms', 'env_step_ms'];
export const LOOP_TOTAL = 'loop_total_ms';

export interface TimingStatistics {
  mean: number;
  p95: number;
  max: number;
  min: number;
  /** Of the whole population, and as estimated from a sample. */
  std: number;
  sampleStd: number;
  count: number;
}

export function isTiming(name: string): boolean {
  return name.endsWith('_ms');
}

export function compareTimings(a: string, b: string): number {
  const rank = (name: string) => {
    const at = PARTS.indexOf(name);
    if (name === LOOP_TOTAL) return PARTS.length + 1;
    return at < 0 ? PARTS.length : at;
  };
  return rank(a) - rank(b) || a.localeCompare(b);
}

/** Of the finite values; null where there are none. p95 as NumPy has it: between two values where it falls between them. */
export function statisticsOf(values: Float64Array): TimingStatistics | null {
  const sorted = values.filter(Number.isFinite).sort();
  const count = sorted.length;
  if (count === 0) return null;
  const at = (index: number) => sorted[index] as number;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const place = 0.95 * (count - 1);
  const below = Math.floor(place);
  const p95 = at(below) + (place - below) * (at(Math.min(below + 1, count - 1)) - at(below));
  const sampleStd = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  return { mean, p95, max: at(count - 1), min: at(0), std: Math.sqrt(squares / count), sampleStd, count };
}

export type StatisticName = 'mean' | 'std' | 'min' | 'max' | 'p95' | 'count';

const WORDS: Record<string, StatisticName> = {
  mean: 'mean',
  avg: 'mean',
  average: 'mean',
  std: 'std',
  stdev: 'std',
  min: 'min',
  minimum: 'min',
  max: 'max',
  maximum: 'max',
  p95: 'p95',
  count: 'count',
  n: 'count',
  num: 'count',
  samples: 'count',
};

export interface StatedStatistic {
  timing: string;
  statistic: StatisticName;
  value: number;
  keys: string[];
}

/**
 * What a timing file says of these timings, however it nests them: {inference_ms: {mean}}, {mean: {inference_ms}},
 * {timing: {inference: {mean_ms}}}, {inference_ms_mean}. Where a statistic is stated twice with different values (several
 * rollouts in one file) it is left out, as nobody knows which is ours.
 */
export function statedStatistics(leaves: readonly Leaf[], timings: readonly string[]): StatedStatistic[] {
  const found = new Map<string, StatedStatistic | null>();
  for (const { keys, value } of leaves) {
    if (typeof value !== 'number') continue;
    const words = keys.join('/').toLowerCase();
    const timing = timings
      .filter((name) => new RegExp(`(^|[/_.])${escaped(name.replace(/_ms$/, ''))}([/_.]|$)`).test(words))
      .sort((a, b) => b.length - a.length)[0];
    if (timing === undefined) continue;
    const rest = words.replace(timing.replace(/_ms$/, ''), ' ').split(/[^a-z0-9]+/);
    const statistic = rest.map((word) => WORDS[word]).find((word) => word !== undefined);
    if (statistic === undefined) continue;
    const id = `${timing} ${statistic}`;
    const known = found.get(id);
    if (known === undefined) found.set(id, { timing, statistic, value, keys });
    else if (known !== null && known.value !== value) found.set(id, null);
  }
  return [...found.values()].filter((stated) => stated !== null);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Decimals that the figures of a file were rounded to: a figure that ends in 0 does not show them all. */
export function decimalsOf(stated: readonly Pick<StatedStatistic, 'value'>[]): number {
  return Math.max(0, ...stated.map(({ value }) => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0));
}

/** Whether a stated figure is this value, rounded to so many decimals (and arrays may be single precision). */
export function agrees(stated: number, computed: number, decimals: number): boolean {
  return Math.abs(stated - computed) <= 0.5001 * 10 ** -decimals + 2e-6 * Math.abs(computed);
}

export interface Overrun {
  /** Inclusive range of steps. */
  from: number;
  to: number;
  worstMs: number;
  worstStep: number;
}

/** Neighbouring steps whose loop took longer than its period, joined. */
export function overrunsOf(totalsMs: Float64Array, periodMs: number): Overrun[] {
  const overruns: Overrun[] = [];
  totalsMs.forEach((ms, step) => {
    // Figures are rounded; a loop that was let wait until its period ended has not overrun it.
    if (!(ms > periodMs * 1.001)) return;
    const last = overruns.at(-1);
    if (last?.to !== step - 1) overruns.push({ from: step, to: step, worstMs: ms, worstStep: step });
    else {
      last.to = step;
      if (ms > last.worstMs) Object.assign(last, { worstMs: ms, worstStep: step });
    }
  });
  return overruns;
}
