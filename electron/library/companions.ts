import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileReader, SourcePorts } from '../sources/source.ts';
import { createFileReader } from './file-reader.ts';
import { isWithin, toSlashes } from './paths.ts';

/** How something beside a recording's own file was found: what is there otherwise later is a change of the recording. */
export interface Mark {
  /** Below the root; "" is the root itself. */
  path: string;
  /** Null: nothing was there. */
  modifiedMs: number | null;
  sizeBytes: number;
  /** Of a folder that was listed: which names counted, and a digest of those there were. */
  names?: { pattern: string; flags: string; digest: string };
}

/** More files than any recording leans on; of a dataset of thousands the first tell. */
export const MOST_MARKS = 128;

/**
 * Ports that note everything a format looks at beside the recording's own file, found or not, so that no format has to
 * tell. `marks` answers how that was when it was looked at.
 */
export function witnessed(
  ports: SourcePorts,
  root: string,
  anchor: string,
): { ports: SourcePorts; marks(): Promise<Mark[]> } {
  const noted = new Map<string, Promise<Mark | undefined>>();
  function note(place: string, listed?: RegExp): Promise<unknown> | undefined {
    const full = path.resolve(root, place);
    const key = listed ? `${full}\n${listed}` : full;
    if (full === anchor || noted.has(key) || noted.size >= MOST_MARKS || !isWithin(root, full)) return noted.get(key);
    const mark = listed ? markOfFolder(ports.files, root, full, listed) : markOfFile(ports.files, root, full);
    noted.set(
      key,
      mark.catch(() => undefined),
    );
    return noted.get(key);
  }
  const { files, hdf5, video } = ports;
  const watched: FileReader = {
    facts: async (place) => {
      await note(place);
      return files.facts(place);
    },
    list: async (folder, named) => {
      await note(folder, named ?? ANY);
      return files.list(folder, named);
    },
    read: async (place, limitBytes) => {
      await note(place);
      return files.read(place, limitBytes);
    },
    readRange: async (place, offset, length) => {
      await note(place);
      return files.readRange(place, offset, length);
    },
  };
  return {
    ports: {
      hdf5: {
        inspect: async (place, scope) => {
          await note(place);
          return hdf5.inspect(place, scope);
        },
        numbers: (place, dataset) => hdf5.numbers(place, dataset),
        strings: (place, dataset) => hdf5.strings(place, dataset),
      },
      files: watched,
      video: {
        probe: async (place) => {
          await note(place);
          return video.probe(place);
        },
      },
    },
    marks: async () => (await Promise.all(noted.values())).filter((mark) => mark !== undefined),
  };
}

const ANY = /^/;

async function markOfFile(files: FileReader, root: string, full: string): Promise<Mark> {
  const facts = await files.facts(full);
  const below = toSlashes(path.relative(root, full));
  return { path: below, modifiedMs: facts?.modifiedMs ?? null, sizeBytes: facts?.sizeBytes ?? 0 };
}

async function markOfFolder(files: FileReader, root: string, full: string, named: RegExp): Promise<Mark> {
  // The time first: what comes while the names are read is seen as a change later.
  const stats = await stat(full).catch(() => undefined);
  const names = await files.list(full, named);
  const below = toSlashes(path.relative(root, full));
  return {
    path: below,
    modifiedMs: stats?.mtimeMs ?? null,
    sizeBytes: 0,
    names: { pattern: named.source, flags: named.flags, digest: digestOf(names) },
  };
}

function digestOf(names: readonly string[]): string {
  return createHash('sha256').update(names.join('\n')).digest('base64url').slice(0, 16);
}

/** How companions are at one moment: each is looked at once, though thousands of recordings may lean on it. */
export class CompanionStates {
  private readonly stats = new Map<string, Promise<{ modifiedMs: number | null; sizeBytes: number }>>();
  private readonly digests = new Map<string, Promise<string>>();
  private readonly files: FileReader;

  constructor(private readonly rootPath: string) {
    this.files = createFileReader(rootPath);
  }

  /** Undefined where all is as it was; else when the newest of what changed did, in milliseconds (0: what is gone). */
  async changedSince(marks: readonly Mark[]): Promise<number | undefined> {
    const changes = await Promise.all(marks.map((mark) => this.changeOf(mark)));
    const known = changes.filter((change) => change !== undefined);
    return known.length > 0 ? Math.max(...known) : undefined;
  }

  private async changeOf(mark: Mark): Promise<number | undefined> {
    const now = await this.stateOf(mark.path);
    if (now.modifiedMs === mark.modifiedMs && (mark.names || now.sizeBytes === mark.sizeBytes)) return undefined;
    if (mark.names && (await this.digest(mark.path, mark.names)) === mark.names.digest) {
      // Other names than those that count came or went: the time is not asked for again.
      mark.modifiedMs = now.modifiedMs;
      return undefined;
    }
    return now.modifiedMs ?? 0;
  }

  private stateOf(below: string): Promise<{ modifiedMs: number | null; sizeBytes: number }> {
    const known = this.stats.get(below);
    if (known) return known;
    const looked = stat(path.join(this.rootPath, below)).then(
      ({ mtimeMs, size }) => ({ modifiedMs: mtimeMs, sizeBytes: size }),
      () => ({ modifiedMs: null, sizeBytes: 0 }),
    );
    this.stats.set(below, looked);
    return looked;
  }

  private digest(below: string, { pattern, flags }: NonNullable<Mark['names']>): Promise<string> {
    const key = `${below}\n${flags}\n${pattern}`;
    const known = this.digests.get(key);
    if (known) return known;
    const made = (async () => digestOf(await this.files.list(below, new RegExp(pattern, flags))))().catch(() => '');
    this.digests.set(key, made);
    return made;
  }
}
