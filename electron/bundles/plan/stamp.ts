import { revisionOf } from '../../library/file-facts.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';

/** What the files of a recording are now, by size, time and place on the disk: another stamp is another recording. */
export interface Stamp {
  readonly files: readonly string[];
  readonly revisions: readonly string[];
}

export async function stampOf({ opened, path }: OpenWorkstationEpisode): Promise<Stamp> {
  const files = [...new Set([path, ...(opened.files ?? [])])];
  return { files, revisions: await revisionsOf(files) };
}

/** The first file that was written to, replaced or taken away since; null where none was. */
export async function changedSince({ files, revisions }: Stamp): Promise<string | null> {
  const now = await revisionsOf(files);
  return files.find((_, at) => now[at] !== revisions[at]) ?? null;
}

function revisionsOf(files: readonly string[]): Promise<string[]> {
  return Promise.all(files.map(async (file) => (await revisionOf(file)) ?? 'gone'));
}
