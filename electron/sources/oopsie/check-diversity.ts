import path from 'node:path';
import { type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { isByPerson, readAnnotations } from './annotations.ts';
import { variantOf } from './place.ts';
import type { Findings } from './rule.ts';

const MAX_FILES = 2000;
const MAX_FOLDERS = 500;
const FEWEST = 5;
const FEWEST_FOR_SHARE = 10;
const LEAST_DISTINCT = 0.1;
const MOST_ALIKE = 0.8;

/** How varied a whole dataset is; told with its first recording alone. Nothing here stops an upload. */
export async function checkDiversity(findings: Findings, file: OpenFile, ports: SourcePorts): Promise<void> {
  const all = await recordings(file, ports);
  if (all.length < FEWEST || all[0] !== file.path) return;
  const instructions: string[] = [];
  const descriptions: string[] = [];
  for (const place of all) {
    try {
      const tree = await ports.hdf5.inspect(place);
      if (!variantOf(tree)) continue;
      instructions.push(
        String(tree.groups['']?.attributes.language_instruction ?? '')
          .trim()
          .toLowerCase(),
      );
      for (const { annotation } of await readAnnotations(place, tree, ports.hdf5)) {
        if (annotation.description.trim() && isByPerson(annotation))
          descriptions.push(annotation.description.trim().toLowerCase());
      }
    } catch (error) {
      // A recording that cannot be opened says so by itself.
      if (!(error instanceof SourceFault)) throw error;
    }
  }
  const count = instructions.length;
  const distinct = new Set(instructions).size;
  if (count >= FEWEST && distinct === 1) {
    findings.warning('diversity', `all ${count} recordings of this folder have the same instruction: vary the tasks.`);
  } else if (count >= FEWEST_FOR_SHARE && distinct < LEAST_DISTINCT * count) {
    const share = ((100 * distinct) / count).toFixed(1);
    findings.warning(
      'diversity',
      `the ${count} recordings of this folder have ${distinct} different instructions (${share} %), fewer than 10 %: vary the tasks.`,
    );
  }
  const alike = Math.max(
    0,
    ...[...new Set(descriptions)].map((text) => descriptions.filter((other) => other === text).length),
  );
  if (descriptions.length >= FEWEST && alike > MOST_ALIKE * descriptions.length) {
    findings.warning(
      'diversity',
      `${alike} of ${descriptions.length} descriptions in this folder are the same, more than 80 %: describe what happened each time.`,
    );
  }
}

/** Recordings of the root, folder by folder, in their order. */
async function recordings(file: OpenFile, { files }: SourcePorts): Promise<string[]> {
  const found: string[] = [];
  const queue = [file.root];
  for (let looked = 0; queue.length > 0 && looked < MAX_FOLDERS && found.length < MAX_FILES; looked++) {
    const folder = queue.shift() as string;
    for (const name of await files.list(folder).catch(() => [])) {
      if (name.startsWith('.')) continue;
      if (name.endsWith('/')) queue.push(path.join(folder, name));
      else if (/\.(h5|hdf5)$/i.test(name)) found.push(path.join(folder, name));
    }
  }
  return found;
}
