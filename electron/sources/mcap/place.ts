import path from 'node:path';
import type { FileFacts, Place, SourcePorts } from '../source.ts';

const ENDING = /\.mcap$/i;
const DATE = /\d{4}-\d{2}-\d{2}/;
const MAGIC = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a];

export function mightBe({ name }: FileFacts): boolean {
  return ENDING.test(name) && !name.startsWith('.');
}

/** The eight bytes every MCAP file starts with, whatever became of its end. */
export async function recognizes({ path: file }: FileFacts, { files }: SourcePorts): Promise<boolean> {
  const head = await files.readRange(file, 0, MAGIC.length).catch(() => new Uint8Array(0));
  return MAGIC.every((byte, at) => head[at] === byte);
}

/** The file's folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  return isFolder ? place : path.dirname(place);
}

/** The name is the file's, the task the nearest folder that is no date, the date wherever the path has one. */
export function placeOf(pathBelowRoot: string): Place {
  const folders = pathBelowRoot.split('/');
  const name = (folders.pop() ?? '').replace(ENDING, '');
  const task = folders.findLast((folder) => !DATE.test(folder)) ?? '';
  return { task, date: DATE.exec(pathBelowRoot)?.[0] ?? '', name };
}
