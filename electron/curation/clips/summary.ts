import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import type { OutputPlace } from '../common/output-paths.ts';
import { writeOutput } from '../common/write-output.ts';

const rowSchema = z.looseObject({
  /** "<date>/<episode>". */
  episode: z.string(),
  side: z.string(),
  /** Ticks of the trimmed episode, inclusive, as in the published files; and of the recording. */
  freeze_a: z.number(),
  freeze_b: z.number(),
  freeze_len_s: z.number(),
  clip_a: z.number(),
  clip_b: z.number(),
  label: z.string(),
  /** Path below the folder of the summary. */
  gif: z.string(),
  task: z.string(),
  class: z.string(),
  id: z.string(),
  _h5_a: z.number(),
  _h5_b: z.number(),
  frames: z.number(),
  bytes: z.number(),
});
export type ClipRow = z.infer<typeof rowSchema>;

const summarySchema = z.looseObject({ version: z.literal(1), clips: z.array(rowSchema) });

const COLUMNS = [
  ...['episode', 'side', 'freeze_a', 'freeze_b', 'freeze_len_s', 'clip_a', 'clip_b', 'label', 'gif'],
  ...['task', 'class', 'id', '_h5_a', '_h5_b', 'frames', 'bytes'],
] as const;

/** Rows of the clips that are in a folder already. Rejects with Fault for a summary that cannot be added to. */
export async function readSummary(folder: string): Promise<ClipRow[]> {
  const file = path.join(folder, 'summary.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw new Fault('UNUSABLE', sentenceOf(error, file));
  }
  try {
    return summarySchema.parse(JSON.parse(text)).clips;
  } catch {
    throw new Fault(
      'UNUSABLE',
      `${file} is no summary of clips of this version and was left as it is: move it away, or name another folder with --out.`,
    );
  }
}

/** Writes summary.json and summary.csv, in order of task, episode and place. */
export async function writeSummary(place: OutputPlace, folder: string, rows: readonly ClipRow[]): Promise<void> {
  const sorted = [...rows].sort((a, b) => {
    const [left, right] = [`${a.task}/${a.episode}`, `${b.task}/${b.episode}`];
    if (left !== right) return left < right ? -1 : 1;
    return a._h5_a - b._h5_a || a._h5_b - b._h5_b || (a.gif < b.gif ? -1 : 1);
  });
  const csv = [COLUMNS.join(','), ...sorted.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))];
  await writeOutput(place, path.join(folder, 'summary.csv'), `${csv.join('\n')}\n`);
  await writeOutput(
    place,
    path.join(folder, 'summary.json'),
    `${JSON.stringify({ version: 1, clips: sorted }, null, 2)}\n`,
  );
}

function cell(value: unknown): string {
  const text = String(value ?? '');
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
