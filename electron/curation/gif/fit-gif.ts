import { areaAverage } from '../../frames/area-average.ts';
import type { Area } from '../panel/canvas.ts';
import { GifFile } from './gif-file.ts';
import { ColorHistogram, choosePalette, PaletteMap } from './palette.ts';

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
/** Frames that tell whether a size can fit at all. */
const PROBE_FRAMES = 6;
/** A try is not begun when its estimate is so much too large; estimates are right to a few percent. */
const HOPELESS = 1.2;

/** The frames at a size; each is made when it is first looked at. */
interface Scaled {
  count: number;
  frame(at: number): Uint8Array;
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
  const all = Array.from({ length: count }, (_, at) => at);
  const { file, indices } = beginning(scaled, all, colors, order);
  for (const frame of all) {
    file.add(indices(frame), order.delaysCs[frame] ?? 10);
    if (file.length > order.maxBytes) return { ...result, lastBytes: file.length };
  }
  const bytes = file.finish();
  return { ...result, bytes, lastBytes: bytes.length };
}

/** A file whose palette is that of these frames, and how frames become its indices. */
function beginning(scaled: Scaled, frames: readonly number[], colors: number, order: GifOrder) {
  const { width, height } = scaled;
  const palette = choosePalette(histogramOf(scaled, frames, order), colors - 1);
  const map = new PaletteMap(palette);
  const indices = (frame: number) => {
    const into = new Uint8Array(width * height);
    map.indices(scaled.frame(frame), into);
    return into;
  };
  const shape = { width, height, palette };
  return { file: new GifFile(shape), shape, indices };
}

function histogramOf(scaled: Scaled, frames: readonly number[], { eventFrames = [] }: GifOrder): ColorHistogram {
  const { width, weights } = scaled;
  const histogram = new ColorHistogram();
  const rowStep = Math.ceil(frames.length / PALETTE_FRAMES);
  const events = new Set(eventFrames);
  const shown = frames.filter((frame) => events.has(frame)).length;
  const factor = shown === 0 ? 1 : Math.max(1, (EVENT_SHARE * (frames.length - shown)) / ((1 - EVENT_SHARE) * shown));
  for (const [at, frame] of frames.entries()) {
    const rows = { width, firstRow: at % rowStep, rowStep, factor: events.has(frame) ? factor : 1 };
    histogram.add(scaled.frame(frame), weights, rows);
  }
  return histogram;
}

/** Bytes that the whole would have, from the first frame and a few that follow another; 0 where there are too few to tell. */
function estimated(scaled: Scaled, colors: number, order: GifOrder): number {
  const { count } = scaled;
  if (count <= PROBE_FRAMES * 2) return 0;
  const probes = spread(count - 1, PROBE_FRAMES);
  const looked = probes.flatMap((frame) => [frame, frame + 1]);
  const { shape, indices } = beginning(scaled, looked, colors, order);
  let changes = 0;
  let first = 0;
  for (const frame of probes) {
    const pair = new GifFile(shape);
    pair.add(indices(frame), 10);
    first = pair.length;
    pair.add(indices(frame + 1), 10);
    changes += pair.length - first;
  }
  return first + (changes / PROBE_FRAMES) * (count - 1);
}

/** `wanted` of `count` places, evenly spread from the first to the last. */
function spread(count: number, wanted: number): number[] {
  const most = Math.min(count, wanted);
  return Array.from({ length: most }, (_, at) => Math.floor((at * (count - 1)) / Math.max(1, most - 1)));
}

function whole(frames: readonly Uint8Array[], width: number, height: number, order: GifOrder): Scaled {
  const frame = (at: number) => frames[at] as Uint8Array;
  return { count: frames.length, frame, width, height, weights: weightsOf(width, height, 1, order) };
}

function shrunk(
  frames: readonly Uint8Array[],
  width: number,
  height: number,
  size: { width: number; height: number },
  order: GifOrder,
): Scaled {
  const made: Uint8Array[] = [];
  const frame = (at: number): Uint8Array => {
    const known = made[at];
    if (known) return known;
    const target = { data: new Uint8Array(size.width * size.height * 3), ...size, channels: 3 };
    areaAverage({ data: frames[at] as Uint8Array, width, height, channels: 3 }, target);
    made[at] = target.data;
    return target.data;
  };
  return {
    count: frames.length,
    frame,
    ...size,
    weights: weightsOf(size.width, size.height, size.width / width, order),
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
