import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FileFacts, Source } from '../sources/source.ts';
import { fileFactsOf, isSetAside, sourceFor } from './file-facts.ts';
import { type FoundLink, linkAt } from './links.ts';
import { sortNames } from './sort-names.ts';

export interface FoundRecording {
  facts: FileFacts;
  source: Source;
}

export interface WalkStep {
  folder: string;
  recordings: FoundRecording[];
  links: FoundLink[];
}

/** Files whose size and time are asked for at once: enough to hide a network share's latency. */
const STATS_AT_ONCE = 16;

/**
 * Every folder at or below `start` with the recordings in it, parents first and in name order. Links are answered, not
 * followed (see FoundLink). A folder that cannot be read is told through `onFault` and skipped. `start` may be one
 * recording.
 */
export async function* walkRecordings(
  start: string,
  sources: readonly Source[],
  onFault: (folder: string, error: unknown) => void,
): AsyncGenerator<WalkStep> {
  const single = await found(start, sources);
  if (single) {
    yield { folder: path.dirname(start), recordings: [single], links: [] };
    return;
  }
  const waiting = [start];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const names = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      onFault(folder as string, error);
      return [];
    });
    const files: string[] = [];
    const folders: string[] = [];
    const linked: string[] = [];
    for (const entry of await sortNames(names, ({ name }) => name)) {
      if (isSetAside(entry.name)) continue;
      if (entry.isDirectory()) folders.push(path.join(folder, entry.name));
      else if (entry.isFile()) files.push(path.join(folder, entry.name));
      else if (entry.isSymbolicLink()) linked.push(path.join(folder, entry.name));
    }
    const recordings: FoundRecording[] = [];
    for (let from = 0; from < files.length; from += STATS_AT_ONCE) {
      const batch = await Promise.all(files.slice(from, from + STATS_AT_ONCE).map((file) => found(file, sources)));
      recordings.push(...batch.filter((recording) => recording !== undefined));
    }
    const links: FoundLink[] = [];
    for (const place of linked) {
      const link = await linkAt(place, sources);
      if (link) links.push(link);
    }
    yield { folder, recordings, links };
    waiting.push(...folders.reverse());
  }
}

async function found(file: string, sources: readonly Source[]): Promise<FoundRecording | undefined> {
  const facts = await fileFactsOf(file);
  const source = facts && sourceFor(sources, facts);
  return source && { facts, source };
}
