import { areaAverage } from '../../frames/area-average.ts';
import type { Area } from '../panel/canvas.ts';
import { type Changes, changesBetween, everywhere, pixelsIn } from './changes.ts';
import { FrameColors } from './color-histogram.ts';
import { GifFile } from './gif-file.ts';
import { choosePalette } from './palette.ts';
import { PaletteMap } from './palette-map.ts';

export interface GifOrder {
  /** The file is not larger. */
  maxBytes: number;
  /** Shares of the full size, tried in this order with the most colours, before fewer colours are. */
  scales: readonly number[];
  /** Entries of the palette, the most first. One of them says "as before". */
  palettes: readonly number[];
  /** Hundredths of a second that each frame stays. */
  delaysCs: readonly number[];
  /** Areas whose colours matter more: their pixels count several times when the palette is chosen. */
  weighted: readonly Area[];
  /** Frames that the GIF is there for: their colours are kept although they are few. */
  eventFrames?: readonly number[];
}

export interface GifResult {
  /** Empty where even the smallest was too large. */
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
  colors: number;
  scale: number;
  /** Bytes of the last try, whole or as far as it went. */
  lastBytes: number;
}

/** Gels are a fifth of the panel and what their colours say is told by fine gradients. */
const WEIGHT = 3;
/** The palette is chosen from as many pixels as so many frames have, taken by rows from all of them. */
const PALETTE_FRAMES = 16;
/** Share of the palette's pixels that the frames of an event count for, if they are fewer. */
const EVENT_SHARE = 0.25;
/** Frames that tell whether a size can fit at all, and how many pixels their palette is chosen from. */
const PROBE_FRAMES = 6;
const PROBE_PALETTE_FRAMES = 4;
/** A try is not begun when its estimate is so much too large; estimates are right to a few percent. */
const HOPELESS = 1.2;

/** The frames at a size; each is made when it is first looked at. */
interface Scaled {
  count: number;
  frame(at: number): Uint8Array;
  /** Where a frame differs from the one before it; the first is new everywhere. */
  changes(at: number): Changes;
  width: number;
  height: number;
  weights: Uint8Array;
}

/** Encodes RGB frames of one size into the largest GIF that fits: smaller pictures first, then fewer colours. */
export function fitGif(frames: readonly Uint8Array[], width: number, height: number, order: GifOrder): GifResult {
  if (frames.length === 0) throw new Error('A GIF needs a frame.');
  const [mostColors, ...fewer] = order.palettes as [number, ...number[]];
  let scaled: Scaled | undefined;
  let last: GifResult | undefined;
  const attempt = (scale: number, colors: number, isLast: boolean): GifResult | undefined => {
    const size = { width: Math.round((width * scale) / 2) * 2, height: Math.round((height * scale) / 2) * 2 };
    if (scaled?.width !== size.width)
      scaled = scale === 1 ? whole(frames, width, height, order) : shrunk(frames, width, height, size, order);
    const result = encode(scaled, scale, colors, order, isLast);
    last = result;
    return result.bytes.length > 0 ? result : undefined;
  };
  for (const scale of order.scales) {
    const fitting = attempt(scale, mostColors, false);
    if (fitting) return fitting;
  }
  const smallest = order.scales.at(-1) as number;
  for (const colors of fewer) {
    const fitting = attempt(smallest, colors, colors === fewer.at(-1));
    if (fitting) return fitting;
  }
  return last as GifResult;
}

function encode(scaled: Scaled, scale: number, colors: number, order: GifOrder, isLast: boolean): GifResult {
  const { count, width, height } = scaled;
  const result = { bytes: new Uint8Array(0), width, height, colors, scale };
  const estimate = isLast ? 0 : estimated(scaled, colors, order);
  if (estimate > HOPELESS * order.maxBytes) return { ...result, lastBytes: estimate };
  const { file, map } = beginning(scaled, allColors(scaled, order), colors);
  const indices = new Uint8Array(width * height);
  for (let frame = 0; frame < count; frame += 1) {
    const changes = scaled.changes(frame);
    map.indices(scaled.frame(frame), indices, changes);
    file.add(indices, order.delaysCs[frame] ?? 10, changes);
    if (file.length > order.maxBytes) return { ...result, lastBytes: file.length };
  }
  const bytes = file.finish();
  return { ...result, bytes, lastBytes: bytes.length };
}

/** A file whose palette is of these colours, and what maps to it. */
function beginning({ width, height }: Scaled, { histogram }: FrameColors, colors: number) {
  const palette = choosePalette(histogram, colors - 1);
  return { file: new GifFile({ width, height, palette }), map: new PaletteMap(palette) };
}

