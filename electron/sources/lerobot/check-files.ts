import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { openParquet } from '../common/parquet.ts';
import type { SourcePorts } from '../source.ts';
import { TOLERANCE_SECONDS } from './clock.ts';
import { type EpisodeRow, type EpisodeTable, inOrder, type VideoShard } from './episodes.ts';
import type { DatasetInfo } from './info.ts';
import { counted, fault, problemOf, rowsOf, warning } from './problems.ts';
import { fillTemplate, isShared, SHARED_DATA, SHARED_VIDEO } from './template.ts';
import { probeNamed, videoFile } from './videos.ts';

/** Beyond this a float32 stamp is coarser than the 0.1 ms that LeRobot allows. */
const FLOAT32_LIMIT_SECONDS = 1024;

/** Shared files against the table: there, with the rows and frames of their episodes, and no more. */
export async function fileProblems(ports: SourcePorts, info: DatasetInfo, table: EpisodeTable): Promise<Problem[]> {
  if (table.layout !== 'shared') return [];
  const rows = inOrder(table.rows);
  const problems = await dataProblems(ports, info, rows);
  for (const { key, dtype } of info.features) {
    if (dtype === 'video') problems.push(...(await videoProblems(ports, info, table, rows, key)));
  }
  return problems;
}

async function dataProblems(
  { files }: SourcePorts,
  info: DatasetInfo,
  rows: readonly EpisodeRow[],
): Promise<Problem[]> {
  const template = info.dataPath !== null && isShared(info.dataPath) ? info.dataPath : SHARED_DATA;
  const problems: Problem[] = [];
  const shards = grouped(
    rows.filter(({ data }) => data !== null),
    ({ data }) => `${data?.chunk}/${data?.file}`,
  );
  for (const held of shards) {
    const { chunk = 0, file = 0 } = held[0]?.data ?? {};
    try {
      const shown = fillTemplate(template, { chunk_index: chunk, file_index: file });
      const { rowCount } = await openParquet(files, path.join(info.folder, shown), shown);
      const expected = held.reduce((sum, { length }) => sum + (length ?? 0), 0);
      if (rowCount === expected || held.some(({ length }) => length === null)) continue;
      const message = `${shown} holds ${counted(rowCount, 'row')} where its ${counted(held.length, 'episode')} have ${expected}: write meta/episodes or the file anew.`;
      problems.push(fault('row-count', message));
    } catch (error) {
      problems.push(problemOf(error));
    }
  }
  return problems;
}

async function videoProblems(
  ports: SourcePorts,
  info: DatasetInfo,
  table: EpisodeTable,
  rows: readonly EpisodeRow[],
  key: string,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const without = rows.filter(({ videos }) => !videos.has(key)).map(({ index }) => index);
  if (without.length > 0) {
    const message = `meta/episodes names no video of ${key} for ${rowsOf(without, 'episode')} (videos/${key}/chunk_index, file_index): write them anew.`;
    problems.push(fault('no-video-file', message, key));
  }
  const shardOf = (row: EpisodeRow) => row.videos.get(key) as VideoShard;
  const shards = grouped(
    rows.filter(({ videos }) => videos.has(key)),
    (row) => `${shardOf(row).chunk}/${shardOf(row).file}`,
  );
  for (const held of shards) {
    const first = held[0] as EpisodeRow;
    const shown = fillSafely(info, key, shardOf(first));
    problems.push(...spanProblems(shown, held, shardOf, key));
    try {
      const found = await videoFile(
        ports,
        info,
        table,
        { ...first, videos: new Map([[key, { ...shardOf(first), from: 0 }]]) },
        key,
        [],
      );
      if (!isSharedPlace(found.shown, first.index)) continue;
      const { frameCount, timesNs, firstNs } = await probeNamed(ports.video, found.place, found.shown);
      const expected = held.reduce((sum, { length }) => sum + (length ?? 0), 0);
      if (held.some(({ length }) => length === null) || frameCount === expected) continue;
      const lastEnd = Math.max(...held.map((row) => shardOf(row).to));
      // Frames before an episode (pre-roll of a copy without encoding) are legal: the table points past them.
      const isPastEnd = (atNs: number) => (atNs + firstNs) / 1e9 > lastEnd - 0.5 / (info.fps ?? Number.NaN);
      const last = timesNs.at(-1) ?? 0;
      const periodNs = 1e9 / (info.fps ?? Number.NaN);
      if (frameCount > expected && !isPastEnd(last) && isPastEnd(last + periodNs)) continue;
      const message = `${found.shown} holds ${counted(frameCount, 'frame')} (${((last + firstNs) / 1e9).toFixed(2)} s) where its ${counted(held.length, 'episode')} have ${expected}`;
      problems.push(
        frameCount < expected
          ? fault('video-short', `${message}: restore the video, or correct meta/episodes.`, key)
          : warning(
              'video-long',
              `${message} (up to ${lastEnd.toFixed(2)} s); the others belong to nothing: encode it anew, or correct meta/episodes.`,
              key,
            ),
      );
    } catch (error) {
      problems.push(problemOf(error, key));
    }
  }
  return problems;
}

/** Episodes of a file lie behind each other, and near enough to its start for float32 stamps. */
function spanProblems(
  shown: string,
  held: readonly EpisodeRow[],
  shardOf: (row: EpisodeRow) => VideoShard,
  key: string,
): Problem[] {
  const problems: Problem[] = [];
  const sorted = [...held]
    .filter((row) => Number.isFinite(shardOf(row).from))
    .sort((a, b) => shardOf(a).from - shardOf(b).from);
  const overlapping = sorted.filter((row, at) => {
    const before = sorted[at - 1];
    return before !== undefined && shardOf(row).from < shardOf(before).to - TOLERANCE_SECONDS;
  });
  if (overlapping.length > 0) {
    const message = `${shown}: meta/episodes lets ${rowsOf(
      overlapping.map(({ index }) => index),
      'episode',
    )} start before the one before ends: correct from_timestamp and to_timestamp.`;
    problems.push(fault('video-overlap', message, key));
  }
  const far = sorted.filter((row) => shardOf(row).to > FLOAT32_LIMIT_SECONDS).map(({ index }) => index);
  if (far.length > 0) {
    const message = `${shown}: ${rowsOf(far, 'episode')} ends more than ${FLOAT32_LIMIT_SECONDS} s into the file, where float32 stamps are coarser than 0.1 ms and LeRobot refuses frames: begin a new video file every 1000 s.`;
    problems.push(warning('float32-offset', message, key));
  }
  return problems;
}

function fillSafely(info: DatasetInfo, key: string, { chunk, file }: VideoShard): string {
  const fields = { video_key: key, chunk_index: chunk, file_index: file, episode_index: 0, episode_chunk: chunk };
  try {
    return fillTemplate(info.videoPath ?? SHARED_VIDEO, fields);
  } catch {
    return key;
  }
}

/** A file found by the other layout's template holds one episode; its own check looks at it. */
function isSharedPlace(shown: string, episode: number): boolean {
  return !shown.endsWith(`episode_${String(episode).padStart(6, '0')}.mp4`);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}
