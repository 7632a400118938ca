import { encode } from 'fast-png';
import type { ChannelOrder } from '../../shared/episode/episode.ts';
import type { DecodedFrame } from '../frames/frame-source.ts';

/** A decoded sample as a PNG file. Colour samples are written red, green, blue; 16-bit samples keep all their bits. */
export function encodePng(frame: DecodedFrame, order: ChannelOrder | null): Uint8Array {
  const { width, height, channels, format, bytes } = frame;
  if (format === 'u8')
    return encode({ width, height, channels, depth: 8, data: order === 'bgr' ? swapped(bytes, channels) : bytes });
  const values = new Uint16Array(bytes.byteLength / 2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < values.length; index += 1) values[index] = view.getUint16(index * 2, true);
  return encode({ width, height, channels, depth: 16, data: values });
}

/** First and third channel exchanged; a fourth stays. */
function swapped(bytes: Uint8Array, channels: number): Uint8Array {
  const out = bytes.slice();
  if (channels < 3) return out;
  for (let at = 0; at + channels <= out.length; at += channels) {
    out[at] = bytes[at + 2] as number;
    out[at + 2] = bytes[at] as number;
  }
  return out;
}
