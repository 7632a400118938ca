import type { TableColumn } from '../../sources/common/parquet-table.ts';
import type { FeatureStats } from './stats.ts';

/** A numeric feature of every frame. */
export interface NumberFeature {
  /** "observation.state", "action", "intervention" … */
  readonly key: string;
  readonly type: 'float32' | 'float64' | 'int64' | 'bool';
  /** One a component; null for a single number. */
  readonly names: readonly string[] | null;
}

export interface VideoFeature {
  /** "observation.images.<camera>". */
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

/** One trajectory of the dataset: a unit of the plan, as LeRobot sees it. */
export interface LerobotEpisode {
  readonly frames: number;
  readonly task: string;
  /** By feature key: `width` numbers a frame, row after row. */
  readonly numbers: ReadonlyMap<string, ArrayLike<number>>;
  readonly stats: ReadonlyMap<string, FeatureStats>;
  /** By video key: frames before its own that came along with copied packets. */
  readonly leadIns: ReadonlyMap<string, number>;
  /** Columns of the episode table beside LeRobot's own: outcome, codes, where it comes from. The same keys in every episode. */
  readonly facts: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

export interface LerobotDataset {
  readonly robot: string | null;
  /** A number: LeRobot takes no other. */
  readonly fps: number;
  readonly numbers: readonly NumberFeature[];
  readonly videos: readonly VideoFeature[];
  readonly episodes: readonly LerobotEpisode[];
  /** How its videos were encoded; null where packets were copied. */
  readonly encoding: { readonly crf: number; readonly keyframeEvery: number; readonly preset: string } | null;
  /** Episodes of each part, consecutive: "train" is "0:8". */
  readonly splits: Readonly<Record<string, string>>;
}

/** Rows before each episode's in the whole dataset, and the rows of all at the end. */
export function firstRows({ episodes }: LerobotDataset): number[] {
  const rows = [0];
  for (const { frames } of episodes) rows.push((rows.at(-1) as number) + frames);
  return rows;
}

/** Task texts in the order they first come in: their place is their index. */
export function tasksOf({ episodes }: LerobotDataset): string[] {
  return [...new Set(episodes.map(({ task }) => task))];
}

/** The columns of one episode's rows, LeRobot's own at the end. */
export function frameColumns(dataset: LerobotDataset, at: number): TableColumn[] {
  const { episodes, numbers, fps } = dataset;
  const { frames, numbers: values, task } = episodes[at] as LerobotEpisode;
  const firstRow = firstRows(dataset)[at] as number;
  const taskIndex = tasksOf(dataset).indexOf(task);
  const each = <Cell>(cell: (frame: number) => Cell) => Array.from({ length: frames }, (_, frame) => cell(frame));
  const own = numbers.map(({ key, type, names }): TableColumn => {
    const data = values.get(key) ?? [];
    const width = names?.length ?? 1;
    const cell = (index: number) =>
      type === 'bool' ? data[index] === 1 : type === 'float32' ? Math.fround(data[index] as number) : data[index];
    if (names === null) return { name: key, type, cells: each(cell) };
    return { name: key, type, listDepth: 1, cells: each((frame) => names.map((_, n) => cell(frame * width + n))) };
  });
  const whole = (name: string, cell: (frame: number) => number): TableColumn => ({
    name,
    type: 'int64',
    cells: each(cell),
  });
  return [
    ...own,
    { name: 'timestamp', type: 'float32', cells: each((frame) => Math.fround(frame / fps)) },
    whole('frame_index', (frame) => frame),
    whole('episode_index', () => at),
    whole('index', (frame) => firstRow + frame),
    whole('task_index', () => taskIndex),
  ];
}

/** meta/info.json's features, LeRobot's own at the end. `encoderRecord`: how videos were encoded, where the version has a place for it. */
export function featuresOf(
  { numbers, videos, fps }: LerobotDataset,
  encoderRecord: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const info = (height: number, width: number) => ({
    'video.height': height,
    'video.width': width,
    'video.codec': 'h264',
    'video.pix_fmt': 'yuv420p',
    'video.is_depth_map': false,
    'video.fps': fps,
    'video.channels': 3,
    has_audio: false,
    ...encoderRecord,
  });
  const own = [
    ...videos.map(({ key, width, height }) => [
      key,
      { dtype: 'video', shape: [height, width, 3], names: ['height', 'width', 'channels'], info: info(height, width) },
    ]),
    ...numbers.map(({ key, type, names }) => [key, { dtype: type, shape: [names?.length ?? 1], names }]),
    ['timestamp', { dtype: 'float32', shape: [1], names: null }],
    ...['frame_index', 'episode_index', 'index', 'task_index'].map((key) => [
      key,
      { dtype: 'int64', shape: [1], names: null },
    ]),
  ];
  return Object.fromEntries(own);
}

/** The statistics as LeRobot nests them: a list a figure, (3, 1, 1) for pictures. */
export function writtenStats(
  stats: ReadonlyMap<string, FeatureStats>,
  videos: readonly VideoFeature[],
): Record<string, Record<string, unknown[]>> {
  const pictures = new Set(videos.map(({ key }) => key));
  return Object.fromEntries(
    [...stats].map(([key, { count, ...figures }]) => {
      const shaped = Object.entries(figures).map(([name, values]) => [
        name,
        pictures.has(key)
          ? (values as readonly number[]).map((value) => [[value]])
          : [...(values as readonly number[])],
      ]);
      return [key, { ...(Object.fromEntries(shaped) as Record<string, unknown[]>), count: [count] }];
    }),
  );
}
