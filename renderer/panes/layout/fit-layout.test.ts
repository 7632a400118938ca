import { describe, expect, it } from 'vitest';
import { type AspectOf, fitLayout, PANE_GAP_PX, PANE_HEADER_PX } from './fit-layout.ts';
import type { PaneLayout, PaneView } from './layout-model.ts';

const picture = (stream: string): PaneView => ({ kind: 'image', stream, mode: 'picture' });
const difference = (stream: string): PaneView => ({ kind: 'image', stream, mode: 'difference' });
const aspectOf: AspectOf = (view) => (view.kind === 'image' ? 4 / 3 : undefined);

function layoutOf(rows: PaneView[][]): PaneLayout {
  return {
    version: 1,
    rows: rows.map((views, row) => ({
      id: `row-${row}`,
      height: 100 / rows.length,
      panes: views.map((view, pane) => ({ id: `pane-${row}-${pane}`, width: 100 / views.length, view })),
    })),
  };
}

const plots: PaneView[] = [
  { kind: 'plot', quantity: 'position' },
  { kind: 'plot', quantity: 'speed' },
];
const whole = layoutOf([
  [picture('l'), picture('m'), picture('r')],
  [picture('gl'), difference('gl'), picture('gr'), difference('gr'), { kind: 'scene' }],
  plots,
]);
const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);

describe('fitting the panes to an area', () => {
  it('gives cameras most of the height and fills it to the last percent', () => {
    const rows = fitLayout(whole, { widthPx: 1064, heightPx: 500 }, aspectOf).rows;
    expect(rows[0]!.height).toBeGreaterThan(50);
    expect(rows[1]!.height).toBeGreaterThan(rows[2]!.height);
    expect(sum(rows.map(({ height }) => height))).toBeCloseTo(100);
    for (const row of rows) expect(sum(row.panes.map(({ width }) => width))).toBeCloseTo(100);
  });

  it('gives pictures beside a scene the width they fill, and the scene the rest', () => {
    const area = { widthPx: 1064, heightPx: 500 };
    const row = fitLayout(whole, area, aspectOf).rows[1]!;
    const picturePx = ((area.heightPx - 2 * PANE_GAP_PX) * row.height) / 100 - PANE_HEADER_PX;
    const widthPx = ((area.widthPx - 4 * PANE_GAP_PX) * row.panes[0]!.width) / 100;
    expect(widthPx / picturePx).toBeCloseTo(4 / 3, 1);
    expect(row.panes[4]!.width).toBeGreaterThanOrEqual(20);
  });

  it('makes no row of pictures taller than they can use while another can use it', () => {
    const rows = fitLayout(whole, { widthPx: 600, heightPx: 900 }, aspectOf).rows;
    const camerasPx = ((900 - 2 * PANE_GAP_PX) * rows[0]!.height) / 100;
    expect(camerasPx).toBeCloseTo(((600 - 2 * PANE_GAP_PX) / 3) * 0.75 + PANE_HEADER_PX, 0);
  });

  it('lets all rows grow where none can use more', () => {
    const rows = fitLayout(layoutOf([[picture('l')], [picture('r')]]), { widthPx: 100, heightPx: 900 }, aspectOf).rows;
    expect(rows.map(({ height }) => Math.round(height))).toEqual([50, 50]);
  });

  it('leaves a layout alone while there is no area', () => {
    expect(fitLayout(whole, { widthPx: 0, heightPx: 0 }, aspectOf)).toBe(whole);
  });
});
