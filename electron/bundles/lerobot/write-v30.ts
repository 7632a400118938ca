import { parquetTable, type TableColumn } from '../../sources/common/parquet-table.ts';
import { taskTable } from '../../sources/lerobot/task-table.ts';
import { fillTemplate, SHARED_DATA, SHARED_VIDEO } from '../../sources/lerobot/template.ts';
import { featuresOf, firstRows, frameColumns, type LerobotDataset, tasksOf, writtenStats } from './episodes.ts';
import { type FeatureStats, joinedStats } from './stats.ts';

/** Single precision tells a tenth of a millisecond apart up to 1024 s into a file: frames beyond would not be found. */
const LONGEST_VIDEO_SECONDS = 1000;
const DATA_ROWS_A_FILE = 1_000_000;
const FILES_A_CHUNK = 1000;

export interface Shard {
  /** Episodes of the file, consecutive. */
  readonly episodes: readonly number[];
  readonly chunk: number;
  readonly file: number;
}

/** What of a dataset is written where, beside the videos: paths below its folder. */
export interface LerobotFiles {
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Videos to be made of the episodes' own, by path. */
  readonly videos: readonly { readonly path: string; readonly key: string; readonly episodes: readonly number[] }[];
}

/** Episodes behind each other until one would reach past the limit; one that is longer by itself stands alone. */
export function shardsOf(lengths: readonly number[], limit: number): Shard[] {
  const shards: number[][] = [];
  let room = 0;
  for (const [episode, length] of lengths.entries()) {
    if (shards.length === 0 || length > room) {
      shards.push([]);
      room = limit;
    }
    (shards.at(-1) as number[]).push(episode);
    room -= length;
  }
  return shards.map((episodes, at) => ({ episodes, chunk: Math.floor(at / FILES_A_CHUNK), file: at % FILES_A_CHUNK }));
}

/** A v3.0 dataset: episodes share files, and meta/episodes says where each lies. */
export function lerobotV30(dataset: LerobotDataset): LerobotFiles {
  const { episodes, videos, fps } = dataset;
  const frames = episodes.map((episode) => episode.frames);
  const files = new Map<string, string | Uint8Array>();
  const data = shardsOf(frames, DATA_ROWS_A_FILE);
  for (const { episodes: held, chunk, file } of data) {
    const rows = held.map((episode) => frameColumns(dataset, episode));
    const columns = (rows[0] ?? []).map((column, at) => ({
      ...column,
      cells: rows.flatMap((each) => each[at]?.cells ?? []),
    }));
    files.set(
      fillTemplate(SHARED_DATA, { chunk_index: chunk, file_index: file }),
      parquetTable(columns, { groupRows: held.map((episode) => frames[episode] as number) }),
    );
  }
  const stored = episodes.map((episode) => episode.frames + Math.max(0, ...episode.leadIns.values()));
  const shards = shardsOf(stored, Math.floor(LONGEST_VIDEO_SECONDS * fps));
  files.set('meta/episodes/chunk-000/file-000.parquet', parquetTable(episodeColumns(dataset, data, shards)));
  files.set('meta/tasks.parquet', taskTable(tasksOf(dataset)));
  files.set('meta/stats.json', json(writtenStats(wholeStats(dataset), videos)));
  files.set('meta/info.json', json(infoOf(dataset)));
  return {
    files,
    videos: videos.flatMap(({ key }) =>
      shards.map((shard) => ({
        path: fillTemplate(SHARED_VIDEO, { video_key: key, chunk_index: shard.chunk, file_index: shard.file }),
        key,
        episodes: shard.episodes,
      })),
    ),
  };
}

function infoOf(dataset: LerobotDataset) {
  const { robot, fps, videos, episodes, splits } = dataset;
  return {
    codebase_version: 'v3.0',
    robot_type: robot,
    total_episodes: episodes.length,
    total_frames: firstRows(dataset).at(-1),
    total_tasks: tasksOf(dataset).length,
    chunks_size: FILES_A_CHUNK,
    data_files_size_in_mb: 100,
    video_files_size_in_mb: 200,
    fps,
    splits,
    data_path: SHARED_DATA,
    video_path: videos.length > 0 ? SHARED_VIDEO : null,
    features: featuresOf(dataset, encoderRecord(dataset)),
  };
}

