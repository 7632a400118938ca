import type { Palette } from '../../timeline/palette.ts';
import type { DrawnLine, PlotLimit } from '../plots/plot-view.ts';
import { aroundValues, stackRange, withLimits } from '../plots/ranges.ts';
import { type SeriesCurve, stackedSignals } from './series-curves.ts';

const DASHES = { solid: undefined, dashed: [5, 3], dotted: [1.5, 2.5] } as const;
/** Beyond so many curves their limits are told by one colour alone. */
const MOST_COLOURED_LIMITS = 3;
/** How much of a band's hue is left when it fills its band. */
const BAND_SHARE = 0.5;

export interface SeriesDrawing {
  lines: DrawnLine[];
  limits: PlotLimit[];
  range(least: number | null, most: number | null): [number, number];
}

/** What a plot draws of the curves that are shown: bands below, each over the one before, and lines above. */
export function seriesDrawing(shown: readonly SeriesCurve[]): SeriesDrawing {
  const stacked = shown.filter(({ isStacked }) => isStacked);
  const edges = stacked.length > 0 ? stackedSignals(stacked) : [];
  const bands = stacked.map((curve, index): DrawnLine => {
    const stroke = (palette: Palette) => hueOf(curve, palette);
    const fill = (palette: Palette) => mixed(hueOf(curve, palette), palette.surface, BAND_SHARE);
    return { signal: edges[index] ?? curve.signal, gapNs: curve.gapNs, stroke, fill };
  });
  const lines = shown
    .filter(({ isStacked }) => !isStacked)
    .map((curve): DrawnLine => {
      const dash = DASHES[curve.style];
      const stroke = (palette: Palette) => (bands.length > 0 ? palette.text : hueOf(curve, palette));
      return { signal: curve.signal, gapNs: curve.gapNs, stroke, dash: dash ? [...dash] : undefined };
    });
  const limits = limitsOf(shown);
  const range =
    bands.length > 0 ? stackRange : limits.length > 0 ? withLimits(limits.map(({ value }) => value)) : aroundValues;
  return { lines: [...bands.reverse(), ...lines], limits, range };
}

/** Every limit once. */
function limitsOf(shown: readonly SeriesCurve[]): PlotLimit[] {
  const isColoured = shown.length <= MOST_COLOURED_LIMITS;
  const limits = new Map<number, PlotLimit>();
  for (const curve of shown) {
    for (const value of curve.limit ? [curve.limit.min, curve.limit.max] : []) {
      if (!Number.isFinite(value) || limits.has(value)) continue;
      limits.set(value, { value, stroke: (palette) => (isColoured ? hueOf(curve, palette) : palette.muted) });
    }
  }
  return [...limits.values()];
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
