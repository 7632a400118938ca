import path from 'node:path';
import builtIn from '../../resources/taxonomy/v1.json' with { type: 'json' };
import { type RootTaxonomy, readLabTaxonomy, taxonomySchema, withLabCodes } from '../../shared/review/taxonomy.ts';
import { sentenceOf } from '../fault.ts';
import { readPlainFile } from '../settings/read-plain-file.ts';

const LAB_FILE = 'taxonomy.json';
/** Far beyond any list of codes. */
const LIMIT_BYTES = 2 ** 20;

/** The codes that stand: part of the built program, wherever it is installed. */
const TAXONOMY = taxonomySchema.parse(builtIn);

export const TAXONOMY_VERSION = TAXONOMY.version;

/**
 * What failures of a root are named by: the codes that stand, and those of the lab's `taxonomy.json` in the first of these
 * folders that holds one. Never rejects: what cannot be taken of the lab's file is a sentence, and the rest is.
 */
export async function readTaxonomy(folders: readonly string[]): Promise<RootTaxonomy> {
  for (const folder of folders) {
    const file = path.join(folder, LAB_FILE);
    let text: string | undefined;
    try {
      text = await readPlainFile(file, LIMIT_BYTES, 'a list of codes');
    } catch (error) {
      return { taxonomy: TAXONOMY, problems: [`The lab's own codes are not offered. ${sentenceOf(error, file)}`] };
    }
    if (text === undefined) continue;
    const { lab, problems } = readLabTaxonomy(text, file);
    const merged = withLabCodes(TAXONOMY, lab);
    return { taxonomy: merged.taxonomy, problems: [...problems, ...merged.problems.map((each) => `${file}: ${each}`)] };
  }
  return { taxonomy: TAXONOMY, problems: [] };
}
