import path from 'node:path';
import { parquetTable, type TableColumn } from '../common/parquet-table.ts';
import type { SampleTools } from '../sample-tools.ts';
import {
  bookkeeping,
  CAMERAS,
  featuresOf,
  HEIGHT_PX,
  pictures,
  ROBOT,
  type SampleEpisode,
  TASKS,
  WIDTH_PX,
} from './sample-episodes.ts';
import { json, sampleWriter } from './sample-files.ts';
import { type SampleStats, statsOf } from './sample-stats.ts';
import { taskTable } from './task-table.ts';
import { fillTemplate, SHARED_DATA, SHARED_VIDEO } from './template.ts';

/** Which episodes each video file of a camera holds: the wrist camera began a new file before the last episode. */
const VIDEO_FILES: Record<string, number[][]> = {
  'observation.images.front': [[0, 1, 2]],
  'observation.images.left_wrist': [[0, 1], [2]],
};

/** A v3.0 dataset: episodes share files, and the table in meta/episodes says where each lies. */
export async function writeSharedFiles(
  folder: string,
  episodes: readonly SampleEpisode[],
  tools: SampleTools,
  onProgress: (share: number) => void,
): Promise<void> {
  const { scene, seconds } = tools;
  const first = episodes[0] as SampleEpisode;
  const frames = episodes.reduce((sum, episode) => sum + episode.frames, 0);
  const write = sampleWriter(folder, tools);
  let drawn = 0;
  for (const [key, shards] of Object.entries(VIDEO_FILES)) {
    for (const [file, held] of shards.entries()) {
      const shown = held.map((index) => episodes[index] as SampleEpisode);
      const onFrame = () => onProgress(drawn++ / (frames * Object.keys(CAMERAS).length));
      await tools.writeVideo(
        path.join(folder, fillTemplate(SHARED_VIDEO, { video_key: key, chunk_index: 0, file_index: file })),
        {
          ...{ width: WIDTH_PX, height: HEIGHT_PX, rateHz: first.rateHz },
          frames: pictures(scene, CAMERAS[key] as string, shown, seconds, onFrame),
        },
      );
    }
  }
  await write(fillTemplate(SHARED_DATA, { chunk_index: 0, file_index: 0 }), dataTable(episodes));
  const each = episodes.map((episode) => statsOf(scene, [episode], seconds));
  const table = parquetTable(episodeTable(episodes, each), { groupRows: [episodes.length] });
  await write('meta/episodes/chunk-000/file-000.parquet', table);
  await write('meta/tasks.parquet', taskTable(TASKS));
  await write('meta/stats.json', json(statsOf(scene, episodes, seconds)));
  await write('meta/info.json', json(infoOf(episodes, frames)));
}

function infoOf(episodes: readonly SampleEpisode[], frames: number) {
  const first = episodes[0] as SampleEpisode;
  return {
    codebase_version: 'v3.0',
    robot_type: ROBOT,
    total_episodes: episodes.length,
    total_frames: frames,
    total_tasks: TASKS.length,
    chunks_size: 1000,
    data_files_size_in_mb: 100,
    video_files_size_in_mb: 200,
    fps: first.rateHz,
    splits: { train: `0:${episodes.length}` },
    data_path: SHARED_DATA,
    video_path: SHARED_VIDEO,
    features: featuresOf(first),
  };
}

/** All episodes, a row group each. */
export function dataTable(episodes: readonly SampleEpisode[]): Uint8Array {
  const columnsOf = (episode: SampleEpisode) => [...episode.columns, ...bookkeeping(episode)];
  const columns = columnsOf(episodes[0] as SampleEpisode).map((column, at) => ({
    ...column,
    cells: episodes.flatMap((episode) => columnsOf(episode)[at]?.cells ?? []),
  }));
  return parquetTable(columns, { groupRows: episodes.map((episode) => episode.frames) });
}

function episodeTable(
  episodes: readonly SampleEpisode[],
  stats: readonly Record<string, SampleStats>[],
): TableColumn[] {
  const column = (
    name: string,
    type: TableColumn['type'],
    cell: (episode: SampleEpisode) => unknown,
    listDepth = 0,
  ) => ({
    ...{ name, type, listDepth },
    cells: episodes.map(cell),
  });
  const columns: TableColumn[] = [
    column('episode_index', 'int64', ({ index }) => index),
    column('tasks', 'string', ({ taskIndex }) => [TASKS[taskIndex]], 1),
    column('length', 'int64', ({ frames }) => frames),
    column('data/chunk_index', 'int64', () => 0),
    column('data/file_index', 'int64', () => 0),
    column('dataset_from_index', 'int64', ({ firstRow }) => firstRow),
    column('dataset_to_index', 'int64', ({ firstRow, frames }) => firstRow + frames),
  ];
  for (const [key, shards] of Object.entries(VIDEO_FILES)) {
    const fileOf = (index: number) => shards.findIndex((held) => held.includes(index));
    const startOf = ({ index, firstRow, rateHz }: SampleEpisode) => {
      const start = episodes[shards[fileOf(index)]?.[0] ?? 0] as SampleEpisode;
      return (firstRow - start.firstRow) / rateHz;
    };
    columns.push(
      column(`videos/${key}/chunk_index`, 'int64', () => 0),
      column(`videos/${key}/file_index`, 'int64', ({ index }) => fileOf(index)),
      column(`videos/${key}/from_timestamp`, 'float64', startOf),
      column(`videos/${key}/to_timestamp`, 'float64', (episode) => startOf(episode) + episode.frames / episode.rateHz),
    );
  }
  for (const [feature, figures] of Object.entries(stats[0] ?? {})) {
    for (const name of Object.keys(figures)) {
      const cells = stats.map((each) => each[feature]?.[name]);
      const isPicture = feature in CAMERAS && name !== 'count';
      const type = name === 'count' ? 'int64' : 'float64';
      columns.push({ name: `stats/${feature}/${name}`, type, listDepth: isPicture ? 3 : 1, cells });
    }
  }
  columns.push(
    column('meta/episodes/chunk_index', 'int64', () => 0),
    column('meta/episodes/file_index', 'int64', () => 0),
    column('success', 'bool', ({ success }) => success),
    column('failure_code', 'string', ({ failureCode }) => failureCode),
  );
  return columns;
}
