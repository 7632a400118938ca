import { ByteSink, LzwEncoder } from './lzw.ts';

export interface GifShape {
  width: number;
  height: number;
  /** RGB one after the other; at most 255 colours, for one more index says "as before". */
  palette: Uint8Array;
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
  #before: Uint8Array | undefined;

  constructor(shape: GifShape) {
    this.#shape = shape;
    const { palette, width, height } = shape;
    this.#unchanged = palette.length / 3;
    this.#bits = Math.max(2, Math.ceil(Math.log2(this.#unchanged + 1)));
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

  /** Indices of the whole picture, and how long it stays, in hundredths of a second. They must not change afterwards. */
  add(indices: Uint8Array, delayCs: number): void {
    const { width } = this.#shape;
    const area = this.#changed(indices);
    const part = new Uint8Array(area.width * area.height);
    const before = this.#before;
    for (let row = 0, to = 0; row < area.height; row += 1) {
      let from = (area.y + row) * width + area.x;
      for (let column = 0; column < area.width; column += 1, from += 1, to += 1) {
        const index = indices[from] as number;
        part[to] = before && before[from] === index ? this.#unchanged : index;
      }
    }
    this.#before = indices;
    const sink = this.#sink;
    // Left in place for the next frame; one index is clear.
    sink.add([0x21, 0xf9, 4, (1 << 2) | 1]);
    sink.short(delayCs);
    sink.add([this.#unchanged, 0, 0x2c]);
    for (const value of [area.x, area.y, area.width, area.height]) sink.short(value);
    sink.byte(0);
    this.#lzw.write(part, this.#bits, sink);
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#sink.byte(0x3b);
    return this.#sink.bytes.slice(0, this.#sink.length);
  }

  /** The smallest rectangle around what differs from the frame before; one pixel where nothing does. */
  #changed(indices: Uint8Array): { x: number; y: number; width: number; height: number } {
    const { width, height } = this.#shape;
    const before = this.#before;
    if (!before) return { x: 0, y: 0, width, height };
    let left = width;
    let right = -1;
    let top = -1;
    let bottom = -1;
    for (let y = 0; y < height; y += 1) {
      const row = y * width;
      let first = 0;
      while (first < width && indices[row + first] === before[row + first]) first += 1;
      if (first === width) continue;
      let last = width - 1;
      while (indices[row + last] === before[row + last]) last -= 1;
      if (top < 0) top = y;
      bottom = y;
      left = Math.min(left, first);
      right = Math.max(right, last);
    }
    if (top < 0) return { x: 0, y: 0, width: 1, height: 1 };
    return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
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
