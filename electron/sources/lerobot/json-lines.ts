import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import type { FileReader } from '../source.ts';
import { counted, fault } from './problems.ts';

const LARGEST_BYTES = 512 * 2 ** 20;

/** Values of a JSON-lines file; lines that are none are told together. Rejects with SourceFault as `files.read` does. */
export async function readJsonLines(
  files: FileReader,
  place: string,
): Promise<{ values: unknown[]; problems: Problem[] }> {
  const text = new TextDecoder().decode(await files.read(place, LARGEST_BYTES));
  const values: unknown[] = [];
  const bad: number[] = [];
  text.split('\n').forEach((line, at) => {
    if (line.trim() === '') return;
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
