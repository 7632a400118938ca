import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { layerOf } from '../../shared/review/fold.ts';
import { digestOf, type LayerDigest } from '../../shared/review/overview.ts';
import { JournalFolder } from './journal-folder.ts';
import { ownFolder } from './own-folder.ts';

const FINGERPRINT = /^[0-9a-f]{64}$/;

/**
 * What everybody said of every recording of a root, in short. A recording is read again only when a journal of it
 * changed, so that a root of thousands is told in the time that listing its folders takes.
 */
export class RootDigests {
  /** By folder of a recording's journals. */
  private readonly known = new Map<string, { stamp: string; layers: readonly LayerDigest[] }>();

  /** By fingerprint, in their order. A recording that cannot be read says nothing: opening it tells why. */
  async of(storageDir: string): Promise<Map<string, readonly LayerDigest[]>> {
    const folder = await ownFolder(storageDir, ['reviews'], false);
    const digests = new Map<string, readonly LayerDigest[]>();
    if (folder === undefined) return digests;
    const recordings = (await readdir(folder)).filter((name) => FINGERPRINT.test(name)).sort();
    for (const recording of recordings) {
      const layers = await this.read(storageDir, recording, path.join(folder, recording)).catch(() => []);
      if (layers.length > 0) digests.set(recording, layers);
    }
    return digests;
  }

  private async read(storageDir: string, recording: string, folder: string): Promise<readonly LayerDigest[]> {
    const stamp = await stampOf(folder);
    const known = this.known.get(folder);
    if (known?.stamp === stamp) return known.layers;
    const journals = new JournalFolder(storageDir, ['reviews', recording]);
    await journals.refresh();
    const layers = [...journals.layers.values()].map((history) => digestOf(layerOf(history)));
    this.known.set(folder, { stamp, layers });
    return layers;
  }
}

async function stampOf(folder: string): Promise<string> {
  const stamps: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const { size, mtimeMs, ino } = await lstat(path.join(folder, name));
    stamps.push(`${name}:${size}:${mtimeMs}:${ino}`);
  }
  return stamps.join('\n');
}
