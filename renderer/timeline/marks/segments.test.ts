import { describe, expect, it } from 'vitest';
import { extentOf, segmentsOf } from './segments.ts';
import { failureOf, marksOf, recoveryOf, ticksOf } from './testing.ts';

const times = ticksOf(900);

describe('segments', () => {
  it('are named by what they are, when and where', () => {
    const marks = marksOf({
      failures: { f: failureOf() },
      recoveries: { r: recoveryOf() },
      taskMarks: { t: { label: 'insert', ticks: [30, 30] } },
    });
    expect(segmentsOf(marks, times).map(({ name }) => name)).toEqual([
      'Failure GRASP_SLIP, 3.20 s to 16.40 s, ticks 96 to 492',
      'Recovery of failure GRASP_SLIP, 11.33 s to 14.00 s, ticks 340 to 420',
      'Task mark insert, 1.00 s, tick 30',
    ]);
    const [failure] = segmentsOf(marks, times, 'Ada');
    expect(failure?.name).toBe('Failure GRASP_SLIP, 3.20 s to 16.40 s, ticks 96 to 492, by Ada, read-only');
    expect(failure?.by).toBe('Ada');
  });

  it('share the number of their failure, which counts by event, and attempts count on', () => {
    const marks = marksOf({
      failures: { late: failureOf({ event: 400 }), early: failureOf({ event: 200 }) },
      recoveries: {
        second: recoveryOf({ failure: 'late', ticks: [450, 470] }),
        first: recoveryOf({ failure: 'late', ticks: [410, 440] }),
        other: recoveryOf({ failure: 'early', ticks: [210, 230] }),
        lost: recoveryOf({ failure: 'constructor', ticks: [500, 510] }),
      },
    });
    const segments = segmentsOf(marks, times);
    expect(segments.map(({ id, sign }) => `${id} ${sign}`)).toEqual([
      ...['early F1', 'late F2', 'other R1', 'first R2', 'second R2.2', 'lost R?'],
    ]);
    const keyOf = (id: string) => segments.find((segment) => segment.id === id)?.key;
    expect(segments.find(({ id }) => id === 'second')?.failure).toBe(keyOf('late'));
    expect(segments.find(({ id }) => id === 'lost')?.failure).toBeNull();
  });

  it('say what is not said yet', () => {
    const marks = marksOf({
      failures: { f: failureOf({ code: null }), g: failureOf({ severity: null }), h: failureOf() },
      recoveries: { r: recoveryOf({ outcome: null }), s: recoveryOf({ outcome: 'partly' }) },
    });
    const open = segmentsOf(marks, times).map(({ id, isOpen, text }) => [id, isOpen, text]);
    expect(open).toEqual([
      ['f', true, 'no code yet'],
      ['g', true, 'GRASP_SLIP'],
      ['h', false, 'GRASP_SLIP'],
      ['r', true, 'not said how it ended'],
      ['s', false, '~ partly recovered'],
    ]);
  });

  it('lie within the recording, and a hand-off outside of the window takes room', () => {
    const marks = marksOf({
      failures: { f: failureOf({ handOff: 510 }), g: failureOf({ event: 950, window: [880, 990] }) },
    });
    const [first, beyond] = segmentsOf(marks, times);
    expect(first && extentOf(first)).toEqual([96, 510]);
    expect(beyond).toMatchObject({ first: 880, last: 899, event: 899 });
  });
});
