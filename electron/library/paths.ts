import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { INNER } from '../../shared/episode/name-within.ts';
import { Fault } from '../fault.ts';

/** Id of a root: the same real folder is the same root, whatever was opened to reach it. */
export function rootIdOf(realRootPath: string): string {
  return createHash('sha256').update(realRootPath).digest('hex').slice(0, 16);
}

export function isWithin(parent: string, child: string): boolean {
  const relative = path.relative(parent, child);
  return relative === '' || (!path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..');
}

/**
 * Whether a path below the root (slashes) lies at or under one of the granted prefixes, or is a recording in a file that
 * does; "" grants all.
 */
export function isUnderPrefix(below: string, prefixes: readonly string[]): boolean {
  return prefixes.some(
    (prefix) =>
      prefix === '' || below === prefix || below.startsWith(`${prefix}/`) || below.startsWith(`${prefix}${INNER}`),
  );
}

/** Names of recordings inside a file become part of addresses: a plain word of any alphabet, and no path. */
export function isInnerName(inner: string): boolean {
  return inner !== '' && inner.length <= 200 && !/[/\\\0]|::/.test(inner) && inner !== '.' && inner !== '..';
}

/** Path of the file and name of the recording in it; undefined where the path names no such recording. */
export function splitInner(below: string): { anchor: string; inner: string } | undefined {
  const at = below.lastIndexOf(INNER);
  const [anchor, inner] = [below.slice(0, Math.max(0, at)), below.slice(at + INNER.length)];
  return at > 0 && isInnerName(inner) ? { anchor, inner } : undefined;
}

/**
 * A recording's path apart into its file and its name therein, "" for a file's only one. A file whose own name holds "::"
 * is that file. The real path is checked as by resolveBelow.
 */
export async function resolveRecording(
  rootPath: string,
  below: string,
  prefixes: readonly string[],
): Promise<{ real: string; anchor: string; inner: string }> {
  const split = splitInner(below);
  if (!split) return { real: await resolveBelow(rootPath, below, prefixes), anchor: below, inner: '' };
  const itself = await resolveBelow(rootPath, below, prefixes).catch((error: unknown) => {
    if (error instanceof Fault && error.code === 'NOT_FOUND') return undefined;
    throw error;
  });
  if (itself !== undefined) return { real: itself, anchor: below, inner: '' };
  return { real: await resolveBelow(rootPath, split.anchor, prefixes), ...split };
}

export function toSlashes(relative: string): string {
  return path.sep === '/' ? relative : relative.split(path.sep).join('/');
}

/** "<root id>/<path below the root>" apart. Refuses everything that is not a plain path downwards. */
export function splitEpisodeId(id: string): { root: string; below: string } {
  const slash = id.indexOf('/');
  const root = slash < 0 ? '' : id.slice(0, slash);
  const below = id.slice(slash + 1);
  if (!/^[0-9a-f]{16}$/.test(root) || !isPlainPath(below)) {
    throw new Fault('REFUSED', 'This is no episode address: it has to name a file below an opened dataset.');
  }
  return { root, below };
}

function isPlainPath(below: string): boolean {
  if (below === '' || below.length > 4096 || below.includes('\0')) return false;
  if (path.sep === '\\' && /[\\:]/.test(below)) return false;
  return below.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * Real path of something below a root, checked after links were followed: it must lie in the root and under a
 * granted prefix. Rejects with Fault.
 */
export async function resolveBelow(rootPath: string, below: string, prefixes: readonly string[]): Promise<string> {
  if (!isUnderPrefix(below, prefixes)) throw notGranted(below);
  const real = await realpath(path.join(rootPath, ...below.split('/'))).catch(() => undefined);
  if (real === undefined) throw new Fault('NOT_FOUND', `${below} is not there any more: scan the dataset again.`);
  if (!isWithin(rootPath, real)) {
    throw new Fault(
      'REFUSED',
      `${below} is a link that leaves the opened dataset: open the folder it points to instead.`,
    );
  }
  if (!isUnderPrefix(toSlashes(path.relative(rootPath, real)), prefixes)) throw notGranted(below);
  return real;
}

function notGranted(below: string): Fault {
  return new Fault('REFUSED', `${below} lies outside what was opened: open its folder to see it.`);
}
