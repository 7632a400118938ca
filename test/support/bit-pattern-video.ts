import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';

/**
 * Videos whose frame i paints i as a pattern of large bright and dark blocks, over something that moves: readable after
 * any lossy encoding, at any size. So which frame is on screen is read from the screen.
 */

const BITS = 12;
const COLUMNS = 4;
const ROWS = BITS / COLUMNS;
/** Blocks are brighter or darker than this. */
const MIDDLE = 128;

const found = spawnSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' });

/** Undefined when ffmpeg is here with its usual encoders, else the reason for skipping. */
export const noFfmpeg: string | undefined =
  found.status === 0 && found.stdout.includes('libx264') ? undefined : 'There is no ffmpeg with libx264 here.';

export function hasEncoder(name: string): boolean {
  return found.status === 0 && new RegExp(`\\b${name}\\b`).test(found.stdout);
}

export interface PatternOptions {
  frames: number;
  /** Of ffmpeg, between input and output: codec, groups of pictures, filters. */
  encode: readonly string[];
  widthPx?: number;
  heightPx?: number;
  /** Frames a second; default 30. */
  rateHz?: number;
  /** Number painted in frame 0. */
  first?: number;
}

/** Encodes a pattern video; the container follows from the file's name. */
export async function encodePattern(file: string, options: PatternOptions): Promise<void> {
  const { frames, encode, widthPx = 320, heightPx = 240, first = 0, rateHz = 30 } = options;
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${widthPx}x${heightPx}`, '-r', `${rateHz}`],
      ...['-i', 'pipe:0', '-pix_fmt', 'yuv420p', ...encode, file],
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let said = '';
  ffmpeg.stderr.on('data', (text) => {
    said += text;
  });
  ffmpeg.stdin.on('error', () => undefined);
  for (let frame = 0; frame < frames; frame += 1) {
    if (!ffmpeg.stdin.write(paint(first + frame, widthPx, heightPx))) await once(ffmpeg.stdin, 'drain');
  }
  ffmpeg.stdin.end();
  const [code] = ffmpeg.exitCode === null ? await once(ffmpeg, 'close') : [ffmpeg.exitCode];
  if (code !== 0) throw new Error(`ffmpeg wrote no ${path.basename(file)}: ${said}`);
}

/** ffmpeg on a file that is there already: `-c copy` cuts and the like. */
export function runFfmpeg(...args: string[]): void {
  const run = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`ffmpeg failed: ${run.stderr}`);
}

/** The numbers ffmpeg presents, in its order: entry i is what frame i of the file must show. */
export function presentedByFfmpeg(file: string): number[] {
  const [widthPx, heightPx] = [64, 48];
  const run = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-vsync', 'passthrough', '-vf', `scale=${widthPx}:${heightPx}`].concat([
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      'pipe:1',
    ]),
    { maxBuffer: 2 ** 28 },
  );
  if (run.status !== 0) throw new Error(`ffmpeg could not decode ${file}: ${run.stderr}`);
  const bytes = widthPx * heightPx;
  return Array.from({ length: run.stdout.length / bytes }, (_, frame) =>
    readPattern(
      (x, y) => run.stdout[frame * bytes + Math.floor(y * heightPx) * widthPx + Math.floor(x * widthPx)] ?? 0,
    ),
  );
}

/** The number painted; `brightnessAt` is asked at shares (0…1) of width and height. */
export function readPattern(brightnessAt: (x: number, y: number) => number): number {
  let number = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const x = ((bit % COLUMNS) + 0.5) / COLUMNS;
    const y = (Math.floor(bit / COLUMNS) + 0.5) / ROWS;
    if (brightnessAt(x, y) > MIDDLE) number += 2 ** bit;
  }
  return number;
}

/** Overwrites a share of the file with noise: what lies there cannot be decoded. */
export function damage(file: string, fromShare: number, toShare: number): void {
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  const [from, to] = [Math.floor(size * fromShare), Math.floor(size * toShare)];
  const bytes = Buffer.alloc(to - from);
  readSync(handle, bytes, 0, bytes.length, from);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (at * 197 + 89) & 255;
  writeSync(handle, bytes, 0, bytes.length, from);
}

function paint(number: number, widthPx: number, heightPx: number): Buffer {
  const picture = Buffer.alloc(widthPx * heightPx);
  const [blockWidth, blockHeight] = [widthPx / COLUMNS, heightPx / ROWS];
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const bit = Math.floor(y / blockHeight) * COLUMNS + Math.floor(x / blockWidth);
      const isEdge = Math.abs((x % blockWidth) / blockWidth - 0.5) > 0.35;
      // Between the blocks something moves, so that encoders predict and reorder as they do on a camera's pictures.
      const moving = 128 + 100 * Math.sin((x + 3 * number) / 9) * Math.cos((y - 2 * number) / 13);
      picture[y * widthPx + x] = isEdge ? moving : (number >> bit) & 1 ? 225 : 30;
    }
  }
  return picture;
}
