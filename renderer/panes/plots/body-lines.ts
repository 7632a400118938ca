import { nearest } from '../../../shared/time/sampling.ts';
import type { Palette } from '../../timeline/palette.ts';
import type { PlotCurve } from './plot-data.ts';
import type { DrawnLine } from './plot-view.ts';

const DASHES: Record<string, number[] | undefined> = { y: [6, 3], z: [2, 2.5] };

/** Curves of bodies as they are drawn: the side in colour, the component in the kind of line. */
export function bodyLines(curves: readonly PlotCurve[]): DrawnLine[] {
  return curves.map(({ signal, gapNs, body, component }) => ({
    signal,
    gapNs,
    stroke: (palette) => colorOf(body.side, palette),
    dash: DASHES[component],
  }));
}

/** What every body has at a moment, components side by side: "L -0.042 0.079 -0.055". The sides first. */
export function valuesAt(curves: readonly PlotCurve[], timeNs: number): string[] {
  const bodies = [...new Set(curves.map(({ body }) => body))];
  bodies.sort((a, b) => sideOrder(a.side) - sideOrder(b.side));
  return bodies.map((body) => {
    const values = curves
      .filter((curve) => curve.body === body)
      .map(({ signal: { times, values } }) => {
        const index = nearest(times, timeNs);
        const value = index < 0 ? Number.NaN : (values[index] as number);
        return Number.isFinite(value) ? value.toFixed(3) : '–';
      });
    return [letterOf(body), ...values].join(' ');
  });
}

function sideOrder(side: 'left' | 'right' | null): number {
  return side === 'left' ? 0 : side === 'right' ? 1 : 2;
}

/** L and R for the sides, else the body's first letter. */
export function letterOf({ side, name }: { side: 'left' | 'right' | null; name: string }): string {
  if (side) return side === 'left' ? 'L' : 'R';
  return name.charAt(0).toUpperCase();
}

function colorOf(side: 'left' | 'right' | null, palette: Palette): string {
  if (side === 'left') return palette.left;
  return side === 'right' ? palette.right : palette.muted;
}
