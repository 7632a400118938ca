import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePattern, noFfmpeg } from '../bit-pattern-video.ts';
import { writeRecordings } from '../oopsie-recordings.ts';
import {
  NO_ARROW,
  NO_PLAIN_PYTHON,
  NO_PYTHON,
  plainPython,
  pythonWithArrow,
  pythonWithHdf5,
  runPython,
} from '../python.ts';
import { writtenOnce } from '../written-once.ts';
import { writeForeignLeRobot } from './lerobot.ts';
import { bytesOf, COUNT, depthOf, writeForeignMcap } from './mcap.ts';
import { writeForeignTfds } from './tfds.ts';

/** What a recording holds by whoever wrote it, which was none of this project's code. */
export interface Told {
  format: string;
  /** Below the folder of its own, as the library names it. */
  path: string;
  ticks: number;
  /** Rows by id of the series. */
  series: Record<string, number[][]>;
  /** Values of a picture in their stored order, at a tick. */
  pictures: { stream: string; tick: number; values: number[] }[];
  /** Numbers that the frames paint (see bit-pattern-video.ts), one a tick; `file` below the folder. */
  videos: { stream: string; file: string; painted: number[] }[];
}

export interface ForeignKind {
  /** The container and who wrote it. */
  name: string;
  /** Its folder. */
  id: string;
  /** Why it cannot be written here. */
  missing: string | undefined;
  write(folder: string): Promise<Told>;
}

const WITH_B_FRAMES = ['-c:v', 'libx264', '-bf', '3', '-g', '12', '-preset', 'veryfast'];
const range = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);

/** Prints what numpy reads back of what it has just written: not our reader's word, and not the script's either. */
const ROLLOUT = `
import json, sys, numpy as np
T = 30
t = np.arange(T)
half = t / 20
np.savez_compressed(sys.argv[1], step=t, reward=(t / 7).astype(np.float32), raw_action=np.asfortranarray(np.c_[t, -t / 3, t ** 2]),
  hand_pos=np.c_[t / T, 0 * t, 0 * t + 0.5].astype('>f8'), hand_quat=np.c_[np.cos(half), np.sin(half), 0 * t, 0 * t],
  loop_total_ms=50 + t % 5, control_hz=np.float64(20))
with np.load(sys.argv[1]) as read:
  rows = lambda name: read[name].reshape(T, -1).astype(float).tolist()
  print(json.dumps({name: rows(name) for name in ['reward', 'raw_action', 'hand_pos', 'loop_total_ms']}))
`;

const ALOHA = `
import json, sys, numpy as np, h5py
T, H, W = 25, 12, 16
t = np.arange(T)
with h5py.File(sys.argv[1], 'w', libver='latest') as f:
  f.attrs['sim'] = False
  g = f.create_group('observations')
  g.create_dataset('qpos', data=np.c_[[t / 10 + i for i in range(7)]].T, chunks=(4, 7), compression='gzip', shuffle=True)
  f.create_dataset('action', data=np.c_[[t / 10 - i for i in range(7)]].T.astype('>f4'))
  frames = (np.arange(T * H * W * 3).reshape(T, H, W, 3) * 7 % 251).astype(np.uint8)
  g.create_dataset('images/top', data=frames, chunks=(5, H, W, 3), compression='lzf', fletcher32=True)
with h5py.File(sys.argv[1]) as f:
  print(json.dumps(dict(qpos=f['observations/qpos'][:].tolist(), action=f['action'][:].astype(float).tolist(),
    top={n: f['observations/images/top'][n].ravel().tolist() for n in (0, 13, 24)})))
`;

