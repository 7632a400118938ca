import type { Episode, Series } from '../../../shared/episode/episode.ts';
import { latestAtOrBefore } from '../../../shared/time/sampling.ts';
import type { OpenEpisode } from '../../app/session.ts';
import { buildSignal, type Signal } from '../../timeline/decimation.ts';
import { SERIES_HUES } from '../../timeline/palette.ts';
import { gapOf } from '../plots/plot-data.ts';

/** One component of a series: a column of numbers, with what a legend and a plot say of it. */
export interface SeriesCurve {
  /** "<series id>:<column>": what a layout remembers. */
  id: string;
  /** The component's name; the series' name where that has one column alone. */
  name: string;
  role: Series['role'];
  unit: string;
  /** A part of a stack, or what the stack adds up to as it was measured; null: a line. */
  band: 'part' | 'total' | null;
  /** NaN where nothing was recorded or the number is none. */
  signal: Signal;
  gapNs: number;
  limit: { min: number; max: number } | null;
  /** From 0; beyond the hues there are, the next kind of line begins with the first hue again. */
  hue: number;
  style: 'solid' | 'dashed' | 'dotted';
  /** Digits behind the point that tell its values apart. */
  digits: number;
}

const BANDS = { lines: null, stacked: 'part', total: 'total' } as const;
const STYLES = ['solid', 'dashed', 'dotted'] as const;
const MOST_SAMPLED = 4096;

/** Groups in the order their first series come. */
export function groupsOf({ series }: Pick<Episode, 'series'>): string[] {
  return [...new Set(series.map(({ group }) => group))];
}

/** The names of a group's columns, one after the other: groups that share them can be laid over each other. */
export function componentsOf({ series }: Pick<Episode, 'series'>, group: string): string[] {
  return series.filter((candidate) => candidate.group === group).flatMap(({ components }) => components);
}

/**
 * Every component of the groups' series, in recorded order. Columns of the same name in two groups (state and action) get
 * the same hue; the second group's lines are dashed.
 */
export function seriesCurves(open: Pick<OpenEpisode, 'episode' | 'arrays'>, groups: readonly string[]): SeriesCurve[] {
  return groups.flatMap((group, groupIndex) => {
    let place = 0;
    const ofGroup = open.episode.series.filter((series) => series.group === group);
    const roles = new Set(ofGroup.map(({ role }) => role));
    const first = ofGroup[0]?.role;
    return ofGroup.flatMap((series) => {
      const { times, values, width } = open.arrays.get(`series:${series.id}`) ?? {
        ...{ times: new Float64Array(0), values: new Float64Array(0) },
        width: series.components.length,
      };
      const gapNs = gapOf(times);
      // State and action in one group are the same joints twice.
      const isSecond = roles.size > 1 && series.role !== first && sameComponents(series, ofGroup[0]);
      if (isSecond) place = 0;
      return Array.from({ length: width }, (_, column): SeriesCurve => {
        const index = place++;
        const signal = buildSignal(times, columnOf(values, width, column, times.length));
        const turn = Math.floor(index / SERIES_HUES) + groupIndex + (isSecond ? 1 : 0);
        return {
          id: `${series.id}:${column}`,
          name: nameOf(series, column, width === 1, ofGroup.length > 1),
          ...{ role: series.role, unit: series.unit, band: BANDS[series.display], signal, gapNs },
          limit: series.limits?.[column] ?? null,
          hue: index % SERIES_HUES,
          style: STYLES[turn % STYLES.length] ?? 'solid',
          digits: series.unit === 'ms' ? 1 : digitsOf(signal.values),
        };
      });
    });
  });
}

/** The value that holds at a moment: the latest at or before it. NaN before the first, after a hole, and where there is none. */
export function valueAt({ signal: { times, values }, gapNs }: SeriesCurve, timeNs: number): number {
  const index = latestAtOrBefore(times, timeNs);
  if (index < 0 || timeNs - (times[index] as number) > gapNs) return Number.NaN;
  return values[index] as number;
}

/** With the digits that tell the component's values apart; "–" where there is none. */
export function formatValue({ digits }: Pick<SeriesCurve, 'digits'>, value: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}

export interface BandFacts {
  mean: number;
  /** As NumPy has it: between two values where it falls between them. */
  p95: number;
  max: number;
}

/** Of the numbers there are; undefined where there is none. */
export function bandFacts({ signal: { values } }: Pick<SeriesCurve, 'signal'>): BandFacts | undefined {
  const finite = Float64Array.from(values).filter(Number.isFinite).sort();
  if (finite.length === 0) return undefined;
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const place = 0.95 * (finite.length - 1);
  const below = Math.floor(place);
  const [low, high] = [finite[below] as number, finite[Math.min(below + 1, finite.length - 1)] as number];
  const p95 = low + (place - below) * (high - low);
  return { mean, p95, max: finite.at(-1) as number };
}

/**
 * The curves' values added up, first one lowest: entry i is the upper edge of curve i's band. All share one clock. A value
 * that is missing adds nothing; where all are missing there is no band.
 */
export function stackedSignals(curves: readonly SeriesCurve[]): Signal[] {
  const count = Math.min(...curves.map(({ signal }) => signal.times.length));
  const sums = new Float64Array(count);
  const isAny = new Uint8Array(count);
  for (const { signal } of curves) {
    for (let index = 0; index < count; index += 1) if (Number.isFinite(signal.values[index])) isAny[index] = 1;
  }
  return curves.map(({ signal }) => {
    const edge = new Float64Array(count);
    for (let index = 0; index < count; index += 1) {
      const value = signal.values[index] as number;
      if (Number.isFinite(value)) sums[index] = (sums[index] as number) + value;
      edge[index] = isAny[index] ? (sums[index] as number) : Number.NaN;
    }
    return buildSignal(signal.times, edge);
  });
}

function columnOf(values: Float64Array, width: number, column: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => {
    const value = values[row * width + column];
    return value !== undefined && Number.isFinite(value) ? value : Number.NaN;
  });
}

/** A bare number says nothing where there is one column alone. */
function nameOf(series: Series, column: number, isOnly: boolean, isAmongOthers: boolean): string {
  const component = series.components[column] ?? String(column);
  return isOnly && (isAmongOthers || /^\d*$/.test(component)) ? series.name : component;
}

function sameComponents(a: Series, b: Series | undefined): boolean {
  return b !== undefined && a.components.join('\n') === b.components.join('\n');
}

function digitsOf(values: ArrayLike<number>): number {
  const stride = Math.max(1, Math.floor(values.length / MOST_SAMPLED));
  let most = 0;
  let areWhole = true;
  for (let index = 0; index < values.length; index += stride) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    most = Math.max(most, Math.abs(value));
    areWhole &&= Number.isInteger(value);
  }
  if (areWhole) return 0;
  return most >= 100 ? 1 : most >= 10 ? 2 : 3;
}
