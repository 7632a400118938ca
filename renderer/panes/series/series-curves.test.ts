import { describe, expect, it } from 'vitest';
import type { Series } from '../../../shared/episode/episode.ts';
import type { OpenEpisode } from '../../app/session.ts';
import { bandFacts, formatValue, seriesCurves, stackedSignals, valueAt } from './series-curves.ts';
import { mixed, seriesDrawing } from './series-lines.ts';

const MS = 1e6;
const about = { name: 'n', unit: 'rad', limits: null, display: 'lines', count: 3, clock: 'c' } as const;

function opened(...all: (Partial<Series> & { id: string; group: string; rows: number[][] })[]) {
  const series = all.map(({ rows, ...each }) => ({
    ...{ ...about, role: 'state' as const, components: (rows[0] ?? []).map((_, column) => `j${column}`) },
    ...each,
  }));
  const arrays = new Map(
    all.map(({ id, rows }) => [
      `series:${id}`,
      {
        times: Float64Array.from(rows, (_, row) => row * 20 * MS),
        values: Float64Array.from(rows.flat()),
        width: rows[0]?.length ?? 0,
      },
    ]),
  );
  return { episode: { series }, arrays } as unknown as OpenEpisode;
}

describe('curves of series', () => {
  it('are the columns, with their own limits, hue and the values at a moment', () => {
    const limits = [{ min: -1, max: 1 }, null];
    const rows = [
      [0.1, 10],
      [0.2, 20],
      [0.3, 30],
    ];
    const [first, second] = seriesCurves(opened({ id: 'q', group: 'Joints', limits, rows }), ['Joints']);
    expect([first?.id, first?.name, first?.limit, second?.limit]).toEqual(['q:0', 'j0', { min: -1, max: 1 }, null]);
    expect(valueAt(second!, 39 * MS)).toBe(20);
    expect(valueAt(first!, 40 * MS)).toBe(0.3);
    expect(valueAt(first!, -1)).toBeNaN();
    expect(valueAt(first!, 400 * MS), 'long after the last sample').toBeNaN();
    expect([first?.hue, second?.hue]).toEqual([0, 1]);
  });

  it('tell fourteen joints apart by hue and kind of line', () => {
    const joints = seriesCurves(opened({ id: 'q', group: 'Joints', rows: [Array(14).fill(0)] }), ['Joints']);
    expect(new Set(joints.map(({ hue, style }) => `${hue} ${style}`)).size).toBe(14);
  });

  it('take what is no number for a hole', () => {
    const rows = [[1], [Number.POSITIVE_INFINITY], [Number.NaN]];
    const [curve] = seriesCurves(opened({ id: 'q', group: 'Joints', rows }), ['Joints']);
    expect(Array.from(curve?.signal.values ?? [])).toEqual([1, Number.NaN, Number.NaN]);
    expect(formatValue(curve!, Number.NaN)).toBe('–');
  });

  it('of two groups share hues and differ in the kind of line', () => {
    const both = opened({ id: 's', group: 'State', rows: [[0, 1]] }, { id: 'a', group: 'Action', rows: [[0, 1]] });
    const curves = seriesCurves(both, ['State', 'Action']);
    expect(curves.map(({ hue }) => hue)).toEqual([0, 1, 0, 1]);
    expect(curves.map(({ style }) => style)).toEqual(['solid', 'solid', 'dashed', 'dashed']);
  });
});

describe('bands', () => {
  const timing = (id: string, values: number[]) => ({
    ...{ id, group: 'Timing', role: 'timing' as const, unit: 'ms', display: 'stacked' as const, name: id },
    rows: values.map((value) => [value]),
  });

  it('add up, and what is missing adds nothing', () => {
    const parts = opened(timing('a', [1, 2, Number.NaN]), timing('b', [10, Number.NaN, Number.NaN]));
    const curves = seriesCurves(parts, ['Timing']);
    const [low, high] = stackedSignals(curves);
    expect(Array.from(low?.values ?? [])).toEqual([1, 2, Number.NaN]);
    expect(Array.from(high?.values ?? [])).toEqual([11, 2, Number.NaN]);
    expect(curves.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('are drawn highest first, inside the total that was measured', () => {
    const total = { ...timing('total', [12, 12, 12]), display: 'total' as const, limits: [{ min: 0, max: 20 }] };
    const curves = seriesCurves(opened(timing('a', [1, 2, 3]), timing('b', [10, 9, 8]), total), ['Timing']);
    expect(curves.map(({ band }) => band)).toEqual(['part', 'part', 'total']);
    const { lines, limits, range } = seriesDrawing(curves);
    // What the parts leave of the total lies behind them, its edge over them.
    expect(lines.map(({ signal }) => signal.values[0])).toEqual([12, 11, 1, 12]);
    expect(lines.map(({ fill }) => fill !== undefined)).toEqual([true, true, true, false]);
    expect(limits.map(({ value }) => value)).toEqual([20]);
    expect(range(3, 12)[0]).toBe(0);
    expect(range(3, 12)[1], 'a period near by').toBeGreaterThan(20);
    expect(range(3, 5)[1], 'a period far above').toBeLessThan(6);
    expect(seriesDrawing(curves.slice(2)).lines, 'the total alone is a band too').toHaveLength(2);
  });

  it('have mean, p95 and the largest value', () => {
    const values = Array.from({ length: 100 }, (_, at) => at + 1);
    const [curve] = seriesCurves(opened(timing('a', [...values, Number.NaN])), ['Timing']);
    const facts = bandFacts(curve!);
    expect([facts?.mean, facts?.max]).toEqual([50.5, 100]);
    expect(facts?.p95).toBeCloseTo(95.05, 9);
    expect(bandFacts({ signal: { times: [0], values: [Number.NaN], levels: [] } })).toBeUndefined();
  });
});

describe('limits', () => {
  it('are drawn once each, and make room while the curve keeps a part of it', () => {
    const limits = [
      { min: -2, max: 2 },
      { min: -2, max: 9 },
    ];
    const curves = seriesCurves(
      opened({
        ...{ id: 'q', group: 'Joints', limits },
        rows: [
          [0, 0],
          [2, 1],
        ],
      }),
      ['Joints'],
    );
    const { limits: drawn, range } = seriesDrawing(curves);
    expect(drawn.map(({ value }) => value)).toEqual([-2, 2, 9]);
    expect(range(0, 2)[1], 'a limit far away').toBeLessThan(3);
    expect(range(-1, 3)[1], 'a limit near by').toBeGreaterThan(9);
  });

  it('mix colours for bands', () => {
    expect(mixed('rgb(0, 100, 200)', 'rgb(100, 0, 0)', 0.5)).toBe('rgb(50, 50, 100)');
  });
});
