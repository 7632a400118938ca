import path from 'node:path';
import type { FileFacts, Place, SourcePorts } from '../source.ts';

const RECORDING = /\.(h5|hdf5)$/i;
const DATE = /\d{4}-\d{2}-\d{2}/;

export function mightBe({ name }: FileFacts): boolean {
  return RECORDING.test(name) && !name.startsWith('.');
}

/** Joint positions beside an action or pictures; no other format keeps `observations/qpos`. */
export async function recognizes({ path: file }: FileFacts, { hdf5 }: SourcePorts): Promise<boolean> {
  const tree = await hdf5.inspect(file).catch(() => undefined);
  if (!tree || 'observations/robot_states' in tree.groups) return false;
  const hasJoints = 'observations/qpos' in tree.datasets;
  const hasAction = 'action' in tree.datasets;
  const hasPictures = 'observations/images' in tree.groups;
  return (hasJoints && (hasAction || hasPictures)) || (hasAction && hasPictures);
}

/** The file's folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  return isFolder ? place : path.dirname(place);
}

/** The task is the nearest folder that is no date. */
export function placeOf(pathBelowRoot: string): Place {
  const folders = pathBelowRoot.split('/');
  const name = (folders.pop() ?? '').replace(RECORDING, '');
  const task = folders.findLast((folder) => !DATE.test(folder)) ?? '';
  return { task, date: DATE.exec(pathBelowRoot)?.[0] ?? '', name };
}
