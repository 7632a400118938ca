import { blankEpisode, type Episode, type Problem } from '../../../shared/episode/episode.ts';
import type { OpenedEpisode, OpenFile, Place } from '../source.ts';
import { nominalClock } from './clocks.ts';

/** What every episode says of itself: which file of which root, which of its recordings, of which format. */
export function identityOf(file: OpenFile, format: string, place: Place) {
  const path = file.inner ? `${file.pathBelowRoot}::${file.inner}` : file.pathBelowRoot;
  const { rootId: root, sizeBytes, modifiedMs } = file;
  const { task, date, name } = place;
  return { id: `${root}/${path}`, root, path, format, task, date, name, sizeBytes, modifiedMs };
}

const MASTER = 'steps';

/** A recording of which nothing can be shown: it is listed all the same, with what is wrong. */
export function unreadableEpisode(file: OpenFile, format: string, place: Place, problems: Problem[]): OpenedEpisode {
  const { clock, times } = nominalClock(MASTER, 'Steps', 0, 1);
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, format, place),
    masterClock: MASTER,
    clocks: [clock],
    problems,
  };
  return { episode, clocks: new Map([[MASTER, times]]), poses: new Map(), values: new Map(), locations: new Map() };
}
