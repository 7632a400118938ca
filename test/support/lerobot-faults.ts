import { copyFileSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import type { TestDataset } from './lerobot-datasets.ts';

/** Where the samples keep what is damaged. */
export const DATA = 'data/chunk-000/file-000.parquet';
export const EPISODES = 'meta/episodes/chunk-000/file-000.parquet';
export const TASKS = 'meta/tasks.parquet';
export const FRONT = 'videos/observation.images.front/chunk-000/file-000.mp4';
export const KEY = 'observation.images.front';
export const OWN_DATA = 'data/chunk-000/episode_000001.parquet';
export const OWN_FRONT = 'videos/chunk-000/observation.images.front/episode_000001.mp4';

/** One way in which a sample is damaged, and the code that tells of it. */
export interface LerobotFault {
  name: string;
  /** `row`: one within the second episode. */
  damage(dataset: TestDataset, row: number): unknown;
  expected: string;
  /** The episode that is opened; the first one comes with the rules of the whole dataset. */
  inner?: string;
}

/** The episode that comes with the rules of the whole dataset. */
export const first = 'episode_000000';
/** Of a dataset of v3.0. */
export const sharedFaults: LerobotFault[] = [
  {
    name: 'tasks without pandas metadata',
    damage: (dataset) => dataset.rewrite(TASKS, () => {}),
    expected: 'tasks-without-index',
  },
  {
    name: 'tasks without texts',
    damage: (dataset) => dataset.rewrite(TASKS, (columns) => columns.delete('task')),
    expected: 'tasks-without-index',
  },
  { name: 'tasks that are not there', damage: (dataset) => rmSync(dataset.at(TASKS)), expected: 'no-tasks' },
  {
    name: 'timestamps that do not start at 0',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => shift(columns, 'timestamp', 5)),
    expected: 'timestamp-start',
  },
  {
    name: 'timestamps 2 ms off',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => jitter(columns, 'timestamp', 0.002)),
    expected: 'timestamp-step',
  },
  {
    name: 'timestamps that are no numbers',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'timestamp', row, Number.NaN)),
    expected: 'clock-not-ascending',
  },
  {
    name: 'timestamps beyond any episode',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'timestamp', row, 3e38)),
    expected: 'clock-not-ascending',
  },
  {
    name: 'no timestamps',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => columns.delete('timestamp')),
    expected: 'no-timestamps',
  },
  {
    name: 'a declared column that is absent',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => columns.delete('action')),
    expected: 'absent-column',
  },
  {
    name: 'no task_index',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => columns.delete('task_index')),
    expected: 'absent-column',
  },
  {
    name: 'no episode_index',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => columns.delete('episode_index')),
    expected: 'absent-column',
  },
  {
    name: 'a column that is not declared',
    damage: (dataset) => dataset.change((info) => delete (info.features as Record<string, unknown>)['next.reward']),
    expected: 'undeclared-column',
  },
  {
    name: 'a shape other than the lists',
    damage: (dataset) => dataset.change((info) => feature(info, 'action', { shape: [14], names: null })),
    expected: 'shape-mismatch',
  },
  {
    name: 'lists of different lengths',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'action', row, [1, 2, 3])),
    expected: 'ragged',
  },
  {
    name: 'null cells',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'action', row, null)),
    expected: 'null-cells',
  },
  {
    name: 'infinite values',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'action', row, Array(16).fill(Infinity))),
    expected: 'not-finite',
  },
  {
    name: 'frames out of order',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'frame_index', row, 3n)),
    expected: 'frame-index',
  },
  {
    name: 'index out of step',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'index', row, 3n)),
    expected: 'index-steps',
  },
  {
    name: 'rows of an episode in two places',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'episode_index', row, 0n)),
    expected: 'rows-scattered',
  },
  {
    name: 'a wrong length',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'length', 1, 7n)),
    expected: 'count-mismatch',
  },
  {
    name: 'an absurd length',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'length', 1, 2n ** 60n)),
    expected: 'no-length',
  },
  {
    name: 'an episode table out of order',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => swap(columns, 1, 2)),
    expected: 'episodes-unsorted',
    inner: first,
  },
  {
    name: 'an episode twice',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'episode_index', 2, 1n)),
    expected: 'episode-twice',
    inner: first,
  },
  {
    name: 'a gap in episode_index',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'episode_index', 2, 5n)),
    expected: 'episode-gap',
    inner: first,
  },
  {
    name: 'rows of an episode that begin elsewhere',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'dataset_from_index', 1, 3n)),
    expected: 'from-index',
  },
  {
    name: 'no row ranges',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => columns.delete('dataset_to_index')),
    expected: 'no-range',
    inner: first,
  },
  ...['length', 'tasks', 'data/chunk_index'].map((name) => ({
    name: `no ${name} in the episode table`,
    damage: (dataset: TestDataset) => dataset.rewrite(EPISODES, (columns) => columns.delete(name)),
    expected: 'missing-column',
    inner: first,
  })),
  {
    name: 'no from_timestamp',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => columns.delete(`videos/${KEY}/from_timestamp`)),
    expected: 'no-from-timestamp',
  },
  {
    name: 'from_timestamp 1 ms off',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => shift(columns, `videos/${KEY}/from_timestamp`, 0.001)),
    expected: 'frame-times',
  },
  {
    name: 'a span of other length',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => shift(columns, `videos/${KEY}/to_timestamp`, 0.5)),
    expected: 'video-span',
  },
  {
    name: 'episodes over each other in a video',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => shift(columns, `videos/${KEY}/to_timestamp`, 0.5)),
    expected: 'video-overlap',
    inner: first,
  },
  {
    name: 'offsets beyond float32',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => shift(columns, `videos/${KEY}/to_timestamp`, 2000)),
    expected: 'float32-offset',
    inner: first,
  },
  ...[
    ['v3.1', 'unknown-version'],
    ['v4.0', 'unknown-version'],
    ['v2.1', 'version-mismatch'],
  ].map(([version, expected]) => ({
    name: `the version ${version}`,
    damage: (dataset: TestDataset) => dataset.change((info) => Object.assign(info, { codebase_version: version })),
    expected: expected as string,
  })),
  {
    name: 'fps as text',
    damage: (dataset) => dataset.change((info) => Object.assign(info, { fps: '30' })),
    expected: 'bad-fps',
  },
  {
    name: 'an absurd fps',
    damage: (dataset) => dataset.change((info) => Object.assign(info, { fps: 1e300 })),
    expected: 'bad-fps',
  },
  ...['total_episodes', 'total_frames', 'total_tasks'].map((name) => ({
    name: `a wrong ${name}`,
    damage: (dataset: TestDataset) => dataset.change((info) => Object.assign(info, { [name]: 2 ** 53 })),
    expected: 'totals',
    inner: first,
  })),
  {
    name: 'a split beyond the episodes',
    damage: (dataset) => dataset.change((info) => Object.assign(info, { splits: { train: '0:9' } })),
    expected: 'splits',
    inner: first,
  },
  {
    name: 'a task nobody numbered',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'tasks', 1, ['Dance.'])),
    expected: 'unknown-task',
    inner: first,
  },
  { name: 'no statistics', damage: (dataset) => rmSync(dataset.at('meta/stats.json')), expected: 'no-stats' },
  {
    name: 'statistics of more frames',
    damage: (dataset) => dataset.change((stats) => count(stats, 9999), 'meta/stats.json'),
    expected: 'stale-stats',
    inner: first,
  },
  {
    name: 'statistics of other data',
    damage: (dataset, row) => dataset.rewrite(DATA, (columns) => set(columns, 'action', row, Array(16).fill(99))),
    expected: 'stale-stats',
  },
  {
    name: 'a data file that is not there',
    damage: (dataset) => rmSync(dataset.at(DATA)),
    expected: 'missing-file',
  },
  {
    name: 'a data file that was cut off',
    damage: (dataset) => truncateSync(dataset.at(DATA), 5000),
    expected: 'truncated',
  },
  {
    name: 'an episode table that was cut off',
    damage: (dataset) => truncateSync(dataset.at(EPISODES), 5000),
    expected: 'truncated',
  },
  { name: 'no episode table', damage: (dataset) => rmSync(dataset.at(EPISODES)), expected: 'no-episodes' },
  {
    name: 'an info.json that is none',
    damage: (dataset) => writeFileSync(dataset.at('meta/info.json'), '{"fps": 30,'),
    expected: 'bad-json',
  },
  {
    name: 'an episode that is not listed',
    damage: () => undefined,
    expected: 'no-episode',
    inner: 'episode_000077',
  },
  { name: 'a video that is not there', damage: (dataset) => rmSync(dataset.at(FRONT)), expected: 'missing-file' },
  {
    name: 'a video that is none',
    damage: (dataset) => writeFileSync(dataset.at(FRONT), 'no video'),
    expected: 'unreadable',
  },
  {
    name: 'a data template that leads outside',
    damage: (dataset) =>
      dataset.change((info) => Object.assign(info, { data_path: '../../{episode_index:03d}.parquet' })),
    expected: 'outside',
  },
  {
    name: 'a video template that leads outside',
    damage: (dataset) => dataset.change((info) => Object.assign(info, { video_path: '/etc/{video_key}' })),
    expected: 'outside',
  },
  {
    name: 'a link that leads outside',
    damage: (dataset) => {
      const elsewhere = `${dataset.folder}-elsewhere.mp4`;
      renameSync(dataset.at(FRONT), elsewhere);
      symlinkSync(elsewhere, dataset.at(FRONT));
    },
    expected: 'outside',
  },
  {
    name: 'a template of unknown fields',
    damage: (dataset) =>
      dataset.change((info) => Object.assign(info, { data_path: 'data/{secret}/{file_index}.parquet' })),
    expected: 'bad-template',
  },
  {
    name: 'pictures of another size than declared',
    damage: (dataset) => dataset.change((info) => feature(info, KEY, { shape: [480, 640, 3] })),
    expected: 'size-mismatch',
  },
];

