import { type Changes, everywhere } from './changes.ts';

/** Finds the nearest of a few hundred colours: they stand in order of green, and a search goes outwards from there. */
export class NearestColor {
  readonly #order: Int32Array;
  readonly #reds: Float64Array;
  readonly #greens: Float64Array;
  readonly #blues: Float64Array;
  readonly #startOf = new Int32Array(257);

  constructor(colors: ArrayLike<number>) {
    const value = (index: number, channel: number) => colors[index * 3 + channel] as number;
    this.#order = Int32Array.from({ length: colors.length / 3 }, (_, index) => index).sort(
      (a, b) => value(a, 1) - value(b, 1) || a - b,
    );
    this.#reds = Float64Array.from(this.#order, (index) => value(index, 0));
    this.#greens = Float64Array.from(this.#order, (index) => value(index, 1));
    this.#blues = Float64Array.from(this.#order, (index) => value(index, 2));
    for (let green = 0, at = 0; green <= 256; green += 1) {
      while (at < this.#order.length && (this.#greens[at] as number) < green) at += 1;
      this.#startOf[green] = at;
    }
  }

  find(red: number, green: number, blue: number): number {
    let best = Number.POSITIVE_INFINITY;
    let nearest = 0;
    const start = this.#startOf[Math.floor(green)] as number;
    const look = (at: number): boolean => {
      const byGreen = (this.#greens[at] as number) - green;
      if (byGreen * byGreen >= best) return false;
      const byRed = (this.#reds[at] as number) - red;
      const byBlue = (this.#blues[at] as number) - blue;
      const apart = byGreen * byGreen + byRed * byRed + byBlue * byBlue;
      if (apart < best) {
        best = apart;
        nearest = at;
      }
      return true;
    };
    let up = start;
    let down = start - 1;
    for (let goesUp = true, goesDown = true; goesUp || goesDown; ) {
      if (goesUp) goesUp = up < this.#order.length && look(up++);
      if (goesDown) goesDown = down >= 0 && look(down--);
    }
    return this.#order[nearest] as number;
  }
}

/** Bits a channel of the table of colours that were looked up before. */
const TABLE_BITS = 7;
const TABLE_SHIFT = 8 - TABLE_BITS;
const HALF = (1 << TABLE_SHIFT) / 2 - 0.5;

/** Maps pixels to indices of a palette, without dithering: it would add noise that moves from frame to frame. */
export class PaletteMap {
  readonly #known = new Int16Array(1 << (3 * TABLE_BITS)).fill(-1);
  readonly #finder: NearestColor;

  constructor(palette: Uint8Array) {
    this.#finder = new NearestColor(palette);
  }

  /** Fills `into` with the indices of RGB pixels, within `changes`. */
  indices(pixels: Uint8Array, into: Uint8Array, changes: Changes = everywhere(into.length)): void {
    const known = this.#known;
    let before = -1;
    let index = 0;
    for (let span = 0; span < changes.length; span += 2) {
      const end = changes[span + 1] as number;
      for (let pixel = changes[span] as number; pixel < end; pixel += 1) {
        const at = pixel * 3;
        const red = (pixels[at] as number) >> TABLE_SHIFT;
        const green = (pixels[at + 1] as number) >> TABLE_SHIFT;
        const blue = (pixels[at + 2] as number) >> TABLE_SHIFT;
        const key = (red << (2 * TABLE_BITS)) | (green << TABLE_BITS) | blue;
        // Neighbours are often of one colour.
        if (key !== before) {
          before = key;
          index = known[key] as number;
          if (index < 0) index = this.#find(key, red, green, blue);
        }
        into[pixel] = index;
      }
    }
  }

  #find(key: number, red: number, green: number, blue: number): number {
    const value = (bits: number) => (bits << TABLE_SHIFT) + HALF;
    const index = this.#finder.find(value(red), value(green), value(blue));
    this.#known[key] = index;
    return index;
  }
}
