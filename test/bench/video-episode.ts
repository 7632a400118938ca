import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createMedia } from '../../electron/media/index.ts';
import { createRobotScene } from '../../electron/sample/robot-scene.ts';
import { parquetTable } from '../../electron/sources/common/parquet-table.ts';
import type { ScrubbedEpisode } from './scrub.ts';
import { seededRandom } from './statistics.ts';

const CAMERAS = ['front', 'left_wrist', 'right_wrist'] as const;
const [WIDTH_PX, HEIGHT_PX, RATE_HZ, SECONDS] = [640, 480, 30, 15];
const FRAMES = RATE_HZ * SECONDS;
/** Drawn at half the size, and to and fro: drawing is no part of what is measured. */
const DRAWN = 100;
/** What a camera's sensor adds: without it, pictures of a drawn scene cost a decoder next to nothing. */
const NOISE = 3;

export interface VideoBench {
  root: string;
  episode: ScrubbedEpisode;
}

/**
 * A LeRobot episode of three H.264 cameras, written as the product writes its own videos (closed groups of 30, B-frames).
 * Kept below `folder` under a name that changes with the code. Rejects where there is no ffmpeg.
 */
export async function recordVideoEpisode(folder: string): Promise<VideoBench> {
  const root = path.join(folder, hashOfRecorder());
  if (!existsSync(root)) {
    rmSync(folder, { recursive: true, force: true });
    const growing = `${root}.growing`;
    await record(growing);
    renameSync(growing, root);
  }
  rmSync(path.join(root, '.regrasp'), { recursive: true, force: true });
  const ticks = Array.from({ length: FRAMES }, (_, tick) => tick);
  return {
    root,
    episode: {
      title: 'three H.264 videos of 640×480, groups of 30',
      streams: 'all three videos',
      playLeast: 29.5,
      address: 'meta/info.json::episode_000000',
      ticks: FRAMES,
      contiguous: [60, FRAMES - 1],
      spread: ticks,
    },
  };
}

async function record(root: string): Promise<void> {
  const startedAt = Date.now();
  const video = 'videos/chunk-000/{video_key}/episode_000000.mp4';
  const scene = createRobotScene(7, SECONDS);
  // The machine's ffmpeg: the embedded engine's files are not given.
  const media = createMedia({ workerDir: root, coreDir: root });
  await Promise.all(
    CAMERAS.map(async (camera, number) => {
      const file = path.join(root, video.replace('{video_key}', `observation.images.${camera}`));
      mkdirSync(path.dirname(file), { recursive: true });
      await media.encode({
        ...{ file, format: 'rgb24', bFrames: 2 },
        ...{ width: WIDTH_PX, height: HEIGHT_PX, rateHz: RATE_HZ },
        frames: noisy((seconds) => scene.picture(camera, seconds, WIDTH_PX / 2), number),
      });
    }),
  );
  const write = (below: string, content: string | Uint8Array) => {
    mkdirSync(path.dirname(path.join(root, below)), { recursive: true });
    writeFileSync(path.join(root, below), content);
  };
  const each = <Cell>(cell: (frame: number) => Cell) => Array.from({ length: FRAMES }, (_, frame) => cell(frame));
  const table = parquetTable([
    { name: 'timestamp', type: 'float32', cells: each((frame) => Math.fround(frame / RATE_HZ)) },
    { name: 'frame_index', type: 'int64', cells: each((frame) => frame) },
    { name: 'episode_index', type: 'int64', cells: each(() => 0) },
    { name: 'index', type: 'int64', cells: each((frame) => frame) },
    { name: 'task_index', type: 'int64', cells: each(() => 0) },
    {
      ...{ name: 'observation.state', type: 'float32', listDepth: 1 },
      cells: each((frame) => scene.robot(frame / RATE_HZ).joints.map(Math.fround)),
    },
  ]);
  write('data/chunk-000/episode_000000.parquet', table);
  write('meta/episodes.jsonl', `${JSON.stringify({ episode_index: 0, tasks: ['bench'], length: FRAMES })}\n`);
  write('meta/tasks.jsonl', `${JSON.stringify({ task_index: 0, task: 'bench' })}\n`);
  const cameras = CAMERAS.map((camera) => [
    `observation.images.${camera}`,
    { dtype: 'video', shape: [HEIGHT_PX, WIDTH_PX, 3], names: ['height', 'width', 'channels'] },
  ]);
  const single = (dtype: string) => ({ dtype, shape: [1], names: null });
  const features = {
    ...Object.fromEntries(cameras),
    'observation.state': { dtype: 'float32', shape: [14], names: null },
    ...{ timestamp: single('float32'), frame_index: single('int64'), episode_index: single('int64') },
    ...{ index: single('int64'), task_index: single('int64') },
  };
  const info = {
    ...{ codebase_version: 'v2.1', robot_type: 'bench', total_episodes: 1, total_frames: FRAMES, total_tasks: 1 },
    ...{ total_videos: 3, total_chunks: 1, chunks_size: 1000, fps: RATE_HZ, splits: { train: '0:1' } },
    data_path: 'data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet',
    video_path: 'videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4',
    features,
  };
  write('meta/info.json', JSON.stringify(info));
  console.error(`Recorded three videos in ${((Date.now() - startedAt) / 1000).toFixed(0)} s.`);
}

function* noisy(picture: (seconds: number) => Uint8Array, seed: number): Generator<Uint8Array> {
  const random = seededRandom(seed + 1);
  const noise = Int8Array.from({ length: 2 ** 20 }, () => Math.round((random() * 2 - 1) * NOISE));
  const drawn = Array.from({ length: DRAWN }, (_, at) => picture((at * SECONDS) / DRAWN).slice());
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const round = frame % (2 * DRAWN - 2);
    const shift = Math.floor(random() * noise.length);
    yield twice(drawn[round < DRAWN ? round : 2 * DRAWN - 2 - round] as Uint8Array, noise, shift);
  }
}

/** Every pixel four times, each with noise of its own. */
function twice(half: Uint8Array, noise: Int8Array, shift: number): Uint8Array {
  const pixels = new Uint8ClampedArray(WIDTH_PX * HEIGHT_PX * 3);
  for (let y = 0, at = 0; y < HEIGHT_PX; y += 1) {
    for (let x = 0; x < WIDTH_PX; x += 1, at += 3) {
      const from = ((y >> 1) * (WIDTH_PX / 2) + (x >> 1)) * 3;
      pixels[at] = half[from]! + noise[(at + shift) & 0xfffff]!;
      pixels[at + 1] = half[from + 1]! + noise[(at + 1 + shift) & 0xfffff]!;
      pixels[at + 2] = half[from + 2]! + noise[(at + 2 + shift) & 0xfffff]!;
    }
  }
  return new Uint8Array(pixels.buffer);
}

function hashOfRecorder(): string {
  const hash = createHash('sha256').update(readFileSync('test/bench/video-episode.ts'));
  for (const name of readdirSync('electron/sample').sort()) {
    if (/^(robot|video|raster|arm|mesh|props|rig|random)/.test(name) && !name.endsWith('.test.ts'))
      hash.update(readFileSync(path.join('electron/sample', name)));
  }
  return hash.digest('hex').slice(0, 12);
}
