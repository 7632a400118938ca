import { type Changes, everywhere } from './changes.ts';
import { ByteSink, LzwEncoder } from './lzw.ts';

export interface GifShape {
  width: number;
  height: number;
  /** RGB one after the other; at most 255 colours, for one more index says "as before". */
  palette: Uint8Array;
}

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Writes a GIF that repeats for ever, one palette for all frames. Of every frame but the first only the rectangle that
 * changed is written, and what stands in it as before is said by an index of its own. A frame that is as before is
 * written all the same: frame i stays frame i.
 */
export class GifFile {
  readonly #sink = new ByteSink();
  readonly #lzw = new LzwEncoder();
  readonly #shape: GifShape;
  readonly #bits: number;
  readonly #unchanged: number;
  /** What stands after the frames so far. */
  readonly #shown: Uint8Array;
  /** The next frame as it is written; "as before" everywhere between two frames. */
  readonly #part: Uint8Array;
  #isEmpty = true;

  constructor(shape: GifShape) {
    this.#shape = shape;
    const { palette, width, height } = shape;
    this.#unchanged = palette.length / 3;
    this.#bits = Math.max(2, Math.ceil(Math.log2(this.#unchanged + 1)));
    this.#shown = new Uint8Array(width * height);
    this.#part = new Uint8Array(width * height).fill(this.#unchanged);
    const sink = this.#sink;
    sink.add(Buffer.from('GIF89a', 'latin1'));
    sink.short(width);
    sink.short(height);
    sink.byte(0x80 | 0x70 | (this.#bits - 1));
    sink.byte(0);
    sink.byte(0);
    sink.add(palette);
    sink.add(new Uint8Array(3 * 2 ** this.#bits - palette.length));
    sink.add([0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0', 'latin1'), 3, 1, 0, 0, 0]);
  }

  get length(): number {
    return this.#sink.length + 1;
  }

  /**
   * Indices of the whole picture, and how long it stays, in hundredths of a second. Outside of `changes` they are those of
   * the frame before.
   */
  add(indices: Uint8Array, delayCs: number, changes: Changes = everywhere(indices.length)): void {
    const { width, height } = this.#shape;
    if (this.#isEmpty) {
      this.#write({ x: 0, y: 0, width, height }, indices, delayCs);
      this.stand(indices);
      return;
    }
    this.#write(this.#take(indices, changes), this.#part, delayCs);
    for (let at = 0; at < changes.length; at += 2) this.#part.fill(this.#unchanged, changes[at], changes[at + 1]);
  }

  /** As if this picture had been the frame before, without writing it. */
  stand(indices: Uint8Array): void {
    this.#shown.set(indices);
    this.#isEmpty = false;
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#sink.byte(0x3b);
    return this.#sink.bytes.slice(0, this.#sink.length);
  }

  #write({ x, y, width, height }: Area, indices: Uint8Array, delayCs: number): void {
    const sink = this.#sink;
    // Left in place for the next frame; one index is clear.
    sink.add([0x21, 0xf9, 4, (1 << 2) | 1]);
    sink.short(delayCs);
    sink.add([this.#unchanged, 0, 0x2c]);
    for (const value of [x, y, width, height]) sink.short(value);
    sink.byte(0);
    const stride = this.#shape.width;
    this.#lzw.write({ indices, from: y * stride + x, width, height, stride }, this.#bits, sink, this.#unchanged);
  }

  /** Puts what differs into the part that is written. Answers the smallest rectangle around it; one pixel where nothing does. */
  #take(indices: Uint8Array, changes: Changes): Area {
    const { width } = this.#shape;
    const shown = this.#shown;
    const part = this.#part;
    let left = width;
    let right = -1;
    let first = -1;
    let last = -1;
    for (let at = 0; at < changes.length; at += 2) {
      const end = changes[at + 1] as number;
      let column = (changes[at] as number) % width;
      for (let pixel = changes[at] as number; pixel < end; pixel += 1) {
        const index = indices[pixel] as number;
        if (shown[pixel] !== index) {
          shown[pixel] = index;
          part[pixel] = index;
          if (first < 0) first = pixel;
          last = pixel;
          if (column < left) left = column;
          if (column > right) right = column;
        }
        column += 1;
        if (column === width) column = 0;
      }
    }
    if (first < 0) return { x: 0, y: 0, width: 1, height: 1 };
    const top = Math.floor(first / width);
    return { x: left, y: top, width: right - left + 1, height: Math.floor(last / width) - top + 1 };
  }
}

/**
 * How long each frame stays, in hundredths of a second, so that the moments of the frames are right to half a hundredth
 * and nothing adds up: `atSeconds` are the times of the frames, and the last stays as long as `lastS`.
 */
export function delaysCs(atSeconds: readonly number[], lastS: number): number[] {
  const start = atSeconds[0] ?? 0;
  const ends = [...atSeconds.slice(1), (atSeconds.at(-1) ?? 0) + lastS];
  let done = 0;
  return ends.map((end) => {
    // Browsers take shorter ones for a tenth of a second.
    const delay = Math.max(2, Math.min(65_535, Math.round((end - start) * 100) - done));
    done += delay;
    return delay;
  });
}
