import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { openParquet, type ParquetFile } from '../common/parquet.ts';
import { numbersOf } from '../common/parquet-numbers.ts';
import { type FileReader, SourceFault } from '../source.ts';
import { type DatasetInfo, isRecord } from './info.ts';
import { readJsonLines } from './json-lines.ts';
import { fault, problemOf, rowsOf, warning } from './problems.ts';
import { isShared } from './template.ts';

/** What `meta/` says of one episode. */
export interface EpisodeRow {
  index: number;
  /** Frames; null where the table does not say. */
  length: number | null;
  tasks: string[];
  /** File of its rows and of its frames, by chunk and file number; null where the table names none (v2, or a damaged v3). */
  data: Shard | null;
  /** Rows in the whole dataset, the last excluded. */
  from: number | null;
  to: number | null;
  videos: Map<string, VideoShard>;
  /** Columns of its own, as plain facts: success, failure_code … */
  extra: Record<string, string | number | boolean>;
}

export interface Shard {
  chunk: number;
  file: number;
}

export interface VideoShard extends Shard {
  /** Seconds inside that file; NaN where the table does not say. */
  from: number;
  to: number;
}

export interface EpisodeTable {
  /** In the table's order. */
  rows: EpisodeRow[];
  /** "shared": many episodes a file (v3); "own": one file an episode (v2). */
  layout: 'shared' | 'own';
  files: string[];
  problems: Problem[];
}

const MOST_EPISODES = 1_000_000;
/** An episode of this many frames is no robot recording. */
export const MOST_FRAMES = 2 ** 26;
const MOST_EXTRA = 200;
const LONGEST_TEXT = 2000;

/**
 * The table of episodes: `meta/episodes/**.parquet` or `meta/episodes.jsonl`, whichever is there and fits the templates.
 * With `only`, other episodes may be left out. Rejects with SourceFault when there is no table or none can be read.
 */
export async function readEpisodes(files: FileReader, info: DatasetInfo, only?: number): Promise<EpisodeTable> {
  const lines = path.join(info.folder, 'meta', 'episodes.jsonl');
  const shards = await tableShards(files, path.join(info.folder, 'meta', 'episodes'));
  const hasLines = (await files.facts(lines)) !== undefined;
  const saysShared = info.dataPath === null ? info.version.startsWith('v3') : isShared(info.dataPath);
  if (shards.length > 0 && (saysShared || !hasLines)) return readShards(files, info, shards, only);
  if (hasLines) return readLines(files, lines);
  throw new SourceFault(
    'no-episodes',
    'meta/ holds neither episodes.jsonl nor episodes/chunk-000/file-000.parquet, so no episode can be found: restore meta/ from a copy.',
  );
}

async function tableShards(files: FileReader, folder: string): Promise<string[]> {
  const shards: string[] = [];
  for (const chunk of await files.list(folder, /\/$|\.parquet$/)) {
    if (!chunk.endsWith('/')) {
      if (chunk.endsWith('.parquet')) shards.push(path.join(folder, chunk));
      continue;
    }
    const names = await files.list(path.join(folder, chunk), /\.parquet$/);
    shards.push(...names.map((name) => path.join(folder, chunk, name)));
  }
  return shards;
}

async function readLines(files: FileReader, place: string): Promise<EpisodeTable> {
  const { values, problems } = await readJsonLines(files, place);
  const rows: EpisodeRow[] = [];
  const bad: number[] = [];
  values.forEach((value, at) => {
    const row = isRecord(value) ? lineRow(value) : undefined;
    if (row && rows.length < MOST_EPISODES) rows.push(row);
    else bad.push(at + 1);
  });
  if (bad.length > 0) {
    const message = `meta/episodes.jsonl: ${rowsOf(bad, 'line')} without a usable episode_index left out: correct it.`;
    problems.push(fault('bad-episode', message));
  }
  return {
    rows,
    layout: 'own',
    files: [place],
    problems: [...problems, ...orderProblems(rows, 'meta/episodes.jsonl')],
  };
}

