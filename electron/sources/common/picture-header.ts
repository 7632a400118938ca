/** What an encoded picture says of itself, from its first bytes. */
export interface PictureFacts {
  encoding: 'png' | 'jpeg';
  width: number;
  height: number;
  /** 1 grey, 3 colour (an alpha channel is not counted). */
  channels: 1 | 3;
  /** Of one value: "uint8" or "uint16". */
  dtype: 'uint8' | 'uint16';
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const LARGEST_SIDE = 2 ** 16;

/** Null when the bytes are neither PNG nor JPEG, or end before their header does. */
export function pictureFacts(bytes: Uint8Array): PictureFacts | null {
  const facts = PNG.every((byte, at) => bytes[at] === byte) ? pngFacts(bytes) : jpegFacts(bytes);
  const isUsable = facts && facts.width > 0 && facts.height > 0 && Math.max(facts.width, facts.height) <= LARGEST_SIDE;
  return isUsable ? facts : null;
}

function pngFacts(bytes: Uint8Array): PictureFacts | null {
  if (bytes.length < 26) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const colorType = view.getUint8(25);
  return {
    encoding: 'png',
    width: view.getUint32(16),
    height: view.getUint32(20),
    channels: colorType === 0 || colorType === 4 ? 1 : 3,
    dtype: view.getUint8(24) === 16 ? 'uint16' : 'uint8',
  };
}

function jpegFacts(bytes: Uint8Array): PictureFacts | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 10 <= bytes.length) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      const channels = view.getUint8(at + 9) === 1 ? 1 : 3;
      return {
        encoding: 'jpeg',
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
        channels,
        dtype: 'uint8',
      };
    }
    // Fill bytes and markers without a length stand alone.
    at += marker === 0xff ? 1 : marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9) ? 2 : 2 + view.getUint16(at + 2);
  }
  return null;
}
