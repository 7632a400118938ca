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
      { name: 'Outcome', cells: ['failure', 'success'], differs: true },
      { name: 'Failures', cells: ['GRASP_SLIP at 3.2 s', ''], differs: false },
      { name: 'Gloves', cells: ['', 'yes'], differs: false },
      { name: 'Site', cells: ['B', 'B'], differs: false },
    ]);
  });

  it('holds a mark of a longer recording within this one, and has nothing to say of nothing', () => {
    expect(layerRows([layer('me', { failures: { a: failure(900, null) } })], times)).toEqual([
      { name: 'Failures', cells: ['no code at 9.9 s'], differs: false },
    ]);
    expect(layerRows([layer('me'), layer('ann')], times)).toEqual([]);
  });
});
