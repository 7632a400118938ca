import { homedir } from 'node:os';
import path from 'node:path';
import type { FileFacts, Hdf5Tree, Place, SourcePorts } from '../source.ts';

/** Both endings are read; the lab's own web tool lists only the first. */
const RECORDING = /\.(h5|hdf5)$/i;
/** Folders the recorder makes, and those the format's own page recommends. */
const SESSION = /^(\d{4})(\d{2})(\d{2})_\d{6}|session/i;
const DATE = /\d{4}-\d{2}-\d{2}/;

export const SCHEMA = 'oopsiedata_format_v1';
export const LEGACY_SCHEMA = 'robotic_failure_upload_data_format_v1';

export function mightBe({ name }: FileFacts): boolean {
  return RECORDING.test(name) && !name.startsWith('.');
}

export async function recognizes({ path: file }: FileFacts, { hdf5 }: SourcePorts): Promise<boolean> {
  const tree = await hdf5.inspect(file).catch(() => undefined);
  return tree !== undefined && variantOf(tree) !== null;
}

/** By the schema the file names, else by its groups. Null: not of this format. */
export function variantOf({ groups }: Pick<Hdf5Tree, 'groups'>): 'current' | 'legacy' | null {
  const schema = groups['']?.attributes.schema;
  if (schema === LEGACY_SCHEMA) return 'legacy';
  if (typeof schema === 'string' && schema.startsWith('oopsiedata_format')) return 'current';
  const isAnnotated = 'episode_annotations' in groups;
  const hasProfile = 'robot_profile' in (groups['']?.attributes ?? {});
  if ('observations/robot_states' in groups) {
    return hasProfile || isAnnotated || 'observations/video_paths' in groups ? 'current' : null;
  }
  if ('image_observations' in groups && ('action_dict' in groups || 'observation' in groups)) return 'legacy';
  return 'action_dict' in groups && isAnnotated ? 'legacy' : null;
}

/** The folder of sessions, for a session folder or a file in one; else the file's folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  const folder = isFolder ? place : path.dirname(place);
  const above = path.dirname(folder);
  // A session that lies in somebody's home folder must not make all of it a dataset.
  const isTooMuch = above === path.dirname(above) || above === homedir();
  return SESSION.test(path.basename(folder)) && !isTooMuch ? above : folder;
}

/** Sessions are the tasks of the list; the date is in the session's name. */
export function placeOf(pathBelowRoot: string): Place {
  const folders = pathBelowRoot.split('/');
  const name = (folders.pop() ?? '').replace(RECORDING, '');
  const session = folders.join('/');
  const [, year, month, day] = folders.map((folder) => SESSION.exec(folder)).find((match) => match?.[1]) ?? [];
  const date = year ? `${year}-${month}-${day}` : (DATE.exec(pathBelowRoot)?.[0] ?? '');
  return { task: session, date, name };
}
