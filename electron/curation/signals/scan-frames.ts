import type { FileHandle } from 'node:fs/promises';
import { type PictureKernel, type Region, SMALL_BYTES } from './picture-kernel.ts';
import type { SmallPictures } from './scan-protocol.ts';
import type { ScannedRecordingStream } from './scan-recording.ts';
import { placeOfSmall } from './small-pictures.ts';

/** A stream whose pictures come decoded, one after the other. */
export interface FramesToScan {
  width: number;
  height: number;
  channels: number;
  /** The sample of every tick; −1 for none. Ascending where it is not −1. */
  indices: Int32Array;
  /** Contact is wanted: intensity against the first tick's picture, and small pictures into this file. */
  small: (SmallPictures & { handle: FileHandle }) | null;
}

/** The pixels of a sample, or one sentence why there are none. */
export type FrameOf = (index: number) => Promise<Uint8Array | { damaged: string }>;

/**
 * The same figures as scanRecording's, of pictures that this thread is handed: of videos, and of formats that keep encoded
 * pictures. A picture takes about a millisecond here, so that nothing else waits long.
 */
export async function scanFrames(
  kernel: PictureKernel,
  stream: FramesToScan,
  frameOf: FrameOf,
  { signal, onTicks }: { signal?: AbortSignal; onTicks?: (ticks: number) => void },
): Promise<ScannedRecordingStream> {
  const { indices, small } = stream;
  const ticks = indices.length;
  const bytes = stream.width * stream.height * stream.channels;
  let [current, previous] = [kernel.reserve(bytes), kernel.reserve(bytes)];
  const [first, little] = [kernel.reserve(SMALL_BYTES), kernel.reserve(SMALL_BYTES)];
  const result: ScannedRecordingStream = {
    duplicate: new Uint8Array(ticks),
    motion: new Float32Array(ticks).fill(Number.NaN),
    brightness: new Float32Array(ticks).fill(Number.NaN),
    fromFirst: small ? new Float32Array(ticks).fill(Number.NaN) : null,
    segmentCrcs: [],
    damaged: [],
  };
  /** Which sample stands in `current`; −1 for none. */
  let shown = -1;
  for (let tick = 0; tick < ticks; tick++) {
    signal?.throwIfAborted();
    const index = indices[tick] as number;
    const isHeld = index >= 0 && index === shown;
    const hadPicture = shown >= 0;
    if (!isHeld) {
      const frame = index < 0 ? null : await frameOf(index);
      const isThere = frame instanceof Uint8Array && frame.length === bytes;
      if (frame && !isThere) result.damaged.push({ tick, message: sentenceOf(frame, index) });
      shown = isThere ? index : -1;
      if (isThere) {
        [current, previous] = [previous, current];
        kernel.bytes(current).set(frame);
      }
    }
    if (shown >= 0) {
      const apart = isHeld ? 0 : hadPicture ? kernel.absoluteDifference(current, previous) : Number.NaN;
      result.duplicate[tick] = apart === 0 ? 1 : 0;
      result.motion[tick] = tick === 0 ? 0 : apart / bytes;
      result.brightness[tick] = kernel.sumOf(current) / bytes;
    }
    if (small) await tellContact(tick, shown >= 0);
    onTicks?.(1);
  }
  return result;

  async function tellContact(tick: number, isThere: boolean): Promise<void> {
    if (isThere) kernel.shrink(current, stream.width, stream.height, little);
    const planes = isThere ? kernel.bytes(little).slice() : new Uint8Array(SMALL_BYTES);
    if (tick === 0 && isThere) kernel.bytes(first).set(planes);
    const hasFirst = !Number.isNaN(result.brightness[0] as number);
    if (isThere && hasFirst && result.fromFirst)
      result.fromFirst[tick] = kernel.contact(little, first as Region).intensity;
    const { handle, ...place } = small as NonNullable<typeof small>;
    await handle.write(planes, 0, planes.length, placeOfSmall(place, tick));
  }
}

function sentenceOf(frame: Uint8Array | { damaged: string }, index: number): string {
  return frame instanceof Uint8Array ? `Sample ${index} is of another size than its stream says.` : frame.damaged;
}
