import type { FileHandle } from 'node:fs/promises';
import { IsoFault } from '../../shared/video/iso-boxes.ts';
import { type IsoFile, scanIsoFile } from '../../shared/video/iso-file.ts';
import { SourceFault } from '../sources/source.ts';

/** Read at once where less is asked for: a fragment's index and the header behind it are mostly in one. */
const BLOCK_BYTES = 16 * 1024;

/**
 * What is in an MP4 or MOV by its boxes, before any library is let near it. Undefined for a file that is none by its first
 * box. Rejects with SourceFault "truncated" or "absurd".
 */
export async function scanIso(handle: FileHandle, sizeBytes: number, name: string): Promise<IsoFile | undefined> {
  let block: Buffer = Buffer.alloc(0);
  let blockAt = 0;
  const read = async (offset: number, bytes: number): Promise<Uint8Array> => {
    const from = offset - blockAt;
    if (from >= 0 && from + bytes <= block.length) return block.subarray(from, from + bytes);
    const read = await readUpTo(handle, offset, Math.max(bytes, BLOCK_BYTES));
    if (bytes < BLOCK_BYTES) [block, blockAt] = [read, offset];
    return read.subarray(0, bytes);
  };
  try {
    return await scanIsoFile({ sizeBytes, read });
  } catch (error) {
    if (error instanceof IsoFault) throw new SourceFault(error.code, `${name} ${error.message}`);
    throw error;
  }
}

async function readUpTo(handle: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
