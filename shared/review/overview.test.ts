import { describe, expect, it } from 'vitest';
import { emptyHistory, layerOf } from './fold.ts';
import { digestOf, type LayerDigest, overviewOf, reviewOverviewSchema } from './overview.ts';
import type { Layer } from './review.ts';

const layer = (annotator: string, lastAt: string, said: Partial<Layer> = {}): LayerDigest =>
  digestOf({ ...layerOf(emptyHistory(annotator)), lastAt, ...said });
const failure = {
  ...{ event: 5, window: [0, 9] as [number, number], code: null, severity: null, resetability: null },
  ...{ whatHappened: 'It slipped.', handOff: null },
};

describe('overviewOf', () => {
  it('counts one person of each recording: the own, else who spoke last', () => {
    const mine = layer('me', '2026-01-02', { outcome: { value: 'failure' }, failures: { a: failure } });
    const old = layer('ann', '2026-01-01', { failures: { a: failure, b: failure } });
    const newer = layer('bob', '2026-01-03', { outcome: { value: 'success' } });
    const silent = layer('me', '2026-01-04', { notes: { n: { text: 'Later.' } } });
    const { counts } = overviewOf([
      { recording: '1', own: mine, others: [old] },
      { recording: '2', own: null, others: [old, newer] },
      { recording: '3', own: silent, others: [old] },
      { recording: '4', own: null, others: [] },
    ]);
    expect(counts).toEqual({ reviewed: 2, failures: 3, recoveries: 0 });
  });

  it('gives back the own words, newest first and each once, never those of others', () => {
    const first = layer('me', '2026-01-01', { notes: { a: { text: ' dropped ' }, b: { text: 'late' } } });
    const second = layer('me', '2026-01-02', { notes: { a: { text: 'dropped' } }, failures: { a: failure } });
    const other = layer('ann', '2026-01-03', { notes: { a: { text: 'secret' } } });
    const { texts } = overviewOf([
      { recording: '1', own: first, others: [other] },
      { recording: '2', own: second, others: [] },
    ]);
    expect(texts).toMatchObject({ notes: ['dropped', 'late'], whatHappened: ['It slipped.'], howRecovered: [] });
  });

  it('puts the most used keys and values first, of everybody that may be seen', () => {
    const said = (annotator: string, properties: Layer['properties']) => layer(annotator, '2026-01-01', { properties });
    const { properties } = overviewOf([
      { recording: '1', own: said('me', { site: 'B', gripper: true }), others: [said('ann', { site: 'A' })] },
      { recording: '2', own: said('me', { site: 'A' }), others: [] },
    ]);
    expect(properties).toEqual([
      { key: 'site', values: ['A', 'B'] },
      { key: 'gripper', values: [true] },
    ]);
  });

  it('tells what was said last, newest first, without recordings of which only marks were made', () => {
    const told = layer('me', '2026-01-02', { description: { text: 'It fell.' }, properties: { site: 'A' } });
    const marked = layer('me', '2026-01-03', { failures: { a: failure } });
    const overview = overviewOf([
      { recording: '1', own: told, others: [] },
      { recording: '2', own: marked, others: [] },
    ]);
    expect(overview.last).toEqual([
      { recording: '1', at: '2026-01-02', outcome: null, description: { text: 'It fell.' }, properties: { site: 'A' } },
    ]);
    expect(reviewOverviewSchema.safeParse(overview).success).toBe(true);
  });
});
