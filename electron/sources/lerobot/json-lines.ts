import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import type { FileReader } from '../source.ts';
import { counted, fault } from './problems.ts';

const LARGEST_BYTES = 512 * 2 ** 20;

/** An index this near to a line's start is looked at before the line is parsed. */
const HEAD_CHARACTERS = 100;
const HEAD_INDEX = /"episode_index":\s*(\d+)\s*[,}]/;

/**
 * Values of a JSON-lines file; lines that are none are told together. With `only`, lines that begin with the
 * episode_index of another are passed over: statistics of thousands of episodes are long. Rejects with SourceFault as
 * `files.read` does.
 */
export async function readJsonLines(
  files: FileReader,
  place: string,
  only?: number,
): Promise<{ values: unknown[]; problems: Problem[] }> {
  const text = new TextDecoder().decode(await files.read(place, LARGEST_BYTES));
  const values: unknown[] = [];
  const bad: number[] = [];
  text.split('\n').forEach((line, at) => {
    const said = only === undefined ? undefined : HEAD_INDEX.exec(line.slice(0, HEAD_CHARACTERS))?.[1];
    if (line.trim() === '' || (said !== undefined && Number(said) !== only)) return;
    try {
      values.push(JSON.parse(line));
    } catch {
      bad.push(at + 1);
    }
  });
  if (bad.length === 0) return { values, problems: [] };
  const name = `meta/${path.basename(place)}`;
  const message = `${name}: ${counted(bad.length, 'line')} cannot be read, the first is line ${bad[0]}: mend or remove it.`;
  return { values, problems: [fault('bad-json', message)] };
}
