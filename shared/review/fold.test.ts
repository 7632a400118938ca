import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLines, emptyHistory, foldLayers, foldNext, type LayerHistory, layerOf, reviewOf } from './fold.ts';
import { applyChanges, differenceBetween, effectiveChanges, inverseOf, type Records } from './records.ts';
import { type Change, type GestureLine, JOURNAL_VERSION, OUTCOMES } from './review.ts';
import { submitReview, withdrawReview } from './submission.ts';

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

function verdict(id: string, value: 'keep' | 'cut'): Change {
  return { map: 'verdicts', id, value: verdictOf(value) };
}

/** Maps in the order of their keys: that of insertion means nothing. */
function comparable({ records, said, ...rest }: LayerHistory) {
  return { ...rest, records: plain(records), said: Object.fromEntries(said) };
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
  history = foldLayers(before).get(annotator) ?? emptyHistory(annotator),
): GestureLine | undefined {
  const clock = Math.max(0, ...before.map((line) => line.clock)) + 1;
  ids += 1;
  const base = {
    v: JOURNAL_VERSION as typeof JOURNAL_VERSION,
    id: `g${ids}`,
    at: '2026-01-01T00:00:00.000Z',
    clock,
    annotator,
    install,
  };
  if (step.kind === 'do') {
    const patch = effectiveChanges(history.records, step.patch);
    if (patch.length === 0) return undefined;
    return { ...base, kind: 'do', name: `Step ${ids}`, patch, inverse: inverseOf(history.records, patch) };
  }
  const target = (step.kind === 'undo' ? history.undoable : history.redoable).at(-1);
  if (!target) return undefined;
  const line = { ...base, kind: step.kind, name: target.name, target: target.id };
  const after = foldNext(history, { ...line, patch: [], inverse: [] })!;
  return {
    ...line,
    patch: differenceBetween(history.records, after.records, target.patch),
    inverse: differenceBetween(after.records, history.records, target.patch),
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
  layerOf({ ...(foldLayers(lines).get(annotator) ?? emptyHistory(annotator)), last: null });
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
    let history: LayerHistory = emptyHistory('ann');
    const step = (kind: Step['kind'], n: number) => {
      const patch = [{ map: 'notes' as const, id: `n${n % 7}`, value: { text: `${n}` } }];
      const line = write(lines.slice(-1), kind === 'do' ? { kind, patch } : { kind }, 'ann', 'one', history)!;
      lines.push(line);
      history = foldNext(history, line)!;
    };
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

  it('says when each record that stands was said, and when it was first', () => {
    const lines = writeAll([
      { kind: 'do', patch: [verdict('a', 'keep'), verdict('b', 'keep')] },
      { kind: 'do', patch: [verdict('b', 'cut'), { map: 'properties', id: 'b', value: 7 }] },
      { kind: 'do', patch: [{ map: 'verdicts', id: 'a', value: null }] },
      { kind: 'do', patch: [verdict('a', 'cut')] },
    ]).map((line, at) => ({ ...line, at: `2026-01-0${at + 1}` }));
    const saidIn = (count: number) => stateOf(lines.slice(0, count)).said;
    const [first, second, fourth] = ['2026-01-01', '2026-01-02', '2026-01-04'];
    expect(saidIn(1)['verdicts/a']).toEqual({ at: first, firstAt: first });
    expect(saidIn(3)).toEqual({
      'verdicts/b': { at: second, firstAt: first },
      'properties/b': { at: second, firstAt: second },
    });
    // What was deleted and is said again is said for the first time.
    expect(saidIn(4)['verdicts/a']).toEqual({ at: fourth, firstAt: fourth });
    const undone = [...lines.slice(0, 2), write(lines.slice(0, 2), { kind: 'undo' })!];
    expect(stateOf(undone).said).toEqual(saidIn(1));
  });

  it('knows the version of the taxonomy that failures in effect were named by last', () => {
    const failure = (event: number): Step => ({
      kind: 'do',
      patch: [{ map: 'failures', id: 'f', value: failureAt(event) }],
    });
    const [one, two] = writeAll([failure(5), failure(6)]).map((line, at) => ({ ...line, taxonomy: at + 1 }));
    expect(stateOf([one!]).taxonomyVersion).toBe(1);
    expect(stateOf([one!, two!]).taxonomyVersion).toBe(2);
    expect(stateOf([one!, two!, write([one!, two!], { kind: 'undo' })!]).taxonomyVersion).toBe(1);
    expect(stateOf([]).taxonomyVersion).toBeNull();
  });

  it('is the same one line at a time, whatever two installs of a person did without knowing of each other', () => {
    fc.assert(
      fc.property(steps, steps, steps, (common, here, there) => {
        const shared = writeAll(common);
        const apart = (all: readonly Step[], install: string) => {
          const lines = [...shared];
          for (const each of all) lines.push(...[write(lines, each, 'ann', install)].filter((line) => !!line));
          return lines.slice(shared.length);
        };
        const sorted = [...shared, ...apart(here, 'one'), ...apart(there, 'two')].sort(compareLines);
        let history: LayerHistory = emptyHistory('ann');
        for (const [index, line] of sorted.entries()) {
          const whole = foldLayers(sorted.slice(0, index + 1)).get('ann')!;
          const next = foldNext(history, line);
          if (next) expect(comparable(next)).toEqual(comparable(whole));
          else expect(line.kind).not.toBe('do');
          history = whole;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes no line for the next that stands before others, or is of somebody else', () => {
    const lines = writeAll([
      { kind: 'do', patch: [verdict('a', 'keep')] },
      { kind: 'do', patch: [verdict('a', 'cut')] },
    ]);
    const history = foldLayers(lines).get('ann')!;
    expect(foldNext(history, { ...lines[0]!, id: 'late' })).toBeUndefined();
    expect(foldNext(history, { ...lines[1]!, id: 'next', clock: 9, annotator: 'bob' })).toBeUndefined();
    expect(foldNext(history, { ...lines[1]!, id: 'next', clock: 9 })).toBeDefined();
  });

  it('reads a journal that was copied to another name as two people’s, and of two lines under one id always the same', () => {
    const [line] = writeAll([{ kind: 'do', patch: [verdict('a', 'keep')] }]);
    const copied = { ...line!, annotator: 'bob' };
    expect([...foldLayers([line!, copied]).keys()]).toEqual(['ann', 'bob']);
    const edited = { ...line!, patch: [verdict('a', 'cut')] };
    expect(stateOf([line!, edited])).toEqual(stateOf([edited, line!]));
  });

  it('hides what others said while the project is blind, until the own review is submitted', () => {
    const bobs = writeAll([{ kind: 'do', patch: [verdict('a', 'cut')] }], 'bob', 'two');
    const said = [...writeAll([{ kind: 'do', patch: [verdict('a', 'keep')] }]), ...bobs];
    const blind = (lines: readonly GestureLine[]) => reviewOf('f', 'ann', foldLayers(lines), [], true);
    expect(blind(said)).toMatchObject({ others: [], hidden: 1, own: { submission: null } });
    expect(JSON.stringify(blind(said))).not.toContain('bob');
    const submitted = [...said, write(said, { kind: 'do', patch: submitReview().patch })!];
    expect(blind(submitted)).toMatchObject({ others: [{ annotator: 'bob' }], hidden: 0 });
    const withdrawn = [...submitted, write(submitted, { kind: 'do', patch: withdrawReview().patch })!];
    expect(blind(withdrawn)).toMatchObject({ others: [], hidden: 1 });
    expect(blind([...submitted, write(submitted, { kind: 'undo' })!])).toMatchObject({ others: [], hidden: 1 });
    expect(reviewOf('f', 'ann', foldLayers(said), [])).toMatchObject({ others: [{ annotator: 'bob' }], hidden: 0 });
  });

  it('orders by counter, then install, then id', () => {
    const line = writeAll([{ kind: 'do', patch: [{ map: 'notes', id: 'a', value: { text: 'x' } }] }])[0]!;
    expect(compareLines({ ...line, clock: 2, install: 'a' }, { ...line, clock: 10, install: 'a' })).toBeLessThan(0);
    expect(compareLines({ ...line, install: 'b' }, { ...line, install: 'a' })).toBeGreaterThan(0);
    expect(compareLines({ ...line, id: 'a' }, { ...line, id: 'b' })).toBeLessThan(0);
  });
});
