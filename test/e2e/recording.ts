import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decode } from 'fast-png';
import { File as Hdf5File, ready } from 'h5wasm/node';
import type { Picture } from '../pages/workstation-page.ts';
import { callRegrasp } from '../support/terminal.ts';

/** What the file itself says, read past the workstation's own model of it. */

/** Recorded stamps of the master clock and of a GelSight, seconds. */
export async function readStamps(file: string, dataset: string): Promise<Float64Array> {
  await ready;
  const open = new Hdf5File(file, 'r');
  try {
    const found = open.get(dataset);
    if (!found || !('value' in found)) throw new Error(`${file} has no ${dataset}.`);
    return Float64Array.from(found.value as ArrayLike<number>);
  } finally {
    open.close();
  }
}

/** Index of the newest stamp at or before a moment, as the rule for pictures says; -1 for none. */
export function newestAtOrBefore(stamps: Float64Array, seconds: number): number {
  return stamps.filter((stamp) => stamp <= seconds).length - 1;
}

/** One stored sample as the terminal writes it: red, green, blue by the stream's order in use. */
export async function frameFromTerminal(folder: string, episode: string, stream: string, index: number) {
  const out = path.join(folder, `${stream.replaceAll('/', '-')}-${index}.png`);
  const user = path.join(folder, 'terminal-user');
  const run = await callRegrasp(user, 'frame', episode, '--stream', stream, '--index', String(index), '--out', out);
  if (run.exitCode !== 0) throw new Error(run.stderr);
  const { width, height, channels, data } = decode(readFileSync(out));
  if (channels !== 3) throw new Error(`${out} has ${channels} channels.`);
  return { width, height, rgb: data as Uint8Array };
}

export interface Projected {
  body: string;
  camera: { stream: string; position: string };
  u: number;
  v: number;
  visible: boolean;
}

export async function projectedFromTerminal(folder: string, episode: string, index: number): Promise<Projected[]> {
  const run = await callRegrasp(
    path.join(folder, 'terminal-user'),
    'project',
    episode,
    '--index',
    `${index}`,
    '--json',
  );
  if (run.exitCode !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Projected[];
}

/** How many pixels differ; 0 says that the picture is the frame. `swapped` compares blue with red. */
export function differingPixels(
  picture: Picture,
  frame: { width: number; height: number; rgb: Uint8Array },
  { swapped = false } = {},
): number {
  if (picture.width !== frame.width || picture.height !== frame.height) return Number.POSITIVE_INFINITY;
  let differing = 0;
  for (let at = 0; at < frame.width * frame.height; at++) {
    const [r, g, b] = swapped ? [2, 1, 0] : [0, 1, 2];
    const isSame =
      picture.rgba[at * 4] === frame.rgb[at * 3 + (r as number)] &&
      picture.rgba[at * 4 + 1] === frame.rgb[at * 3 + (g as number)] &&
      picture.rgba[at * 4 + 2] === frame.rgb[at * 3 + (b as number)];
    if (!isSame) differing++;
  }
  return differing;
}

/** Drawn (not transparent) pixels of an overlay. */
export function inkOf({ rgba }: Picture): number {
  let ink = 0;
  for (let at = 3; at < rgba.length; at += 4) if ((rgba[at] as number) > 0) ink++;
  return ink;
}

/** How far the middle of a dot of this colour lies from where it should be, in pixels; infinite where there is none. */
export function dotMissesBy(
  { width, rgba }: Picture,
  expected: { x: number; y: number },
  [red, green, blue]: readonly [number, number, number],
): number {
  const reach = 7;
  const middle = { x: Math.round(expected.x), y: Math.round(expected.y) };
  const found: { x: number; y: number }[] = [];
  for (let y = middle.y - reach; y <= middle.y + reach; y++) {
    for (let x = middle.x - reach; x <= middle.x + reach; x++) {
      const at = (y * width + x) * 4;
      const [r = -99, g = -99, b = -99] = rgba.subarray(at, at + 3);
      if (Math.max(Math.abs(r - red), Math.abs(g - green), Math.abs(b - blue)) < 12) found.push({ x, y });
    }
  }
  if (found.length < 20) return Number.POSITIVE_INFINITY;
  // A pixel's middle is half a pixel from its corner.
  const mean = (axis: 'x' | 'y') => found.reduce((sum, pixel) => sum + pixel[axis], 0) / found.length + 0.5;
  return Math.hypot(mean('x') - expected.x, mean('y') - expected.y);
}

/** Number of distinct colours in a screenshot: an empty pane has a handful. */
export function coloursOf(png: Uint8Array): number {
  const { data, channels, width, height } = decode(png);
  const seen = new Set<number>();
  for (let at = 0; at < width * height; at++) {
    const [r = 0, g = 0, b = 0] = data.subarray(at * channels, at * channels + 3);
    seen.add((r << 16) | (g << 8) | b);
  }
  return seen.size;
}
