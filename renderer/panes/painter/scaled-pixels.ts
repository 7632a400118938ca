/**
 * Painting smaller than stored: the picture is reduced and put in order in one pass, straight into what the canvas shows.
 * Handing the compositor the whole frame to reduce costs several times as much where there is no graphics processor.
 */
import type { PaneImage } from './painter.ts';

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
export function isPlanFor(plan: ReductionPlan, image: PaneImage): boolean {
  return plan.sourceWidth === image.width && plan.sourceHeight === image.height && plan.channels === image.channels;
}

/** Fills `target` (plan.width × plan.height words, 0xAABBGGRR) with the reduced image as it is to be seen. */
export function fillReduced(target: Uint32Array, image: PaneImage, plan: ReductionPlan): void {
  const { coloring, channels, pixels, order } = image;
  if (coloring.kind === 'depth') reduceByTable(target, pixels, coloring.colors, plan);
  else if (channels === 1) reduceGray(target, pixels, plan);
  else if (coloring.kind === 'difference') {
    reduceDifference(target, pixels as Uint8Array, coloring.reference, plan, order === 'bgr');
  } else reduceColor(target, pixels as Uint8Array, plan, order === 'bgr');
}

function reduceColor(target: Uint32Array, pixels: Uint8Array, plan: ReductionPlan, isBlueFirst: boolean): void {
  const { width, height, taps, columns, rows } = plan;
  const first = isBlueFirst ? 16 : 0;
  const last = 16 - first;
  const inverse = inverseOf(taps);
  let at = 0;
  for (let y = 0; y < height * taps; y += taps) {
    for (let x = 0; x < width * taps; x += taps) {
      let a = 0;
      let b = 0;
      let c = 0;
      for (let row = y; row < y + taps; row += 1) {
        const start = rows[row] as number;
        for (let column = x; column < x + taps; column += 1) {
          const from = start + (columns[column] as number);
          a += pixels[from] as number;
          b += pixels[from + 1] as number;
          c += pixels[from + 2] as number;
        }
      }
      target[at] = (mean(a, inverse) << first) | (mean(b, inverse) << 8) | (mean(c, inverse) << last) | OPAQUE;
      at += 1;
    }
  }
}

function reduceDifference(
  target: Uint32Array,
  pixels: Uint8Array,
  reference: Uint8Array,
  plan: ReductionPlan,
  isBlueFirst: boolean,
): void {
  const { width, height, taps, columns, rows } = plan;
  const first = isBlueFirst ? 16 : 0;
  const last = 16 - first;
  const inverse = inverseOf(taps);
  let at = 0;
  for (let y = 0; y < height * taps; y += taps) {
    for (let x = 0; x < width * taps; x += taps) {
      let a = 0;
      let b = 0;
      let c = 0;
      for (let row = y; row < y + taps; row += 1) {
        const start = rows[row] as number;
        for (let column = x; column < x + taps; column += 1) {
          const from = start + (columns[column] as number);
          a += (pixels[from] as number) - (reference[from] as number);
          b += (pixels[from + 1] as number) - (reference[from + 1] as number);
          c += (pixels[from + 2] as number) - (reference[from + 2] as number);
        }
      }
      target[at] =
        (centered(a, inverse) << first) | (centered(b, inverse) << 8) | (centered(c, inverse) << last) | OPAQUE;
      at += 1;
    }
  }
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
