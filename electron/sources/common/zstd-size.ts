const ZSTD_MAGIC = 0xfd2fb528;
/** Frames that hold nothing of the data, sixteen magic numbers of them. */
const SKIPPED_MAGIC = 0x184d2a50;
const LARGEST_BLOCK_BYTES = 128 * 2 ** 10;

/** One of the frames that stand one after the other in packed bytes. */
export interface ZstdFrame {
  bytes: Uint8Array;
  /** What it says it unpacks to; null where it does not say, as of one that was packed while it was written. */
  content: number | null;
  /** What it unpacks to at most, by its blocks. */
  atMost: number;
}

/** What a Zstandard frame says it unpacks to, else the window it asks for: its decoder allocates by that. */
export function zstdBytes(frame: Uint8Array): number {
  const head = headOf(frame);
  return head === null ? 0 : (head.content ?? head.window);
}

/** The frames in their order, those that are to be skipped left out. Throws with one clause where bytes are none. */
export function zstdFrames(packed: Uint8Array): ZstdFrame[] {
  const frames: ZstdFrame[] = [];
  for (let offset = 0; offset < packed.length; ) {
    const rest = packed.subarray(offset);
    const skipped = skippedBytes(rest);
    const frame = skipped === null ? frameOf(rest) : null;
    if (frame) frames.push(frame);
    else if (skipped === null) throw new Error('its bytes are no whole frames of Zstandard');
    offset += frame?.bytes.length ?? skipped ?? 0;
  }
  return frames;
}

interface Head {
  bytes: number;
  content: number | null;
  window: number;
  hasChecksum: boolean;
}

/** Null where the bytes are no frame. */
function headOf(frame: Uint8Array): Head | null {
  const view = viewOf(frame);
  if (frame.length < 6 || view.getUint32(0, true) !== ZSTD_MAGIC) return null;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeAt = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 1 << sizeFlag;
  if (sizeAt + sizeBytes > frame.length) return null;
  const described = view.getUint8(5);
  const base = 2 ** (10 + (described >> 3));
  const window = isSingleSegment ? 0 : base + (base / 8) * (described & 7);
  const head = { bytes: sizeAt + sizeBytes, window, hasChecksum: (descriptor & 4) !== 0 };
  if (sizeBytes === 1) return { ...head, content: view.getUint8(sizeAt) };
  if (sizeBytes === 2) return { ...head, content: view.getUint16(sizeAt, true) + 256 };
  if (sizeBytes === 4) return { ...head, content: view.getUint32(sizeAt, true) };
  if (sizeBytes === 8) return { ...head, content: Number(view.getBigUint64(sizeAt, true)) };
  return { ...head, content: null };
}

/** The frame that the bytes begin with, block by block; null where it is none or not whole. */
function frameOf(rest: Uint8Array): ZstdFrame | null {
  const head = headOf(rest);
  if (!head) return null;
  let end = head.bytes;
  let atMost = 0;
  for (let isLast = false; !isLast; ) {
    if (end + 3 > rest.length) return null;
    const block = (rest[end] as number) | ((rest[end + 1] as number) << 8) | ((rest[end + 2] as number) << 16);
    const [kind, size] = [(block >> 1) & 3, block >> 3];
    isLast = (block & 1) === 1;
    // As it is, one byte repeated, packed.
    atMost += kind === 2 ? LARGEST_BLOCK_BYTES : size;
    end += 3 + (kind === 1 ? 1 : size);
  }
  if (head.hasChecksum) end += 4;
  return end > rest.length ? null : { bytes: rest.subarray(0, end), content: head.content, atMost };
}

/** Length of a frame to be skipped; null where the bytes begin with none. */
function skippedBytes(rest: Uint8Array): number | null {
  if (rest.length < 8) return null;
  const view = viewOf(rest);
  if (view.getUint32(0, true) - (view.getUint8(0) & 15) !== SKIPPED_MAGIC) return null;
  const length = 8 + view.getUint32(4, true);
  return length > rest.length ? null : length;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
