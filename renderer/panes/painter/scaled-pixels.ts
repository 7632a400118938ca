/**
 * Painting smaller than stored: the picture is reduced and put in order in one pass, straight into what the canvas shows.
 * Handing the compositor the whole frame to reduce costs several times as much where there is no graphics processor.
 */
import type { PixelImage } from './painter.ts';

/** Where the samples of every painted pixel lie in a frame; made once per size. */
export interface ReductionPlan {
  readonly width: number;
  readonly height: number;
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly channels: number;
  /** Samples along each side of a painted pixel: 1 to 3. */
  readonly taps: number;
  /** Element offset in its row of each tap: width × taps. */
  readonly columns: Int32Array;
  /** Element offset of the row of each tap: height × taps. */
  readonly rows: Int32Array;
}

const OPAQUE = 0xff000000;
/** Three by three is as fine as the eye tells at a third of the size and below, and bounds the cost of a picture. */
const MOST_TAPS = 3;

export function planReduction(
  source: { width: number; height: number; channels: number },
  target: { width: number; height: number },
): ReductionPlan {
  const { width: sourceWidth, height: sourceHeight, channels } = source;
  const taps = Math.min(Math.max(Math.round(sourceWidth / target.width), 1), MOST_TAPS);
  return {
    ...{ width: target.width, height: target.height, sourceWidth, sourceHeight, channels, taps },
    columns: offsets(sourceWidth, target.width, taps, channels),
    rows: offsets(sourceHeight, target.height, taps, sourceWidth * channels),
  };
}

/** Whether a plan still fits a frame. */
export function isPlanFor(plan: ReductionPlan, image: PixelImage): boolean {
  return plan.sourceWidth === image.width && plan.sourceHeight === image.height && plan.channels === image.channels;
}

/** Fills `target` (plan.width × plan.height words, 0xAABBGGRR) with the reduced image as it is to be seen. */
export function fillReduced(target: Uint32Array, image: PixelImage, plan: ReductionPlan): void {
  const { coloring, channels, pixels, order } = image;
  if (coloring.kind === 'depth') reduceByTable(target, pixels, coloring.colors, plan);
  else if (channels === 1) reduceGray(target, pixels, plan);
  else if (coloring.kind === 'difference') {
    reduceDifference(target, pixels as Uint8Array, coloring.reference, plan, order === 'bgr');
  } else reduceColor(target, pixels as Uint8Array, plan, order === 'bgr');
}

function reduceColor(target: Uint32Array, pixels: Uint8Array, plan: ReductionPlan, isBlueFirst: boolean): void {
  REDUCE[plan.taps]?.(target, pixels, plan, isBlueFirst, undefined);
}

function reduceDifference(
  target: Uint32Array,
  pixels: Uint8Array,
  reference: Uint8Array,
  plan: ReductionPlan,
  isBlueFirst: boolean,
): void {
  REDUCE[plan.taps]?.(target, pixels, plan, isBlueFirst, referenceSums(reference, plan));
}

/** `sums`: of the reference, for a difference. One function a number of taps: inner loops more than double the time. */
type Reduce = (
  target: Uint32Array,
  pixels: Uint8Array,
  plan: ReductionPlan,
  isBlueFirst: boolean,
  sums: Uint16Array | undefined,
) => void;

function reduceByTwo(
  target: Uint32Array,
  pixels: Uint8Array,
  { width, height, columns, rows }: ReductionPlan,
  isBlueFirst: boolean,
  sums: Uint16Array | undefined,
): void {
  const first = isBlueFirst ? 16 : 0;
  const last = 16 - first;
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    const upper = rows[2 * y] as number;
    const lower = rows[2 * y + 1] as number;
    for (let x = 0; x < width; x += 1) {
      const left = columns[2 * x] as number;
      const right = columns[2 * x + 1] as number;
      const p = upper + left;
      const q = upper + right;
      const r = lower + left;
      const s = lower + right;
      let a = (pixels[p] as number) + (pixels[q] as number) + (pixels[r] as number) + (pixels[s] as number);
      let b =
        (pixels[p + 1] as number) + (pixels[q + 1] as number) + (pixels[r + 1] as number) + (pixels[s + 1] as number);
      let c =
        (pixels[p + 2] as number) + (pixels[q + 2] as number) + (pixels[r + 2] as number) + (pixels[s + 2] as number);
      if (sums === undefined) {
        a = (a + 2) >> 2;
        b = (b + 2) >> 2;
        c = (c + 2) >> 2;
      } else {
        a = centered(a - (sums[at * 3] as number), 16_384);
        b = centered(b - (sums[at * 3 + 1] as number), 16_384);
        c = centered(c - (sums[at * 3 + 2] as number), 16_384);
      }
      target[at] = (a << first) | (b << 8) | (c << last) | OPAQUE;
      at += 1;
    }
  }
}