const KINDS: readonly ForeignKind[] = [
  {
    name: 'NPZ by NumPy, with MP4 by ffmpeg (B-frames)',
    id: 'rollout',
    missing: noFfmpeg ?? (pythonWithHdf5() ? undefined : NO_PYTHON),
    async write(folder) {
      const below = 'pick/rollout_7';
      const [file, video] = [`${below}/trajectory.npz`, `${below}/video.mp4`];
      mkdirSync(path.join(folder, below), { recursive: true });
      const series = JSON.parse(runPython(ROLLOUT, path.join(folder, file)));
      await encodePattern(path.join(folder, video), { frames: 30, rateHz: 20, first: 700, encode: WITH_B_FRAMES });
      const painted = range(700, 30);
      return {
        ...{ format: 'rollout', path: file, ticks: 30, series, pictures: [] },
        videos: [{ stream: 'video.mp4', file: video, painted }],
      };
    },
  },
  {
    name: 'HDF5 by h5py, pictures within',
    id: 'aloha',
    missing: pythonWithHdf5() ? undefined : NO_PYTHON,
    async write(folder) {
      const file = 'stack/episode_3.hdf5';
      mkdirSync(path.join(folder, 'stack'), { recursive: true });
      const { qpos, action, top } = JSON.parse(runPython(ALOHA, path.join(folder, file)));
      // Of seven columns the last is the gripper's, in another unit and therefore a plot of its own.
      const columns = (rows: number[][], from: number, to: number) => rows.map((row) => row.slice(from, to));
      const series = {
        'observations/qpos': columns(qpos, 0, 6),
        'observations/qpos/grippers': columns(qpos, 6, 7),
        action: columns(action, 0, 6),
      };
      return {
        ...{ format: 'aloha', path: file, ticks: 25, videos: [], series },
        pictures: [0, 13, 24].map((tick) => ({ stream: 'observations/images/top', tick, values: top[tick] })),
      };
    },
  },
  {
    name: 'HDF5 by h5py, with MP4 by ffmpeg beside it',
    id: 'oopsie',
    missing: noFfmpeg ?? (pythonWithHdf5() ? undefined : NO_PYTHON),
    async write(folder) {
      const session = '20260710_101500';
      const print = `
write(${JSON.stringify(session)})
with h5py.File(f'{root}/${session}/ep.h5') as f:
  print(json.dumps(dict(joints=f['observations/robot_states/joint_position'][:].tolist(), force=f['additional_data/force'][:].astype(float).tolist())))
`;
      const { joints, force } = JSON.parse(writeRecordings({ root: folder }, print));
      const videos = [];
      for (const [camera, first] of [
        ['front', 200],
        ['wrist', 300],
      ] as const) {
        const video = `${session}/ep_${camera}.mp4`;
        await encodePattern(path.join(folder, video), { frames: 20, rateHz: 10, first, encode: WITH_B_FRAMES });
        videos.push({ stream: `observations/video_paths/${camera}`, file: video, painted: range(first, 20) });
      }
      return {
        ...{ format: 'oopsie', path: `${session}/ep.h5`, ticks: 20, pictures: [], videos },
        series: { 'observations/robot_states/joint_position': joints, 'additional_data/force': force },
      };
    },
  },
  {
    name: "MCAP by Python's standard library",
    id: 'mcap',
    missing: plainPython() ? undefined : NO_PLAIN_PYTHON,
    async write(folder) {
      writeForeignMcap(folder, 'lz4.mcap');
      return {
        ...{ format: 'mcap', path: 'lz4.mcap', ticks: COUNT, videos: [] },
        series: { '/joints.position': range(0, COUNT).map((i) => [i / 3, -i]) },
        pictures: [0, 7, COUNT - 1].flatMap((tick) => [
          { stream: '/bgr8', tick, values: bytesOf(tick, 3) },
          { stream: '/mono8', tick, values: bytesOf(tick, 1) },
          { stream: '/mono16_big', tick, values: depthOf(tick) },
          { stream: '/png16', tick, values: depthOf(tick) },
        ]),
      };
    },
  },
  {
    name: "TFRecord by Python's standard library",
    id: 'rlds',
    missing: plainPython() ? undefined : NO_PLAIN_PYTHON,
    async write(folder) {
      const version = 'foreign_rig/2.1.0';
      const episodes = writeForeignTfds(path.join(folder, version));
      const third = episodes[2];
      if (!third) throw new Error('There is no third episode.');
      const { state, counts, colour, depth, raw } = third;
      return {
        ...{ format: 'rlds', path: `${version}/dataset_info.json::train_000002`, ticks: state.length, videos: [] },
        series: {
          'observation/state': state.map((row) => row.map(Math.fround)),
          'observation/counts': counts,
        },
        pictures: [0, state.length - 1].flatMap((tick) => [
          { stream: 'observation/rgb', tick, values: colour[tick]?.flat() ?? [] },
          { stream: 'observation/depth', tick, values: depth[tick]?.flat() ?? [] },
          { stream: 'observation/touch', tick, values: raw[tick] ?? [] },
        ]),
      };
    },
  },
  {
    name: 'parquet by pyarrow and pandas, with MP4 by ffmpeg',
    id: 'lerobot',
    missing: noFfmpeg ?? (pythonWithArrow() ? undefined : NO_ARROW),
    async write(folder) {
      const set = 'cups';
      await writeForeignLeRobot(path.join(folder, set), 'zstd');
      const video = `${set}/videos/observation.images.top/chunk-000/file-000.mp4`;
      return {
        ...{ format: 'lerobot', path: `${set}/meta/info.json::episode_000001`, ticks: 25, pictures: [] },
        series: { 'observation.matrix': range(40, 25).map((frame) => range(frame * 6, 6)) },
        videos: [{ stream: 'observation.images.top', file: video, painted: range(40, 25) }],
      };
    },
  },
];

/** At least one of every family of containers. Which of them this machine can write says `missing`. */
export const FOREIGN_KINDS = KINDS;

/** A folder with one folder a kind, by its id, and what each holds. Written once a run: only to be read. */
export async function foreignRecordings(): Promise<{ folder: string; told: Record<string, Told> }> {
  const folder = await writtenOnce('foreign', async (staged) => {
    const told: Record<string, Told> = {};
    for (const kind of KINDS) {
      if (kind.missing !== undefined) continue;
      mkdirSync(path.join(staged, 'recordings', kind.id), { recursive: true });
      told[kind.id] = await kind.write(path.join(staged, 'recordings', kind.id));
    }
    writeFileSync(path.join(staged, 'told.json'), JSON.stringify(told));
  });
  const told = JSON.parse(readFileSync(path.join(folder, 'told.json'), 'utf8'));
  return { folder: path.join(folder, 'recordings'), told };
}
