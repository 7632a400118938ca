const ZSTD_MAGIC = 0xfd2fb528;

/** What a Zstandard frame says it unpacks to, else the window it asks for: its decoder allocates by that. */
export function zstdBytes(frame: Uint8Array): number {
  const head = headOf(frame);
  return head === null ? 0 : (head.content ?? head.window);
}

/** What a Zstandard frame says it unpacks to; null where it does not say, as of one that was packed while it was written. */
export function zstdContentBytes(frame: Uint8Array): number | null {
  return headOf(frame)?.content ?? null;
}

/** Null where the bytes are no frame. */
function headOf(frame: Uint8Array): { content: number | null; window: number } | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
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
  if (sizeBytes === 1) return { content: view.getUint8(sizeAt), window };
  if (sizeBytes === 2) return { content: view.getUint16(sizeAt, true) + 256, window };
  if (sizeBytes === 4) return { content: view.getUint32(sizeAt, true), window };
  if (sizeBytes === 8) return { content: Number(view.getBigUint64(sizeAt, true)), window };
  return { content: null, window };
}
