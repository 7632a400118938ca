import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import { refuseNewerTasks } from '../common/tasks-version.ts';
import { JsonText, JsonTextFault } from './json-text.ts';

const tasksSchema = z.looseObject({
  schema_version: z.union([z.number(), z.string()]).optional(),
  tasks: z
    .record(
      z.string(),
      z.looseObject({
        dates: z.array(z.string()).optional(),
        n_episode_files: z.number().optional(),
        per_date_notes: z.record(z.string(), z.looseObject({ note: z.string().optional() })).optional(),
      }),
    )
    .optional(),
});

export interface TasksFile {
  json: JsonText;
  /** As it stands on disk; null where there is none yet. */
  text: string | null;
}

/** Reads tasks.json to edit it. Rejects with Fault for one that is malformed or newer: it is then left alone. */
export async function readTasksFile(file: string): Promise<TasksFile> {
  const text = await textOf(file);
  let json: JsonText;
  try {
    json = new JsonText(text ?? '{\n  "tasks": {}\n}\n');
  } catch (error) {
    if (!(error instanceof JsonTextFault)) throw error;
    throw new Fault('REFUSED', `${file} is no JSON and was left alone (${error.message}): correct it there.`);
  }
  // First: what does not fit here may well fit there.
  refuseNewerTasks(file, (json.get([]) as { schema_version?: unknown } | null)?.schema_version);
  const checked = tasksSchema.safeParse(json.get([]));
  if (!checked.success) {
    const where = checked.error.issues[0]?.path.join('.') || 'its top';
    throw new Fault('REFUSED', `${file} does not fit at ${where} and was left alone: correct it there.`);
  }
  return { json, text };
}

/** Rejects with Fault when somebody changed the file since it was read. */
export async function refuseChanged(file: string, text: string | null): Promise<void> {
  if ((await textOf(file)) !== text)
    throw new Fault('REFUSED', `${file} was changed meanwhile and was left alone: run the command again.`);
}

export async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw new Fault('UNUSABLE', sentenceOf(error, file));
  }
}
