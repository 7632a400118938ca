/**
 * Chooses the colours of a GIF. A histogram of cells four values wide is cut into boxes where that lowers the squared
 * error most, and the boxes' means are then moved to where the pixels are that they stand for.
 */

/** Bits a channel of the histogram. */
const BITS = 6;
const SHIFT = 8 - BITS;
const SIDE = 1 << BITS;
const CELLS = SIDE ** 3;
const ROUNDS = 3;
const CHANNELS = [0, 1, 2] as const;

const cellOf = (red: number, green: number, blue: number): number =>
  ((red >> SHIFT) << (2 * BITS)) | ((green >> SHIFT) << BITS) | (blue >> SHIFT);

/** Counts colours: how often each cell was seen, and the sums of what lay in it. */
export class ColorHistogram {
  readonly weight = new Float64Array(CELLS);
  readonly sums = [new Float64Array(CELLS), new Float64Array(CELLS), new Float64Array(CELLS)] as const;

  /**
   * RGB pixels of a picture, of every `rowStep`-th row from `firstRow` on; each counts as often as `weights` says of its
   * place, times `factor`.
   */
  add(
    pixels: Uint8Array,
    weights: Uint8Array,
    {
      width,
      firstRow = 0,
      rowStep = 1,
      factor = 1,
    }: { width: number; firstRow?: number; rowStep?: number; factor?: number },
  ): void {
    const [reds, greens, blues] = this.sums;
    for (let row = firstRow * width; row < weights.length; row += rowStep * width) {
      for (let pixel = row, at = row * 3; pixel < row + width; pixel += 1, at += 3) {
        const red = pixels[at] as number;
        const green = pixels[at + 1] as number;
        const blue = pixels[at + 2] as number;
        const cell = cellOf(red, green, blue);
        const weight = (weights[pixel] as number) * factor;
        this.weight[cell] = (this.weight[cell] as number) + weight;
        reds[cell] = (reds[cell] as number) + weight * red;
        greens[cell] = (greens[cell] as number) + weight * green;
        blues[cell] = (blues[cell] as number) + weight * blue;
      }
    }
  }
}

/** The cells that hold something, as mean colours with weights. */
interface Colors {
  count: number;
  weight: Float64Array;
  /** By channel. */
  mean: readonly [Float64Array, Float64Array, Float64Array];
}

interface Box {
  /** Indices into Colors. */
  members: Int32Array;
  /** What a cut would save, the channel of it, and the value up to which the lower part reaches. */
  gain: number;
  channel: number;
  upTo: number;
}

/** At most `count` colours, RGB one after the other; fewer where the pictures have fewer. */
export function choosePalette(histogram: ColorHistogram, count: number): Uint8Array {
  const colors = colorsOf(histogram);
  const boxes = [
    measured(
      colors,
      Int32Array.from({ length: colors.count }, (_, index) => index),
    ),
  ];
  while (boxes.length < count) {
    const best = boxes.reduce((a, b) => (b.gain > a.gain ? b : a));
    if (!(best.gain > 0)) break;
    const values = colors.mean[best.channel as 0 | 1 | 2];
    const lower = best.members.filter((member) => (values[member] as number) <= best.upTo);
    const upper = best.members.filter((member) => (values[member] as number) > best.upTo);
    boxes.splice(boxes.indexOf(best), 1, measured(colors, lower), measured(colors, upper));
  }
  const centres = Float64Array.from(boxes.flatMap(({ members }) => meanOf(colors, members)));
  for (let round = 0; round < ROUNDS; round += 1) settle(colors, centres);
  return Uint8Array.from(centres, (value) => Math.round(value));
}

function colorsOf({ weight, sums }: ColorHistogram): Colors {
  const cells = Int32Array.from({ length: CELLS }, (_, cell) => cell).filter((cell) => (weight[cell] as number) > 0);
  const mean = sums.map((sum) => Float64Array.from(cells, (cell) => (sum[cell] as number) / (weight[cell] as number)));
  const weights = Float64Array.from(cells, (cell) => weight[cell] as number);
  return { count: cells.length, weight: weights, mean: mean as unknown as Colors['mean'] };
}

