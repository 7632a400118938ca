import { Fault, sentenceOf } from '../../fault.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import type { StageContext, StageEpisode } from '../stage.ts';
import { PictureThreadEnded } from './picture-thread.ts';

/** What came of one recording. */
export type EpisodeOutcome = 'made' | 'fresh' | 'failed';

/** One file of each recording. Of two that would be written to the same one the later is refused. */
export function eachItsOwn(fileOf: (episode: StageEpisode) => string): (episode: StageEpisode) => string {
  const claimed = new Map<string, string>();
  return (episode) => {
    const file = fileOf(episode);
    const other = claimed.get(file);
    if (other !== undefined && other !== episode.path)
      throw new Fault(
        'REFUSED',
        `it would be written over what is made of ${other} (${file}): name it alone, with a folder of its own (--out).`,
      );
    claimed.set(file, episode.path);
    return file;
  };
}

/**
 * Does something for every recording of a run, `sideBySide` of them at once: one that fails is told and the rest goes on.
 * One that a thread ended over is tried once more. Answers how many ended how. Rejects with the signal's reason alone.
 */
export async function forEachEpisode<Options>(
  context: StageContext<Options>,
  sideBySide: number,
  work: (episode: StageEpisode, opened: OpenWorkstationEpisode, lane: number) => Promise<'made' | 'fresh'>,
): Promise<Record<EpisodeOutcome, number>> {
  const { episodes, signal, progress, fail } = context;
  const counts = { made: 0, fresh: 0, failed: 0 };
  let next = 0;
  progress({ done: 0, total: episodes.length });
  const lane = async (number: number): Promise<void> => {
    for (let at = next++; at < episodes.length; at = next++) {
      const episode = episodes[at] as StageEpisode;
      signal.throwIfAborted();
      const outcome = await one(episode, number);
      counts[outcome] += 1;
      progress({ done: counts.made + counts.fresh + counts.failed });
    }
  };
  async function one(episode: StageEpisode, number: number, isAgain = false): Promise<EpisodeOutcome> {
    try {
      if (episode.fault !== null) throw new Fault('UNUSABLE', episode.fault);
      return await work(episode, await context.open(episode), number);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PictureThreadEnded && !isAgain) return one(episode, number, true);
      fail(episode.path, sentenceOf(error));
      return 'failed';
    }
  }
  const lanes = Array.from({ length: Math.max(1, Math.min(sideBySide, episodes.length)) }, (_, number) => lane(number));
  // All have to come to their end before the threads they use are closed.
  const settled = await Promise.allSettled(lanes);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return counts;
}
