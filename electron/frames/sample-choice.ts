import type { Clock, Stream } from '../../shared/episode/episode.ts';
import { sampleAt } from '../../shared/time/sampling.ts';

/** Which sample of a stream belongs to a tick; `state` as in TickSample. */
export interface SampleChoice {
  state: 'shown' | 'none' | 'ended' | 'expired';
  /** -1 when there is none; for ended and expired the last one there was. */
  index: number;
  timeNs: number;
}

export interface Moment {
  tick: number;
  /** Stamps of the master clock and of the stream's own clock, nanoseconds, non-descending. */
  masterTimes: Float64Array;
  streamTimes: Float64Array;
  streamClock: Clock;
  masterClock: string;
  /** Ticks a tactile stream on the master clock is shown ahead by. */
  tactileOffset: number;
  holdPeriods: number;
}

/**
 * A stream on the master clock has one row a tick: row i is tick i, offset for tactile and held at the last row. A
 * tick without a row finds the stream ended. A stream with a clock of its own is looked up by its rule; past the hold
 * limit its last sample is "ended", any other "expired".
 */
export function chooseSample(stream: Stream, moment: Moment): SampleChoice {
  const { tick, masterTimes, streamTimes } = moment;
  const count = Math.min(stream.count, streamTimes.length);
  const nowNs = masterTimes[tick] ?? 0;
  const at = (state: SampleChoice['state'], index: number): SampleChoice => ({
    state,
    index,
    timeNs: index < 0 ? nowNs : (streamTimes[index] as number),
  });
  if (count === 0) return at('none', -1);
  if (stream.clock === moment.masterClock) {
    if (tick >= count) return at('ended', count - 1);
    const offset = stream.kind === 'tactile' ? moment.tactileOffset : 0;
    return at('shown', Math.min(count - 1, Math.max(0, tick + offset)));
  }
  const index = sampleAt(streamTimes.subarray(0, count), nowNs, stream.rule);
  if (index < 0) return at('none', -1);
  const ageNs = nowNs - (streamTimes[index] as number);
  const periodNs = moment.streamClock.medianPeriodNs;
  if (periodNs === null || ageNs <= moment.holdPeriods * periodNs) return at('shown', index);
  return at(index === count - 1 ? 'ended' : 'expired', index);
}
