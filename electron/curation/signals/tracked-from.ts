import type { Side } from '../../../shared/detect/signals.ts';
import { lowerBound } from '../../../shared/time/sampling.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { tickTimes } from './stream-samples.ts';

/**
 * The first tick at which the bodies of these sides were all tracked: the first at or after the latest of their first samples
 * (numpy.searchsorted). 0 where there is no such body; a body without any sample is left out. The number of ticks where
 * tracking began after the last one.
 */
export function trackedFrom(episode: OpenWorkstationEpisode, sides: readonly Side[]): number {
  const { opened } = episode;
  const firsts = opened.episode.tracks
    .filter(({ side, count }) => side !== null && sides.includes(side) && count > 0)
    .map(({ clock }) => opened.clocks.get(clock)?.[0])
    .filter((time) => time !== undefined);
  return firsts.length === 0 ? 0 : lowerBound(tickTimes(episode), Math.max(...firsts));
}
