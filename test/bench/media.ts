import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createMedia, type Media } from '../../electron/media/index.ts';
import { builtPaths, embeddedCoreDir } from '../../electron/paths.ts';
import { memoryOf, processTree } from './processes.ts';
import type { FigureTable } from './report.ts';
import { median, seededRandom } from './statistics.ts';

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES = 30;
const ROUNDS = 2;
const SAMPLE_MS = 250;

interface Figures {
  engine: string;
  encode: number[];
  decode: number[];
  /** Of this process and all it started, above what they held before, at most. */
  moreBytes: number;
  fileBytes: number;
}

/**
 * The same frames encoded and decoded by the machine's ffmpeg and by the embedded one, taking turns. Frames a second are
 * those of the port: raw frames in, a file on disk out, and back.
 */
export async function measureMedia(mainDir: string): Promise<FigureTable> {
  const { workerDir, pluginDir } = builtPaths(mainDir);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-media-'));
  const options = { workerDir, coreDir: embeddedCoreDir(pluginDir) };
  const engines = [
    createMedia(options),
    createMedia({ ...options, environment: { ...process.env, REGRASP_FFMPEG: 'embedded' } }),
  ];
  const frames = sensorFrames();
  const figures: Figures[] = [];
  try {
    for (const media of engines) {
      const { engine, version } = (await media.engine()).description;
      figures.push({ engine: `${engine} ${version}`, encode: [], decode: [], moreBytes: 0, fileBytes: 0 });
    }
    // The first round warms both up: programs are read from disk, WebAssembly is compiled.
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const [at, media] of engines.entries()) {
        await measureOnce(media, frames, path.join(folder, `${at}.mp4`), figures[at] as Figures, round >= 0);
      }
    }
  } finally {
    for (const media of engines) await media.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return tableOf(figures);
}

async function measureOnce(
  media: Media,
  frames: readonly Uint8Array[],
  file: string,
  into: Figures,
  counts: boolean,
): Promise<void> {
  const held = () => memoryOf(processTree(process.pid)).own;
  const before = held();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, held());
  }, SAMPLE_MS);
  try {
    const encodedAt = performance.now();
    const size = { width: WIDTH, height: HEIGHT, rateHz: 30, format: 'rgb24' as const };
    await media.encode({ file, ...size, frames: repeated(frames) });
    const encodeSeconds = (performance.now() - encodedAt) / 1000;
    const decodedAt = performance.now();
    let decoded = 0;
    for await (const _ of media.frames(file, { from: 0, to: FRAMES })) decoded += 1;
    const decodeSeconds = (performance.now() - decodedAt) / 1000;
    if (decoded !== FRAMES) throw new Error(`${decoded} of ${FRAMES} frames came back.`);
    into.moreBytes = Math.max(into.moreBytes, most - before);
    if (!counts) return;
    into.encode.push(FRAMES / encodeSeconds);
    into.decode.push(FRAMES / decodeSeconds);
    into.fileBytes = statSync(file).size;
  } finally {
    clearInterval(timer);
  }
}

function tableOf(figures: readonly Figures[]): FigureTable {
  const [own, embedded] = figures as [Figures, Figures];
  const times = (of: (figure: Figures) => number): string => `${(of(own) / of(embedded)).toFixed(1)}×`;
  const rows = figures.map(({ engine, encode, decode, moreBytes, fileBytes }) => [
    engine,
    median(encode).toFixed(0),
    median(decode).toFixed(0),
    `${(moreBytes / 2 ** 20).toFixed(0)} MB`,
    `${(fileBytes / 1e6).toFixed(2)} MB`,
  ]);
  return {
    title: `Encoding and decoding, H.264 of ${WIDTH}×${HEIGHT}, preset veryfast`,
    note: `Frames a second through the port, median of ${ROUNDS} rounds of ${FRAMES} frames of a camera's noise; memory is what all processes held more while it ran (no files), at most. A machine of few cores, or one that is busy, is kinder to the embedded engine, which has one thread.`,
    columns: ['engine', 'encoded', 'decoded', 'memory', 'file'],
    rows: [
      ...rows,
      [
        'the first is faster by',
        times((figure) => median(figure.encode)),
        times((figure) => median(figure.decode)),
        '',
        '',
      ],
    ],
  };
}

/** A few pictures of edges that move and a sensor's noise; encoders are given them over and over, forwards and back. */
function sensorFrames(): Uint8Array[] {
  const random = seededRandom(3);
  return Array.from({ length: 12 }, (_, index) => {
    const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
    for (let at = 0; at < rgb.length; at += 3) {
      const x = (at / 3) % WIDTH;
      const y = Math.floor(at / 3 / WIDTH);
      const isBright = (((x + 4 * index) >> 6) + (y >> 6)) & 1;
      const noise = random() * 12;
      rgb[at] = (isBright ? 190 : 60) + noise;
      rgb[at + 1] = 90 + (y >> 3) + noise;
      rgb[at + 2] = 140 - (x >> 4) + noise;
    }
    return rgb;
  });
}

function* repeated(frames: readonly Uint8Array[]): Generator<Uint8Array> {
  const period = frames.length * 2 - 2;
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const at = frame % period;
    yield (frames[at < frames.length ? at : period - at] as Uint8Array).slice();
  }
}
