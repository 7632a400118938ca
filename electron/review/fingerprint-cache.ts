import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../settings/atomic-write.ts';
import type { OpenedEpisode } from '../sources/source.ts';
import { computeFingerprint, type PrintDecoder } from './fingerprint.ts';
import { ownFolder } from './own-folder.ts';

const cachedSchema = z.object({
  version: z.literal(1),
  /** Id of the root and path below it. */
  episode: z.string(),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  /** What all files amount to, of a recording that lies in several. */
  files: z.string().default(''),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Fingerprints, computed anew only for an episode, size and time of change not met before. They are remembered in
 * <userDataDir>/cache: looking at a dataset leaves nothing in it, and a dataset from elsewhere cannot bring its own.
 */
export class FingerprintCache {
  private known = new Map<string, Promise<string>>();

  constructor(
    private readonly decode: PrintDecoder,
    private readonly userDataDir: string,
  ) {}

  /** `revision` changes with any file of a recording that lies in several. */
  of(opened: OpenedEpisode, revision = ''): Promise<string> {
    const { id, sizeBytes, modifiedMs } = opened.episode;
    const files = (opened.files?.length ?? 0) > 1 ? revision : '';
    const key = JSON.stringify([id, sizeBytes, modifiedMs, files]);
    const known = this.known.get(key);
    if (known) return known;
    const computed = this.read(opened, files);
    this.known.set(key, computed);
    // A failure is asked anew: what stood in the way may be gone.
    computed.catch(() => this.known.delete(key));
    return computed;
  }

  /**
   * Of a recording that is not open, by its file's size and time of change; null for one that was not met in that state.
   * Of a recording in several files the others are not looked at: opening it tells.
   */
  async remembered(episode: string, sizeBytes: number, modifiedMs: number): Promise<string | null> {
    const cached = await readCached(this.userDataDir, nameFor(episode));
    const isSame = cached?.episode === episode && cached.sizeBytes === sizeBytes && cached.modifiedMs === modifiedMs;
    return isSame ? cached.fingerprint : null;
  }

  private async read(opened: OpenedEpisode, files: string): Promise<string> {
    const { id: episode, sizeBytes, modifiedMs } = opened.episode;
    const name = nameFor(episode);
    const cached = await readCached(this.userDataDir, name);
    const isSame = cached?.episode === episode && cached.sizeBytes === sizeBytes && cached.modifiedMs === modifiedMs;
    if (isSame && cached.files === files) return cached.fingerprint;
    const { fingerprint, complete } = await computeFingerprint(opened, this.decode);
    // A print with unreadable samples is cheap to find again, and may become whole when a filter is added.
    if (complete)
      await writeCached(this.userDataDir, name, { version: 1, episode, sizeBytes, modifiedMs, files, fingerprint });
    return fingerprint;
  }
}

const PARTS = ['cache', 'fingerprints'];

function nameFor(episode: string): string {
  return `${createHash('sha256').update(episode).digest('hex').slice(0, 32)}.json`;
}

async function readCached(userDataDir: string, name: string): Promise<z.infer<typeof cachedSchema> | undefined> {
  try {
    const folder = await ownFolder(userDataDir, PARTS, false);
    if (folder === undefined) return undefined;
    return cachedSchema.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8')));
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written only costs the time of computing again. */
async function writeCached(userDataDir: string, name: string, value: z.infer<typeof cachedSchema>): Promise<void> {
  try {
    const folder = (await ownFolder(userDataDir, PARTS, true)) as string;
    await writeAtomically(path.join(folder, name), `${JSON.stringify(value)}\n`);
  } catch {
    // Computed again next time.
  }
}
