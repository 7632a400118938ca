import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyHistory, layerOf } from './fold.ts';
import { type Marks, markerFaults } from './marker-faults.ts';
import {
  deleteFailure,
  describeFailure,
  describeRecovery,
  joinRecoveries,
  type MarkerGesture,
  markFailure,
  markHandOff,
  markRecovery,
  moveEvent,
  recoveriesOf,
  splitFailureAt,
} from './marker-gestures.ts';
import { DEFAULT_WINDOW } from './markers.ts';
import { applyChanges, checkChange, EMPTY_RECORDS, effectiveChanges, inverseOf, type Records } from './records.ts';
import { changeSchema } from './review.ts';
import { taxonomySchema } from './taxonomy.ts';
import { gestureFor, MOST, type Move, TICKS, TIMES } from './testing.ts';

const taxonomy = taxonomySchema.parse(
  JSON.parse(readFileSync(new URL('../../resources/taxonomy/v1.json', import.meta.url), 'utf8')),
);
const marksOf = (records: Records): Marks => layerOf({ ...emptyHistory('ada'), records });
const done = (records: Records, gesture: MarkerGesture | null) => {
  if (!gesture) return records;
  const patch = gesture.patch.map((change) => {
    const checked = checkChange(changeSchema.parse(change));
    if (typeof checked === 'string') throw new Error(`${gesture.name}: ${checked}`);
    return checked;
  });
  return applyChanges(records, patch);
};

const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({ kind: fc.nat(MOST.kind), pick: fc.nat(MOST.pick), other: fc.nat(MOST.other), tick: fc.nat(MOST.tick) }),
  { maxLength: 60 },
);

describe('gestures of marking', () => {
  it('fit the schema, leave no recovery alone, and are taken back to what was before, in any order', () => {
    fc.assert(
      fc.property(moves, (all) => {
        let records = EMPTY_RECORDS;
        for (const [index, move] of all.entries()) {
          const gesture = gestureFor(marksOf(records), move, `${index}`);
          if (!gesture) continue;
          const patch = effectiveChanges(records, gesture.patch);
          const next = done(records, gesture);
          const undone = applyChanges(next, inverseOf(records, patch));
          expect(marksOf(undone), gesture.name).toEqual(marksOf(records));
          records = next;
          const faults = markerFaults(marksOf(records), TICKS, taxonomy);
          expect(
            faults.filter(({ text }) => /no failure|beyond the recording/.test(text)),
            gesture.name,
          ).toEqual([]);
        }
      }),
    );
  });

  it('name their steps, and mark a failure whole in a few', () => {
    const steps: ((marks: Marks) => MarkerGesture | null)[] = [
      () => markFailure('f', 200, TIMES, DEFAULT_WINDOW),
      (marks) => markHandOff(marks, 'f', 210),
      (marks) => markRecovery(marks, 'r', 'f', [215, 280]),
      (marks) => describeFailure(marks, 'f', 'code', 'GRASP_SLIP'),
      (marks) => describeFailure(marks, 'f', 'severity', 'low'),
      (marks) => describeFailure(marks, 'f', 'resetability', 'immediate'),
      (marks) => describeRecovery(marks, 'r', 'controlMode', 'teleoperation'),
      (marks) => describeRecovery(marks, 'r', 'outcome', 'recovered'),
    ];
    let records = EMPTY_RECORDS;
    const names: string[] = [];
    for (const step of steps) {
      const gesture = step(marksOf(records));
      names.push(gesture?.name ?? 'refused');
      records = done(records, gesture);
    }
    expect(names).toEqual([
      'Mark a failure',
      'Mark the hand-off',
      'Mark a recovery',
      'Choose a failure code',
      'Choose a severity',
      'Choose a resetability',
      'Say who steered the recovery',
      'Say how the recovery ended',
    ]);
    expect(markerFaults(marksOf(records), TICKS, taxonomy)).toEqual([]);
    expect(marksOf(records).failures.f?.window).toEqual([0, 299]);
    expect(deleteFailure(marksOf(records), 'f')).toEqual({
      name: 'Delete failure and its recovery',
      patch: [
        { map: 'failures', id: 'f', value: null },
        { map: 'recoveries', id: 'r', value: null },
      ],
    });
  });

  it('split a failure: what was said stays with its event, what comes after goes with the later part', () => {
    const steps: ((marks: Marks) => MarkerGesture | null)[] = [
      () => markFailure('f', 100, TIMES, { before: 2, after: 4 }),
      (marks) => markHandOff(marks, 'f', 150),
      (marks) => describeFailure(marks, 'f', 'code', 'GRASP_SLIP'),
      (marks) => markRecovery(marks, 'r0', 'f', [105, 125]),
      (marks) => markRecovery(marks, 'r1', 'f', [155, 180]),
    ];
    const records = steps.reduce((before, step) => done(before, step(marksOf(before))), EMPTY_RECORDS);
    const marks = marksOf(records);
    const [first, last] = marks.failures.f?.window ?? [0, 0];
    const after = marksOf(done(records, splitFailureAt(marks, 'f', 130, 'g')));
    expect(after.failures).toMatchObject({
      f: { event: 100, window: [first, 129], code: 'GRASP_SLIP', handOff: null },
      g: { event: 130, window: [130, last], code: null, handOff: 150 },
    });
    expect([after.recoveries.r0?.failure, after.recoveries.r1?.failure]).toEqual(['f', 'g']);
    // Before its event, that and what was said of it are the later part's.
    const before = marksOf(done(records, splitFailureAt(marks, 'f', 90, 'g')));
    expect(before.failures).toMatchObject({
      f: { event: 89, window: [first, 89], code: null, handOff: null },
      g: { event: 100, window: [90, last], code: 'GRASP_SLIP', handOff: 150 },
    });
    expect(Object.values(before.recoveries).map(({ failure }) => failure)).toEqual(['g', 'g']);
    expect(splitFailureAt(marks, 'f', first, 'g')).toBeNull();
    expect(splitFailureAt(marks, 'f', last + 1, 'g')).toBeNull();
  });

  it('refuse a recovery of nothing, and join only attempts at one failure', () => {
    const failures = ['f', 'g'].map((id, at) => markFailure(id, at * 100, TIMES, { before: 1, after: 1 }));
    const base = failures.reduce(done, EMPTY_RECORDS);
    expect(markRecovery(marksOf(base), 'r', 'h', [10, 20])).toBeNull();
    const three = (['f', 'f', 'g'] as const).reduce(
      (records, failure, at) =>
        done(records, markRecovery(marksOf(records), `r${at}`, failure, [at * 30 + 5, at * 30 + 25])),
      base,
    );
    const marks = marksOf(three);
    expect(recoveriesOf(marks, 'f').map(([id]) => id)).toEqual(['r0', 'r1']);
    expect(joinRecoveries(marks, 'r0', 'r2')).toBeNull();
    expect(joinRecoveries(marks, 'r0', 'r0')).toBeNull();
    const joined = marksOf(done(three, joinRecoveries(marks, 'r1', 'r0')));
    expect(Object.keys(joined.recoveries)).toEqual(['r1', 'r2']);
    expect(joined.recoveries.r1?.ticks).toEqual([5, 55]);
    expect(() => moveEvent(marks, 'constructor', 3)).toThrow('no failure');
  });
});
