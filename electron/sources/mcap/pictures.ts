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

const LAYOUTS: Readonly<Record<string, Pick<PictureShape, 'channels' | 'order'>>> = {
  rgb8: { channels: 3, order: 'rgb' },
  '8UC3': { channels: 3, order: 'bgr' },
  bgr8: { channels: 3, order: 'bgr' },
  mono8: { channels: 1, order: null },
  '8UC1': { channels: 1, order: null },
};
const LARGEST_SIDE = 2 ** 14;

/** Of a decoded image message. Throws with one clause where it cannot be shown. */
export function pictureShape(kind: 'compressed-image' | 'raw-image', message: Decoded): PictureShape {
  const data = bytesOf(message);
  if (kind === 'compressed-image') {
    const facts = pictureFacts(data);
    if (!facts) throw new Error(`pictures of format "${textOf(message.format)}" are not shown (JPEG and PNG are)`);
    return { ...facts, order: facts.channels === 1 ? null : 'rgb' };
  }
  const layout = LAYOUTS[textOf(message.encoding)];
  if (!layout)
    throw new Error(`pictures encoded as "${textOf(message.encoding)}" are not shown (rgb8, bgr8 and mono8 are)`);
  const width = numberOf(message.width);
  const height = numberOf(message.height);
  const isSize = (side: number) => Number.isInteger(side) && side > 0 && side <= LARGEST_SIDE;
  if (!isSize(width) || !isSize(height)) throw new Error(`a picture claims to be ${width} × ${height}`);
  const row = rowBytes(message, width * layout.channels);
  if (data.length < row * (height - 1) + width * layout.channels) {
    throw new Error(`a picture of ${width} × ${height} has only ${data.length} bytes`);
  }
  return { encoding: 'pixels', width, height, dtype: 'uint8', ...layout };
}

/** The encoded picture as it stands, or pixels without the padding of their rows. The receiver's own. */
export function pictureBytes(
  kind: 'compressed-image' | 'raw-image',
  message: Decoded,
  shape: PictureShape,
): Uint8Array {
  const data = bytesOf(message);
  if (kind === 'compressed-image') return data.slice();
  const found = pictureShape(kind, message);
  if (found.width !== shape.width || found.height !== shape.height || found.channels !== shape.channels) {
    throw new Error(`it is ${found.width} × ${found.height} where the others are ${shape.width} × ${shape.height}`);
  }
  const packed = shape.width * shape.channels;
  const row = rowBytes(message, packed);
  const pixels = new Uint8Array(packed * shape.height);
  for (let y = 0; y < shape.height; y++) pixels.set(data.subarray(y * row, y * row + packed), y * packed);
  return pixels;
}

function rowBytes(message: Decoded, packed: number): number {
  const step = numberOf(message.step);
  return step > packed ? step : packed;
}

function bytesOf({ data }: Decoded): Uint8Array {
  if (data instanceof Uint8Array) return data;
  // JSON carries bytes as base64.
  if (typeof data === 'string') return new Uint8Array(Buffer.from(data, 'base64'));
  throw new Error('a picture holds no bytes');
}
