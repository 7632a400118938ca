import path from 'node:path';
import { isRecord } from '../common/json-file.ts';
import type { FileFacts, Place, SourcePorts } from '../source.ts';
import { ANCHOR, FEATURES, LARGEST_INFO_BYTES } from './names.ts';

/** Folders that TFDS makes for each version of a dataset. */
const VERSION = /^\d+\.\d+\.\d+$/;

/** `dataset_info.json` alone: everything else of a dataset is found from it. */
export function mightBe({ name }: FileFacts): boolean {
  return name === ANCHOR;
}

/**
 * Splits as TFDS lists them, with `features.json` beside it or a sign of TFDS within: other libraries write a
 * `dataset_info.json` too.
 */
export async function recognizes(file: FileFacts, { files }: SourcePorts): Promise<boolean> {
  try {
    const text = new TextDecoder().decode(await files.read(file.path, LARGEST_INFO_BYTES));
    const hasFeatures = (await files.facts(path.join(path.dirname(file.path), FEATURES))) !== undefined;
    let info: unknown;
    try {
      info = JSON.parse(text);
    } catch {
      // Damaged, and a dataset all the same.
      return hasFeatures;
    }
    if (!isRecord(info) || ('splits' in info && !Array.isArray(info.splits))) return false;
    const isOfTfds = 'moduleName' in info || 'fileFormat' in info || 'splits' in info;
    return isOfTfds && (hasFeatures || 'fileFormat' in info || 'moduleName' in info);
  } catch {
    return false;
  }
}

/** What lies above the folder of a version is the dataset; else the file's folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  const folder = isFolder ? place : path.dirname(place);
  return VERSION.test(path.basename(folder)) ? path.dirname(folder) : folder;
}

/** Of the dataset before its episodes are known: named after its folder, "" where that is the root itself. */
export function placeOf(pathBelowRoot: string): Place {
  const [file = '', inner] = pathBelowRoot.split('::');
  const folders = file.split('/').slice(0, -1);
  const task = folders.findLast((folder) => !VERSION.test(folder)) ?? '';
  return { task, date: '', name: inner ?? (task || 'dataset') };
}

export const innerOf = (split: string, episode: number) => `${split}_${String(episode).padStart(6, '0')}`;

/** Undefined where the name is none of an episode. */
export function episodeOf(inner: string): { split: string; episode: number } | undefined {
  const [, split, digits] = /^(.+)_(\d{6,12})$/.exec(inner) ?? [];
  return split === undefined || digits === undefined ? undefined : { split, episode: Number(digits) };
}
