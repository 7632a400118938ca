import type { Root } from '../../shared/api/library.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import type { OpenWorkstationEpisode, Workstation } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { openNamed } from './named-recording.ts';
import { CliFault } from './output.ts';
import { openForTerminal } from './terminal-workstation.ts';

/** Opens the workstation without a door, runs the task, and closes it whatever happens. Rejects early when interrupted. */
export async function withWorkstation<T>(
  context: CliContext,
  task: (workstation: Workstation) => Promise<T>,
): Promise<T> {
  const workstation = await openForTerminal(context, 'none');
  try {
    return await Promise.race([task(workstation), interrupted(context.signal)]);
  } finally {
    await workstation.close();
  }
}

/** Opens one recording given by its file, and by its name where a file holds several: "demos.h5::demo_3". */
export async function withEpisode<T>(
  context: CliContext,
  file: string,
  task: (episode: OpenWorkstationEpisode, workstation: Workstation, root: Root) => Promise<T>,
): Promise<T> {
  return withWorkstation(context, async (workstation) => {
    const { root, episode } = await openNamed(workstation, file);
    if (episode === null)
      throw new CliFault(`${file} is a folder: name one recording in it, as "regrasp list" shows them.`);
    return task(await workstation.openEpisode(episode), workstation, root);
  });
}

/**
 * Why a recording lacks what was named, in its own words: the fault of that stream, else the one by which nothing of it
 * can be read. Undefined where nothing is wrong with it.
 */
export function faultOf({ streams, problems }: Episode, stream?: string): string | undefined {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const ofStream = stream === undefined ? undefined : errors.find((problem) => problem.stream === stream);
  return (ofStream ?? (streams.length === 0 ? errors.find((problem) => !problem.stream) : undefined))?.message;
}

function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new CliFault('Stopped.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
