import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundleDifference, type ListedBundle, type ListedUnit } from './diff.ts';
import { differenceLines } from './diff-lines.ts';
import { RECIPE_SCHEMA, recipeSchema, UNIT_KINDS } from './recipe.ts';

const recipe = (more: object = {}) =>
  recipeSchema.parse({
    ...{ schema: RECIPE_SCHEMA, name: 'slips', targets: ['regrasp'], taxonomyVersion: 1 },
    ...{ units: { kinds: ['rollout', 'failure', 'segment'] }, ...more },
  });

function unit(id: string, more: Partial<ListedUnit> = {}, source: Partial<ListedUnit['source']> = {}): ListedUnit {
  return {
    ...{
      id,
      folder: `rollouts/${id}`,
      kind: 'rollout',
      split: 'train',
      frames: 100,
      rate: { numerator: 30, denominator: 1 },
    },
    ...{ labels: null, failure: null, recovery: null, verdict: null },
    source: { path: `data/${id}.h5`, fingerprint: `print-${id}`, ticks: [0, 99], tactile_offset_ticks: 0, ...source },
    ...more,
  };
}

function bundle(units: readonly ListedUnit[], more: Partial<ListedBundle> = {}): ListedBundle {
  return {
    ...{
      name: 'slips',
      made_by: 'regrasp 1',
      encoder: 'ffmpeg 5',
      taxonomy_version: 1,
      hold_periods: 3,
      targets: ['regrasp'],
    },
    ...{ units, left_out: [], recipe: recipe() },
    files: units.map(({ folder, source }) => ({ path: `${folder}/cam.mp4`, sha256: source.fingerprint })),
    ...more,
  };
}

const told = (before: ListedBundle, after: ListedBundle) => differenceLines(bundleDifference(before, after));

