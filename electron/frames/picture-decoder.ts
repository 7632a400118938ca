import { decode as decodePng } from 'fast-png';
import { SourceFault } from '../sources/source.ts';
import type { Pixels } from './area-average.ts';
import type { FrameResult, PictureOrder } from './decode-protocol.ts';
import { finish, targetOf } from './frame-decoder.ts';
import { decodeJpeg, loadJpegDecoder } from './jpeg.ts';
import { jpegSizeOf } from './jpeg-size.ts';

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47];
/** More than any camera has; a header that claims more is damaged or means harm. */
const MAX_PIXELS = 64 * 2 ** 20;

/** An encoded picture or raw pixels as a frame, scaled like any other. Throws SourceFault "corrupt-chunk" with a sentence. */
export async function decodePicture(order: PictureOrder): Promise<FrameResult> {
  const began = performance.now();
  const { bytes, what } = order;
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    const size = jpegSizeOf(bytes);
    if (size) refuseHuge(size.width, size.height, what);
    const { done, pixels, ...found } = decodeJpeg(await loadJpegDecoder(), bytes, what);
    try {
      return finished({ data: pixels, ...found }, order, began);
    } finally {
      done();
    }
  }
  if (PNG_SIGNATURE.every((byte, at) => bytes[at] === byte)) return finished(pngPixels(bytes, what), order, began);
  return finished(rawPixels(order), order, began);
}

function finished(stored: Pixels, order: PictureOrder, began: number): FrameResult {
  const picture = finish(stored, targetOf(order, stored, stored.data instanceof Uint16Array));
  return { ...picture, isDirect: false, decodeMs: performance.now() - began };
}

function pngPixels(bytes: Uint8Array, what: string) {
  if (bytes.length < 24) throw damaged(what, 'it ends early');
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  refuseHuge(header.getUint32(16), header.getUint32(20), what);
  try {
    const { data, width, height, channels, palette, depth } = decodePng(bytes);
    if (palette) return { data: fromPalette(data, palette), width, height, channels: 3 };
    if (depth < 8) throw new Error('fewer than 8 bits a value are not read');
    if (data instanceof Uint16Array) return { data, width, height, channels };
    // Without transparency, as every pane shows it.
    const values = data as Uint8Array;
    return channels === 4
      ? { data: withoutAlpha(values), width, height, channels: 3 }
      : { data: values, width, height, channels };
  } catch (error) {
    throw damaged(what, error instanceof Error ? error.message : 'the decoder gave up');
  }
}

function fromPalette(indices: ArrayLike<number>, palette: readonly (readonly number[])[]): Uint8Array {
  const rgb = new Uint8Array(indices.length * 3);
  for (let i = 0; i < indices.length; i++) rgb.set((palette[indices[i] as number] ?? [0, 0, 0]).slice(0, 3), i * 3);
  return rgb;
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] as number;
    rgb[to + 1] = rgba[from + 1] as number;
    rgb[to + 2] = rgba[from + 2] as number;
  }
  return rgb;
}

function rawPixels({ bytes, what, width, height, channels, bytesPerValue }: PictureOrder) {
  const expected = width * height * channels * bytesPerValue;
  if (bytes.length !== expected) {
    throw damaged(what, `it is no JPEG or PNG, and of ${bytes.length} bytes where pixels take ${expected}`);
  }
  if (bytesPerValue === 1) return { data: bytes, width, height, channels };
  // A view of 16-bit values has to begin at an even byte.
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return { data: new Uint16Array(aligned.buffer, aligned.byteOffset, expected / 2), width, height, channels };
}

function refuseHuge(width: number, height: number, what: string): void {
  if (width * height > MAX_PIXELS) throw damaged(what, `its header claims ${width} × ${height} pixels`);
}

function damaged(what: string, reason: string): SourceFault {
  return new SourceFault('corrupt-chunk', `${what} cannot be decoded (${reason}); the rest is not affected.`);
}
