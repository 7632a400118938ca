import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createFileReader } from '../../library/file-reader.ts';
import { openParquet, type ParquetFile } from '../../sources/common/parquet.ts';

/** A LeRobot dataset as it lies on the disk, read by its layout alone and not by what a loader makes of it. */
export interface StoredDataset {
  readonly folder: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly features: ReadonlyMap<string, StoredFeature>;
  readonly fps: number;
  /** By position, which is what loaders go by. */
  readonly tasks: readonly { text: unknown; index: unknown }[];
  /** Whether loaders find the tasks' texts (v3.0: pandas' own note in the file). */
  readonly hasTaskTexts: boolean;
  /** In the table's order. */
  readonly episodes: readonly StoredEpisode[];
  /** Of the whole dataset; null where the version keeps none. */
  readonly stats: StoredStats | null;
  table(below: string): Promise<ParquetFile>;
}

export interface StoredFeature {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly names: unknown;
  readonly info: Readonly<Record<string, unknown>>;
}

/** By feature and figure ("mean", "q01", "count" …), a number a component. */
export type StoredStats = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

export interface StoredEpisode {
  readonly index: number;
  readonly length: number;
  readonly tasks: readonly unknown[];
  /** Every other column, as it stands. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** File of its rows, and which of them are its own. */
  readonly data: { readonly below: string; readonly from: number };
  /** Rows in the whole dataset, the last excluded; null where the version does not say. */
  readonly range: readonly [number, number] | null;
  /** By feature: file, and seconds in it. */
  readonly videos: ReadonlyMap<string, { readonly below: string; readonly from: number; readonly to: number }>;
  readonly stats: StoredStats;
}

/** Rejects where a file is missing or cannot be read: one sentence with its name. */
export async function readDataset(folder: string, target: 'lerobot-v3.0' | 'lerobot-v2.1'): Promise<StoredDataset> {
  const info = JSON.parse(await readFile(path.join(folder, 'meta/info.json'), 'utf8')) as Record<string, unknown>;
  const features = new Map(
    Object.entries((info.features ?? {}) as Record<string, Partial<StoredFeature>>).map(([key, feature]) => [
      key,
      {
        dtype: feature.dtype ?? '',
        shape: feature.shape ?? [],
        names: feature.names ?? null,
        info: feature.info ?? {},
      },
    ]),
  );
  const reader = createFileReader(folder);
  const table = (below: string) => openParquet(reader, path.join(folder, below), below);
  const own = { folder, info, features, fps: Number(info.fps), table };
  const videos = [...features].filter(([, { dtype }]) => dtype === 'video').map(([key]) => key);
  return { ...own, ...(await (target === 'lerobot-v3.0' ? readShared(own, videos) : readOwn(own, videos))) };
}

type Parts = Pick<StoredDataset, 'tasks' | 'hasTaskTexts' | 'episodes' | 'stats'>;
type Place = Pick<StoredDataset, 'folder' | 'table'>;

const number3 = (value: unknown) => String(Number(value)).padStart(3, '0');
const SHARED_EPISODES = 'meta/episodes/chunk-000/file-000.parquet';

