import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decode } from 'fast-png';
import { File as Hdf5File, ready } from 'h5wasm/node';
import type { Picture } from '../pages/workstation-page.ts';
import { runRegrasp } from '../support/terminal.ts';

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
  const run = await runRegrasp(user, 'frame', episode, '--stream', stream, '--index', String(index), '--out', out);
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
  const run = await runRegrasp(path.join(folder, 'terminal-user'), 'project', episode, '--index', `${index}`, '--json');
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

/** Drawn (not transparent) pixels of an overlay, all of them or within a square around a point. */
export function inkOf({ width, height, rgba }: Picture, around?: { x: number; y: number; within: number }): number {
  let ink = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (around && Math.max(Math.abs(x - around.x), Math.abs(y - around.y)) > around.within) continue;
      if ((rgba[(y * width + x) * 4 + 3] as number) > 0) ink++;
    }
  }
  return ink;
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
