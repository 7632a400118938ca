import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Side } from '../../../shared/detect/signals.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import { isRecord, type Json, parseJson } from '../../sources/common/json-file.ts';
import { refuseNewerTasks } from './tasks-version.ts';

const MAX_BYTES = 16 * 2 ** 20;
const BOTH: readonly Side[] = ['left', 'right'];

/**
 * Hands in use on a date, by `tasks.<task>.per_date_notes.<date>.active_sensors` of the root's tasks.json; both where it does
 * not say. Rejects with Fault where there is a tasks.json that cannot be read: guessing would judge other data than meant.
 */
export async function activeSides(root: string, task: string, date: string): Promise<readonly Side[]> {
  const file = path.join(root, 'tasks.json');
  let text: string;
  try {
    if ((await stat(file)).size > MAX_BYTES) {
      throw new Fault('UNUSABLE', `${file} is larger than a list of tasks can be: look what it is.`);
    }
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return BOTH;
    throw error instanceof Fault ? error : new Fault('UNUSABLE', sentenceOf(error, file));
  }
  const tasks = parseJson(text, file);
  refuseNewerTasks(file, within(tasks, ['schema_version']));
  const all = within(tasks, ['tasks']);
  if (!isRecord(tasks) || (all !== undefined && !isRecord(all)))
    throw new Fault('REFUSED', `${file} holds no list of tasks and was left alone: correct it there, or move it away.`);
  const said = within(tasks, ['tasks', task, 'per_date_notes', date, 'active_sensors']);
  if (said !== undefined && said !== null && !Array.isArray(said))
    throw new Fault(
      'REFUSED',
      `${file} was left alone: active_sensors of ${task}, ${date} is no list such as ["left", "right"]: correct it there.`,
    );
  const sides = Array.isArray(said) ? BOTH.filter((side) => said.includes(side)) : [];
  return sides.length > 0 ? sides : BOTH;
}

function within(value: Json | undefined, keys: readonly string[]): Json | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  return isRecord(value) && Object.hasOwn(value, key) ? within(value[key], rest) : undefined;
}
