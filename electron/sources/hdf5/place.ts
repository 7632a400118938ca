import path from 'node:path';
import type { FileFacts, Place } from '../source.ts';

const ENDING = /\.(h5|hdf5)$/i;
const DATE = /\d{4}-\d{2}-\d{2}/;

export function mightBe({ name }: FileFacts): boolean {
  return ENDING.test(name) && !name.startsWith('.');
}

/** The file's folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  return isFolder ? place : path.dirname(place);
}

/** The task is the nearest folder that is no date. */
export function placeOf(pathBelowRoot: string): Place {
  const folders = pathBelowRoot.split('/');
  const name = (folders.pop() ?? '').replace(ENDING, '');
  const task = folders.findLast((folder) => !DATE.test(folder)) ?? '';
  return { task, date: DATE.exec(pathBelowRoot)?.[0] ?? '', name };
}
