import type { Area } from './canvas.ts';

/** One picture as it is stored: interleaved bytes, rows top to bottom. */
export interface StoredPicture {
  bytes: Uint8Array;
  width: number;
  height: number;
  channels: number;
  /** How the bytes of a colour follow each other; null for a single channel. */
  order: 'rgb' | 'bgr' | null;
}

/**
 * Which stored row or column each of `wanted` shows: the nearest towards zero, in the double arithmetic that OpenCV's
 * INTER_NEAREST does it by, so that the same pixels are chosen.
 */
export function nearestPlaces(stored: number, wanted: number): Int32Array {
  const step = 1 / (wanted / stored);
  return Int32Array.from({ length: wanted }, (_, at) => Math.min(stored - 1, Math.floor(at * step)));
}

/** The same places for the same sizes, made once. */
const places = new Map<number, Int32Array>();
const MOST_PLACES = 500;
function placesOf(stored: number, wanted: number): Int32Array {
  const key = stored * 65_536 + wanted;
  let known = places.get(key);
  if (!known) {
    if (places.size >= MOST_PLACES) places.clear();
    known = nearestPlaces(stored, wanted);
    places.set(key, known);
  }
  return known;
}

/** Writes a picture into an area of an RGB canvas, nearest neighbour, stretched to the area's own shape. */
export function drawPicture(picture: StoredPicture, canvas: Uint8Array, canvasWidth: number, area: Area): void {
  const { bytes, width, channels } = picture;
  const columns = placesOf(width, area.width);
  const rows = placesOf(picture.height, area.height);
  const { red, green, blue } = offsetsOf(picture);
  for (let y = 0; y < area.height; y += 1) {
    const row = (rows[y] as number) * width * channels;
    let to = ((area.y + y) * canvasWidth + area.x) * 3;
    for (let x = 0; x < area.width; x += 1) {
      const from = row + (columns[x] as number) * channels;
      canvas[to] = bytes[from + red] as number;
      canvas[to + 1] = bytes[from + green] as number;
      canvas[to + 2] = bytes[from + blue] as number;
      to += 3;
    }
  }
}

/**
 * Writes clip(picture − reference + 128) by channel: grey is "as in the reference". Nearest neighbour only chooses
 * pixels, so the difference of the chosen ones is the difference at full size resized. Both have one shape.
 */
export function drawDifference(
  picture: StoredPicture,
  reference: Uint8Array,
  canvas: Uint8Array,
  canvasWidth: number,
  area: Area,
): void {
  const { bytes, width, channels } = picture;
  const columns = placesOf(width, area.width);
  const rows = placesOf(picture.height, area.height);
  const { red, green, blue } = offsetsOf(picture);
  for (let y = 0; y < area.height; y += 1) {
    const row = (rows[y] as number) * width * channels;
    let to = ((area.y + y) * canvasWidth + area.x) * 3;
    for (let x = 0; x < area.width; x += 1) {
      const from = row + (columns[x] as number) * channels;
      canvas[to] = apart(bytes[from + red] as number, reference[from + red] as number);
      canvas[to + 1] = apart(bytes[from + green] as number, reference[from + green] as number);
      canvas[to + 2] = apart(bytes[from + blue] as number, reference[from + blue] as number);
      to += 3;
    }
  }
}

function apart(value: number, reference: number): number {
  const difference = value - reference + 128;
  return difference < 0 ? 0 : difference > 255 ? 255 : difference;
}

function offsetsOf({ channels, order }: StoredPicture): { red: number; green: number; blue: number } {
  if (channels < 3) return { red: 0, green: 0, blue: 0 };
  return order === 'bgr' ? { red: 2, green: 1, blue: 0 } : { red: 0, green: 1, blue: 2 };
}
