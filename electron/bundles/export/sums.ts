import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256OfFile } from '../../file-digest.ts';

export interface SummedFile {
  /** Below the bundle, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Every file below a folder but those named, in order of path. */
export async function sumsOf(folder: string, except: readonly string[], signal?: AbortSignal): Promise<SummedFile[]> {
  const files: SummedFile[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const below = path.relative(folder, file).split(path.sep).join('/');
    if (except.includes(below)) continue;
    files.push({ path: below, bytes: (await stat(file)).size, sha256: await sha256OfFile(file, signal) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As `sha256sum -c` reads it. */
export function sumsText(files: readonly SummedFile[]): string {
  return files.map(({ path: below, sha256 }) => `${sha256}  ${below}\n`).join('');
}
