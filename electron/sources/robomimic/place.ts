import path from 'node:path';
import type { FileFacts, Hdf5Tree, Place, SourcePorts } from '../source.ts';

const RECORDING = /\.(h5|hdf5)$/i;
const DATE = /\d{4}-\d{2}-\d{2}/;
const DEMO = /^data\/([^/]+)$/;

export function mightBe({ name }: FileFacts): boolean {
  return RECORDING.test(name) && !name.startsWith('.');
}

/** Demonstrations below `data`, with actions or a count of samples, or the environment that they were made in. */
export async function recognizes({ path: file }: FileFacts, { hdf5 }: SourcePorts): Promise<boolean> {
  const tree = await hdf5.inspect(file).catch(() => undefined);
  if (!tree?.groups.data) return false;
  const demos = demosOf(tree);
  const hasSamples = demos.some(
    (demo) =>
      `data/${demo}/actions` in tree.datasets || 'num_samples' in (tree.groups[`data/${demo}`]?.attributes ?? {}),
  );
  const { attributes } = tree.groups.data;
  return hasSamples || ('env_args' in attributes && ('total' in attributes || demos.length > 0));
}

/** Names of the groups below `data`, demo_10 after demo_9. */
export function demosOf(tree: Hdf5Tree): string[] {
  const names = Object.keys(tree.groups).flatMap((group) => DEMO.exec(group)?.[1] ?? []);
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The file's folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  return isFolder ? place : path.dirname(place);
}

/** The name is the demonstration's; the task is the file's, until its environment is known. */
export function placeOf(pathBelowRoot: string): Place {
  const [file = '', inner] = pathBelowRoot.split('::');
  const stem = (file.split('/').at(-1) ?? '').replace(RECORDING, '');
  return { task: stem, date: DATE.exec(file)?.[0] ?? '', name: inner ?? stem };
}
