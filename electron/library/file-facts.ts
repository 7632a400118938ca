import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileFacts, Source } from '../sources/source.ts';

/** Files that a recorder or a tool left half-written or set aside: never listed as recordings. */
const SET_ASIDE = /(\.corrupt|\.tmp|\.compress_tmp|\.publish_(tmp|backup)|\.part|\.partial|\.bad|~)$/i;

export function isSetAside(name: string): boolean {
  return name.startsWith('.') || SET_ASIDE.test(name);
}

/** Undefined when there is no plain file. */
export async function fileFactsOf(realPath: string): Promise<FileFacts | undefined> {
  const stats = await stat(realPath).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  return { path: realPath, name: path.basename(realPath), sizeBytes: stats.size, modifiedMs: stats.mtimeMs };
}

export function sourceFor(sources: readonly Source[], file: FileFacts): Source | undefined {
  return sources.find((source) => source.mightBe(file));
}

/** Changes whenever the file was replaced or written to. Undefined when it is gone. */
export async function revisionOf(realPath: string): Promise<string | undefined> {
  const stats = await stat(realPath, { bigint: true }).catch(() => undefined);
  return stats && `${stats.ino.toString(36)}-${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}`;
}
