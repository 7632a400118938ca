import path from 'node:path';
import { isRecord, readJson } from '../common/json-file.ts';
import type { FileFacts, Place, SourcePorts } from '../source.ts';
import { SESSION_FILE } from './names.ts';

/** Folder that sessions are gathered in. */
const SESSIONS = 'sessions';
const DATE = /\d{4}-\d{2}-\d{2}/;
const HEAD_BYTES = 4096;

export function mightBe({ name }: FileFacts): boolean {
  return name.toLowerCase() === SESSION_FILE;
}

/** By the schema's word, of any version; a file that was cut short is known by its beginning. */
export async function recognizes({ path: file }: FileFacts, { files }: SourcePorts): Promise<boolean> {
  try {
    const tree = await readJson(files, file, 16 * 2 ** 20);
    return isRecord(tree) && typeof tree.schema === 'string' && tree.schema.startsWith('regrasp.session/');
  } catch {
    const head = await files.readRange(file, 0, HEAD_BYTES).catch(() => new Uint8Array(0));
    return /"schema"\s*:\s*"regrasp\.session\//.test(new TextDecoder().decode(head));
  }
}

/** The nearest `sessions` at or above, else the session's own folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  const folder = isFolder ? place : path.dirname(place);
  for (let above = folder; above !== path.dirname(above); above = path.dirname(above)) {
    if (path.basename(above) === SESSIONS) return above;
  }
  return folder;
}

/** The name is the folder's, the task the folder above, the date where a folder has one; the file's own words come later. */
export function placeOf(pathBelowRoot: string): Place {
  const folders = pathBelowRoot.split('/').slice(0, -1);
  const name = folders.pop() ?? '';
  const task = folders.findLast((folder) => folder !== SESSIONS && !DATE.test(folder)) ?? '';
  return { task, date: DATE.exec(pathBelowRoot)?.[0] ?? '', name };
}
