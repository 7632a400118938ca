import type { Palette } from '../../timeline/palette.ts';
import type { DrawnLine, PlotLimit } from '../plots/plot-view.ts';
import { aroundValues, stackRange, withLimits } from '../plots/ranges.ts';
import { type SeriesCurve, stackedSignals } from './series-curves.ts';

const DASHES = { solid: undefined, dashed: [5, 3], dotted: [1.5, 2.5] } as const;
/** Beyond so many curves their limits are told by one colour alone. */
const MOST_COLOURED_LIMITS = 3;
/** How much of a band's hue is left when it fills its band. */
const BAND_SHARE = 0.5;
/** What no part of a total accounts for is grey. */
const REST_SHARE = 0.35;

export interface SeriesDrawing {
  lines: DrawnLine[];
  limits: PlotLimit[];
  range(least: number | null, most: number | null): [number, number];
}

/**
 * What a plot draws of the curves that are shown: bands below, each over the one before, and lines above. The band of a
 * total lies behind those of its parts and shows what they leave of it; its edge lies over all.
 */
export function seriesDrawing(shown: readonly SeriesCurve[]): SeriesDrawing {
  const parts = shown.filter(({ band }) => band === 'part');
  const totals = shown.filter(({ band }) => band === 'total');
  const edges = parts.length > 0 ? stackedSignals(parts) : [];
  const bands = parts.map((curve, index): DrawnLine => {
    const stroke = (palette: Palette) => hueOf(curve, palette);
    const fill = (palette: Palette) => mixed(hueOf(curve, palette), palette.surface, BAND_SHARE);
    return { signal: edges[index] ?? curve.signal, gapNs: curve.gapNs, stroke, fill };
  });
  const wholes = totals.map(({ signal, gapNs }): DrawnLine => {
    const fill = (palette: Palette) => mixed(palette.muted, palette.surface, REST_SHARE);
    return { signal, gapNs, stroke: fill, fill };
  });
  const around = totals.map(({ signal, gapNs }): DrawnLine => ({ signal, gapNs, stroke: (palette) => palette.text }));
  const lines = shown
    .filter(({ band }) => band === null)
    .map((curve): DrawnLine => {
      const dash = DASHES[curve.style];
      const stroke = (palette: Palette) => hueOf(curve, palette);
      return { signal: curve.signal, gapNs: curve.gapNs, stroke, dash: dash ? [...dash] : undefined };
    });
  const limits = limitsOf(shown);
  const values = limits.map(({ value }) => value);
  const hasBands = bands.length + wholes.length > 0;
  const range = hasBands ? stackRange(values) : limits.length > 0 ? withLimits(values) : aroundValues;
  return { lines: [...wholes, ...bands.reverse(), ...around, ...lines], limits, range };
}

/** Every limit once. */
function limitsOf(shown: readonly SeriesCurve[]): PlotLimit[] {
  const isColoured = shown.length <= MOST_COLOURED_LIMITS;
  const limits = new Map<number, PlotLimit>();
  for (const curve of shown) {
    // A stack begins at zero anyway.
    const bounds = curve.limit ? (curve.band ? [curve.limit.max] : [curve.limit.min, curve.limit.max]) : [];
    for (const value of bounds) {
      if (!Number.isFinite(value) || limits.has(value)) continue;
      limits.set(value, { value, stroke: (palette) => limitColour(curve, isColoured, palette) });
    }
  }
  return [...limits.values()];
}

function limitColour(curve: SeriesCurve, isColoured: boolean, palette: Palette): string {
  if (curve.band) return palette.warning;
  return isColoured ? hueOf(curve, palette) : palette.muted;
}

function hueOf({ hue }: SeriesCurve, palette: Palette): string {
  return palette.series[hue % palette.series.length] ?? palette.muted;
}

/** Two opaque "rgb(…)" colours mixed; the first one where either is none. */
export function mixed(a: string, b: string, shareOfA: number): string {
  const [from, to] = [a, b].map((color) => color.match(/[\d.]+/g)?.map(Number) ?? []);
  if (!from || !to || from.length < 3 || to.length < 3) return a;
  const parts = [0, 1, 2].map((part) => Math.round((from[part] ?? 0) * shareOfA + (to[part] ?? 0) * (1 - shareOfA)));
  return `rgb(${parts.join(', ')})`;
}
