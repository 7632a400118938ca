import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Fault, systemCodeOf } from '../../fault.ts';
import { ownFolder } from '../../review/own-folder.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';
import { datasetFigure, type OutputPlace } from '../common/output-paths.ts';
import { readBreakdown, readDescribed } from '../metadata/docs-due.ts';
import { textOf } from '../metadata/tasks-file.ts';

const NAME = 'known-modes.json';
const schema = z.object({ version: z.literal(1), modes: z.array(z.string()) });

export interface FailureModes {
  /** Found now, and never before in this dataset. */
  isNew: string[];
  /** On the first run, which has nothing to compare with: what counts as known from now on. Null on every other. */
  baseline: string[] | null;
}

/**
 * Failure modes that stage 5 found now and that this dataset never had: neither in an earlier run, nor in what a person
 * confirmed as described, nor by name in docs/caveats.md. The first run over a dataset has nothing to compare with: what it
 * finds is known from then on, and said. What is new stays so until it is written up.
 */
export async function failureModes(place: OutputPlace & { root: { storageDir: string } }): Promise<FailureModes> {
  const breakdown = await readBreakdown(datasetFigure(place, 'data_quality_breakdown.json'));
  if (!breakdown) return { isNew: [], baseline: null };
  const found = Object.entries(breakdown.modes).flatMap(([mode, { frames }]) => (frames > 0 ? [mode] : []));
  const { storageDir } = place.root;
  const before = await readKnown(storageDir);
  const caveats = (await textOf(path.join(place.root.path, 'docs', 'caveats.md'))) ?? '';
  const described = Object.keys((await readDescribed(storageDir))?.shares ?? {});
  const isKnown = (mode: string) =>
    before === null || before.includes(mode) || described.includes(mode) || caveats.includes(mode);
  const known = [...new Set([...(before ?? []), ...found.filter(isKnown)])].sort();
  if (JSON.stringify(known) !== JSON.stringify(before)) {
    const folder = (await ownFolder(storageDir, ['curation'], true)) as string;
    await writeAtomically(path.join(folder, NAME), `${JSON.stringify({ version: 1, modes: known }, null, 2)}\n`);
  }
  return { isNew: found.filter((mode) => !isKnown(mode)), baseline: before === null ? known : null };
}

async function readKnown(storageDir: string): Promise<string[] | null> {
  const folder = await ownFolder(storageDir, ['curation'], false);
  if (folder === undefined) return null;
  const file = path.join(folder, NAME);
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8'))).modes;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw new Fault('REFUSED', `${file} cannot be read and was left alone: remove it, and modes count from now on.`);
  }
}