function lineRow(value: Record<string, unknown>): EpisodeRow | undefined {
  const index = Number(value.episode_index);
  if (!isEpisodeIndex(index)) return undefined;
  const extra: EpisodeRow['extra'] = {};
  for (const [key, fact] of Object.entries(value)) if (!isOwnColumn(key)) addExtra(extra, key, fact);
  const tasks = Array.isArray(value.tasks) ? value.tasks.filter((task) => typeof task === 'string') : [];
  return { index, length: frames(value.length), tasks, data: null, from: null, to: null, videos: new Map(), extra };
}

async function readShards(
  files: FileReader,
  info: DatasetInfo,
  shards: readonly string[],
  only: number | undefined,
): Promise<EpisodeTable> {
  const table: EpisodeTable = { rows: [], layout: 'shared', files: [], problems: [] };
  for (const shard of shards) {
    try {
      const file = await openParquet(files, shard, path.relative(info.folder, shard));
      if (table.rows.length + file.rowCount > MOST_EPISODES) {
        throw new SourceFault(
          'too-large',
          `${file.name} lists more than ${MOST_EPISODES} episodes, so it was not read.`,
        );
      }
      await readShard(file, info, only, table);
      table.files.push(shard);
    } catch (error) {
      table.problems.push(problemOf(error));
    }
  }
  if (table.rows.length === 0 && table.problems.length > 0) {
    const [first] = table.problems as [Problem];
    throw new SourceFault(first.code, first.message);
  }
  if (only === undefined) table.problems.push(...orderProblems(table.rows, 'meta/episodes'));
  return table;
}

async function readShard(
  file: ParquetFile,
  info: DatasetInfo,
  only: number | undefined,
  table: EpisodeTable,
): Promise<void> {
  if (!file.column('episode_index')) {
    throw new SourceFault('missing-column', `meta/episodes: ${file.name} has no column episode_index: write it anew.`);
  }
  for (const group of file.groups) {
    const range = group.range('episode_index');
    if (only !== undefined && range && (only < range.min || only > range.max)) continue;
    await readGroup(file, group.startRow, group.startRow + group.rowCount, info, only, table.rows);
  }
}

async function readGroup(
  file: ParquetFile,
  from: number,
  to: number,
  info: DatasetInfo,
  only: number | undefined,
  rows: EpisodeRow[],
): Promise<void> {
  const numbers = async (name: string) => {
    const column = file.column(name);
    if (column?.kind !== 'number' || column.listDepth > 0) return () => Number.NaN;
    const found = numbersOf(await file.values(name, from, to));
    return (row: number) => found?.data[row] ?? Number.NaN;
  };
  const index = await numbers('episode_index');
  const wanted = [...Array(to - from).keys()].filter(
    (row) => isEpisodeIndex(index(row)) && (only ?? index(row)) === index(row),
  );
  if (wanted.length === 0) return;
  const length = await numbers('length');
  const dataChunk = await numbers('data/chunk_index');
  const dataFile = await numbers('data/file_index');
  const first = await numbers('dataset_from_index');
  const last = await numbers('dataset_to_index');
  const tasks = file.column('tasks')?.kind === 'text' ? await file.values('tasks', from, to) : [];
  const cameras = await Promise.all(
    info.features
      .filter(({ dtype }) => dtype === 'video')
      .map(async ({ key }) => ({
        key,
        chunk: await numbers(`videos/${key}/chunk_index`),
        file: await numbers(`videos/${key}/file_index`),
        from: await numbers(`videos/${key}/from_timestamp`),
        to: await numbers(`videos/${key}/to_timestamp`),
      })),
  );
  const extras = await Promise.all(
    file.columns
      .filter(
        ({ name, kind, listDepth }) => !isOwnColumn(name) && listDepth === 0 && (kind === 'number' || kind === 'text'),
      )
      .slice(0, MOST_EXTRA)
      .map(async ({ name, dtype }) => ({ name, isFlag: dtype === 'bool', cells: await file.values(name, from, to) })),
  );
  for (const row of wanted) {
    const videos = new Map<string, VideoShard>();
    for (const camera of cameras) {
      const shard = shardOf(camera.chunk(row), camera.file(row));
      if (shard) videos.set(camera.key, { ...shard, from: camera.from(row), to: camera.to(row) });
    }
    const extra: EpisodeRow['extra'] = {};
    for (const { name, isFlag, cells } of extras)
      addExtra(extra, name, isFlag && cells[row] !== null ? Boolean(cells[row]) : cells[row]);
    rows.push({
      index: index(row),
      length: frames(length(row)),
      tasks: textsOf(tasks[row]),
      data: shardOf(dataChunk(row), dataFile(row)),
      from: count(first(row)),
      to: count(last(row)),
      videos,
      extra,
    });
  }
}

