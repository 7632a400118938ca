import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { contactFile } from '../common/output-paths.ts';
import type { StoredPicture } from '../panel/resize.ts';
import type { StageEpisode } from '../stage.ts';

export interface GelReferences {
  byStream: ReadonlyMap<string, StoredPicture>;
  /** Of their bytes. */
  digest: string;
}

/** More is no gel's picture. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * The pictures of the untouched gels that the contact stage left beside its file, by stream; only those of the stream's
 * own size. A clip begins in the middle of things, so its own first picture may show a touch already.
 */
export async function gelReferences(
  rootPath: string,
  episode: StageEpisode,
  { opened }: OpenWorkstationEpisode,
): Promise<GelReferences> {
  const found = new Map<string, StoredPicture>();
  const hash = createHash('sha256');
  for (const { id, kind, position, width, height } of opened.episode.streams) {
    if (kind !== 'tactile' || (position !== 'left' && position !== 'right')) continue;
    const file = contactFile({ root: { path: rootPath }, out: null }, episode, `.gs_ref_${position}.png`);
    const picture = await readPng(file);
    if (picture?.width !== width || picture.height !== height) continue;
    found.set(id, picture);
    hash.update(id).update(picture.bytes);
  }
  return { byStream: found, digest: hash.digest('hex') };
}

async function readPng(file: string): Promise<StoredPicture | undefined> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > MOST_BYTES) return undefined;
    const { data, width, height, channels, depth } = decode(bytes);
    if (depth !== 8 || channels !== 3 || data.length !== width * height * 3) return undefined;
    return { bytes: Uint8Array.from(data), width, height, channels, order: 'rgb' };
  } catch {
    // Without it the clip's first picture stands in.
    return undefined;
  }
}