function encoderRecord({ encoding }: LerobotDataset): Record<string, unknown> {
  if (encoding === null) return {};
  const { crf, keyframeEvery, preset } = encoding;
  const record = { 'video.g': keyframeEvery, 'video.crf': crf, 'video.preset': preset };
  return { ...record, 'video.fast_decode': 0, 'video.extra_options': {} };
}

export function wholeStats({ episodes }: LerobotDataset): Map<string, FeatureStats> {
  const keys = [...(episodes[0]?.stats.keys() ?? [])];
  return new Map(keys.map((key) => [key, joinedStats(episodes.flatMap(({ stats }) => stats.get(key) ?? []))]));
}

/** One row an episode, in order. */
function episodeColumns(dataset: LerobotDataset, data: readonly Shard[], shards: readonly Shard[]): TableColumn[] {
  const { episodes, videos, fps } = dataset;
  const rows = firstRows(dataset);
  const holding = (of: readonly Shard[], episode: number) =>
    of.find((shard) => shard.episodes.includes(episode)) as Shard;
  const column = (
    name: string,
    type: TableColumn['type'],
    cell: (episode: number) => unknown,
    listDepth = 0,
  ): TableColumn => ({
    ...{ name, type, listDepth },
    cells: episodes.map((_, episode) => cell(episode)),
  });
  // Copied packets bring frames of their own, which loaders pass over: an episode begins behind its lead-in.
  const secondsInto = (key: string) => (episode: number) => {
    const before = holding(shards, episode).episodes.filter((one) => one < episode);
    const leadIn = (one: number) => episodes[one]?.leadIns.get(key) ?? 0;
    const frames = before.reduce((sum, one) => sum + (episodes[one]?.frames ?? 0) + leadIn(one), leadIn(episode));
    return frames / fps;
  };
  const columns = [
    column('episode_index', 'int64', (episode) => episode),
    column('tasks', 'string', (episode) => [episodes[episode]?.task], 1),
    column('length', 'int64', (episode) => episodes[episode]?.frames),
    column('data/chunk_index', 'int64', (episode) => holding(data, episode).chunk),
    column('data/file_index', 'int64', (episode) => holding(data, episode).file),
    column('dataset_from_index', 'int64', (episode) => rows[episode]),
    column('dataset_to_index', 'int64', (episode) => rows[episode + 1]),
  ];
  for (const { key } of videos) {
    columns.push(
      column(`videos/${key}/chunk_index`, 'int64', (episode) => holding(shards, episode).chunk),
      column(`videos/${key}/file_index`, 'int64', (episode) => holding(shards, episode).file),
      column(`videos/${key}/from_timestamp`, 'float64', secondsInto(key)),
      column(
        `videos/${key}/to_timestamp`,
        'float64',
        (episode) => secondsInto(key)(episode) + (episodes[episode]?.frames ?? 0) / fps,
      ),
    );
  }
  const written = episodes.map(({ stats }) => writtenStats(stats, videos));
  for (const [key, figures] of Object.entries(written[0] ?? {})) {
    const isPicture = videos.some((video) => video.key === key);
    for (const name of Object.keys(figures)) {
      const type = name === 'count' ? 'int64' : 'float64';
      const depth = isPicture && name !== 'count' ? 3 : 1;
      columns.push(column(`stats/${key}/${name}`, type, (episode) => written[episode]?.[key]?.[name], depth));
    }
  }
  columns.push(
    column('meta/episodes/chunk_index', 'int64', () => 0),
    column('meta/episodes/file_index', 'int64', () => 0),
  );
  for (const name of Object.keys(episodes[0]?.facts ?? {})) {
    const { type, listDepth } = factType(dataset, name);
    columns.push(column(name, type, (episode) => episodes[episode]?.facts[name], listDepth));
  }
  return columns;
}

/** Of what is known of a fact in any episode; text where nothing is. */
function factType({ episodes }: LerobotDataset, name: string): { type: TableColumn['type']; listDepth: number } {
  const value = episodes.map(({ facts }) => facts[name]).find((one) => one !== null && one !== undefined);
  if (Array.isArray(value)) return { type: 'string', listDepth: 1 };
  if (typeof value === 'boolean') return { type: 'bool', listDepth: 0 };
  return { type: typeof value === 'number' ? 'float64' : 'string', listDepth: 0 };
}

/** As LeRobot writes its JSON. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}
