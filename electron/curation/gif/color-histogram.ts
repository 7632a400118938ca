import type { Changes } from './changes.ts';

/** Bits a channel: cells are four values wide. */
const BITS = 6;
const SHIFT = 8 - BITS;
const CELLS = 1 << (3 * BITS);

/** Counts colours: how often each cell was seen, and the sums of what lay in it. */
export class ColorHistogram {
  /** By cell its weight and the weighted sums of red, green and blue, side by side. */
  readonly #cells = new Float64Array(CELLS * 4);

  /** A colour (0xRRGGBB), as often as `weight` says. */
  count(color: number, weight: number): void {
    const red = color >> 16;
    const green = (color >> 8) & 255;
    const blue = color & 255;
    const at = (((red >> SHIFT) << (2 * BITS)) | ((green >> SHIFT) << BITS) | (blue >> SHIFT)) * 4;
    const cells = this.#cells;
    cells[at] = (cells[at] as number) + weight;
    cells[at + 1] = (cells[at + 1] as number) + weight * red;
    cells[at + 2] = (cells[at + 2] as number) + weight * green;
    cells[at + 3] = (cells[at + 3] as number) + weight * blue;
  }

  /** The cells that hold something, in their order: weights, and mean colours by channel. */
  colors(): Colors {
    const cells = this.#cells;
    let count = 0;
    for (let at = 0; at < cells.length; at += 4) if ((cells[at] as number) > 0) count += 1;
    const weight = new Float64Array(count);
    const mean = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const;
    for (let at = 0, to = 0; at < cells.length; at += 4) {
      const all = cells[at] as number;
      if (!(all > 0)) continue;
      weight[to] = all;
      mean[0][to] = (cells[at + 1] as number) / all;
      mean[1][to] = (cells[at + 2] as number) / all;
      mean[2][to] = (cells[at + 3] as number) / all;
      to += 1;
    }
    return { count, weight, mean };
  }
}

export interface Colors {
  count: number;
  weight: Float64Array;
  /** By channel. */
  mean: readonly [Float64Array, Float64Array, Float64Array];
}

export interface CountedFrames {
  /** Pixels a row. */
  width: number;
  /** Of frame i rows i, i + rowStep, … are counted, beginning again with every `rowStep` frames: all rows have their turns. */
  rowStep: number;
  /** By pixel: how much its place matters. */
  weights: Uint8Array;
  /** By frame: how often it counts. */
  factors: readonly number[];
}

/**
 * Counts the colours of RGB frames that follow each other: a pixel is looked at when it changes and at the end, and counts
 * as often as it was shown. That is the same count as of all frames one by one.
 */
export class FrameColors {
  readonly histogram = new ColorHistogram();
  readonly #frames: CountedFrames;
  /** By row of `rowStep` and frame: how often a pixel there counts in all frames before that one. */
  readonly #counts: Float64Array[];
  /** By pixel: the frame since which it is what it is. */
  readonly #since: Uint16Array;

  constructor(frames: CountedFrames) {
    this.#frames = frames;
    const { rowStep, factors, weights } = frames;
    this.#since = new Uint16Array(weights.length);
    this.#counts = Array.from({ length: rowStep }, (_, row) => {
      const counts = new Float64Array(factors.length + 1);
      for (const [at, factor] of factors.entries())
        counts[at + 1] = (counts[at] as number) + (at % rowStep === row ? factor : 0);
      return counts;
    });
  }

  /** Pixels are shown up to this frame, and what lies within `changes` no longer: `pixels` are those of the frame before. */
  until(frame: number, pixels: Uint8Array, changes: Changes): void {
    const { width, weights, rowStep } = this.#frames;
    const since = this.#since;
    let color = -1;
    let weight = 0;
    for (let span = 0; span < changes.length; span += 2) {
      const from = changes[span] as number;
      const to = changes[span + 1] as number;
      for (let row = Math.floor(from / width); row * width < to; row += 1) {
        const counts = this.#counts[row % rowStep] as Float64Array;
        const all = counts[frame] as number;
        const end = Math.min(to, (row + 1) * width);
        for (let pixel = Math.max(from, row * width); pixel < end; pixel += 1) {
          const shown = all - (counts[since[pixel] as number] as number);
          since[pixel] = frame;
          if (shown === 0) continue;
          const at = pixel * 3;
          const here = ((pixels[at] as number) << 16) | ((pixels[at + 1] as number) << 8) | (pixels[at + 2] as number);
          // Neighbours are often of one colour.
          if (here !== color) {
            if (weight > 0) this.histogram.count(color, weight);
            color = here;
            weight = 0;
          }
          weight += shown * (weights[pixel] as number);
        }
      }
    }
    if (weight > 0) this.histogram.count(color, weight);
  }
}
