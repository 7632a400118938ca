import { describe, expect, it } from 'vitest';
import { emptyHistory, layerOf } from '../../shared/review/fold.ts';
import type { Layer } from '../../shared/review/review.ts';
import { layerRows } from './layer-rows.ts';

const times = Float64Array.from({ length: 100 }, (_, tick) => tick * 1e8);
const layer = (annotator: string, said: Partial<Layer> = {}): Layer => ({
  ...layerOf(emptyHistory(annotator)),
  ...said,
});
const failure = (event: number, code: string | null) => ({
  ...{ event, window: [0, 99] as [number, number], code, severity: null, resetability: null, whatHappened: '' },
  handOff: null,
});

describe('layerRows', () => {
  it('puts what was said side by side, and tells where people differ from where one was silent', () => {
    const rows = layerRows(
      [
        layer('me', {
          outcome: { value: 'failure' },
          properties: { site: 'B' },
          failures: { a: failure(32, 'GRASP_SLIP') },
        }),
        layer('ann', { outcome: { value: 'success' }, properties: { site: 'B', gloves: true } }),
      ],
      times,
    );
    expect(rows).toEqual([
      { name: 'Outcome', cells: [['failure'], ['success']], differs: true },
      { name: 'Failures', cells: [['3.2 s GRASP_SLIP'], []], differs: false },
      { name: 'Gloves', cells: [[], ['yes']], differs: false },
      { name: 'Site', cells: [['B'], ['B']], differs: false },
    ]);
  });

  it('has a line for each of several, in order of time, and of severities each once', () => {
    const several = {
      a: { ...failure(32, 'GRASP_SLIP'), severity: 'medium' },
      b: { ...failure(9, 'MANIP_DROP'), severity: 'low' },
      c: { ...failure(50, null), severity: 'low' },
    };
    expect(layerRows([layer('me', { failures: several })], times).map(({ cells }) => cells[0])).toEqual([
      ['0.9 s MANIP_DROP', '3.2 s GRASP_SLIP', '5.0 s no code'],
      ['low', 'medium'],
    ]);
  });

  it('holds a mark of a longer recording within this one, and has nothing to say of nothing', () => {
    expect(layerRows([layer('me', { failures: { a: failure(900, null) } })], times)).toEqual([
      { name: 'Failures', cells: [['9.9 s no code']], differs: false },
    ]);
    expect(layerRows([layer('me'), layer('ann')], times)).toEqual([]);
  });
});
