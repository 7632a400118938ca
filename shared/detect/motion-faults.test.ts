import { describe, expect, it } from 'vitest';
import type { SeriesSignals } from './input.ts';
import { motionFaults } from './motion-faults.ts';
import { DEFAULT_DETECT_SETTINGS } from './settings.ts';
import { drained } from './steps.ts';
import { steadyTimes } from './testing.ts';

const SAMPLES = 500;
const timesNs = steadyTimes(SAMPLES, 50);

function series(
  id: string,
  role: SeriesSignals['role'],
  valueAt: (at: number) => number,
  more: Partial<SeriesSignals> = {},
) {
  const values = Float64Array.from({ length: SAMPLES }, (_, at) => valueAt(at));
  const base = { id, name: id, group: id, role, unit: 'rad', components: ['elbow'], limits: null, timesNs, values };
  return { ...base, ...more };
}

const swing = (at: number) => Math.sin(at / 60);
const found = (...all: SeriesSignals[]) =>
  drained(motionFaults(all, DEFAULT_DETECT_SETTINGS.motion)).map(({ kind, fromNs, toNs }) => [
    kind,
    Math.round(fromNs / 2e7),
    Math.round(toNs / 2e7),
  ]);

describe('the numbers of a robot', () => {
  it('are nothing to tell while the arm follows its command', () => {
    expect(
      found(
        series('q', 'state', (at) => swing(at - 3)),
        series('action', 'action', swing),
      ),
    ).toEqual([]);
  });

  it('tell of an arm that stands while its command goes on, and how far it falls behind', () => {
    const stuck = series('q', 'state', (at) => swing(at >= 200 && at <= 290 ? 200 : at - 3));
    const kinds = found(stuck, series('action', 'action', swing));
    expect(kinds).toContainEqual(['stall', 200, 290]);
    expect(kinds.map(([kind]) => kind)).toContain('action-state-divergence');
    // Standing still as commanded is no stall.
    const still = (late: number) => (at: number) => swing(at - late < 200 ? at - late : Math.max(200, at - late - 90));
    expect(found(series('q', 'state', still(3)), series('action', 'action', still(0)))).toEqual([]);
    // Without a command nobody knows whether it was meant to move.
    expect(found(stuck)).toEqual([['jump', 290, 291]]);
    // A command of rates is nothing to hold a position against.
    expect(
      found(
        stuck,
        series('action', 'action', (at) => 2 * Math.cos(at / 60)),
      ),
    ).toEqual([['jump', 290, 291]]);
  });

  it('tell nothing of the lag that an arm always has, however slow its clock and long its rests', () => {
    // Ten samples a second, two of which the arm is behind: at rest, a quick move, at rest, back.
    const ramp = (at: number, from: number, length: number) => Math.min(1, Math.max(0, (at - from) / length));
    const move = (at: number) => ramp(at % 100, 20, 8) - ramp(at % 100, 60, 5);
    const slow = { timesNs: steadyTimes(SAMPLES, 10) };
    const action = series('action', 'action', move, slow);
    expect(
      found(
        series('q', 'state', (at) => move(Math.max(0, at - 2)), slow),
        action,
      ),
    ).toEqual([]);
    // Nor of one that has begun only just before the end.
    const late = (by: number) => ({
      timesNs: steadyTimes(24, 10),
      values: Float64Array.from({ length: 24 }, (_, at) => ramp(at, 20 + by, 8)),
    });
    expect(found(series('q', 'state', move, late(2)), series('action', 'action', move, late(0)))).toEqual([]);
    const quick = (by: number) => ({
      timesNs: steadyTimes(48, 30),
      values: Float64Array.from({ length: 48 }, (_, at) => ramp(at, 34 + by, 6)),
    });
    expect(found(series('q', 'state', move, quick(2)), series('action', 'action', move, quick(0)))).toEqual([]);
    const stuck = series('q', 'state', (at) => (at >= 215 && at < 245 ? 0 : move(Math.max(0, at - 2))), slow);
    const kinds = new Set(found(stuck, action).map(([kind]) => kind));
    expect(kinds).toContain('stall');
    expect(kinds).toContain('action-state-divergence');
  });

  it('tell of a step no arm makes, but not of an angle that went round', () => {
    const stepping = (by: number) => series('q', 'state', (at) => swing(at) + (at >= 300 ? by : 0));
    expect(found(stepping(0.8))).toEqual([['jump', 299, 300]]);
    expect(found(stepping(2 * Math.PI))).toEqual([]);
    const lost = timesNs.map((ns, at) => (at >= 300 ? ns + 20e9 : ns));
    expect(found(series('q', 'state', (at) => swing(at) + (at >= 300 ? 0.8 : 0), { timesNs: lost }))).toEqual([]);
  });

  it('tell no jump of a movement that the recording begins or ends in, but of a step from rest', () => {
    // A joint that rests but for its first or last two tenths of a second; times are told in fiftieths.
    const some = { timesNs: steadyTimes(24, 10) };
    const leaving = [0.004, 0.062];
    const setsOut = (at: number) => (at < 22 ? 0 : (leaving[at - 22] as number));
    expect(found(series('q', 'state', setsOut, some))).toEqual([]);
    expect(found(series('q', 'state', (at) => setsOut(23 - at), some))).toEqual([]);
    expect(found(series('q', 'state', (at) => 0.001 * (at % 2) + (at === 23 ? 0.3 : 0), some))).toEqual([
      ['jump', 110, 115],
    ]);
  });

  it('tell of a joint at its limit', () => {
    const limits = [{ min: -1, max: 0.9 }];
    const held = series('q', 'state', (at) => Math.min(0.895, swing(at)), { limits });
    expect(found(held).map(([kind]) => kind)).toEqual(['limit-saturation', 'limit-saturation']);
    expect(found(series('q', 'state', (at) => 0.8 * swing(at), { limits }))).toEqual([]);
  });

  it('tell of a gripper that chatters, and of one that closed on nothing', () => {
    const grip = (valueAt: (at: number) => number) =>
      series('gripper_position', 'state', valueAt, { components: ['gripper'], unit: '', limits: [{ min: 0, max: 1 }] });
    const held = (at: number) => (at < 100 || at > 400 ? 0.9 : 0.4);
    expect(found(grip(held))).toEqual([]);
    expect(
      found(grip((at) => (at >= 200 && at < 240 ? (at % 10 < 5 ? 0.4 : 0.9) : held(at)))).map(([kind]) => kind),
    ).toEqual(['gripper-chatter']);
    expect(found(grip((at) => (at < 100 || at > 400 ? 0.9 : 0.02)))).toEqual([['empty-grip', 100, 400]]);
    // A wave that comes back by less than a fifth at every step, and by all of it in the end, turns few times.
    expect(found(grip((at) => 0.5 + 0.4 * Math.sin(at / 30)))).toEqual([]);
    const width = grip((at) => (at < 100 ? 0 : 0.07));
    expect(found({ ...width, unit: 'm', limits: null })).toEqual([]);
    // Closed from the start, and opened: that end is the open one to a program, and nothing is said.
    expect(found(grip((at) => (at < 100 ? 0.01 : 0.8)))).toEqual([]);
  });

  it('count the turns of a gripper at its peaks, and only those of a fair part of the way', () => {
    const chatter = (valueAt: (at: number) => number) => {
      const gripper = series('gripper_position', 'state', valueAt, { components: ['gripper'], unit: '' });
      const faults = drained(motionFaults([gripper], DEFAULT_DETECT_SETTINGS.motion));
      return faults.flatMap(({ kind, fromNs, toNs, signals }) =>
        kind === 'gripper-chatter' ? [[Math.round(fromNs / 2e7), Math.round(toNs / 2e7), signals.turns]] : [],
      );
    };
    /** Up in eight steps and down in eight, from tick 200 on; then it stays where it is. */
    const zigzag = (at: number, until = 264) => {
      const phase = Math.min(Math.max(0, at - 200), until - 200) % 16;
      return Math.min(phase, 16 - phase) / 8;
    };
    // No step is a fifth of the way: only from its peak on does it come back that far.
    expect(chatter((at) => zigzag(at))).toEqual([[208, 256, 7]]);
    expect(chatter((at) => zigzag(at, 216))).toEqual([]);
    // The same with a sample missing at every peak: the last of the highest that are there counts.
    expect(chatter((at) => ((at - 200) % 16 === 8 ? Number.NaN : zigzag(at)))).toEqual([[209, 257, 7]]);
    // From the very start, whose sample is missing: where it began is no turn.
    expect(chatter((at) => (at === 0 ? Number.NaN : zigzag(at + 200)))).toEqual([[8, 56, 7]]);
    // One way and the other from sample to sample.
    expect(chatter((at) => (at < 200 || at > 210 ? 0 : at % 2))).toEqual([[201, 209, 9]]);
    // It opened shortly before and rested: that turn is none of those, which begin where the rest ends.
    const rested = (at: number) => (at < 100 ? 1 : at < 165 ? 0 : at < 200 || at >= 236 ? 1 : Math.floor(at / 6) % 2);
    expect(chatter(rested)).toEqual([[203, 233, 6]]);
    // On its way it comes back by a sixth again and again: that is no turn.
    expect(chatter((at) => Math.min(1, Math.max(0, (at - 100) / 300)) + (at % 8 < 4 ? 0 : 0.15))).toEqual([]);
    // And by a quarter: it is.
    expect(chatter((at) => Math.min(1, Math.max(0, (at - 100) / 300)) + (at % 8 < 4 ? 0 : 0.32))).toHaveLength(1);
  });

  it('may be missing anywhere', () => {
    const holed = series('q', 'state', (at) => (at % 7 === 0 || at > 450 ? Number.NaN : swing(at)));
    expect(
      found(
        holed,
        series('action', 'action', (at) => (at < 50 ? Number.NaN : swing(at))),
      ),
    ).toEqual([]);
    expect(found(series('q', 'state', () => Number.NaN))).toEqual([]);
    expect(found(series('q', 'state', () => 0, { timesNs: new Float64Array(0), values: new Float64Array(0) }))).toEqual(
      [],
    );
  });
});
