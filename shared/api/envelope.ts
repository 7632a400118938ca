/**
 * One binary answer: a JSON header, then bodies. Layout, little-endian:
 *   u32 magic "RGR1" · u32 header bytes (padded) · header, UTF-8 JSON padded with spaces to 8 bytes · bodies, each padded to 8 bytes.
 * Offsets in a header count from the start of the first body, so they can be computed before the header is written.
 */
const MAGIC = 0x31524752;
export const ENVELOPE_PREFIX_BYTES = 8;

export function align8(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** Prefix and header as one array; its length is a multiple of 8. `encode` is a TextEncoder's (shared has none of its own). */
export function encodeEnvelopeHead(header: unknown, encode: (text: string) => Uint8Array): Uint8Array {
  const json = encode(JSON.stringify(header));
  const padded = align8(json.length);
  const head = new Uint8Array(ENVELOPE_PREFIX_BYTES + padded).fill(0x20);
  const view = new DataView(head.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, padded, true);
  head.set(json, ENVELOPE_PREFIX_BYTES);
  return head;
}

/** Bytes of prefix and header together, once the first 8 bytes are there. Throws when the answer is no envelope. */
export function envelopeHeadBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, ENVELOPE_PREFIX_BYTES);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('The answer is not a Regrasp envelope.');
  return ENVELOPE_PREFIX_BYTES + view.getUint32(4, true);
}

export function decodeEnvelopeHeader<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => string): T {
  return JSON.parse(decode(bytes.subarray(ENVELOPE_PREFIX_BYTES, envelopeHeadBytes(bytes)))) as T;
}