function allColors(scaled: Scaled, order: GifOrder): FrameColors {
  const { count } = scaled;
  const all = Array.from({ length: count }, (_, at) => at);
  const colors = countedColors(scaled, all, PALETTE_FRAMES, order);
  for (let frame = 1; frame < count; frame += 1) colors.until(frame, scaled.frame(frame - 1), scaled.changes(frame));
  colors.until(count, scaled.frame(count - 1), everywhere(scaled.width * scaled.height));
  return colors;
}

/** Counts these frames' colours by as many pixels as `worth` of them have. */
function countedColors(
  { width, weights }: Scaled,
  frames: readonly number[],
  worth: number,
  { eventFrames = [] }: GifOrder,
): FrameColors {
  const events = new Set(eventFrames);
  const shown = frames.filter((frame) => events.has(frame)).length;
  const factor = shown === 0 ? 1 : Math.max(1, (EVENT_SHARE * (frames.length - shown)) / ((1 - EVENT_SHARE) * shown));
  const factors = frames.map((frame) => (events.has(frame) ? factor : 1));
  return new FrameColors({ width, weights, factors, rowStep: Math.ceil(frames.length / worth) });
}

/**
 * Bytes that the whole would have, from the first frame and a few that follow another; 0 where there are too few to tell,
 * or where so little changes that it fits all the same.
 */
function estimated(scaled: Scaled, colors: number, order: GifOrder): number {
  const { count, width, height } = scaled;
  if (count <= PROBE_FRAMES * 2) return 0;
  const probes = spread(count - 1, PROBE_FRAMES);
  const total = (first: number, changes: number) => first + (changes / PROBE_FRAMES) * (count - 1);
  const changed = probes.reduce((sum, frame) => sum + pixelsIn(scaled.changes(frame + 1)), 0);
  // A pixel seldom takes more than a byte.
  if (total(width * height, changed) <= order.maxBytes) return 0;
  const looked = probes.flatMap((frame) => [frame, frame + 1]);
  const seen = countedColors(scaled, looked, PROBE_PALETTE_FRAMES, order);
  const whole = everywhere(width * height);
  for (const [at, frame] of looked.entries()) seen.until(at + 1, scaled.frame(frame), whole);
  const { file, map } = beginning(scaled, seen, colors);
  const indices = new Uint8Array(width * height);
  let first = 0;
  for (const frame of probes) {
    map.indices(scaled.frame(frame), indices);
    if (first > 0) file.stand(indices);
    else {
      file.add(indices, 10);
      first = file.length;
    }
    map.indices(scaled.frame(frame + 1), indices, scaled.changes(frame + 1));
    file.add(indices, 10, scaled.changes(frame + 1));
  }
  return total(first, file.length - first);
}

/** `wanted` of `count` places, evenly spread from the first to the last. */
function spread(count: number, wanted: number): number[] {
  const most = Math.min(count, wanted);
  return Array.from({ length: most }, (_, at) => Math.floor((at * (count - 1)) / Math.max(1, most - 1)));
}

function whole(frames: readonly Uint8Array[], width: number, height: number, order: GifOrder): Scaled {
  return scaledOf(frames.length, (at) => frames[at] as Uint8Array, width, height, weightsOf(width, height, 1, order));
}

function shrunk(
  frames: readonly Uint8Array[],
  width: number,
  height: number,
  size: { width: number; height: number },
  order: GifOrder,
): Scaled {
  const frame = (at: number): Uint8Array => {
    const target = { data: new Uint8Array(size.width * size.height * 3), ...size, channels: 3 };
    areaAverage({ data: frames[at] as Uint8Array, width, height, channels: 3 }, target);
    return target.data;
  };
  const weights = weightsOf(size.width, size.height, size.width / width, order);
  return scaledOf(frames.length, kept(frame), size.width, size.height, weights);
}

function scaledOf(
  count: number,
  frame: (at: number) => Uint8Array,
  width: number,
  height: number,
  weights: Uint8Array,
): Scaled {
  const changes = kept((at) => (at === 0 ? everywhere(width * height) : changesBetween(frame(at - 1), frame(at))));
  return { count, frame, changes, width, height, weights };
}

/** Makes each once. */
function kept<Made>(make: (at: number) => Made): (at: number) => Made {
  const made: (Made | undefined)[] = [];
  return (at) => {
    const known = made[at];
    if (known !== undefined) return known;
    const one = make(at);
    made[at] = one;
    return one;
  };
}

function weightsOf(width: number, height: number, scale: number, { weighted }: GifOrder): Uint8Array {
  const weights = new Uint8Array(width * height).fill(1);
  for (const area of weighted) {
    const right = Math.min(width, Math.ceil((area.x + area.width) * scale));
    const bottom = Math.min(height, Math.ceil((area.y + area.height) * scale));
    for (let y = Math.floor(area.y * scale); y < bottom; y += 1) {
      weights.fill(WEIGHT, y * width + Math.floor(area.x * scale), y * width + right);
    }
  }
  return weights;
}
