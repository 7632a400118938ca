import { pictureFacts } from '../common/picture-header.ts';
import { type Decoded, numberOf } from './decode.ts';
import { textOf } from './kinds.ts';

/** What the pictures of a topic are like. */
export interface PictureShape {
  encoding: 'jpeg' | 'png' | 'pixels';
  width: number;
  height: number;
  channels: 1 | 3;
  dtype: 'uint8' | 'uint16';
  order: 'rgb' | 'bgr' | null;
}

interface Layout extends Pick<PictureShape, 'channels' | 'order' | 'dtype'> {
  /** Bytes of one pixel as stored; a fourth value, of transparency, is left out. */
  pixelBytes: number;
}

const GREY: Layout = { channels: 1, order: null, dtype: 'uint8', pixelBytes: 1 };
const DEPTH: Layout = { channels: 1, order: null, dtype: 'uint16', pixelBytes: 2 };
const RED_FIRST: Layout = { channels: 3, order: 'rgb', dtype: 'uint8', pixelBytes: 3 };
const BLUE_FIRST: Layout = { ...RED_FIRST, order: 'bgr' };
/** By the names of ROS; OpenCV's own, as "8UC3", mean its order. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  rgb8: RED_FIRST,
  rgba8: { ...RED_FIRST, pixelBytes: 4 },
  bgr8: BLUE_FIRST,
  '8UC3': BLUE_FIRST,
  bgra8: { ...BLUE_FIRST, pixelBytes: 4 },
  '8UC4': { ...BLUE_FIRST, pixelBytes: 4 },
  mono8: GREY,
  '8UC1': GREY,
  mono16: DEPTH,
  '16UC1': DEPTH,
};
const SHOWN = 'rgb8, bgr8, rgba8, bgra8, mono8 and mono16 are';
/** What the depth transport of ROS puts before its PNG: a kind and two parameters. */
const DEPTH_HEADER_BYTES = 12;
const LARGEST_SIDE = 2 ** 14;

/** Of a decoded image message. Throws with one clause where it cannot be shown. */
export function pictureShape(kind: 'compressed-image' | 'raw-image', message: Decoded): PictureShape {
  if (kind === 'compressed-image') {
    const facts = pictureFacts(encodedBytes(message));
    if (!facts) throw new Error(`pictures of format "${textOf(message.format)}" are not shown (JPEG and PNG are)`);
    return { ...facts, order: facts.channels === 1 ? null : 'rgb' };
  }
  const { width, height, layout } = rawShape(message);
  const { channels, order, dtype } = layout;
  return { encoding: 'pixels', width, height, channels, order, dtype };
}

/**
 * The encoded picture as it stands, or pixels without the padding of their rows, 16-bit values with the lower byte first.
 * The receiver's own.
 */
export function pictureBytes(
  kind: 'compressed-image' | 'raw-image',
  message: Decoded,
  shape: PictureShape,
): Uint8Array {
  if (kind === 'compressed-image') return encodedBytes(message).slice();
  const { width, height, layout, rowBytes } = rawShape(message);
  if (
    width !== shape.width ||
    height !== shape.height ||
    layout.dtype !== shape.dtype ||
    layout.order !== shape.order
  ) {
    throw new Error(
      `it is ${width} × ${height} ${textOf(message.encoding)}, unlike the first of ${shape.width} × ${shape.height}`,
    );
  }
  const data = bytesOf(message);
  const { channels, pixelBytes } = layout;
  const shownBytes = layout.dtype === 'uint16' ? 2 : channels;
  const pixels = new Uint8Array(width * height * shownBytes);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * rowBytes, y * rowBytes + width * pixelBytes);
    if (shownBytes === pixelBytes) pixels.set(row, y * width * shownBytes);
    else
      for (let x = 0; x < width; x++) {
        pixels.set(row.subarray(x * pixelBytes, x * pixelBytes + shownBytes), (y * width + x) * shownBytes);
      }
  }
  if (layout.dtype === 'uint16' && numberOf(message.is_bigendian) === 1) Buffer.from(pixels.buffer).swap16();
  return pixels;
}

function rawShape(message: Decoded): { width: number; height: number; layout: Layout; rowBytes: number } {
  const layout = LAYOUTS[textOf(message.encoding)];
  if (!layout) throw new Error(`pictures encoded as "${textOf(message.encoding)}" are not shown (${SHOWN})`);
  const width = numberOf(message.width);
  const height = numberOf(message.height);
  const isSize = (side: number) => Number.isInteger(side) && side > 0 && side <= LARGEST_SIDE;
  if (!isSize(width) || !isSize(height)) throw new Error(`a picture claims to be ${width} × ${height}`);
  const packed = width * layout.pixelBytes;
  const step = numberOf(message.step);
  const rowBytes = step > packed ? step : packed;
  const { length } = bytesOf(message);
  if (length < rowBytes * (height - 1) + packed) {
    throw new Error(`a picture of ${width} × ${height} has only ${length} bytes`);
  }
  return { width, height, layout, rowBytes };
}

/** A JPEG or PNG file, without what the depth transport of ROS puts before it. */
function encodedBytes(message: Decoded): Uint8Array {
  const data = bytesOf(message);
  const format = textOf(message.format);
  if (!/compressedDepth/.test(format)) return data;
  if (!/^16UC1|^mono16/.test(format)) throw new Error(`depth of format "${format}" is not shown (16UC1 in PNG is)`);
  return data.subarray(DEPTH_HEADER_BYTES);
}

function bytesOf({ data }: Decoded): Uint8Array {
  if (data instanceof Uint8Array) return data;
  // JSON carries bytes as base64.
  if (typeof data === 'string') return new Uint8Array(Buffer.from(data, 'base64'));
  throw new Error('a picture holds no bytes');
}
