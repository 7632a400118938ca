import { afterEach, describe, expect, it } from 'vitest';
import { blankEpisode, type Clock } from '../../shared/episode/episode.ts';
import { markFailure, moveEvent } from '../../shared/review/marker-gestures.ts';
import type { Failure } from '../../shared/review/markers.ts';
import type { PictureSignals } from '../signals/signals-state.ts';
import { useSignalsState } from '../signals/signals-state.ts';
import { withFailureStates } from './failure-states.ts';
import type { Gesture } from './gestures.ts';

const times = Float64Array.from({ length: 20 }, (_, tick) => tick * 1e9);
const clock: Clock = {
  ...{ id: 'master', name: 'master', count: 20, basis: 'recorded', firstNs: 0, lastNs: 19e9, medianPeriodNs: 1e9 },
  ...{ worstGapNs: 1e9, ascending: true },
};
const open = {
  episode: {
    ...blankEpisode(),
    ...{ id: 'r/a', root: 'r', path: 'a', format: 'x', name: 'a', task: '', date: '', sizeBytes: 0, modifiedMs: 0 },
    ...{ masterClock: 'master', clocks: [clock] },
  },
  arrays: new Map([['clock:master', { times, values: new Float64Array(0), width: 0 }]]),
};
const mark = () => markFailure('f', 5, times, { before: 2, after: 2 });
const failureOf = (gesture: Gesture) => gesture.patch[0]?.value as Failure;

afterEach(() => useSignalsState.setState({ state: 'none', signals: null }));

describe('withFailureStates', () => {
  it('reads the state where a failure is marked, and anew where its event moves', () => {
    const marked = withFailureStates(mark(), open);
    expect(failureOf(marked).state).toMatchObject({ tick: 5, timeNs: 5e9 });
    const marks = { failures: { f: failureOf(marked) }, recoveries: {}, taskMarks: {} };
    const moved = moveEvent(marks, 'f', 6);
    expect(failureOf(moved).state?.tick).toBe(5);
    expect(failureOf(withFailureStates(moved, open)).state).toMatchObject({ tick: 6, timeNs: 6e9 });
  });

  it('lets go of a state that the recording has no instant for', () => {
    const marked = withFailureStates(mark(), open);
    const value = { ...failureOf(marked), event: 99, window: [0, 99] };
    const beyond = withFailureStates({ name: 'x', patch: [{ map: 'failures', id: 'f', value }] }, open);
    expect(failureOf(beyond)).not.toHaveProperty('state');
  });

  it('adds contact once it is known, and leaves all other records as they are', () => {
    const marked = withFailureStates(mark(), open);
    expect(failureOf(marked).state?.contact).toBeNull();
    const contacts = [{ side: 'left', mixed: new Float32Array(20).fill(0.6) }];
    useSignalsState.setState({ signals: { contacts } as unknown as PictureSignals });
    expect(failureOf(withFailureStates(marked, open)).state?.contact).toMatchObject([{ side: 'left', touches: true }]);
    const other: Gesture = { name: 'Delete failure', patch: [{ map: 'failures', id: 'f', value: null }] };
    expect(withFailureStates(other, open)).toBe(other);
  });
});
