import type { Episode, Series } from '../episode/episode.ts';
import { NS_PER_SECOND } from '../time/nanoseconds.ts';
import { lowerBound } from '../time/sampling.ts';
import { differences, median } from './numbers.ts';
import type { DetectSettings } from './settings.ts';
import type { EpisodeSignals, Side, TrackSignals } from './signals.ts';
import type { TickSpan } from './ticks.ts';

/** Numbers as recorded (joints, grippers, actions), on their own clock: from the opened episode, nothing is stored anew. */
export interface SeriesSignals
  extends Pick<Series, 'id' | 'name' | 'group' | 'role' | 'unit' | 'components' | 'limits'> {
  /** Nanoseconds from the episode's start, ascending. */
  timesNs: Float64Array;
  /** (count × components), row by row; NaN where nothing was recorded. */
  values: Float64Array;
}

/** All that detectors know of a recording. */
export interface DetectInput {
  /** react: the rules of the pipeline document apply (trim, 5A to 5C on the sensors of both hands); general: all others. */
  profile: 'react' | 'general';
  signals: EpisodeSignals;
  series: readonly SeriesSignals[];
  /** Streams whose pictures are frames of an encoded video: the same picture twice is only nearly the same there. */
  encoded: readonly string[];
  /** Hands in use; a body of another side is left out. Both where nobody said. */
  activeSides: readonly Side[];
}

/** Numbers of an opened recording: on the side of the disk and in a window alike. */
export interface RecordedNumbers {
  /** Nanoseconds of a clock's samples. Columns of one clock must get the same array: it is how they are known as such. */
  times(clock: string): Float64Array | undefined;
  /** (count × components) of a series. */
  values(series: string): Float64Array | undefined;
}

/** Everything beside the signals that detectors are given of a recording. */
export function detectInputOf(
  { format, series, streams }: Pick<Episode, 'format' | 'series' | 'streams'>,
  numbers: RecordedNumbers,
): Pick<DetectInput, 'profile' | 'series' | 'encoded'> {
  return {
    encoded: streams.filter(({ encoding }) => encoding === 'video').map(({ id }) => id),
    profile: format === 'react' ? 'react' : 'general',
    series: series.flatMap((each): SeriesSignals[] => {
      const { id, name, group, role, unit, components, limits } = each;
      const [timesNs, values] = [numbers.times(each.clock), numbers.values(id)];
      return timesNs && values ? [{ id, name, group, role, unit, components, limits, timesNs, values }] : [];
    }),
  };
}

/** The part of a recording the pipeline keeps, and why it begins there. */
export interface Trim extends TickSpan {
  reason: 'OT not yet streaming at recording start' | 'no trim required';
}

export const TRIMMED = 'OT not yet streaming at recording start';

/** Bodies that detectors judge: those of active hands that were tracked at all. */
export function activeTracks({ signals, activeSides }: Pick<DetectInput, 'signals' | 'activeSides'>): TrackSignals[] {
  return signals.tracks.filter(
    ({ side, sampleNs }) => side !== null && activeSides.includes(side) && sampleNs.length > 0,
  );
}

/** From the first tick at or after which every active body has a sample. All ticks where none ever has. */
export function trimOf(input: Pick<DetectInput, 'signals' | 'activeSides'>, rule: DetectSettings['trim']): Trim {
  const { timesNs, ticks } = input.signals;
  const firsts = activeTracks(input).map(({ sampleNs }) => sampleNs[0] as number);
  const first = rule === 'none' || firsts.length === 0 ? 0 : lowerBound(timesNs, Math.max(...firsts));
  // A body that is first seen after the end leaves nothing to keep: then it is no reason to trim.
  const kept = first >= ticks ? 0 : first;
  return { first: kept, last: ticks - 1, reason: kept > 0 ? TRIMMED : 'no trim required' };
}

/** Median seconds between two ticks; NaN for fewer than two. */
export function medianPeriodSeconds({ timesNs }: Pick<EpisodeSignals, 'timesNs'>): number {
  return median(differences(timesNs)) / NS_PER_SECOND;
}

/** Ticks that a time takes at the median rate, for lengths of runs. At least 1. */
export function ticksIn(seconds: number, periodSeconds: number): number {
  return periodSeconds > 0 ? Math.max(1, Math.round(seconds / periodSeconds)) : 1;
}
