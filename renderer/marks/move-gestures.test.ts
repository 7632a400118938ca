import { describe, expect, it } from 'vitest';
import type { Marks } from '../../shared/review/marker-faults.ts';
import { moveGesture, rangeOf, tickOf } from './move-gestures.ts';

const failure = { event: 100, window: [80, 130] as [number, number], handOff: 120 };
const marks: Marks = {
  failures: { f: { ...failure, code: null, severity: null, resetability: null, whatHappened: '' } },
  recoveries: { r: { failure: 'f', ticks: [125, 160], controlMode: null, howRecovered: '', outcome: null } },
  taskMarks: { t: { label: 'lift', ticks: [10, 20] } },
};
const TICKS = 200;
const recordOf = (gesture: ReturnType<typeof moveGesture>) => gesture?.patch[0]?.value;

describe('moving a part of a mark', () => {
  it('names the step, and holds each part within the recording and its other end', () => {
    const moved = (
      ...given: [Parameters<typeof moveGesture>[1], string, Parameters<typeof moveGesture>[3], number]
    ) => {
      const gesture = moveGesture(marks, ...given, TICKS);
      return gesture && [gesture.name, recordOf(gesture)];
    };
    expect(moved('failures', 'f', 'start', 300)).toMatchObject([
      'Move failure start',
      { window: [130, 130], event: 130 },
    ]);
    expect(moved('failures', 'f', 'end', 999)).toMatchObject(['Move failure end', { window: [80, 199], event: 100 }]);
    expect(moved('failures', 'f', 'event', -5)).toMatchObject(['Move failure event', { window: [0, 130], event: 0 }]);
    expect(moved('failures', 'f', 'handOff', 110)).toMatchObject(['Move the hand-off', { handOff: 110 }]);
    expect(moved('failures', 'f', 'whole', 999)).toMatchObject([
      'Move failure',
      { window: [149, 199], event: 169, handOff: 120 },
    ]);
    expect(moved('recoveries', 'r', 'start', 140)).toMatchObject(['Move recovery start', { ticks: [140, 160] }]);
    expect(moved('taskMarks', 't', 'whole', 0)).toMatchObject(['Move task mark', { label: 'lift', ticks: [0, 10] }]);
  });

  it('is no step where nothing moves, or there is nothing to move', () => {
    expect(moveGesture(marks, 'failures', 'f', 'event', 100, TICKS)).toBeNull();
    expect(moveGesture(marks, 'taskMarks', 't', 'whole', -4, TICKS)).not.toBeNull();
    expect(moveGesture(marks, 'failures', 'gone', 'event', 5, TICKS)).toBeNull();
    expect(moveGesture(marks, 'recoveries', 'r', 'event', 5, TICKS)).toBeNull();
    expect(moveGesture(marks, 'recoveries', 'constructor', 'start', 5, TICKS)).toBeNull();
    expect([tickOf(marks, 'failures', 'f', 'handOff'), rangeOf(marks, 'recoveries', 'r')]).toEqual([120, [125, 160]]);
  });
});
