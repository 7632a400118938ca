import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLines, emptyHistory, foldLayers, layerOf, recordsWithout, reviewOf } from './fold.ts';
import { applyChanges, differenceBetween, effectiveChanges, inverseOf, type Records } from './records.ts';
import { type Change, type GestureLine, OUTCOMES } from './review.ts';

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    map: fc.constant('outcome' as const),
    id: fc.constant('episode'),
    value: fc.option(fc.record({ value: fc.constantFrom(...OUTCOMES) }), { nil: null }),
  }),
  fc.record({
    map: fc.constant('notes' as const),
    id: fc.constantFrom('a', 'b', 'c', 'constructor'),
    value: fc.option(fc.record({ text: fc.constantFrom('dropped', 'slipped', '') }), { nil: null }),
  }),
  fc.record({
    map: fc.constant('verdicts' as const),
    id: fc.constantFrom('pose-freeze:left:1-9', 'pose-freeze:right:1-9'),
    value: fc.option(fc.constantFrom('keep' as const, 'cut' as const).map(verdictOf), { nil: null }),
  }),
  fc.record({
    map: fc.constant('failures' as const),
    id: fc.constantFrom('first', 'second'),
    value: fc.option(fc.integer({ min: 5, max: 9 }).map(failureAt), { nil: null }),
  }),
  fc.record({
    map: fc.constant('properties' as const),
    id: fc.constantFrom('checkpoint', 'scene'),
    value: fc.constantFrom('a', 7, true, null),
  }),
);
function verdictOf(value: 'keep' | 'cut') {
  return { value, of: { detector: 'pose-freeze', class: 'ot_loss', side: null, ticks: [1, 9] } };
}

function failureAt(event: number) {
  const open = { code: null, severity: null, resetability: null, whatHappened: '', handOff: null };
  return { event, window: [5, 9] as [number, number], ...open };
}

const patches = fc.array(changes, { minLength: 1, maxLength: 4 });
type Step = { kind: 'do'; patch: Change[] } | { kind: 'undo' } | { kind: 'redo' };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('do' as const), patch: patches }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'undo' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'redo' as const }) },
  ),
  { maxLength: 40 },
);

let ids = 0;
function write(
  before: readonly GestureLine[],
  step: Step,
  annotator = 'ann',
  install = 'one',
): GestureLine | undefined {
  const history = foldLayers(before).get(annotator) ?? emptyHistory(annotator);
  const clock = Math.max(0, ...before.map((line) => line.clock)) + 1;
  ids += 1;
  const base = { v: 1 as const, id: `g${ids}`, at: '2026-01-01T00:00:00.000Z', clock, annotator, install };
  if (step.kind === 'do') {
    const patch = effectiveChanges(history.records, step.patch);
    if (patch.length === 0) return undefined;
    return { ...base, kind: 'do', name: `Step ${ids}`, patch, inverse: inverseOf(history.records, patch) };
  }
  const target = (step.kind === 'undo' ? history.undoable : history.redoable).at(-1);
  if (!target) return undefined;
  const after = step.kind === 'undo' ? recordsWithout(history, target) : applyChanges(history.records, target.patch);
  return {
    ...base,
    kind: step.kind,
    name: target.name,
    target: target.id,
    patch: differenceBetween(history.records, after, target.patch),
    inverse: differenceBetween(after, history.records, target.patch),
  };
}

function writeAll(all: readonly Step[], annotator?: string, install?: string): GestureLine[] {
  const lines: GestureLine[] = [];
  for (const step of all) {
    const line = write(lines, step, annotator, install);
    if (line) lines.push(line);
  }
  return lines;
}

const stateOf = (lines: readonly GestureLine[], annotator = 'ann') =>
  layerOf({ ...(foldLayers(lines).get(annotator) ?? emptyHistory(annotator)), lastAt: null });
const plain = (records: Records) =>
  [...records]
    .flatMap(([map, values]) => [...values].map(([id, value]) => `${map}/${id} ${JSON.stringify(value)}`))
    .sort();

