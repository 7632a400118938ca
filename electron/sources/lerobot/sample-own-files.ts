import path from 'node:path';
import { parquetTable } from '../common/parquet-table.ts';
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
import { statsOf } from './sample-stats.ts';
import { EPISODE_DATA, EPISODE_VIDEO, fillTemplate } from './template.ts';

/** A v2.1 dataset: each episode has files of its own, and meta/ is lines of JSON. */
export async function writeEpisodeFiles(
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
  for (const episode of episodes) {
    const fields = { episode_chunk: 0, episode_index: episode.index };
    await write(fillTemplate(EPISODE_DATA, fields), parquetTable([...episode.columns, ...bookkeeping(episode)]));
    for (const [key, camera] of Object.entries(CAMERAS)) {
      const onFrame = () => onProgress(drawn++ / (frames * Object.keys(CAMERAS).length));
      await tools.writeVideo(path.join(folder, fillTemplate(EPISODE_VIDEO, { ...fields, video_key: key })), {
        ...{ width: WIDTH_PX, height: HEIGHT_PX, rateHz: episode.rateHz },
        frames: pictures(scene, camera, [episode], seconds, onFrame),
      });
    }
  }
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const rows = episodes.map(({ index, taskIndex, frames: length, success, failureCode }) => ({
    ...{ episode_index: index, tasks: [TASKS[taskIndex]], length, success },
    ...(failureCode === null ? {} : { failure_code: failureCode }),
  }));
  await write('meta/episodes.jsonl', lines(rows));
  await write('meta/tasks.jsonl', lines(TASKS.map((task, index) => ({ task_index: index, task }))));
  const stats = episodes.map((episode) => ({
    episode_index: episode.index,
    stats: statsOf(scene, [episode], seconds),
  }));
  await write('meta/episodes_stats.jsonl', lines(stats));
  const info = {
    codebase_version: 'v2.1',
    robot_type: ROBOT,
    total_episodes: episodes.length,
    total_frames: frames,
    total_tasks: TASKS.length,
    total_videos: episodes.length * Object.keys(CAMERAS).length,
    total_chunks: 1,
    chunks_size: 1000,
    fps: first.rateHz,
    splits: { train: `0:${episodes.length}` },
    data_path: EPISODE_DATA,
    video_path: EPISODE_VIDEO,
    features: featuresOf(first),
  };
  await write('meta/info.json', json(info));
}
