import { readSync, writeSync } from 'node:fs';
import { SMALL_BYTES } from './picture-kernel.ts';
import type { SmallPictures } from './scan-protocol.ts';

/** Where in its file the small picture of a tick begins. */
export function placeOfSmall({ segments }: Pick<SmallPictures, 'segments'>, tick: number): number {
  const segment = segments.findLast(({ fromTick }) => fromTick <= tick);
  if (!segment) throw new Error(`No small picture of tick ${tick} has a place.`);
  return segment.offset + (tick - segment.fromTick) * SMALL_BYTES;
}

/** Fills `into` with a tick's small picture, or a part of it that begins at byte `from`. Threads only. */
export function readSmall(small: SmallPictures, tick: number, into: Uint8Array, from = 0): void {
  const position = placeOfSmall(small, tick) + from;
  for (let done = 0; done < into.length; ) {
    const read = readSync(small.descriptor, into, done, into.length - done, position + done);
    if (read === 0) throw new Error('The small pictures end early.');
    done += read;
  }
}

/** Threads only. */
export function writeWhole(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
}