function reduceByThree(
  target: Uint32Array,
  pixels: Uint8Array,
  { width, height, columns, rows }: ReductionPlan,
  isBlueFirst: boolean,
  sums: Uint16Array | undefined,
): void {
  const first = isBlueFirst ? 16 : 0;
  const last = 16 - first;
  const inverse = inverseOf(3);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    const upper = rows[3 * y] as number;
    const middle = rows[3 * y + 1] as number;
    const lower = rows[3 * y + 2] as number;
    for (let x = 0; x < width; x += 1) {
      const left = columns[3 * x] as number;
      const centre = columns[3 * x + 1] as number;
      const right = columns[3 * x + 2] as number;
      let p = upper + left;
      let q = upper + centre;
      let r = upper + right;
      let a = (pixels[p] as number) + (pixels[q] as number) + (pixels[r] as number);
      let b = (pixels[p + 1] as number) + (pixels[q + 1] as number) + (pixels[r + 1] as number);
      let c = (pixels[p + 2] as number) + (pixels[q + 2] as number) + (pixels[r + 2] as number);
      p = middle + left;
      q = middle + centre;
      r = middle + right;
      a += (pixels[p] as number) + (pixels[q] as number) + (pixels[r] as number);
      b += (pixels[p + 1] as number) + (pixels[q + 1] as number) + (pixels[r + 1] as number);
      c += (pixels[p + 2] as number) + (pixels[q + 2] as number) + (pixels[r + 2] as number);
      p = lower + left;
      q = lower + centre;
      r = lower + right;
      a += (pixels[p] as number) + (pixels[q] as number) + (pixels[r] as number);
      b += (pixels[p + 1] as number) + (pixels[q + 1] as number) + (pixels[r + 1] as number);
      c += (pixels[p + 2] as number) + (pixels[q + 2] as number) + (pixels[r + 2] as number);
      if (sums === undefined) {
        a = mean(a, inverse);
        b = mean(b, inverse);
        c = mean(c, inverse);
      } else {
        a = centered(a - (sums[at * 3] as number), inverse);
        b = centered(b - (sums[at * 3 + 1] as number), inverse);
        c = centered(c - (sums[at * 3 + 2] as number), inverse);
      }
      target[at] = (a << first) | (b << 8) | (c << last) | OPAQUE;
      at += 1;
    }
  }
}

function reduceByOne(
  target: Uint32Array,
  pixels: Uint8Array,
  { width, height, columns, rows }: ReductionPlan,
  isBlueFirst: boolean,
  sums: Uint16Array | undefined,
): void {
  const first = isBlueFirst ? 16 : 0;
  const last = 16 - first;
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (rows[y] as number) + (columns[x] as number);
      let a = pixels[from] as number;
      let b = pixels[from + 1] as number;
      let c = pixels[from + 2] as number;
      if (sums !== undefined) {
        a = centered(a - (sums[at * 3] as number), 65_536);
        b = centered(b - (sums[at * 3 + 1] as number), 65_536);
        c = centered(c - (sums[at * 3 + 2] as number), 65_536);
      }
      target[at] = (a << first) | (b << 8) | (c << last) | OPAQUE;
      at += 1;
    }
  }
}

/** By number of taps. */
const REDUCE: readonly (Reduce | undefined)[] = [undefined, reduceByOne, reduceByTwo, reduceByThree];

const sumsByPlan = new WeakMap<ReductionPlan, { reference: Uint8Array; sums: Uint16Array }>();

/** The reference stays while ticks pass: its samples are added up once. Three sums a painted pixel. */
function referenceSums(reference: Uint8Array, plan: ReductionPlan): Uint16Array {
  const known = sumsByPlan.get(plan);
  if (known?.reference === reference) return known.sums;
  const { width, height, taps, columns, rows } = plan;
  const sums = new Uint16Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height * taps; y += taps) {
    for (let x = 0; x < width * taps; x += taps) {
      for (let row = y; row < y + taps; row += 1) {
        for (let column = x; column < x + taps; column += 1) {
          const from = (rows[row] as number) + (columns[column] as number);
          for (let channel = 0; channel < 3; channel += 1) {
            sums[at + channel] = (sums[at + channel] as number) + (reference[from + channel] as number);
          }
        }
      }
      at += 3;
    }
  }
  sumsByPlan.set(plan, { reference, sums });
  return sums;
}

function reduceGray(target: Uint32Array, pixels: Uint8Array | Uint16Array, plan: ReductionPlan): void {
  const { width, height, taps, columns, rows } = plan;
  const shift = pixels instanceof Uint16Array ? 8 : 0;
  const inverse = inverseOf(taps);
  let at = 0;
  for (let y = 0; y < height * taps; y += taps) {
    for (let x = 0; x < width * taps; x += taps) {
      let sum = 0;
      for (let row = y; row < y + taps; row += 1) {
        for (let column = x; column < x + taps; column += 1) {
          sum += (pixels[(rows[row] as number) + (columns[column] as number)] as number) >> shift;
        }
      }
      target[at] = (mean(sum, inverse) * 0x010101) | OPAQUE;
      at += 1;
    }
  }
}

/** Depths are not averaged: half-way between a near and a far thing there is nothing. */
function reduceByTable(
  target: Uint32Array,
  pixels: Uint8Array | Uint16Array,
  colors: Uint32Array,
  plan: ReductionPlan,
): void {
  const { width, height, taps, columns, rows } = plan;
  const middle = taps >> 1;
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    const start = rows[y * taps + middle] as number;
    for (let x = 0; x < width; x += 1) {
      target[at] = colors[pixels[start + (columns[x * taps + middle] as number)] as number] as number;
      at += 1;
    }
  }
}

/** Middles of `taps` equal parts of every painted pixel, as offsets in elements. */
function offsets(source: number, target: number, taps: number, stride: number): Int32Array {
  const step = source / (target * taps);
  return Int32Array.from({ length: target * taps }, (_, tap) => Math.floor((tap + 0.5) * step) * stride);
}

function inverseOf(taps: number): number {
  return Math.round(65_536 / (taps * taps));
}

function mean(sum: number, inverse: number): number {
  return (sum * inverse + 32_768) >> 16;
}

function centered(sum: number, inverse: number): number {
  const value = ((sum * inverse + 32_768) >> 16) + 128;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
