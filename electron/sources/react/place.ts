import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { FileFacts, SourcePorts } from '../source.ts';

/** The layout is <root>/data/<task>/<YYYY-MM-DD>/episode_NNN.h5. */
const DATA = 'data';
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const RECORDING = /\.(h5|hdf5)$/i;

/** By name alone, so that broken files are listed too. Quarantined and half-compressed files end otherwise. */
export function mightBe({ name }: FileFacts): boolean {
  return RECORDING.test(name) && !name.startsWith('.');
}

/** The recorder's own groups: a folder of cameras or gels, beside its clock. */
export async function recognizes({ path: file }: FileFacts, { hdf5 }: SourcePorts): Promise<boolean> {
  const tree = await hdf5.inspect(file).catch(() => undefined);
  return tree !== undefined && ['realsense', 'gelsight', 'optitrack', 'arducam'].some((group) => group in tree.groups);
}

/**
 * The parent of `data/` for a file, date or task folder in the layout, for `data/` itself and for the root; else the
 * file's folder, or the folder as it is. A folder merely called "data" somewhere above is not enough: dates lie below it.
 */
export function rootOf(place: string, isFolder: boolean): string {
  const folder = isFolder ? place : path.dirname(place);
  const parent = path.dirname(folder);
  const grandparent = path.dirname(parent);
  if (DATE.test(path.basename(folder)) && path.basename(grandparent) === DATA) return path.dirname(grandparent);
  if (path.basename(parent) === DATA && holdsDates(folder)) return grandparent;
  if (path.basename(folder) === DATA && foldersIn(folder).some((task) => holdsDates(path.join(folder, task)))) {
    return parent;
  }
  return folder;
}

/** Task and date from the folders, "" where the file lies outside the layout; the name is the file's without its ending. */
export function placeOf(pathBelowRoot: string): { task: string; date: string; name: string } {
  const parts = pathBelowRoot.split('/');
  const name = (parts.pop() ?? '').replace(RECORDING, '');
  const at = parts.findLastIndex((part) => DATE.test(part));
  const date = at < 0 ? '' : (parts[at] as string);
  const above = parts[(at < 0 ? parts.length : at) - 1];
  return { task: above && above !== DATA ? above : '', date, name };
}

function holdsDates(folder: string): boolean {
  return foldersIn(folder).some((name) => DATE.test(name));
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