/** Of a dataset of v2.1. */
export const ownFaults: LerobotFault[] = [
  {
    name: 'no episodes_stats.jsonl',
    damage: (dataset) => rmSync(dataset.at('meta/episodes_stats.jsonl')),
    expected: 'no-stats',
  },
  {
    name: 'statistics that lack an episode',
    damage: (dataset) => cutLines(dataset, 'meta/episodes_stats.jsonl', 2),
    expected: 'no-stats',
    inner: first,
  },
  {
    name: 'a line that is no JSON',
    damage: (dataset) => writeFileSync(dataset.at('meta/tasks.jsonl'), '{"task_index": 0, "task"\n'),
    expected: 'bad-json',
  },
  {
    name: 'an episode too few',
    damage: (dataset) => cutLines(dataset, 'meta/episodes.jsonl', 2),
    expected: 'totals',
    inner: first,
  },
  {
    name: 'a video of another episode, shorter',
    damage: (dataset) => copyFileSync(dataset.at(OWN_FRONT.replace('001.', '000.')), dataset.at(OWN_FRONT)),
    expected: 'video-short',
  },
  {
    name: 'a video of another episode, longer',
    damage: (dataset) => copyFileSync(dataset.at(OWN_FRONT), dataset.at(OWN_FRONT.replace('001.', '000.'))),
    expected: 'video-long',
    inner: first,
  },
  {
    name: 'a video that was cut off',
    damage: (dataset) => truncateSync(dataset.at(OWN_FRONT), 700),
    expected: 'video',
  },
  {
    name: 'a data file of another episode',
    damage: (dataset) => copyFileSync(dataset.at(OWN_DATA.replace('001.', '000.')), dataset.at(OWN_DATA)),
    expected: 'no-rows',
  },
  {
    name: 'the header of v3.0 over files of v2.1',
    damage: (dataset) =>
      dataset.change((info) => {
        Object.assign(info, {
          codebase_version: 'v3.0',
          data_path: 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
          video_path: 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4',
        });
      }),
    expected: 'layout-mismatch',
  },
];

