/** Pixel loops of the 2D painter. Targets are RGBA in little-endian words: 0xAABBGGRR. */
import type { PixelImage } from './painter.ts';

const OPAQUE = 0xff000000;

/** Fills `target` (width × height words) with the image as it is to be seen. */
export function fillRgba(target: Uint32Array, image: PixelImage): void {
  const count = image.width * image.height;
  const { pixels, coloring, order, channels } = image;
  if (coloring.kind === 'depth') fillFromTable(target, pixels, coloring.colors, count);
  else if (channels === 4) target.set(new Uint32Array(pixels.buffer, pixels.byteOffset, count));
  else if (channels === 1) fillGray(target, pixels, count);
  else if (coloring.kind === 'difference') fillDifference(target, pixels, coloring.reference, count, order === 'bgr');
  else if (order === 'bgr') fillSwapped(target, pixels as Uint8Array, count);
  else fillStraight(target, pixels as Uint8Array, count);
}

/** Three bytes a pixel, red first. Four pixels are three words: a third of the loads of a byte loop. */
function fillStraight(target: Uint32Array, source: Uint8Array, count: number): void {
  const words = wordsOf(source, count);
  const whole = words ? count & ~3 : 0;
  if (words) {
    for (let pixel = 0, word = 0; pixel < whole; pixel += 4, word += 3) {
      const a = words[word] as number;
      const b = words[word + 1] as number;
      const c = words[word + 2] as number;
      target[pixel] = a | OPAQUE;
      target[pixel + 1] = (a >>> 24) | (b << 8) | OPAQUE;
      target[pixel + 2] = (b >>> 16) | (c << 16) | OPAQUE;
      target[pixel + 3] = (c >>> 8) | OPAQUE;
    }
  }
  for (let pixel = whole, at = whole * 3; pixel < count; pixel += 1, at += 3) {
    target[pixel] =
      (source[at] as number) | ((source[at + 1] as number) << 8) | ((source[at + 2] as number) << 16) | OPAQUE;
  }
}

/** Three bytes a pixel, blue first. */
function fillSwapped(target: Uint32Array, source: Uint8Array, count: number): void {
  const words = wordsOf(source, count);
  const whole = words ? count & ~3 : 0;
  if (words) {
    for (let pixel = 0, word = 0; pixel < whole; pixel += 4, word += 3) {
      const a = words[word] as number;
      const b = words[word + 1] as number;
      const c = words[word + 2] as number;
      target[pixel] = ((a & 0xff) << 16) | (a & 0xff00) | ((a >>> 16) & 0xff) | OPAQUE;
      target[pixel + 1] = ((a >>> 24) << 16) | ((b & 0xff) << 8) | ((b >>> 8) & 0xff) | OPAQUE;
      target[pixel + 2] = (b & 0xff0000) | ((b >>> 24) << 8) | (c & 0xff) | OPAQUE;
      target[pixel + 3] = ((c & 0xff00) << 8) | ((c >>> 8) & 0xff00) | (c >>> 24) | OPAQUE;
    }
  }
  for (let pixel = whole, at = whole * 3; pixel < count; pixel += 1, at += 3) {
    target[pixel] =
      ((source[at] as number) << 16) | ((source[at + 1] as number) << 8) | (source[at + 2] as number) | OPAQUE;
  }
}

function fillGray(target: Uint32Array, source: Uint8Array | Uint16Array, count: number): void {
  const shift = source instanceof Uint16Array ? 8 : 0;
  for (let pixel = 0; pixel < count; pixel += 1) {
    target[pixel] = (((source[pixel] as number) >> shift) * 0x010101) | OPAQUE;
  }
}

/** clip(v + 128, 0, 255) for v from −255 to 255, at v + 255. */
const CENTERED = Uint8ClampedArray.from({ length: 511 }, (_, at) => at - 255 + 128);

function fillDifference(
  target: Uint32Array,
  source: Uint8Array | Uint16Array,
  reference: Uint8Array,
  count: number,
  isBlueFirst: boolean,
): void {
  const first = isBlueFirst ? 16 : 0;
  const last = isBlueFirst ? 0 : 16;
  for (let pixel = 0, at = 0; pixel < count; pixel += 1, at += 3) {
    const a = CENTERED[(source[at] as number) - (reference[at] as number) + 255] as number;
    const b = CENTERED[(source[at + 1] as number) - (reference[at + 1] as number) + 255] as number;
    const c = CENTERED[(source[at + 2] as number) - (reference[at + 2] as number) + 255] as number;
    target[pixel] = (a << first) | (b << 8) | (c << last) | OPAQUE;
  }
}

function fillFromTable(
  target: Uint32Array,
  source: Uint8Array | Uint16Array,
  colors: Uint32Array,
  count: number,
): void {
  for (let pixel = 0; pixel < count; pixel += 1) target[pixel] = colors[source[pixel] as number] as number;
}

/** The bytes as words, where they lie aligned; ticks pad every body to 8 bytes, so they do. */
function wordsOf(source: Uint8Array, count: number): Uint32Array | undefined {
  if (source.byteOffset % 4 !== 0) return undefined;
  return new Uint32Array(source.buffer, source.byteOffset, ((count & ~3) * 3) / 4);
}
