import type { Side } from '../../../shared/detect/signals.ts';
import type { Flag } from '../../../shared/review/finding.ts';
import type { Layer } from '../../../shared/review/review.ts';
import { sentenceOf } from '../../fault.ts';
import type { OpenedEpisode } from '../../sources/source.ts';
import type { StageContext, StageEpisode } from '../stage.ts';

export interface EpisodeFlag extends Flag {
  episode: string;
}

/** What is known of all recordings of one task and date. */
export interface SessionFacts {
  task: string;
  date: string;
  episodes: readonly StageEpisode[];
  activeSensors: Side[];
  /** Where they are known from: people flagged them, or the tracked sensors moved. */
  activeFrom: 'flags' | 'motion' | 'nothing';
  /** What operators flagged while they watched, in order. */
  flags: EpisodeFlag[];
  /** Cameras, gels, sizes and rates: what a description of the rig has to say. */
  lineup: string[];
}

/** A sensor that nobody holds stays within the noise of the motion capture. */
const MOVED_METRES = 0.05;

/** Opens each recording of a session. One that cannot be opened or told from others adds nothing, and `fail` is told. */
export async function sessionFacts(
  context: Pick<StageContext<unknown>, 'open' | 'review' | 'release' | 'fail' | 'signal'>,
  task: string,
  date: string,
  episodes: readonly StageEpisode[],
): Promise<SessionFacts> {
  const moved = new Set<Side>();
  const lineup = new Set<string>();
  const flags: EpisodeFlag[] = [];
  for (const episode of episodes) {
    context.signal.throwIfAborted();
    if (episode.fault) continue;
    try {
      const { opened, fingerprint } = await context.open(episode);
      for (const side of movedSides(opened)) moved.add(side);
      for (const line of lineupOf(opened)) lineup.add(line);
      if (fingerprint !== null) {
        const review = await context.review(episode);
        for (const layer of [review.own, ...review.others]) flags.push(...flagsOf(layer, episode.stem));
      }
    } catch (error) {
      context.signal.throwIfAborted();
      context.fail(episode.path, sentenceOf(error));
    } finally {
      await context.release(episode);
    }
  }
  const told = new Set<Side>();
  for (const { kind, side } of flags) {
    if (kind !== 'active_side' || side === undefined) continue;
    for (const each of side === 'both' ? SIDES : [side]) told.add(each);
  }
  const sides = told.size > 0 ? told : moved;
  return {
    ...{ task, date, episodes, flags },
    // Where nothing tells, both count as in use: that leaves nothing unjudged.
    activeSensors: SIDES.filter((side) => sides.has(side) || sides.size === 0),
    activeFrom: told.size > 0 ? 'flags' : moved.size > 0 ? 'motion' : 'nothing',
    lineup: [...lineup].sort(),
  };
}

const SIDES: readonly Side[] = ['left', 'right'];

function flagsOf(layer: Layer, episode: string): EpisodeFlag[] {
  return Object.values(layer.flags)
    .map((flag) => ({ ...flag, episode }))
    .sort((a, b) => a.ticks[0] - b.ticks[0]);
}

function movedSides({ episode, poses }: OpenedEpisode): Side[] {
  return episode.tracks.flatMap(({ id, side }) =>
    side !== null && spanOf(poses.get(id)) > MOVED_METRES ? [side] : [],
  );
}

/** Diagonal of the box that a body's positions lie in; rows that were never tracked are left out. */
function spanOf(poses: Float64Array | undefined): number {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let row = 0; poses && row + 7 <= poses.length; row += 7) {
    const position = poses.subarray(row, row + 3);
    const isTracked = position.every(Number.isFinite) && poses.subarray(row, row + 7).some((value) => value !== 0);
    if (!isTracked) continue;
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis] as number, position[axis] as number);
      high[axis] = Math.max(high[axis] as number, position[axis] as number);
    }
  }
  const span = Math.hypot(...high.map((value, axis) => value - (low[axis] as number)));
  return Number.isFinite(span) ? span : 0;
}

function lineupOf({ episode }: OpenedEpisode): string[] {
  const streams = episode.streams.map(
    ({ id, serial, width, height }) => `${id} ${width}x${height}${serial ? ` (${serial})` : ''}`,
  );
  const stated = episode.metadata.fps;
  return [...streams, ...episode.tracks.map(({ id }) => `body ${id}`), `stated rate ${String(stated ?? 'none')}`];
}
