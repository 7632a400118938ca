import { type FileHandle, open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { type FileReader, SourceFault } from '../sources/source.ts';
import { fileFactsOf } from './file-facts.ts';
import { isWithin } from './paths.ts';

const DEFAULT_LIMIT_BYTES = 64 * 2 ** 20;

/** Reads files at or below `top` (a real path). What leads outside, by name or by link, rejects with SourceFault "outside". */
export function createFileReader(top: string): FileReader {
  /** Undefined where nothing is. */
  async function inside(place: string): Promise<string | undefined> {
    const wanted = path.resolve(top, place);
    if (!isWithin(top, wanted)) throw outside(place, top);
    const real = await realpath(wanted).catch(() => undefined);
    if (real !== undefined && !isWithin(top, real)) throw outside(place, top);
    return real;
  }

  async function withFile<T>(place: string, use: (handle: FileHandle, real: string) => Promise<T>): Promise<T> {
    const real = await inside(place);
    if (real === undefined) throw new SourceFault('missing-file', `${path.basename(place)} is not there.`);
    const handle = await open(real, 'r').catch((error: NodeJS.ErrnoException) => {
      throw new SourceFault(
        'no-access',
        `${path.basename(place)} cannot be read (${error.code}): check its permissions.`,
      );
    });
    try {
      return await use(handle, real);
    } finally {
      await handle.close();
    }
  }

  return {
    facts: async (place) => {
      const real = await inside(place);
      return real === undefined ? undefined : fileFactsOf(real);
    },
    list: async (folder, named) => {
      const real = await inside(folder);
      if (real === undefined) return [];
      const entries = await readdir(real, { withFileTypes: true }).catch(() => []);
      return entries
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .filter((name) => named?.test(name) ?? true)
        .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    },
    read: (place, limitBytes = DEFAULT_LIMIT_BYTES) =>
      withFile(place, async (handle) => {
        const { size } = await handle.stat();
        if (size > limitBytes) {
          const message = `${path.basename(place)} has ${size} bytes where at most ${limitBytes} make sense.`;
          throw new SourceFault('too-large', message);
        }
        return new Uint8Array(await handle.readFile());
      }),
    readRange: (place, offset, length) =>
      withFile(place, async (handle) => {
        const { size } = await handle.stat();
        const wanted = Math.max(0, Math.min(length, size - offset));
        const bytes = new Uint8Array(wanted);
        let done = 0;
        while (done < wanted) {
          const { bytesRead } = await handle.read(bytes, done, wanted - done, offset + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes.subarray(0, done);
      }),
  };
}

function outside(place: string, top: string): SourceFault {
  return new SourceFault(
    'outside',
    `${place} leads outside of ${top}, so it was not read: copy it into the dataset, and name it as it lies there.`,
  );
}
