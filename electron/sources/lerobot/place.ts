import path from 'node:path';
import type { FileFacts, Place, SourcePorts } from '../source.ts';

const ANCHOR = 'info.json';
const META = 'meta';
/** What no other tool keeps beside a `meta/info.json`. */
const TABLES = /^(episodes\/|episodes\.jsonl|tasks\.(jsonl|parquet)|episodes_stats\.jsonl)$/;
/** Folders of a dataset, and what lies in them by any version: a person may open any of these. */
const BELOW_DATASET = /^(chunk-\d+|file-\d+|episode[-_]\d+|episodes)$/;
const LARGEST_INFO_BYTES = 16 * 2 ** 20;

/** `meta/info.json` alone: everything else of a dataset is found from it. */
export function mightBe({ name, path: place }: FileFacts): boolean {
  return name === ANCHOR && path.basename(path.dirname(place)) === META;
}

/** Features and a rate, or a version and where the data lies: other tools write `meta/info.json` too. */
export async function recognizes(file: FileFacts, { files }: SourcePorts): Promise<boolean> {
  try {
    const info: unknown = JSON.parse(new TextDecoder().decode(await files.read(file.path, LARGEST_INFO_BYTES)));
    if (typeof info !== 'object' || info === null) return false;
    const has = (key: string) => key in info;
    return (
      (has('features') && (has('fps') || has('codebase_version'))) || (has('codebase_version') && has('data_path'))
    );
  } catch {
    // Damaged, and a dataset all the same where its other tables are beside it.
    const beside = await files.list(path.dirname(file.path), TABLES).catch(() => []);
    return beside.length > 0;
  }
}

/** The parent of `meta/`, for the anchor and for the dataset's own folders; else the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  const folder = isFolder ? place : path.dirname(place);
  if (path.basename(folder) === META) return path.dirname(folder);
  let above = folder;
  while (BELOW_DATASET.test(path.basename(above))) above = path.dirname(above);
  if (above === folder) return folder;
  const name = path.basename(above);
  if (name === 'data' || name === META || name === 'videos') return path.dirname(above);
  const grandparent = path.basename(path.dirname(above));
  return grandparent === 'videos' || grandparent === 'images' ? path.dirname(path.dirname(above)) : folder;
}

/** Of the dataset before its episodes are known: named after its folder, "" where that is the root itself. */
export function placeOf(pathBelowRoot: string): Place {
  const [file = '', inner] = pathBelowRoot.split('::');
  const dataset = file.split('/').at(-3) ?? '';
  return { task: '', date: '', name: inner ?? dataset };
}

export const innerOf = (episodeIndex: number) => `episode_${String(episodeIndex).padStart(6, '0')}`;

/** Undefined where the name is none of an episode. */
export function episodeIndexOf(inner: string): number | undefined {
  const digits = /^episode_(\d{1,12})$/.exec(inner)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