function meanOf({ weight, mean }: Colors, members: Int32Array): number[] {
  let all = 0;
  for (const member of members) all += weight[member] as number;
  return CHANNELS.map((channel) => {
    let sum = 0;
    for (const member of members) sum += (weight[member] as number) * (mean[channel][member] as number);
    return sum / all;
  });
}

/** Finds the best cut of a box: along each channel, after each of 256 values, by how far it lowers the squared error. */
function measured({ weight, mean }: Colors, members: Int32Array): Box {
  const box: Box = { members, gain: 0, channel: 0, upTo: 0 };
  const weights = new Float64Array(256);
  const sums = new Float64Array(256);
  for (const channel of CHANNELS) {
    weights.fill(0);
    sums.fill(0);
    let allWeight = 0;
    let allSum = 0;
    for (const member of members) {
      const value = mean[channel][member] as number;
      const bin = Math.floor(value);
      const share = weight[member] as number;
      weights[bin] = (weights[bin] as number) + share;
      sums[bin] = (sums[bin] as number) + share * value;
      allWeight += share;
      allSum += share * value;
    }
    let lowerWeight = 0;
    let lowerSum = 0;
    for (let bin = 0; bin < 255; bin += 1) {
      lowerWeight += weights[bin] as number;
      lowerSum += sums[bin] as number;
      const upperWeight = allWeight - lowerWeight;
      if (lowerWeight === 0 || upperWeight <= 1e-9) continue;
      const upperSum = allSum - lowerSum;
      const gain =
        (lowerSum * lowerSum) / lowerWeight + (upperSum * upperSum) / upperWeight - (allSum * allSum) / allWeight;
      // What lies in one bin cannot be cut by it: `upTo` is the bin's end.
      if (gain > box.gain * (1 + 1e-12) && gain > 1e-6) Object.assign(box, { gain, channel, upTo: bin + 1 - 1e-9 });
    }
  }
  return box;
}

/** Moves every centre to the mean of the colours that are nearest to it. */
function settle({ count, weight, mean }: Colors, centres: Float64Array): void {
  const finder = new NearestColor(centres);
  const totals = new Float64Array(centres.length / 3);
  const sums = new Float64Array(centres.length);
  for (let at = 0; at < count; at += 1) {
    const nearest = finder.find(mean[0][at] as number, mean[1][at] as number, mean[2][at] as number);
    const share = weight[at] as number;
    totals[nearest] = (totals[nearest] as number) + share;
    for (const channel of CHANNELS) {
      sums[nearest * 3 + channel] = (sums[nearest * 3 + channel] as number) + share * (mean[channel][at] as number);
    }
  }
  for (let at = 0; at < centres.length; at += 1) {
    const total = totals[Math.floor(at / 3)] as number;
    if (total > 0) centres[at] = (sums[at] as number) / total;
  }
}

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

/** Maps pixels to indices of a palette, without dithering: it would add noise that moves from frame to frame. */
export class PaletteMap {
  readonly #known = new Int16Array(1 << (3 * TABLE_BITS)).fill(-1);
  readonly #finder: NearestColor;

  constructor(palette: Uint8Array) {
    this.#finder = new NearestColor(palette);
  }

  indices(pixels: Uint8Array, into: Uint8Array): void {
    const known = this.#known;
    const half = (1 << TABLE_SHIFT) / 2 - 0.5;
    for (let pixel = 0, at = 0; pixel < into.length; pixel += 1, at += 3) {
      const red = (pixels[at] as number) >> TABLE_SHIFT;
      const green = (pixels[at + 1] as number) >> TABLE_SHIFT;
      const blue = (pixels[at + 2] as number) >> TABLE_SHIFT;
      const key = (red << (2 * TABLE_BITS)) | (green << TABLE_BITS) | blue;
      let index = known[key] as number;
      if (index < 0) {
        const value = (bits: number) => (bits << TABLE_SHIFT) + half;
        index = this.#finder.find(value(red), value(green), value(blue));
        known[key] = index;
      }
      into[pixel] = index;
    }
  }
}
