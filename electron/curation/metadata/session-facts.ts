import { contactSides } from '../../../shared/detect/contact-sides.ts';
import type { Side } from '../../../shared/detect/signals.ts';
import type { Flag } from '../../../shared/review/finding.ts';
import { confirmedSides } from '../../../shared/review/flags.ts';
import type { Layer } from '../../../shared/review/review.ts';
import { sentenceOf } from '../../fault.ts';
import type { OpenedEpisode } from '../../sources/source.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { storedSignalsOf } from '../signals/signals-of.ts';
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
  /**
   * Where they are known from: people flagged them, gels touched something, tracked sensors moved; or (set by who edits
   * tasks.json) a person wrote them there.
   */
  activeFrom: 'flags' | 'contact' | 'motion' | 'nothing' | 'person';
  /** Recordings in which people confirmed the side, and those of the others in which the data speaks for another one. */
  confirmedIn: string[];
  contradictedIn: { episode: string; side: Side }[];
  /** What operators flagged while they watched, in order. */
  flags: EpisodeFlag[];
  /** Cameras, gels, sizes and rates: what a description of the rig has to say. */
  lineup: string[];
}

/** A sensor that nobody holds stays within the noise of the motion capture. */
const MOVED_METRES = 0.05;

/** Opens each recording of a session. One that cannot be opened or told from others adds nothing, and `fail` is told. */
export async function sessionFacts(
  context: Pick<StageContext<unknown>, 'open' | 'review' | 'release' | 'fail' | 'signal' | 'root'>,
  task: string,
  date: string,
  episodes: readonly StageEpisode[],
): Promise<SessionFacts> {
  const moved = new Map<string, readonly Side[]>();
  const touching = new Map<string, readonly Side[]>();
  const lineup = new Set<string>();
  const flags: EpisodeFlag[] = [];
  for (const episode of episodes) {
    context.signal.throwIfAborted();
    if (episode.fault) continue;
    try {
      const open = await context.open(episode);
      const { opened, fingerprint } = open;
      moved.set(episode.stem, movedSides(opened));
      const touched = await touchedSides(context, open);
      if (touched) touching.set(episode.stem, touched);
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
  const told = confirmedSides(flags);
  const confirmedIn = [...new Set(flags.filter(({ kind }) => kind === 'active_side').map(({ episode }) => episode))];
  // Gels tell of contact, which is what a side is active for; where no signals are stored, that a hand moved has to do.
  const guess: [Side[], SessionFacts['activeFrom']] =
    touching.size > 0 && [...touching.values()].some((touched) => touched.length > 0)
      ? [[...touching.values()].flat(), 'contact']
      : [[...moved.values()].flat(), 'motion'];
  const sides = told.size > 0 ? told : new Set(guess[0]);
  return {
    ...{ task, date, episodes, flags, confirmedIn },
    // Where nothing tells, both count as in use: that leaves nothing unjudged.
    activeSensors: SIDES.filter((side) => sides.has(side) || sides.size === 0),
    activeFrom: told.size > 0 ? 'flags' : sides.size > 0 ? guess[1] : 'nothing',
    contradictedIn: told.size === 0 ? [] : contradictions(touching, told, confirmedIn),
    lineup: [...lineup].sort(),
  };
}

/** Recordings nobody confirmed anything of, in which a gel touches that was said to be idle. */
function contradictions(
  touching: ReadonlyMap<string, readonly Side[]>,
  told: ReadonlySet<Side>,
  confirmedIn: readonly string[],
): SessionFacts['contradictedIn'] {
  return [...touching]
    .filter(([episode]) => !confirmedIn.includes(episode))
    .flatMap(([episode, sides]) => sides.filter((side) => !told.has(side)).map((side) => ({ episode, side })));
}

/** Sides whose gel touched something, by the signals that stages 4 and 5 stored; undefined where none are. */
async function touchedSides(
  { root }: Pick<StageContext<unknown>, 'root'>,
  episode: OpenWorkstationEpisode,
): Promise<Side[] | undefined> {
  // They are a hint: where they cannot be had, motion tells.
  const signals = await storedSignalsOf({ root }, episode).catch(() => null);
  if (!signals || signals.contacts.length === 0) return undefined;
  const { side } = contactSides(signals.contacts);
  return SIDES.filter((each) => side === 'both' || side === each);
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
