import { masterClockOf, type Stream } from '../../shared/episode/episode.ts';
import type { EpisodeForTicks } from './frame-source.ts';
import { chooseSample } from './sample-choice.ts';

/**
 * The sample of a stream that is the newest at each of these ticks, by the rule the panes go by; -1 where there is none yet
 * and after the stream has ended. One that is past its hold limit is no longer shown, and still is the newest: that it
 * repeats is what detectors look for, and who keeps such a stretch wants it exported.
 */
export function sampleIndices(
  episode: Pick<EpisodeForTicks, 'opened' | 'tactileOffset'>,
  stream: Stream,
  ticks: Iterable<number>,
  holdPeriods: number,
): Int32Array {
  const { opened } = episode;
  const masterClock = masterClockOf(opened.episode).id;
  const streamClock = opened.episode.clocks.find(({ id }) => id === stream.clock);
  const moment = {
    ...{ masterTimes: opened.clocks.get(masterClock) ?? new Float64Array(0), masterClock, holdPeriods },
    ...{ streamTimes: opened.clocks.get(stream.clock) ?? new Float64Array(0), tactileOffset: episode.tactileOffset() },
  };
  return Int32Array.from(ticks, (tick) => {
    if (!streamClock) return -1;
    const { state, index } = chooseSample(stream, { ...moment, streamClock, tick });
    return state === 'shown' || state === 'expired' ? index : -1;
  });
}
