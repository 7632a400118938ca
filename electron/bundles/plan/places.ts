import { readdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { type BundlePlace, nameFault } from '../../../shared/api/bundles.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import { isWithin } from '../../library/paths.ts';
import { makeFolders } from '../../settings/make-folders.ts';

/** The place the workstation has for bundles by itself. */
export const OWN_PLACE = 'own';

export interface PlaceParts {
  /** Folder of the own place; made when it is needed. */
  ownDir: string;
  /** The granted real path; rejects with Fault. */
  resolve(grant: string): Promise<{ real: string; isFolder: boolean }>;
  /** Real paths of the datasets that are open: nothing is written into one. */
  roots(): readonly string[];
}

/** Folders that bundles may be made in: paths never come from a window, which holds ids. */
export class BundlePlaces {
  constructor(private readonly parts: PlaceParts) {}

  /** What can be told of a place without writing to it. Never rejects. */
  async about(id: string): Promise<BundlePlace> {
    try {
      const folder = await this.folderOf(id);
      const { bavail, bsize } = await statfs(folder);
      return { id, path: folder, freeBytes: bavail * bsize, fault: null };
    } catch (error) {
      return { id, path: id === OWN_PLACE ? this.parts.ownDir : '', freeBytes: null, fault: sentenceOf(error) };
    }
  }

  /** The absolute path a bundle gets. Rejects with Fault where it may not go there. */
  async outOf(id: string, folder: string): Promise<string> {
    const fault = nameFault(folder, 'The folder');
    if (fault !== null) throw new Fault('REFUSED', fault);
    return path.join(await this.folderOf(id), folder);
  }

  /** Where a bundle of that name would go, and why it cannot; the job looks again. Never rejects. */
  async destination(id: string, folder: string): Promise<{ path: string; fault: string | null }> {
    try {
      const out = await this.outOf(id, folder);
      const there = await readdir(out).catch((error: unknown) => {
        if (systemCodeOf(error) === 'ENOENT') return [];
        throw error;
      });
      const fault = there.length === 0 ? null : `${out} is there already: take another name, or move that one away.`;
      return { path: out, fault };
    } catch (error) {
      return { path: '', fault: sentenceOf(error) };
    }
  }

  private async folderOf(id: string): Promise<string> {
    if (id === OWN_PLACE) {
      await makeFolders(this.parts.ownDir);
      return this.parts.ownDir;
    }
    const { real, isFolder } = await this.parts.resolve(id);
    if (!isFolder) throw new Fault('REFUSED', `${real} is no folder: choose one for bundles.`);
    const root = this.parts.roots().find((each) => isWithin(each, real));
    if (root !== undefined)
      throw new Fault('REFUSED', `${real} lies within the recordings of ${root}: choose a folder outside of it.`);
    return real;
  }
}