describe('two bundles', () => {
  it('that are the same have no difference', () => {
    const one = bundle([unit('a'), unit('b')]);
    expect(bundleDifference(one, structuredClone(one))).toMatchObject({ isSame: true, unchanged: 2 });
    expect(told(one, one)).toEqual(['2 units are the same, 0 changed, 0 came, 0 went.']);
  });

  it('tell what of the recipe and the encoder is otherwise, by key', () => {
    const other = recipe({ video: { crf: 23 }, split: { shares: { train: 0.5, test: 0.5 } } });
    expect(told(bundle([unit('a')]), bundle([unit('a')], { recipe: other, encoder: 'ffmpeg 7' }))).toEqual([
      'encoder ffmpeg 5, now ffmpeg 7',
      'recipe video.crf 18, now 23',
      'recipe split.shares.train 1, now 0.5',
      'recipe split.shares.test not there, now 0.5',
      '1 unit is the same, 0 changed, 0 came, 0 went.',
    ]);
  });

  it('tell of a unit its range, labels, part, recording and content', () => {
    const labels = { annotator: 'ada', outcome: 'failure', codes: ['GRASP_SLIP'], failures: 1, recoveries: 0 };
    const before = bundle([unit('a', { labels }), unit('b')]);
    const after = bundle([
      unit('a', { labels: { ...labels, outcome: 'success', codes: [] }, split: 'test' }, { ticks: [10, 99] }),
      unit('b', {}, { fingerprint: 'another' }),
    ]);
    const lines = told(before, after);
    expect(lines[0]).toBe(
      'changed: rollout data/a.h5 ticks 10–99: ticks 0–99, now 10–99; split train, now test; outcome failure, now success; codes GRASP_SLIP, now none',
    );
    expect(lines[1]).toBe(
      'changed: rollout data/b.h5 ticks 0–99: fingerprint print-b, now another; other content: cam.mp4',
    );
  });

  it('know a recording that was moved, and one that was replaced while the old one went elsewhere', () => {
    const moved = unit('b', {}, { fingerprint: 'print-a' });
    expect(told(bundle([unit('a')]), bundle([moved]))[0]).toContain('recording data/a.h5, now data/b.h5');
    const kept = unit('old', {}, { fingerprint: 'print-a' });
    const replacing = unit('new', {}, { path: 'data/a.h5', fingerprint: 'print-c' });
    const { came, went, changed } = bundleDifference(bundle([unit('a')]), bundle([kept, replacing]));
    expect([came.map(({ unit: { id } }) => id), went, changed.map(({ after }) => after.id)]).toEqual([
      ['new'],
      [],
      ['old'],
    ]);
  });

  it('tell why a unit came or went', () => {
    const left = {
      path: 'data/b.h5',
      kind: 'rollout' as const,
      ticks: [0, 99] as [number, number],
      reason: 'pose_freeze at tick 7 was cut',
    };
    const with2 = bundle([unit('a'), unit('b')]);
    expect(told(with2, bundle([unit('a')], { left_out: [left] }))[0]).toBe(
      'went: rollout data/b.h5 ticks 0–99: it is left out: pose_freeze at tick 7 was cut',
    );
    expect(
      told(
        bundle([unit('a')], { left_out: [{ ...left, kind: null, ticks: null, reason: 'nobody said how it went' }] }),
        with2,
      )[0],
    ).toBe('came: rollout data/b.h5 ticks 0–99: it had been left out: nobody said how it went');
    const failure = unit(
      'f',
      { kind: 'failure', failure: 'f1' },
      { path: 'data/a.h5', fingerprint: 'print-a', ticks: [5, 9] },
    );
    expect(told(bundle([unit('a'), failure]), bundle([unit('a')]))[0]).toMatch(
      /^went: failure .*: no such failure of its recording is there any more$/,
    );
    const noFailures = recipe({ units: { kinds: ['rollout'] } });
    expect(told(bundle([unit('a')], { recipe: noFailures }), bundle([unit('a'), failure]))).toContainEqual(
      expect.stringMatching(/^came: failure .*: the recipe took no failures$/),
    );
    const narrower = recipe({ episodes: { tasks: ['insert'] } });
    expect(told(with2, bundle([unit('a')], { recipe: narrower }))).toContainEqual(
      expect.stringMatching(/^went: rollout data\/b.*: the recipe takes other recordings now$/),
    );
    expect(told(with2, bundle([unit('a')]))[0]).toMatch(/its recording is not among those it takes from any more$/);
  });

  it('pair segments by the ticks they share, and marks by what they are', () => {
    const segment = (id: string, ticks: [number, number]) =>
      unit(id, { kind: 'segment' }, { path: 'data/a.h5', fingerprint: 'print-a', ticks });
    const before = bundle([segment('1', [0, 40]), segment('2', [50, 99])]);
    const after = bundle([segment('1', [0, 20]), segment('2', [30, 40]), segment('3', [50, 99])]);
    const { changed, came, went } = bundleDifference(before, after);
    expect(went).toEqual([]);
    expect(came.map(({ unit: { source } }) => source.ticks)).toEqual([[30, 40]]);
    expect(changed.map(({ before: a, after: b }) => [a.source.ticks, b.source.ticks])).toContainEqual([
      [0, 40],
      [0, 20],
    ]);
    const mark = (id: string, failure: string, ticks: [number, number]) =>
      unit(id, { kind: 'failure', failure }, { path: 'data/a.h5', fingerprint: 'print-a', ticks });
    const marks = bundleDifference(
      bundle([mark('1', 'x', [0, 9]), mark('2', 'y', [5, 9])]),
      bundle([mark('1', 'y', [0, 9])]),
    );
    expect(marks.went.map(({ unit: { failure } }) => failure)).toEqual(['x']);
    expect(marks.changed[0]?.changes).toContainEqual({ what: 'ticks', before: '5–9', after: '0–9' });
  });

  it('tell files that belong to no unit, and of several targets those of a unit by its folder', () => {
    const files = (sum: string) => [
      { path: 'regrasp/rollouts/a/cam.mp4', sha256: sum },
      { path: 'lerobot-v3.0/meta/info.json', sha256: sum },
    ];
    const targets = ['regrasp', 'lerobot-v3.0'];
    const difference = bundleDifference(
      bundle([unit('a')], { targets, files: files('1') }),
      bundle([unit('a')], { targets, files: [...files('2'), { path: 'README.md', sha256: '2' }] }),
    );
    expect(difference.changed.map(({ files: own }) => own)).toEqual([['cam.mp4']]);
    expect(difference.files).toEqual({ came: ['README.md'], went: [], changed: ['lerobot-v3.0/meta/info.json'] });
    expect(difference.isSame).toBe(false);
  });

  it('are compared the same from either side', () => {
    const units = fc.uniqueArray(
      fc.record({
        recording: fc.constantFrom('a', 'b', 'c'),
        kind: fc.constantFrom(...UNIT_KINDS),
        mark: fc.constantFrom('x', 'y'),
        first: fc.integer({ min: 0, max: 50 }),
        length: fc.integer({ min: 0, max: 40 }),
      }),
      { selector: (each) => JSON.stringify(each), maxLength: 8 },
    );
    const made = (
      list: { recording: string; kind: (typeof UNIT_KINDS)[number]; mark: string; first: number; length: number }[],
    ) =>
      bundle(
        list.map(({ recording, kind, mark, first, length }, at) =>
          unit(
            `${at}`,
            {
              kind,
              failure: kind === 'failure' || kind === 'recovery' ? mark : null,
              recovery: kind === 'recovery' ? mark : null,
            },
            { path: `data/${recording}.h5`, fingerprint: recording, ticks: [first, first + length] },
          ),
        ),
      );
    fc.assert(
      fc.property(units, units, (one, other) => {
        const [a, b] = [made(one), made(other)];
        const difference = bundleDifference(a, b);
        const { went, came, changed, unchanged } = difference;
        expect(went.length + changed.length + unchanged).toBe(a.units.length);
        expect(came.length + changed.length + unchanged).toBe(b.units.length);
        const back = bundleDifference(b, a);
        expect(back.went.length).toBe(came.length);
        expect(back.isSame).toBe(difference.isSame);
        expect(bundleDifference(a, a).isSame).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
