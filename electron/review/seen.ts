import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { normalizeRanges, type TickRange } from '../../shared/time/ranges.ts';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';
import { writeAtomically } from '../settings/atomic-write.ts';
import { ownFileName } from './file-names.ts';
import { ownFolder } from './own-folder.ts';

const seenSchema = z.object({
  version: z.literal(1),
  annotator: z.string(),
  ranges: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
});

export interface SeenPlace {
  storageDir: string;
  fingerprint: string;
  annotator: string;
  install: string;
}

/**
 * Ticks one person has really had painted, over all their installs, as normal ranges. `add` is joined to this
 * install's own file <storage>/seen/<fingerprint>/<annotator>.<install>.json, which is written only when it says more.
 * A file that cannot be read counts as nothing seen: looking again costs little. Rejects with Fault when it cannot write.
 */
export async function addSeen(place: SeenPlace, add: readonly TickRange[]): Promise<TickRange[]> {
  const parts = ['seen', place.fingerprint];
  const ownName = ownFileName(place.annotator, place.install, 'json');
  const folder = await ownFolder(place.storageDir, parts, add.length > 0);
  if (folder === undefined) return [];
  const byFile = new Map<string, TickRange[]>();
  for (const name of await namesIn(folder)) byFile.set(name, await readSeen(path.join(folder, name), place.annotator));
  const before = normalizeRanges(byFile.get(ownName) ?? []);
  const after = normalizeRanges([...before, ...add]);
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    const file = path.join(folder, ownName);
    try {
      await writeAtomically(file, `${JSON.stringify({ version: 1, annotator: place.annotator, ranges: after })}\n`);
    } catch (error) {
      throw new Fault('UNUSABLE', `What you have looked at was not kept. ${sentenceOf(error, file)}`);
    }
  }
  byFile.set(ownName, after);
  return normalizeRanges([...byFile.values()].flat());
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw new Fault('UNUSABLE', sentenceOf(error, folder));
  }
}

async function readSeen(file: string, annotator: string): Promise<TickRange[]> {
  try {
    const seen = seenSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return seen.annotator === annotator ? seen.ranges.filter(([from, to]) => from <= to) : [];
  } catch {
    return [];
  }
}
