import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Group, File as Hdf5File, ready } from 'h5wasm/node';

/** What the suites look at: a small dataset in the recorder's layout with pixels that are known, and a page to serve. */
export interface Fixture {
  /** Holds everything; outside of `dataset` lies what nobody may reach. */
  base: string;
  dataset: string;
  userDataDir: string;
  rendererDir: string;
  /** Below `dataset`. */
  good: string;
  otherDate: string;
  notHdf5: string;
  linked: string;
  ticks: number;
  width: number;
  height: number;
  remove(): void;
}

export const TICKS = 8;
/** Not a multiple of eight bytes a frame, so that padding between bodies shows. */
export const WIDTH = 30;
export const HEIGHT = 22;
const FIRST_UNIX_SECONDS = 1_746_900_000;

/** The pixels of one frame: every stream, index, place and channel gives another byte. */
export function framePixels(streamSeed: number, index: number): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let at = 0; at < pixels.length; at++) pixels[at] = (at * 7 + index * 31 + streamSeed * 57 + (at >> 8)) & 255;
  return pixels;
}

export function depthPixels(index: number): Uint16Array {
  return Uint16Array.from({ length: WIDTH * HEIGHT }, (_, at) => (at * 11 + index * 501) & 0xffff);
}

/** Seed of `framePixels` by stream id. */
export const STREAM_SEEDS: Readonly<Record<string, number>> = {
  'realsense/cam0/color': 1,
  'realsense/cam1/color': 2,
  'realsense/cam2/color': 3,
  'gelsight/left/frames': 4,
  'gelsight/right/frames': 5,
};

/** Seconds after the first tick, jittered as a real recorder's are. */
export const TICK_SECONDS = Array.from({ length: TICKS }, (_, tick) => tick / 30 + (tick % 3) * 0.002);
export const POSES = Float64Array.from({ length: 20 * 7 }, (_, at) => (at % 7 === 6 ? 1 : at % 7 > 2 ? 0 : at / 100));

export async function makeFixture(): Promise<Fixture> {
  const base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp contract ')));
  const dataset = path.join(base, 'lab');
  const below = {
    good: 'data/push/2026-05-10/episode_000.h5',
    otherDate: 'data/push/2026-05-11/episode_000.h5',
    notHdf5: 'data/push/2026-05-10/episode_001.h5',
    linked: 'data/push/2026-05-10/episode_002.h5',
  };
  for (const date of ['2026-05-10', '2026-05-11']) {
    mkdirSync(path.join(dataset, 'data/push', date), { recursive: true });
  }
  await writeRecording(path.join(dataset, below.good));
  await writeRecording(path.join(dataset, below.otherDate));
  await writeRecording(path.join(base, 'outside.h5'));
  writeFileSync(path.join(dataset, below.notHdf5), 'This is no HDF5 file.');
  symlinkSync(path.join(base, 'outside.h5'), path.join(dataset, below.linked));
  const rendererDir = path.join(base, 'page');
  writePage(rendererDir, base);
  return {
    ...{ base, dataset, rendererDir, userDataDir: path.join(base, 'user') },
    ...below,
    ...{ ticks: TICKS, width: WIDTH, height: HEIGHT },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

export async function writeRecording(file: string, ticks = TICKS): Promise<void> {
  await ready;
  const recording = new Hdf5File(file, 'w');
  try {
    const metadata = recording.create_group('metadata');
    metadata.create_attribute('fps', 30, null, '<i');
    metadata.create_attribute('task', 'push');
    metadata.create_attribute('created_at', '2026-05-10T12:00:00');
    metadata.create_attribute('realsense_serials', ['143322063538', '104122062574', '217222066989']);
    const stamps = TICK_SECONDS.slice(0, ticks).map((seconds) => FIRST_UNIX_SECONDS + seconds);
    recording.create_dataset({ name: 'timestamps', data: Float64Array.from(stamps), shape: [ticks], dtype: '<d' });
    for (const [id, seed] of Object.entries(STREAM_SEEDS)) {
      const frames = Array.from({ length: ticks }, (_, index) => framePixels(seed, index));
      writeFrames(recording, id, Buffer.concat(frames), [ticks, HEIGHT, WIDTH, 3], '<B');
    }
    for (const camera of [0, 1, 2]) {
      const frames = Array.from({ length: ticks }, (_, index) => Buffer.from(depthPixels(index).buffer));
      const bytes = Buffer.concat(frames);
      const depth = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
      writeFrames(recording, `realsense/cam${camera}/depth`, depth, [ticks, HEIGHT, WIDTH], '<H');
    }
    for (const body of ['motherboard', 'sensor_left', 'sensor_right']) {
      const group = groupAt(recording, ['optitrack', body]);
      const times = Float64Array.from({ length: 20 }, (_, sample) => FIRST_UNIX_SECONDS + sample / 100);
      group.create_dataset({ name: 'timestamps', data: times, shape: [20], dtype: '<d' });
      group.create_dataset({ name: 'pose', data: POSES, shape: [20, 7], dtype: '<d' });
    }
  } finally {
    recording.close();
  }
}

function writeFrames(file: Hdf5File, id: string, data: Uint8Array | Uint16Array, shape: number[], dtype: string): void {
  const parts = id.split('/');
  const name = parts.pop() as string;
  const chunks = [1, ...shape.slice(1)];
  const gzip = { compression: 'gzip' as const, compression_opts: [4] };
  groupAt(file, parts).create_dataset({ name, data, shape, dtype, chunks, ...gzip });
}

function groupAt(file: Hdf5File, parts: readonly string[]): Group {
  let group: Group = file;
  for (const part of parts) group = (group.get(part) as Group | null) ?? group.create_group(part);
  return group;
}

function writePage(rendererDir: string, base: string): void {
  mkdirSync(path.join(rendererDir, 'assets'), { recursive: true });
  writeFileSync(path.join(rendererDir, 'index.html'), '<!doctype html><title>Regrasp</title>');
  writeFileSync(path.join(rendererDir, 'assets/index-C0ffee12.js'), 'export {};');
  writeFileSync(path.join(rendererDir, 'assets/decoder.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d]));
  writeFileSync(path.join(base, 'secret.txt'), 'nobody may read this');
  symlinkSync(path.join(base, 'secret.txt'), path.join(rendererDir, 'assets/link.txt'));
}
