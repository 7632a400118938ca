import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import standard from '../../resources/taxonomy/v1.json' with { type: 'json' };
import { emptyHistory, reviewOf } from '../../shared/review/fold.ts';
import type { Failure, Recovery } from '../../shared/review/markers.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { runCommand } from '../commands/registry.ts';
import { useFindings } from '../findings/findings-state.ts';
import { followReview, useReviewState } from '../review/review-actions.ts';
import { markFailureHere, markHandOffHere, markRecoveryHere, nudge, setEnd, splitMark } from './mark-actions.ts';
import { showMark, toggleMarkLoop } from './mark-navigation.ts';
import {
  cancelMove,
  followMarks,
  markInHand,
  marksShown,
  moveTo,
  selectMark,
  settleMove,
  useMarks,
} from './marks-state.ts';
import { useTaxonomy } from './project.ts';
import { choose } from './say.ts';

const review = vi.hoisted(() => ({ get: vi.fn(), gesture: vi.fn(), undo: vi.fn(), redo: vi.fn() }));
vi.mock('../app/api.ts', () => ({ api: { review } }));
vi.mock('../design/live-region.ts', () => ({ announce: vi.fn() }));
vi.mock('../app/view-state.ts', () => ({ useView: { getState: () => ({ screen: 'episode' }), setState: vi.fn() } }));
vi.mock('../review/failure-states.ts', () => ({ withFailureStates: (gesture: unknown) => gesture }));
vi.stubGlobal('window', globalThis);
vi.useFakeTimers();

const FINGERPRINT = 'a'.repeat(64);
const times = Float64Array.from({ length: 600 }, (_, tick) => (tick * 1e9) / 30);
let tick = 0;
let playing = false;
let loop: readonly [number, number] | null = null;
const player = {
  times,
  commandedTick: () => tick,
  shown: () => undefined,
  state: () => ({ playing, speed: 1, loop }),
  seek: (to: number) => {
    tick = to;
  },
  pause: () => {
    playing = false;
  },
  play: () => {
    playing = true;
  },
  setLoop: (range: readonly [number, number] | null) => {
    loop = range;
  },
};

let stops: (() => void)[] = [];
beforeEach(() => {
  tick = 300;
  playing = false;
  loop = null;
  // The workstation never answers: all of it stands on what is on its way.
  review.gesture.mockImplementation(() => new Promise(() => {}));
  useTaxonomy.setState({ read: { taxonomy: standard as never, problems: [] } });
  useSession.setState({
    open: { episode: { id: 'root/a.h5' }, fingerprint: FINGERPRINT, player } as unknown as OpenEpisode,
    review: reviewOf(FINGERPRINT, 'ada', new Map([['ada', emptyHistory('ada')]]), []),
    saveState: 'idle',
  });
  stops = [followReview(), followMarks()];
});
afterEach(() => {
  for (const stop of stops) stop();
  useSession.setState({ open: null, review: null });
});

const failure = () => Object.values(marksShown()?.failures ?? {})[0] as Failure;
const recovery = () => Object.values(marksShown()?.recoveries ?? {})[0] as Recovery;
const steps = () => useReviewState.getState().unsent.map(({ name }) => name);

