import { describe, expect, it } from 'vitest';
import type { Marks } from '../../shared/review/marker-faults.ts';
import { failureFor, joinable, listMarks, meantTick, neighbourMark, recoveryStep } from './marking.ts';

const failure = (event: number) => ({
  ...{ event, window: [event - 10, event + 10] as [number, number], handOff: null },
  ...{ code: null, severity: null, resetability: null, whatHappened: '' },
});
const recovery = (of: string, ticks: [number, number]) => ({
  ...{ failure: of, ticks, controlMode: null, howRecovered: '', outcome: null },
});
const marks: Marks = {
  failures: { late: failure(200), early: failure(100) },
  recoveries: { second: recovery('early', [150, 170]), first: recovery('early', [120, 140]) },
  taskMarks: {
    lift: { label: 'lift', ticks: [100, 110] },
    again: { label: 'lift', ticks: [300, 310] },
    place: { label: 'place', ticks: [112, 120] },
  },
};

describe('what a key of marking is about', () => {
  it('lists marks in order of time, failures first, and steps from the one in hand, else from the playhead', () => {
    const listed = listMarks(marks);
    expect(listed.map(({ id }) => id)).toEqual(['early', 'lift', 'place', 'first', 'second', 'late', 'again']);
    expect(neighbourMark(listed, { map: 'recoveries', id: 'first' }, 0, 1)?.id).toBe('second');
    expect(neighbourMark(listed, { map: 'failures', id: 'early' }, 999, -1)).toBeUndefined();
    expect(neighbourMark(listed, null, 113, 1)?.id).toBe('first');
    expect(neighbourMark(listed, { map: 'failures', id: 'undone' }, 113, -1)?.id).toBe('place');
  });

  it('finds the failure of a hand-off or a recovery: in hand, of the recovery in hand, else the last before', () => {
    expect(failureFor(marks, { map: 'failures', id: 'late' }, 0)).toBe('late');
    expect(failureFor(marks, { map: 'recoveries', id: 'second' }, 999)).toBe('early');
    expect(failureFor(marks, { map: 'taskMarks', id: 'lift' }, 199)).toBe('early');
    expect(failureFor(marks, { map: 'failures', id: 'constructor' }, 200)).toBe('late');
    expect(failureFor(marks, null, 99)).toBeUndefined();
  });

  it('begins a recovery, over a selection that is meant, and ends the one that was begun', () => {
    expect(recoveryStep(marks, 'late', 210, null)).toEqual({ kind: 'begin', ticks: [210, 210] });
    expect(recoveryStep(marks, 'late', 210, [205, 230])).toEqual({ kind: 'begin', ticks: [205, 230] });
    // That of a finding looked at before, or of what led up to the failure.
    expect(recoveryStep(marks, 'late', 240, [205, 230])).toEqual({ kind: 'begin', ticks: [240, 240] });
    expect(recoveryStep(marks, 'late', 210, [190, 230])).toEqual({ kind: 'begin', ticks: [210, 210] });
    const begun: Marks = { ...marks, recoveries: { ...marks.recoveries, open: recovery('late', [210, 210]) } };
    expect(recoveryStep(begun, 'late', 230, [205, 240])).toEqual({ kind: 'end', id: 'open', ticks: [210, 230] });
    expect(recoveryStep(begun, 'late', 205, null)).toEqual({ kind: 'end', id: 'open', ticks: [205, 210] });
    expect(recoveryStep(begun, 'late', 210, null)).toBeNull();
    expect(recoveryStep(begun, 'early', 230, null)).toEqual({ kind: 'begin', ticks: [230, 230] });
  });

  it('means what was on screen a reaction time ago while it plays, by recorded stamps', () => {
    const times = Float64Array.from([0, 100, 200, 300, 700, 800], (ms) => ms * 1e6);
    const at = (playing: boolean, speed: number, ms: number) => meantTick(times, 4, { playing, speed }, ms);
    expect([at(false, 1, 250), at(true, 1, 0), at(true, 1, 250), at(true, 2, 250)]).toEqual([4, 4, 3, 2]);
    expect([at(true, -1, 100), at(true, 1, 9000)]).toEqual([5, 0]);
  });

  it('joins with the nearest of its kind alone', () => {
    expect(joinable(marks, { map: 'recoveries', id: 'first' })).toBe('second');
    expect(joinable(marks, { map: 'taskMarks', id: 'lift' })).toBe('again');
    expect(joinable(marks, { map: 'taskMarks', id: 'place' })).toBeUndefined();
    expect(joinable(marks, { map: 'failures', id: 'early' })).toBeUndefined();
  });
});
