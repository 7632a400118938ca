import type { TableColumn } from '../common/parquet-table.ts';
import type { SampleScene } from '../sample-tools.ts';

export const WIDTH_PX = 320;
export const HEIGHT_PX = 240;
export const CAMERAS: Record<string, string> = {
  'observation.images.front': 'front',
  'observation.images.left_wrist': 'left_wrist',
};
export const TASKS = ['Place the red block on the blue pad.', 'Bring the block back to where it lay.'];
export const ROBOT = 'two_arm_bench';

export interface SampleEpisode {
  index: number;
  taskIndex: number;
  success: boolean;
  /** Of a failed one. */
  failureCode: string | null;
  rateHz: number;
  frames: number;
  /** Rows before this episode's in the whole dataset. */
  firstRow: number;
  /** Scene time of a frame. */
  secondsOf(frame: number): number;
  columns: FrameColumn[];
}

/** A column of the data but the bookkeeping, one cell a frame. */
export type FrameColumn = TableColumn & { names: string[] | null };

const JOINTS = ['left', 'right'].flatMap((side) => [1, 2, 3, 4, 5, 6, 7].map((joint) => `${side}_joint_${joint}`));
const NAMES = [...JOINTS, 'left_gripper', 'right_gripper'];

/** Before the failure, the failure with the operator's recovery, and a correction from the hand-off on. */
export function sampleEpisodes(scene: SampleScene, seconds: number, rateHz: number): SampleEpisode[] {
  const { startSeconds, handoffSeconds, recoveredSeconds } = scene.failure;
  const parts = [
    { from: 0, to: Math.max(startSeconds, 0.5), taskIndex: 0, success: true, failureCode: null },
    { from: 0, to: seconds, taskIndex: 0, success: false, failureCode: 'grasp_slip' },
    { from: handoffSeconds, to: seconds, taskIndex: 1, success: true, failureCode: null },
  ];
  let firstRow = 0;
  return parts.map(({ from, to, taskIndex, success, failureCode }, index) => {
    const frames = Math.max(2, Math.round((to - from) * rateHz));
    const secondsOf = (frame: number) => from + frame / rateHz;
    const intervenes = (frame: number) =>
      failureCode !== null && secondsOf(frame) >= handoffSeconds && secondsOf(frame) < recoveredSeconds;
    const each = <T>(cell: (frame: number) => T): T[] => Array.from({ length: frames }, (_, frame) => cell(frame));
    const state = (at: number) => {
      const { joints, grippers } = scene.robot(Math.min(seconds, at));
      return [...joints, ...grippers].map(Math.fround);
    };
    const columns: FrameColumn[] = [
      vector(
        'observation.state',
        each((frame) => state(secondsOf(frame))),
      ),
      // Commands lead what the arms do by two frames.
      vector(
        'action',
        each((frame) => state(secondsOf(frame) + 2 / rateHz)),
      ),
      { name: 'intervention', type: 'bool', names: null, cells: each(intervenes) },
      {
        name: 'next.reward',
        type: 'float32',
        names: null,
        cells: each((frame) => Number(success && frame === frames - 1)),
      },
      { name: 'next.done', type: 'bool', names: null, cells: each((frame) => frame === frames - 1) },
    ];
    const episode = { index, taskIndex, success, failureCode, rateHz, frames, firstRow, secondsOf, columns };
    firstRow += frames;
    return episode;
  });
}

function vector(name: string, cells: number[][]): FrameColumn {
  return { name, type: 'float32', listDepth: 1, names: NAMES, cells };
}

/** What every dataset has beside what the robot measured. */
export function bookkeeping({ index, taskIndex, rateHz, frames, firstRow }: SampleEpisode): FrameColumn[] {
  const each = (cell: (frame: number) => number) => Array.from({ length: frames }, (_, frame) => cell(frame));
  const column = (name: string, type: 'float32' | 'int64', cell: (frame: number) => number) => ({
    ...{ name, type, names: null },
    cells: each(cell),
  });
  return [
    column('timestamp', 'float32', (frame) => Math.fround(frame / rateHz)),
    column('frame_index', 'int64', (frame) => frame),
    column('episode_index', 'int64', () => index),
    column('index', 'int64', (frame) => firstRow + frame),
    column('task_index', 'int64', () => taskIndex),
  ];
}

/** Pictures of a camera, one a frame, episodes behind each other. */
export function* pictures(
  scene: SampleScene,
  camera: string,
  episodes: readonly SampleEpisode[],
  seconds: number,
  onFrame: () => void,
): Generator<Uint8Array> {
  for (const { frames, secondsOf } of episodes) {
    for (let frame = 0; frame < frames; frame++) {
      onFrame();
      yield scene.picture(camera, Math.min(seconds, secondsOf(frame)), WIDTH_PX);
    }
  }
}

/** meta/info.json's features. */
export function featuresOf({ columns, rateHz }: SampleEpisode): Record<string, unknown> {
  const video = {
    'video.height': HEIGHT_PX,
    'video.width': WIDTH_PX,
    'video.codec': 'h264',
    'video.pix_fmt': 'yuv420p',
    'video.is_depth_map': false,
    'video.fps': rateHz,
    'video.channels': 3,
    has_audio: false,
  };
  const cameras = Object.keys(CAMERAS).map((key) => [
    key,
    { dtype: 'video', shape: [HEIGHT_PX, WIDTH_PX, 3], names: ['height', 'width', 'channels'], info: video },
  ]);
  const numbers = columns.map(({ name, type, names }) => [name, { dtype: type, shape: [names?.length ?? 1], names }]);
  const common = [
    ['timestamp', 'float32'],
    ...['frame_index', 'episode_index', 'index', 'task_index'].map((name) => [name, 'int64']),
  ].map(([name, dtype]) => [name, { dtype, shape: [1], names: null }]);
  return Object.fromEntries([...cameras, ...numbers, ...common]);
}
