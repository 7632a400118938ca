import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Side } from '../../../shared/detect/signals.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';

const BOTH: readonly Side[] = ['left', 'right'];

const tasksSchema = z.object({
  tasks: z
    .record(
      z.string(),
      z.looseObject({
        per_date_notes: z
          .record(z.string(), z.looseObject({ active_sensors: z.array(z.string()).optional() }))
          .optional(),
      }),
    )
    .optional(),
});

/** Which hands were in use on a date, by the notes people keep in tasks.json; both where they do not say. */
export type ActiveSides = (task: string, date: string) => readonly Side[];

/** Reads `<root>/tasks.json`. Rejects with Fault for one that cannot be read as such: it decides what is judged. */
export async function readActiveSides(rootPath: string): Promise<ActiveSides> {
  const file = path.join(rootPath, 'tasks.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return () => BOTH;
    throw new Fault('UNUSABLE', sentenceOf(error, file));
  }
  const read = tasksSchema.safeParse(jsonOf(text, file));
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new Fault('UNUSABLE', `${file} does not fit at ${issue?.path.join('.') || 'its top'}: correct it there.`);
  }
  const tasks = read.data.tasks ?? {};
  return (task, date) => {
    const named = Object.hasOwn(tasks, task) ? tasks[task]?.per_date_notes?.[date]?.active_sensors : undefined;
    const sides = BOTH.filter((side) => named?.includes(side));
    return sides.length > 0 ? sides : BOTH;
  };
}

/** JSON of a file people edit. Rejects with a sentence that leaves its content out. */
export function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('UNUSABLE', `${file} is no JSON and was left as it is: correct it, or move it away.`);
  }
}