function orderProblems(rows: readonly EpisodeRow[], where: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<number>();
  const twice = rows.filter(({ index }) => seen.size === seen.add(index).size).map(({ index }) => index);
  if (twice.length > 0) {
    const message = `${where} lists ${rowsOf(twice, 'episode')} twice; the first row is taken: remove the others.`;
    problems.push(fault('episode-twice', message));
  }
  const misplaced = rows.flatMap(({ index }, at) =>
    at > 0 && index < (rows[at - 1] as EpisodeRow).index ? [index] : [],
  );
  if (misplaced.length > 0) {
    const message = `${where} is not sorted by episode_index (${rowsOf(misplaced, 'episode')} out of order); LeRobot looks episodes up by position and would take others: sort it.`;
    problems.push(fault('episodes-unsorted', message));
  }
  return problems;
}

/** By episode number, each once. */
export function inOrder(rows: readonly EpisodeRow[]): EpisodeRow[] {
  const byIndex = new Map<number, EpisodeRow>();
  for (const row of rows) if (!byIndex.has(row.index)) byIndex.set(row.index, row);
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

/** "success" or "failure", or the slug that a column `outcome` gives; null where the table does not say. */
export function outcomeOf({ extra }: EpisodeRow): string | null {
  if (typeof extra.outcome === 'string' && extra.outcome !== '') return extra.outcome;
  const success = extra.success ?? extra.is_success ?? extra.episode_success;
  if (typeof success === 'boolean') return success ? 'success' : 'failure';
  if (success === 1 || success === 0) return success === 1 ? 'success' : 'failure';
  return null;
}

function isOwnColumn(name: string): boolean {
  const own = ['episode_index', 'length', 'tasks', 'task_index', 'dataset_from_index', 'dataset_to_index'];
  return own.includes(name) || /^(stats|videos|data|meta)\//.test(name) || name.startsWith('__index_level_');
}

function addExtra(extra: EpisodeRow['extra'], key: string, fact: unknown): void {
  if (Object.keys(extra).length >= MOST_EXTRA) return;
  if (typeof fact === 'string' && fact !== '') extra[key] = fact.slice(0, LONGEST_TEXT);
  else if (typeof fact === 'boolean') extra[key] = fact;
  else if ((typeof fact === 'number' || typeof fact === 'bigint') && Number.isFinite(Number(fact)))
    extra[key] = Number(fact);
}

function textsOf(cell: unknown): string[] {
  const texts = Array.isArray(cell) ? cell : [cell];
  return texts.filter((text): text is string => typeof text === 'string').map((text) => text.slice(0, LONGEST_TEXT));
}

function shardOf(chunk: number, file: number): Shard | null {
  return count(chunk) === null || count(file) === null ? null : { chunk, file };
}

function isEpisodeIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < 1e12;
}

function frames(value: unknown): number | null {
  const length = count(Number(value));
  return length !== null && length <= MOST_FRAMES ? length : null;
}

function count(value: number): number | null {
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function noSuchEpisode(index: number): Problem {
  const message = `meta/ lists no episode ${index}: look whether it was deleted, or restore meta/ from a copy.`;
  return warning('no-episode', message);
}
