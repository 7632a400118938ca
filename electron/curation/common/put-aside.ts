import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { StageEpisode } from '../stage.ts';

/** An entry of the pipeline's files: of which recording it is. */
export interface EntryOf {
  /** Its key in bad_frames.json. */
  key: string;
  task: string;
  date: string;
  stem: string;
}

const ENDINGS = ['.h5.corrupt', '.hdf5.corrupt'];

/**
 * Entries of bad_frames.json whose recording was put in quarantine after it was looked at: in its place lies a file of that
 * name behind which is ".corrupt". Entries whose recording is merely elsewhere (a copy of a part of a dataset) are none.
 */
export async function putAside(
  root: string,
  all: readonly Pick<StageEpisode, 'task' | 'date' | 'stem'>[],
  episodes: Readonly<Record<string, { task?: string | undefined }>>,
): Promise<EntryOf[]> {
  const there = new Set(all.map(({ task, date, stem }) => [task, date, stem].join('\0')));
  const found: EntryOf[] = [];
  for (const [key, entry] of Object.entries(episodes)) {
    const parts = key.split('/');
    const [date, stem] = parts.slice(-2) as [string, string?];
    const task = parts.length === 3 ? (parts[0] as string) : entry.task;
    if (typeof task !== 'string' || stem === undefined || there.has([task, date, stem].join('\0'))) continue;
    // A name in a file that anybody may have written leads nowhere else.
    if ([task, date, stem].some((part) => part === '' || part === '.' || part === '..' || /[/\\]/.test(part))) continue;
    const looks = ENDINGS.map((ending) => stat(path.join(root, 'data', task, date, stem + ending)).catch(() => null));
    if ((await Promise.all(looks)).some((stats) => stats?.isFile())) found.push({ key, task, date, stem });
  }
  return found;
}