type Columns = Parameters<Parameters<TestDataset['rewrite']>[1]>[0];

function set(columns: Columns, name: string, at: number, cell: unknown): void {
  (columns.get(name) as { cells: unknown[] }).cells[at] = cell;
}

export function shift(columns: Columns, name: string, by: number): void {
  const column = columns.get(name) as { cells: unknown[] };
  column.cells = column.cells.map((cell) => (cell as number) + by);
}

function jitter(columns: Columns, name: string, by: number): void {
  const column = columns.get(name) as { cells: unknown[] };
  column.cells = column.cells.map((cell, at) => (cell as number) + (at % 3) * by);
}

function swap(columns: Columns, a: number, b: number): void {
  for (const { cells } of columns.values()) [cells[a], cells[b]] = [cells[b], cells[a]];
}

function feature(info: Record<string, unknown>, key: string, more: Record<string, unknown>): void {
  Object.assign((info.features as Record<string, Record<string, unknown>>)[key] as object, more);
}

function count(stats: Record<string, unknown>, frames: number): void {
  for (const each of Object.values(stats)) (each as Record<string, unknown>).count = [frames];
}

function cutLines(dataset: TestDataset, below: string, keep: number): void {
  const lines = readFileSync(dataset.at(below), 'utf8').split('\n').slice(0, keep);
  writeFileSync(dataset.at(below), `${lines.join('\n')}\n`);
}