/** v3.0: tables of parquet, several episodes a file. */
async function readShared({ folder, table }: Place, videos: readonly string[]): Promise<Parts> {
  const rows = await rowsOf(await table(SHARED_EPISODES));
  const before = new Map<string, number>();
  const episodes = rows.map((row): StoredEpisode => {
    const below = `data/chunk-${number3(row['data/chunk_index'])}/file-${number3(row['data/file_index'])}.parquet`;
    const from = before.get(below) ?? 0;
    const length = Number(row.length);
    before.set(below, from + length);
    return {
      ...{ index: Number(row.episode_index), length, tasks: listOf(row.tasks), data: { below, from } },
      range: [Number(row.dataset_from_index ?? Number.NaN), Number(row.dataset_to_index ?? Number.NaN)],
      videos: new Map(
        videos.map((key) => {
          const of = (name: string) => row[`videos/${key}/${name}`] ?? Number.NaN;
          const file = `chunk-${number3(of('chunk_index'))}/file-${number3(of('file_index'))}.mp4`;
          return [
            key,
            { below: `videos/${key}/${file}`, from: Number(of('from_timestamp')), to: Number(of('to_timestamp')) },
          ];
        }),
      ),
      stats: statsOf(nested(row)),
      facts: Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('stats/'))),
    };
  });
  const tasks = await table('meta/tasks.parquet');
  const pandas = pandasOf(tasks.keyValue('pandas'));
  const text = pandas?.find((name) => typeof name === 'string' && tasks.column(name)?.kind === 'text') as
    | string
    | undefined;
  const column = text ?? tasks.columns.find(({ kind }) => kind === 'text')?.name;
  const texts = column === undefined ? [] : Array.from(await tasks.values(column));
  const indices = tasks.column('task_index') ? Array.from(await tasks.values('task_index')) : [];
  return {
    episodes,
    tasks: texts.map((one, at) => ({ text: one, index: plain(indices[at]) })),
    hasTaskTexts: text !== undefined,
    stats: statsOf(JSON.parse(await readFile(path.join(folder, 'meta/stats.json'), 'utf8'))),
  };
}

/** v2.1: lines of JSON, files of each episode's own. */
async function readOwn({ folder }: Place, videos: readonly string[]): Promise<Parts> {
  const lines = async (name: string) =>
    (await readFile(path.join(folder, 'meta', name), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const stats = new Map((await lines('episodes_stats.jsonl')).map((line) => [Number(line.episode_index), line.stats]));
  const episodes = (await lines('episodes.jsonl')).map((line): StoredEpisode => {
    const index = Number(line.episode_index);
    const chunk = `chunk-${number3(Math.floor(index / 1000))}`;
    const name = `episode_${String(index).padStart(6, '0')}`;
    return {
      ...{ index, length: Number(line.length), tasks: listOf(line.tasks), facts: line, range: null },
      data: { below: `data/${chunk}/${name}.parquet`, from: 0 },
      videos: new Map(
        videos.map((key) => [key, { below: `videos/${chunk}/${key}/${name}.mp4`, from: 0, to: Number.NaN }]),
      ),
      stats: statsOf(stats.get(index)),
    };
  });
  const tasks = (await lines('tasks.jsonl')).map(({ task, task_index }) => ({ text: task, index: task_index }));
  return { episodes, tasks, hasTaskTexts: true, stats: null };
}

async function rowsOf(file: ParquetFile): Promise<Record<string, unknown>[]> {
  const columns = await Promise.all(file.columns.map(async ({ name }) => [name, await file.values(name)] as const));
  return Array.from({ length: file.rowCount }, (_, row) =>
    Object.fromEntries(columns.map(([name, cells]) => [name, plain(cells[row])])),
  );
}

/** "stats/<feature>/<figure>" columns as stats.json nests them. */
function nested(row: Readonly<Record<string, unknown>>): Record<string, Record<string, unknown>> {
  const stats: Record<string, Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(row)) {
    const [, key, figure] = /^stats\/(.+)\/([^/]+)$/.exec(name) ?? [];
    if (key !== undefined && figure !== undefined) stats[key] = { ...stats[key], [figure]: value };
  }
  return stats;
}

function statsOf(value: unknown): StoredStats {
  const features = Object.entries((value ?? {}) as Record<string, Record<string, unknown>>);
  return new Map(
    features.map(([key, figures]) => [
      key,
      new Map(Object.entries(figures ?? {}).map(([name, numbers]) => [name, [numbers].flat(5).map(Number)])),
    ]),
  );
}

/** Names of pandas' index columns; undefined where the file has no such note. */
function pandasOf(text: string | undefined): unknown[] | undefined {
  try {
    const { index_columns: columns } = JSON.parse(text ?? '') as { index_columns?: unknown };
    return Array.isArray(columns) ? columns : undefined;
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
