import type { Problem } from '../../../shared/episode/episode.ts';
import type { CheckFindings, OpenedEpisode, OpenFile, SourcePorts } from '../source.ts';
import { datasetJudgements, datasetNotes, datasetProblems } from './check-dataset.ts';
import { fileProblems } from './check-files.ts';
import { episodeStatsProblems, statsProblems } from './check-stats.ts';
import { type EpisodeRow, type EpisodeTable, inOrder, readEpisodes } from './episodes.ts';
import { type DatasetInfo, readInfo } from './info.ts';
import { episodeIndexOf } from './place.ts';
import { counted, fault, problemOf, warning } from './problems.ts';
import { readStats } from './stats.ts';
import { readTasks } from './tasks.ts';
import { videoFile } from './videos.ts';

/**
 * What opening does not look at. The rules of the whole dataset are told with its first episode, so that a check of a
 * thousand episodes does not look at the dataset a thousand times.
 */
export async function checkLerobot(file: OpenFile, opened: OpenedEpisode, ports: SourcePorts): Promise<CheckFindings> {
  try {
    const info = await readInfo(ports.files, file.path);
    const wanted = file.inner === '' ? undefined : episodeIndexOf(file.inner);
    const table = await readEpisodes(ports.files, info, wanted);
    const row = wanted === undefined ? inOrder(table.rows)[0] : table.rows.find(({ index }) => index === wanted);
    if (!row) return { problems: [] };
    const own = await episodeProblems(ports, info, table, row, opened);
    if (!(await isFirst(ports, info, row))) return { problems: own };
    const whole = await wholeDataset(ports, info);
    return { ...whole, problems: [...whole.problems, ...own] };
  } catch (error) {
    // What keeps meta/ from being read was told when the episode was opened.
    return { problems: [problemOf(error)] };
  }
}

async function isFirst({ files }: SourcePorts, info: DatasetInfo, row: EpisodeRow): Promise<boolean> {
  if (row.index === 0) return true;
  const zero = await readEpisodes(files, info, 0);
  if (zero.rows.some(({ index }) => index === 0)) return false;
  const { rows } = await readEpisodes(files, info);
  return inOrder(rows)[0]?.index === row.index;
}

async function wholeDataset(ports: SourcePorts, info: DatasetInfo): Promise<Required<CheckFindings>> {
  const table = await readEpisodes(ports.files, info);
  const tasks = await readTasks(ports.files, info.folder);
  const stats = await readStats(ports.files, info.folder);
  const problems = [
    ...table.problems,
    ...datasetProblems(info, table, tasks),
    ...(await fileProblems(ports, info, table)),
    ...statsProblems(info, table, stats),
  ];
  return { problems, notes: datasetNotes(info, table), judgements: datasetJudgements(table) };
}

async function episodeProblems(
  ports: SourcePorts,
  info: DatasetInfo,
  table: EpisodeTable,
  row: EpisodeRow,
  opened: OpenedEpisode,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const length = row.length ?? opened.clocks.get('timestamp')?.length ?? 0;
  for (const { key, dtype } of info.features) {
    if (dtype !== 'video') continue;
    const shard = row.videos.get(key);
    if (table.layout === 'shared' && shard && info.fps !== null && Number.isFinite(shard.to - shard.from)) {
      const said = (shard.to - shard.from) * info.fps;
      if (Math.abs(said - length) > 0.5) {
        const message = `meta/episodes gives episode ${row.index} ${said.toFixed(1)} frames of ${key} (from_timestamp to to_timestamp) where its length is ${length}: correct the table.`;
        problems.push(fault('video-span', message, key));
      }
    }
    if (table.layout === 'own') problems.push(...(await ownVideoProblems(ports, info, table, row, key, length)));
  }
  const stats = await readStats(ports.files, info.folder, row.index);
  return [...problems, ...episodeStatsProblems(info, row, stats, opened)];
}

/** A file of one episode holds its frames and no more; where there are fewer, opening said so. */
async function ownVideoProblems(
  ports: SourcePorts,
  info: DatasetInfo,
  table: EpisodeTable,
  row: EpisodeRow,
  key: string,
  length: number,
): Promise<Problem[]> {
  try {
    const { place, shown } = await videoFile(ports, info, table, row, key, []);
    const { frameCount } = await ports.video.probe(place);
    if (frameCount <= length) return [];
    const message = `${shown} holds ${counted(frameCount, 'frame')} where episode ${row.index} has ${length}; the last ones belong to nothing: cut the video, or correct length.`;
    return [warning('video-long', message, key)];
  } catch {
    return [];
  }
}
