import path from 'node:path';
import type { FileFacts, Place, SourcePorts } from '../source.ts';

const RECORDING = /\.(h5|hdf5)$/i;
const DATE = /\d{4}-\d{2}-\d{2}/;
/** Folders that tell the outcome: <lab>/success/<date>/<episode>/trajectory.h5. */
const OUTCOMES = ['success', 'failure'];

export function mightBe({ name }: FileFacts): boolean {
  return RECORDING.test(name) && !name.startsWith('.');
}

/** What the robot was told beside what it was. */
export async function recognizes({ path: file }: FileFacts, { hdf5 }: SourcePorts): Promise<boolean> {
  const tree = await hdf5.inspect(file).catch(() => undefined);
  return tree !== undefined && 'action' in tree.groups && 'observation/robot_state' in tree.groups;
}

/** The folder above `success` or `failure` in the layout, else the file's folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  const folder = isFolder ? place : path.dirname(place);
  for (const dated of [folder, path.dirname(folder)]) {
    const outcome = path.dirname(dated);
    if (DATE.test(path.basename(dated)) && OUTCOMES.includes(path.basename(outcome))) return path.dirname(outcome);
  }
  return folder;
}

/** The name is the folder's; the task is known by the metadata alone. */
export function placeOf(pathBelowRoot: string): Place {
  const folders = pathBelowRoot.split('/');
  const stem = (folders.pop() ?? '').replace(RECORDING, '');
  return { task: '', date: DATE.exec(pathBelowRoot)?.[0] ?? '', name: folders.at(-1) ?? stem };
}

/** What the folders say of the outcome; null where they are others. */
export function outcomeOfFolders(file: string): 'success' | 'failure' | null {
  const folders = file.split(/[\\/]/);
  const at = folders.findLastIndex((folder) => OUTCOMES.includes(folder));
  return at < 0 ? null : (folders[at] as 'success' | 'failure');
}
