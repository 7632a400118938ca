import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { packArrays, unpackArrays } from '../../../shared/detect/pack-signals.ts';
import { systemCodeOf } from '../../fault.ts';
import { ownFolder } from '../../review/own-folder.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';

/** What was told of one stream, under a key of all that it follows from besides the recording's content. */
export interface StoredPart {
  key: string;
  facts: Record<string, number | string>;
  arrays: Record<string, Uint8Array | Int32Array | Float32Array | Float64Array>;
}

interface StoredMeta {
  kind: 'regrasp-signals';
  version: typeof STORE_VERSION;
  fingerprint: string;
  parts: { key: string; facts: StoredPart['facts']; arrays: string[] }[];
}

/** Of the file's form; what the numbers mean is in the parts' keys. */
const STORE_VERSION = 1;
const NAME = 'signals.bin';
const SCRATCH = /^\.small-[0-9a-f]{12}\.tmp$/;
/** Parts that other settings left behind go first. */
const MOST_PARTS = 40;

/** The signals kept of one recording: `<storageDir>/curation/<fingerprint>/signals.bin`. */
export class SignalsStore {
  readonly #parts: readonly string[];

  constructor(
    private readonly storageDir: string,
    private readonly fingerprint: string,
  ) {
    this.#parts = ['curation', fingerprint];
  }

  /** What is kept, by key. What cannot be read, or is of another version, is as if it were not there. */
  async read(): Promise<Map<string, StoredPart>> {
    const folder = await ownFolder(this.storageDir, this.#parts, false);
    if (folder === undefined) return new Map();
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path.join(folder, NAME));
    } catch (error) {
      if (systemCodeOf(error) !== '') return new Map();
      throw error;
    }
    try {
      return partsOf(bytes, this.fingerprint);
    } catch {
      return new Map();
    }
  }

  /** Adds parts to those that are kept; those of the same key are replaced. */
  async add(parts: readonly StoredPart[]): Promise<void> {
    const folder = (await ownFolder(this.storageDir, this.#parts, true)) as string;
    const kept = await this.read();
    for (const part of parts) {
      kept.delete(part.key);
      kept.set(part.key, part);
    }
    const all = [...kept.values()].slice(-MOST_PARTS);
    const meta: StoredMeta = {
      kind: 'regrasp-signals',
      version: STORE_VERSION,
      fingerprint: this.fingerprint,
      parts: all.map(({ key, facts, arrays }) => ({ key, facts, arrays: Object.keys(arrays) })),
    };
    const arrays = all.flatMap((part) => Object.values(part.arrays));
    await writeAtomically(path.join(folder, NAME), packArrays(meta, arrays, encode));
  }

  /** A file for small pictures while a recording is read, gone when it is closed (on Windows: by `done`). */
  async scratch(): Promise<ScratchFile> {
    const folder = (await ownFolder(this.storageDir, this.#parts, true)) as string;
    // What a run that was ended left behind; one that goes on holds its file open, which Windows keeps and others need not name.
    for (const name of await readdir(folder)) if (SCRATCH.test(name)) await rm(path.join(folder, name)).catch(() => {});
    return openScratch(folder);
  }
}

export interface ScratchFile {
  handle: FileHandle;
  done(): Promise<void>;
}

export async function openScratch(folder: string): Promise<ScratchFile> {
  const file = path.join(folder, `.small-${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(file, 'wx+', 0o600);
  // Unnamed at once where that can be done: whatever ends this process, nothing stays.
  const isGone = await rm(file).then(
    () => true,
    () => false,
  );
  return {
    handle,
    async done() {
      await handle.close();
      if (!isGone) await rm(file, { force: true });
    },
  };
}

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function partsOf(bytes: Uint8Array, fingerprint: string): Map<string, StoredPart> {
  const { meta, arrays } = unpackArrays<StoredMeta>(bytes, decode);
  if (meta.kind !== 'regrasp-signals' || meta.version !== STORE_VERSION || meta.fingerprint !== fingerprint) {
    return new Map();
  }
  let next = 0;
  return new Map(
    meta.parts.map(({ key, facts, arrays: names }) => {
      const named = Object.fromEntries(names.map((name) => [name, arrays[next++] as StoredPart['arrays'][string]]));
      return [key, { key, facts, arrays: named }];
    }),
  );
}