describe('marking by keys', () => {
  it('makes each step from the one before, however long the workstation takes', () => {
    void markFailureHere();
    for (const value of ['GRASP_SLIP', 'low', 'immediate']) void choose(value);
    tick = 320;
    void markHandOffHere();
    tick = 330;
    void markRecoveryHere();
    tick = 400;
    void markRecoveryHere();
    for (const value of ['teleoperation', 'recovered']) void choose(value);
    expect(failure()).toMatchObject({
      ...{ event: 300, window: [60, 456], handOff: 320 },
      ...{ code: 'GRASP_SLIP', severity: 'low', resetability: 'immediate' },
    });
    expect(recovery()).toMatchObject({ ticks: [330, 400], controlMode: 'teleoperation', outcome: 'recovered' });
    expect(useMarks.getState().picker).toBeNull();
    expect(steps()).toHaveLength(9);
  });

  it('makes one step of presses that follow each other, from where the part was', () => {
    void markFailureHere();
    nudge(10);
    nudge(-1);
    expect([failure().event, tick, steps()]).toEqual([309, 309, ['Mark a failure']]);
    vi.advanceTimersByTime(600);
    nudge('second later');
    vi.advanceTimersByTime(800);
    expect([failure().event, steps()]).toEqual([339, ['Mark a failure', 'Move failure event']]);
  });

  it('pushes no event for good that a drag only passed, and puts back what is cancelled or undone while it moves', () => {
    void markFailureHere();
    const id = markInHand()?.id as string;
    moveTo('failures', id, 'start', 400);
    expect(failure()).toMatchObject({ event: 400, window: [400, 456] });
    moveTo('failures', id, 'start', 200);
    expect(failure()).toMatchObject({ event: 300, window: [200, 456] });
    cancelMove();
    expect([failure().window, tick]).toEqual([[60, 456], 60]);
    moveTo('failures', id, 'end', 350);
    runCommand('edit.undo');
    expect(failure().window).toEqual([60, 456]);
    moveTo('failures', id, 'end', 350);
    runCommand('app.cancel');
    expect([failure().window, steps()]).toEqual([[60, 456], ['Mark a failure']]);
  });

  it('keeps what moves before another mark moves, and before anything else is said', () => {
    void markFailureHere();
    const first = markInHand()?.id as string;
    tick = 500;
    void markFailureHere();
    moveTo('failures', first, 'event', 310);
    showMark('failures', markInHand()?.id as string);
    void settleMove();
    nudge(1);
    void markHandOffHere();
    expect(steps()).toEqual([
      'Mark a failure',
      'Mark a failure',
      'Move failure event',
      'Move failure event',
      'Mark the hand-off',
    ]);
  });

  it('takes a running loop along with the edge that moves, and plays on once that rests', () => {
    void markFailureHere();
    const id = markInHand()?.id as string;
    toggleMarkLoop();
    expect(loop).toEqual([30, 471]);
    playing = true;
    moveTo('failures', id, 'end', 390, { isResting: true });
    expect([loop, playing, tick]).toEqual([[30, 405], false, 390]);
    vi.advanceTimersByTime(800);
    expect([playing, steps()]).toEqual([true, ['Mark a failure', 'Move failure end']]);
    // Put back, it is where it was; and a loop over anything else is left alone.
    moveTo('failures', id, 'end', 330);
    cancelMove();
    expect([loop, playing]).toEqual([[30, 405], true]);
    playing = false;
    loop = [7, 9];
    moveTo('failures', id, 'end', 400);
    void settleMove();
    expect([loop, playing]).toEqual([[7, 9], false]);
  });

  it('splits a failure at the playhead, and says where it could be', () => {
    void markFailureHere();
    tick = 400;
    void splitMark();
    const windows = Object.values(marksShown()?.failures ?? {}).map((each) => [each.event, ...each.window]);
    expect(windows).toEqual([
      [300, 60, 399],
      [400, 400, 456],
    ]);
    expect([markInHand()?.map, steps().at(-1)]).toEqual(['failures', 'Split failure']);
    tick = 20;
    void splitMark();
    expect(useSession.getState().notices.at(-1)?.text).toMatch(/from 401 to 456/);
  });

  it('refuses an end on the wrong side of the event, and gives the keys to a finding taken in hand after it', () => {
    void markFailureHere();
    tick = 310;
    void setEnd('start');
    expect(failure().window).toEqual([60, 456]);
    expect(useSession.getState().notices.at(-1)?.text).toContain('cannot start after the failure was seen');
    tick = 290;
    void setEnd('start');
    expect(failure()).toMatchObject({ event: 300, window: [290, 456] });
    expect(useMarks.getState().holdsKeys).toBe(true);
    useFindings.setState({ selected: 'led:left:3-9' });
    expect(useMarks.getState().holdsKeys).toBe(false);
    selectMark('failures', markInHand()?.id as string);
    expect(useMarks.getState().holdsKeys).toBe(true);
  });
});
