import { describe, expect, it } from 'vitest';
import type { Clock, Series, Track } from '../episode/episode.ts';
import { failureState, failureStateSchema, MOST_COMPONENTS, type StateSources } from './failure-state.ts';

const clock = (id: string, medianPeriodNs: number | null): Clock => ({
  ...{ id, name: id, count: 4, basis: 'recorded', firstNs: 0, lastNs: 300, medianPeriodNs, worstGapNs: null },
  ascending: true,
});
const series = (id: string, role: Series['role'], of: string, components = ['a', 'b']): Series => ({
  ...{ id, name: id, group: id, role, unit: 'rad', components, limits: null, display: 'lines', count: 4, clock: of },
});
const track: Track = {
  ...{ id: 'sensor_left', name: 'Left sensor', side: 'left', count: 2, clock: 'mocap', rule: 'nearest' },
  ...{ quaternionOrder: 'xyzw', upAxis: 'y', projected: true },
};
const POSE = [1, 2, 3, 0, 0, 0, 1];

function sources(changes: Partial<StateSources> = {}): StateSources {
  return {
    episode: {
      masterClock: 'master',
      clocks: [clock('master', 100), clock('joints', 10), clock('mocap', 10)],
      series: [series('joints', 'state', 'joints'), series('commands', 'action', 'joints')],
      tracks: [track],
    },
    arrays: new Map([
      ['clock:master', numbers([0, 100, 200, 300])],
      ['series:joints', numbers([95, 101, 199], [1, 2, 3, 4, 5, 6], 2)],
      ['series:commands', numbers([50], [7, 8], 2)],
      ['track:sensor_left', numbers([90, 104], [...POSE, ...POSE.map((value) => value * 2)], 7)],
    ]),
    contacts: null,
    holdPeriods: 3,
    ...changes,
  };
}

function numbers(times: number[], values: number[] = [], width = 0) {
  return { times: Float64Array.from(times), values: Float64Array.from(values), width };
}

describe('failureState', () => {
  it('takes numbers at or before the instant, and poses nearest to it, with signed ages', () => {
    const state = failureState(sources(), 1);
    expect(state).toMatchObject({ tick: 1, timeNs: 100 });
    expect(state?.series[0]).toMatchObject({ id: 'joints', row: 0, ageNs: 5, values: [1, 2] });
    expect(state?.poses).toEqual([
      { id: 'sensor_left', name: 'Left sensor', side: 'left', row: 1, ageNs: -4, pose: POSE.map((value) => value * 2) },
    ]);
    expect(failureStateSchema.safeParse(state).success).toBe(true);
  });

  it('lets go of what is past its hold limit and says how old it is, but keeps the last action', () => {
    const state = failureState(sources(), 3);
    expect(state?.series).toMatchObject([
      { id: 'joints', row: 2, ageNs: 101, values: [null, null] },
      { id: 'commands', row: 0, ageNs: 250, values: [7, 8] },
    ]);
    expect(state?.poses[0]).toMatchObject({ row: 1, ageNs: 196, pose: null });
  });

  it('has nothing before the first sample, and nothing at all at a tick that is not there', () => {
    expect(failureState(sources(), 0)?.series).toMatchObject([
      { row: null, ageNs: null, values: [null, null] },
      { row: null, ageNs: null, values: [null, null] },
    ]);
    expect(failureState(sources(), 4)).toBeNull();
  });

  it('tells contact by the gel of each side, and unknown from untouched', () => {
    const contacts = [
      { side: 'left' as const, mixed: Float32Array.of(0, 0.5, 0, 0) },
      { side: 'right' as const, mixed: Float32Array.of(0, Number.NaN, 0, 0) },
    ];
    expect(failureState(sources(), 1)?.contact).toBeNull();
    expect(failureState(sources({ contacts }), 1)?.contact).toEqual([
      { side: 'left', mixed: 0.5, touches: true },
      { side: 'right', mixed: null, touches: null },
    ]);
  });

  it('leaves out what is too wide to be joints, by name, and timings', () => {
    const given = sources();
    const wide = Array.from({ length: MOST_COMPONENTS + 1 }, String);
    const episode = {
      ...given.episode,
      series: [series('embedding', 'other', 'joints', wide), series('loop', 'timing', 'joints')],
    };
    expect(failureState({ ...given, episode }, 1)).toMatchObject({ series: [], leftOut: ['embedding'] });
  });

  it('keeps holes in the numbers as holes: what leaves here is JSON', () => {
    const given = sources();
    const arrays = new Map(given.arrays).set('series:joints', numbers([100], [Number.NaN, 2], 2));
    const state = failureState({ ...given, arrays }, 1);
    expect(state?.series[0]?.values).toEqual([null, 2]);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});
