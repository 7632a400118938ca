import path from 'node:path';
import type { FileFacts, Place, SourcePorts } from '../source.ts';

const ARRAYS = /\.npz$/i;
/** What the producer calls its arrays, whatever the folder. */
const USUAL_NAME = 'trajectory.npz';
/** Folder the producer gathers rollouts in. */
const ARTIFACTS = 'eval_artifacts';
const DATE = /\d{4}-\d{2}-\d{2}/;
const HEAD_BYTES = 512;

export function mightBe({ name }: FileFacts): boolean {
  return ARRAYS.test(name) && !name.startsWith('.');
}

/**
 * Arrays of a rollout: end-effector poses, loop timings, or steps with rewards or actions. A `trajectory.npz` whose
 * other arrays are strange, or that was cut short, is one too: it is listed with what is wrong.
 */
export async function recognizes({ path: file, name, sizeBytes }: FileFacts, { files }: SourcePorts): Promise<boolean> {
  const isUsual = name.toLowerCase() === USUAL_NAME;
  const { firstArrayName, openNpz } = await import('../common/npz.ts');
  try {
    const npz = await openNpz(files, file, name, sizeBytes);
    const names = npz.arrays.map((array) => array.name);
    return isUsual ? names.length > 0 : isRollout(names);
  } catch {
    if (!isUsual) return false;
    const head = await files.readRange(file, 0, HEAD_BYTES).catch(() => new Uint8Array(0));
    return firstArrayName(head) !== undefined;
  }
}

function isRollout(names: readonly string[]): boolean {
  const has = new Set(names);
  const poses = names.some((name) => name.endsWith('_pos') && has.has(`${name.slice(0, -'_pos'.length)}_quat`));
  const timings = has.has('loop_total_ms') || has.has('inference_ms');
  return poses || timings || (has.has('step') && (has.has('reward') || has.has('raw_action')));
}

/** The nearest `eval_artifacts` at or above, else the file's folder, or the folder as it is. */
export function rootOf(place: string, isFolder: boolean): string {
  const folder = isFolder ? place : path.dirname(place);
  for (let above = folder; above !== path.dirname(above); above = path.dirname(above)) {
    if (path.basename(above) === ARTIFACTS) return above;
  }
  return folder;
}

/** Run and date that the folders above the root tell: `runs/<run>/eval_artifacts/…`. */
export function placeAbove(file: string): Pick<Place, 'task' | 'date'> {
  const folders = path.dirname(file).split(path.sep);
  const at = folders.lastIndexOf(ARTIFACTS);
  const run = at > 0 ? folders.slice(0, at).findLast((folder) => !DATE.test(folder)) : undefined;
  return { task: run ?? '', date: at > 0 ? (DATE.exec(folders.join('/'))?.[0] ?? '') : '' };
}

/** The name is the folder's where the file bears the usual name, the task the folder above, the date where a folder has one. */
export function placeOf(pathBelowRoot: string): Place {
  const folders = pathBelowRoot.split('/');
  const fileName = folders.pop() ?? '';
  const stem = fileName.replace(ARRAYS, '');
  const name = fileName.toLowerCase() === USUAL_NAME ? (folders.pop() ?? stem) : stem;
  const task = folders.findLast((folder) => folder !== ARTIFACTS && !DATE.test(folder)) ?? '';
  return { task, date: DATE.exec(pathBelowRoot)?.[0] ?? '', name };
}