describe('the fold of journals', () => {
  it('does not depend on the order or the repetition of lines', () => {
    fc.assert(
      fc.property(steps, steps, fc.infiniteStream(fc.nat()), (mine, yours, random) => {
        const lines = [...writeAll(mine), ...writeAll(yours, 'bob', 'two')];
        const shuffled = [...lines, ...lines.slice(0, 3)].map((line) => [random.next().value as number, line] as const);
        const other = shuffled.sort((a, b) => a[0] - b[0]).map(([, line]) => line);
        expect(reviewOf('f', 'ann', foldLayers(other), [])).toEqual(reviewOf('f', 'ann', foldLayers(lines), []));
      }),
    );
  });

  it('keeps layers apart: what one says never changes what another said', () => {
    fc.assert(
      fc.property(steps, steps, (mine, yours) => {
        const own = writeAll(mine);
        expect(stateOf([...writeAll(yours, 'bob', 'two'), ...own])).toEqual(stateOf(own));
      }),
    );
  });

  it('takes a gesture back exactly, and does it again exactly', () => {
    fc.assert(
      fc.property(steps, patches, (history, patch) => {
        const before = writeAll(history);
        const gesture = write(before, { kind: 'do', patch });
        fc.pre(gesture !== undefined);
        const done = [...before, gesture!];
        const undone = [...done, write(done, { kind: 'undo' })!];
        const redone = [...undone, write(undone, { kind: 'redo' })!];
        expect(stateOf(undone)).toEqual(stateOf(before));
        expect(stateOf(redone)).toEqual(stateOf(done));
        expect(foldLayers(redone).get('ann')!.redoable).toEqual([]);
      }),
    );
  });

  it('equals a plain replay of the patches of one writer, so the lines alone are readable', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const lines = writeAll(all);
        const replayed = lines.reduce((records, { patch }) => applyChanges(records, patch), new Map() as Records);
        const backwards = [...lines]
          .reverse()
          .reduce((records, { inverse }) => applyChanges(records, inverse), replayed);
        expect(plain(replayed)).toEqual(plain(foldLayers(lines).get('ann')?.records ?? new Map()));
        expect(plain(backwards)).toEqual([]);
      }),
    );
  });

  it('undoes 600 gestures to nothing and redoes them all', () => {
    const lines: GestureLine[] = [];
    const step = (kind: Step['kind'], n: number) =>
      lines.push(
        write(
          lines,
          kind === 'do' ? { kind, patch: [{ map: 'notes', id: `n${n % 7}`, value: { text: `${n}` } }] } : { kind },
        )!,
      );
    for (let n = 0; n < 600; n += 1) step('do', n);
    const full = stateOf(lines);
    for (let n = 0; n < 600; n += 1) step('undo', n);
    expect(stateOf(lines).notes).toEqual({});
    expect(write(lines, { kind: 'undo' })).toBeUndefined();
    for (let n = 0; n < 600; n += 1) step('redo', n);
    expect(stateOf(lines)).toEqual(full);
  });

  it('forgets what could be redone once something new is done', () => {
    const lines = writeAll([
      { kind: 'do', patch: [{ map: 'notes', id: 'a', value: { text: 'one' } }] },
      { kind: 'undo' },
      { kind: 'do', patch: [{ map: 'notes', id: 'b', value: { text: 'two' } }] },
      { kind: 'redo' },
    ]);
    expect(lines.map(({ kind }) => kind)).toEqual(['do', 'undo', 'do']);
    expect(Object.keys(stateOf(lines).notes)).toEqual(['b']);
  });

  it('joins the journals of one person on two installs, also when both took the same gesture back', () => {
    const first = writeAll([{ kind: 'do', patch: [{ map: 'notes', id: 'a', value: { text: 'one' } }] }]);
    const here = write(first, { kind: 'undo' }, 'ann', 'one')!;
    const there = write(first, { kind: 'undo' }, 'ann', 'two')!;
    expect(stateOf([...first, here, there]).notes).toEqual({});
    const redone = write([...first, here, there], { kind: 'redo' }, 'ann', 'two')!;
    expect(stateOf([...first, here, there, redone]).notes).toEqual({ a: { text: 'one' } });
  });

  it('ignores an undo that names a gesture of somebody else', () => {
    const bobs = writeAll([{ kind: 'do', patch: [{ map: 'notes', id: 'a', value: { text: 'mine' } }] }], 'bob', 'two');
    const attack: GestureLine = { ...bobs[0]!, id: 'x', annotator: 'ann', kind: 'undo', target: bobs[0]!.id, clock: 9 };
    expect(stateOf([...bobs, attack], 'bob').notes).toEqual({ a: { text: 'mine' } });
  });

  it('says when each verdict that stands was given', () => {
    const verdict = (id: string, value: 'keep' | 'cut') => ({ map: 'verdicts' as const, id, value: verdictOf(value) });
    const lines = writeAll([
      { kind: 'do', patch: [verdict('a', 'keep'), verdict('b', 'keep')] },
      { kind: 'do', patch: [verdict('b', 'cut')] },
      { kind: 'do', patch: [{ map: 'verdicts', id: 'a', value: null }] },
    ]).map((line, at) => ({ ...line, at: `2026-01-0${at + 1}T00:00:00.000Z` }));
    expect(stateOf(lines).decidedAt).toEqual({ b: '2026-01-02T00:00:00.000Z' });
    expect(stateOf(lines.slice(0, 2)).decidedAt.a).toBe('2026-01-01T00:00:00.000Z');
    expect(stateOf([...lines.slice(0, 2), write(lines.slice(0, 2), { kind: 'undo' })!]).decidedAt.b).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });

  it('orders by counter, then install, then id', () => {
    const line = writeAll([{ kind: 'do', patch: [{ map: 'notes', id: 'a', value: { text: 'x' } }] }])[0]!;
    expect(compareLines({ ...line, clock: 2, install: 'a' }, { ...line, clock: 10, install: 'a' })).toBeLessThan(0);
    expect(compareLines({ ...line, install: 'b' }, { ...line, install: 'a' })).toBeGreaterThan(0);
    expect(compareLines({ ...line, id: 'a' }, { ...line, id: 'b' })).toBeLessThan(0);
  });
});
