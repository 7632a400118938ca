const ZSTD_MAGIC = 0xfd2fb528;

/** What a Zstandard frame says it unpacks to, else the window it asks for: its decoder allocates by that. */
export function zstdBytes(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 6 || view.getUint32(0, true) !== ZSTD_MAGIC) return 0;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeAt = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 1 << sizeFlag;
  if (sizeAt + sizeBytes > frame.length) return 0;
  if (sizeBytes === 1) return view.getUint8(sizeAt);
  if (sizeBytes === 2) return view.getUint16(sizeAt, true) + 256;
  if (sizeBytes === 4) return view.getUint32(sizeAt, true);
  if (sizeBytes === 8) return Number(view.getBigUint64(sizeAt, true));
  const window = view.getUint8(5);
  const base = 2 ** (10 + (window >> 3));
  return base + (base / 8) * (window & 7);
}
