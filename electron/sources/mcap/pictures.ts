import { pictureFacts } from '../common/picture-header.ts';
import { type Decoded, numberOf } from './decode.ts';
import { textOf } from './kinds.ts';
import { type BayerPattern, colorsOfBayer, colorsOfYuv, millimetresOfMetres } from './raw-pixels.ts';

/** What the pictures of a topic are like. */
export interface PictureShape {
  encoding: 'jpeg' | 'png' | 'pixels';
  width: number;
  height: number;
  channels: 1 | 3;
  dtype: 'uint8' | 'uint16';
  order: 'rgb' | 'bgr' | null;
  /** For people, where what is shown is made of what is stored: "Bayer rggb"; "" where it is the same. */
  made: string;
}

interface Layout extends Pick<PictureShape, 'channels' | 'order' | 'dtype' | 'made'> {
  /** Bytes of one pixel as stored; a fourth value, of transparency, is left out. */
  pixelBytes: number;
  /** Makes what is shown of whole rows without padding. */
  convert?: (rows: Uint8Array, width: number, height: number, isBigEndian: boolean) => Uint8Array;
  /** Sides that it takes. */
  takes?: { sentence: string; size(width: number, height: number): boolean };
}

const GREY: Layout = { channels: 1, order: null, dtype: 'uint8', pixelBytes: 1, made: '' };
const DEPTH: Layout = { channels: 1, order: null, dtype: 'uint16', pixelBytes: 2, made: '' };
const RED_FIRST: Layout = { channels: 3, order: 'rgb', dtype: 'uint8', pixelBytes: 3, made: '' };
const BLUE_FIRST: Layout = { ...RED_FIRST, order: 'bgr' };
const METRES: Layout = {
  ...{ ...DEPTH, pixelBytes: 4, made: 'metres as millimetres' },
  convert: (rows, _width, _height, isBigEndian) => millimetresOfMetres(rows, isBigEndian),
};
const bayer = (pattern: BayerPattern): Layout => ({
  ...{ ...RED_FIRST, pixelBytes: 1, made: `Bayer ${pattern}` },
  convert: (rows, width, height) => colorsOfBayer(rows, pattern, width, height),
  takes: { sentence: 'has fewer than 3 × 3 pixels', size: (width, height) => width > 2 && height > 2 },
});
const yuv = (order: 'uyvy' | 'yuyv'): Layout => ({
  ...{ ...RED_FIRST, pixelBytes: 2, made: `YUV 4:2:2 ${order}` },
  convert: (rows, width, height) => colorsOfYuv(rows, order, width, height),
  takes: { sentence: 'has half a pair of pixels in a row', size: (width) => width % 2 === 0 },
});
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
  '32FC1': METRES,
  bayer_rggb8: bayer('rggb'),
  bayer_bggr8: bayer('bggr'),
  bayer_grbg8: bayer('grbg'),
  bayer_gbrg8: bayer('gbrg'),
  uyvy: yuv('uyvy'),
  yuv422: yuv('uyvy'),
  yuyv: yuv('yuyv'),
  yuv422_yuy2: yuv('yuyv'),
};
const SHOWN = 'rgb8, bgr8, rgba8, bgra8, mono8, mono16, 32FC1, 8-bit Bayer and YUV 4:2:2 are';
/** What the depth transport of ROS puts before its PNG: a kind and two parameters. */
const DEPTH_HEADER_BYTES = 12;
const LARGEST_SIDE = 2 ** 14;

/** Of a decoded image message. Throws with one clause where it cannot be shown. */
export function pictureShape(kind: 'compressed-image' | 'raw-image', message: Decoded): PictureShape {
  if (kind === 'compressed-image') {
    const facts = pictureFacts(encodedBytes(message));
    if (!facts) throw new Error(`pictures of format "${textOf(message.format)}" are not shown (JPEG and PNG are)`);
    return { ...facts, order: facts.channels === 1 ? null : 'rgb', made: '' };
  }
  const { width, height, layout } = rawShape(message);
  const { channels, order, dtype, made } = layout;
  return { encoding: 'pixels', width, height, channels, order, dtype, made };
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
  const isAlike = layout.dtype === shape.dtype && layout.order === shape.order && layout.made === shape.made;
  if (width !== shape.width || height !== shape.height || !isAlike) {
    throw new Error(
      `it is ${width} × ${height} ${textOf(message.encoding)}, unlike the first of ${shape.width} × ${shape.height}`,
    );
  }
  const isBigEndian = numberOf(message.is_bigendian) === 1;
  const rows = withoutPadding(bytesOf(message), rowBytes, width * layout.pixelBytes, height);
  if (layout.convert) return layout.convert(rows, width, height, isBigEndian);
  if (layout.dtype === 'uint16') {
    if (isBigEndian) Buffer.from(rows.buffer).swap16();
    return rows;
  }
  return layout.pixelBytes === layout.channels ? rows : withoutTransparency(rows, layout.channels);
}

/** A copy of the rows, one right after the other. */
function withoutPadding(data: Uint8Array, rowBytes: number, shownBytes: number, height: number): Uint8Array {
  const rows = new Uint8Array(shownBytes * height);
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(y * rowBytes, y * rowBytes + shownBytes), y * shownBytes);
  }
  return rows;
}

function withoutTransparency(rows: Uint8Array, channels: number): Uint8Array {
  const pixels = new Uint8Array((rows.length / 4) * channels);
  for (let from = 0, to = 0; from < rows.length; from += 4, to += channels) {
    pixels.set(rows.subarray(from, from + channels), to);
  }
  return pixels;
}

function rawShape(message: Decoded): { width: number; height: number; layout: Layout; rowBytes: number } {
  const layout = LAYOUTS[textOf(message.encoding)];
  if (!layout) throw new Error(`pictures encoded as "${textOf(message.encoding)}" are not shown (${SHOWN})`);
  const width = numberOf(message.width);
  const height = numberOf(message.height);
  const isSize = (side: number) => Number.isInteger(side) && side > 0 && side <= LARGEST_SIDE;
  if (!isSize(width) || !isSize(height)) throw new Error(`a picture claims to be ${width} × ${height}`);
  if (layout.takes && !layout.takes.size(width, height)) {
    throw new Error(`a picture of ${width} × ${height} in ${textOf(message.encoding)} ${layout.takes.sentence}`);
  }
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
