import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock, Stream } from '../../shared/episode/episode.ts';
import { chooseSample, type Moment } from './sample-choice.ts';

const PERIOD = 33_000_000;
const clock = { medianPeriodNs: PERIOD } as Clock;
const ticks = (count: number) => Float64Array.from({ length: count }, (_, i) => i * PERIOD);

function choose(stream: Partial<Stream>, moment: Partial<Moment>) {
  const streamTimes = moment.streamTimes ?? moment.masterTimes ?? ticks(10);
  const whole = { id: 's', kind: 'color', rule: 'latest', clock: 'ticks', count: streamTimes.length, ...stream };
  return chooseSample(whole as Stream, {
    ...{ tick: 0, masterTimes: ticks(10), streamTimes, streamClock: clock, masterClock: 'ticks' },
    ...{ tactileOffset: 0, holdPeriods: 3, ...moment },
  });
}

describe('the sample of a stream at a tick', () => {
  it('is row i at tick i on the master clock, repeated stamps or not', () => {
    const masterTimes = Float64Array.of(0, 10, 10, 10, 20);
    for (const tick of [0, 1, 2, 3, 4])
      expect(choose({}, { tick, masterTimes })).toMatchObject({ state: 'shown', index: tick });
  });

  it('moves tactile by its offset, held at both ends, and nothing else', () => {
    const at = (tick: number, tactileOffset: number, kind: Stream['kind'] = 'tactile') =>
      choose({ kind }, { tick, tactileOffset }).index;
    expect([at(2, 3), at(8, 3), at(0, -2), at(2, 3, 'color')]).toEqual([5, 9, 0, 2]);
    expect(choose({ kind: 'tactile' }, { tick: 2, tactileOffset: 3 }).timeNs).toBe(5 * PERIOD);
  });

  it('has ended where a stream has no row for the tick', () => {
    expect(choose({ count: 4 }, { tick: 3 })).toMatchObject({ state: 'shown', index: 3 });
    expect(choose({ count: 4 }, { tick: 4 })).toEqual({ state: 'ended', index: 3, timeNs: 3 * PERIOD });
    expect(choose({ count: 0 }, { tick: 4 })).toMatchObject({ state: 'none', index: -1 });
  });

  it('is looked up by its rule on a clock of its own, and held no longer than the limit', () => {
    const own = { clock: 'own' };
    const streamTimes = Float64Array.of(PERIOD * 1.6, PERIOD * 3, PERIOD * 9);
    const at = (tick: number, rule: Stream['rule'] = 'latest') => choose({ ...own, rule }, { tick, streamTimes });
    expect(at(1)).toMatchObject({ state: 'none', index: -1 });
    expect(at(2)).toMatchObject({ state: 'shown', index: 0, timeNs: PERIOD * 1.6 });
    expect(at(6)).toMatchObject({ state: 'shown', index: 1 });
    expect(at(7)).toMatchObject({ state: 'expired', index: 1 });
    expect(at(1, 'nearest')).toMatchObject({ state: 'shown', index: 0 });
    expect(at(6, 'nearest')).toMatchObject({ state: 'shown', index: 1 });
    const gone = choose(own, { tick: 9, streamTimes: Float64Array.of(0, PERIOD) });
    expect(gone).toEqual({ state: 'ended', index: 1, timeNs: PERIOD });
  });

  it('never shows a sample from the future by the latest rule, nor skips one', () => {
    const stamps = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(stamps, fc.integer({ min: 0, max: 1000 }), (unsorted, now) => {
        const streamTimes = Float64Array.from(unsorted).sort();
        const holdPeriods = Number.POSITIVE_INFINITY;
        const { index } = choose({ clock: 'own' }, { masterTimes: Float64Array.of(now), streamTimes, holdPeriods });
        expect(index).toBe(streamTimes.findLastIndex((stamp) => stamp <= now));
      }),
    );
  });
});
