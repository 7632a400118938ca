import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LibraryEntry } from '../../shared/api/library.ts';
import type { Source } from '../sources/source.ts';
import { isSetAside, sourceFor } from './file-facts.ts';
import { isUnderPrefix, isWithin, toSlashes } from './paths.ts';

/**
 * A link met on a walk. None is followed: what it points to may lie outside what was granted, and inside it is listed
 * under its own name already. It is told instead, because a recording must not be missing without a word.
 */
export interface FoundLink {
  path: string;
  /** Real path of what it points to; where there is nothing, what the link says. */
  target: string;
  kind: 'folder' | 'recording' | 'nothing';
  modifiedMs: number;
}

/** Undefined for links to files that are no recordings: those would not be listed either. */
export async function linkAt(place: string, sources: readonly Source[]): Promise<FoundLink | undefined> {
  const [own, said, target] = await Promise.all([
    lstat(place).catch(() => undefined),
    readlink(place).catch(() => ''),
    realpath(place).catch(() => undefined),
  ]);
  if (!own?.isSymbolicLink()) return undefined;
  const modifiedMs = own.mtimeMs;
  const isNamedAsRecording = (name: string) =>
    sourceFor(sources, { path: place, name, sizeBytes: 0, modifiedMs }) !== undefined;
  const stats = target === undefined ? undefined : await stat(target).catch(() => undefined);
  if (target === undefined || !stats) {
    const couldHold = isNamedAsRecording(path.basename(place)) || path.extname(place) === '';
    return couldHold
      ? { path: place, target: path.resolve(path.dirname(place), said), kind: 'nothing', modifiedMs }
      : undefined;
  }
  if (stats.isDirectory()) return { path: place, target, kind: 'folder', modifiedMs };
  const isRecording = isNamedAsRecording(path.basename(place)) || isNamedAsRecording(path.basename(target));
  return isRecording ? { path: place, target, kind: 'recording', modifiedMs } : undefined;
}

/** How a link stands in the list: an error where recordings may be missing, a warning where they are listed anyway. */
export function linkEntry(
  root: { id: string; path: string; prefixes: readonly string[]; format: Source },
  link: FoundLink,
): LibraryEntry {
  const below = toSlashes(path.relative(root.path, link.path));
  const targetBelow = toSlashes(path.relative(root.path, link.target));
  const isListed =
    link.kind !== 'nothing' &&
    isWithin(root.path, link.target) &&
    isUnderPrefix(targetBelow, root.prefixes) &&
    !targetBelow.split('/').some(isSetAside);
  const severity = isListed ? 'warning' : 'error';
  const name = path.posix.basename(below);
  const isFile = sourceFor([root.format], { path: link.path, name, sizeBytes: 0, modifiedMs: 0 }) !== undefined;
  const place = path.dirname(link.target);
  const messages = {
    nothing: `${name} is a link to ${link.target}, where nothing is: mount or restore what it points to.`,
    folder: `${name} is a link to ${link.target}, which was not opened: open that folder.`,
    recording: `${name} is a link to ${link.target}, which was not opened: open the folder ${place}.`,
  };
  const message = isListed
    ? `${name} is a link to ${targetBelow || 'the dataset itself'}: what lies there is listed under that name.`
    : messages[link.kind];
  const where = root.format.placeOf(isFile ? below : `${below}/x`);
  return {
    ...{ id: `${root.id}/${below}`, root: root.id, path: below, name, task: where.task, date: where.date },
    ...{ format: root.format.id, sizeBytes: 0, modifiedMs: link.modifiedMs, status: severity },
    ...{ durationNs: null, ticks: null, streams: null, outcome: null, instruction: null, properties: {} },
    problems: [{ severity, code: 'link', message }],
    listsOthers: false,
  };
}
