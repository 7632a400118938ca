import { parquetTable } from '../../sources/common/parquet-table.ts';
import { EPISODE_DATA, EPISODE_VIDEO, fillTemplate } from '../../sources/lerobot/template.ts';
import { featuresOf, firstRows, frameColumns, type LerobotDataset, tasksOf, writtenStats } from './episodes.ts';
import { json, type LerobotFiles } from './write-v30.ts';

const EPISODES_A_CHUNK = 1000;

/** A v2.1 dataset: every episode has files of its own, and meta/ is lines of JSON. */
export function lerobotV21(dataset: LerobotDataset): LerobotFiles {
  const { episodes, videos, robot, fps, splits } = dataset;
  const fields = (episode: number) => ({
    episode_chunk: Math.floor(episode / EPISODES_A_CHUNK),
    episode_index: episode,
  });
  const files = new Map<string, string | Uint8Array>();
  for (const episode of episodes.keys())
    files.set(fillTemplate(EPISODE_DATA, fields(episode)), parquetTable(frameColumns(dataset, episode)));
  const known = (facts: (typeof episodes)[number]['facts']) =>
    Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
  files.set(
    'meta/episodes.jsonl',
    lines(
      episodes.map(({ task, frames, facts }, index) => ({
        episode_index: index,
        tasks: [task],
        length: frames,
        ...known(facts),
      })),
    ),
  );
  files.set('meta/tasks.jsonl', lines(tasksOf(dataset).map((task, index) => ({ task_index: index, task }))));
  files.set(
    'meta/episodes_stats.jsonl',
    lines(episodes.map(({ stats }, index) => ({ episode_index: index, stats: writtenStats(stats, videos) }))),
  );
  files.set(
    'meta/info.json',
    json({
      codebase_version: 'v2.1',
      robot_type: robot,
      total_episodes: episodes.length,
      total_frames: firstRows(dataset).at(-1),
      total_tasks: tasksOf(dataset).length,
      total_videos: episodes.length * videos.length,
      total_chunks: Math.ceil(episodes.length / EPISODES_A_CHUNK),
      chunks_size: EPISODES_A_CHUNK,
      fps,
      splits,
      data_path: EPISODE_DATA,
      video_path: videos.length > 0 ? EPISODE_VIDEO : null,
      features: featuresOf(dataset),
    }),
  );
  return {
    files,
    videos: videos.flatMap(({ key }) =>
      episodes.map((_, episode) => ({
        path: fillTemplate(EPISODE_VIDEO, { ...fields(episode), video_key: key }),
        key,
        episodes: [episode],
      })),
    ),
  };
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
