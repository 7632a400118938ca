import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { openParquet, type ParquetFile } from '../common/parquet.ts';
import { type NumberColumn, numbersOf } from '../common/parquet-numbers.ts';
import { type FileReader, SourceFault } from '../source.ts';
import type { EpisodeRow, EpisodeTable } from './episodes.ts';
import type { DatasetInfo } from './info.ts';
import { fault, warning } from './problems.ts';
import { EPISODE_DATA, fillTemplate, isShared, SHARED_DATA } from './template.ts';

/** Rows [from, to) of a parquet file are an episode's. */
export interface EpisodeRows {
  file: ParquetFile;
  from: number;
  to: number;
  problems: Problem[];
}

/** Where the rows of an episode lie, found by what the rows themselves say. Rejects with SourceFault where there are none. */
export async function findRows(
  files: FileReader,
  info: DatasetInfo,
  table: EpisodeTable,
  row: EpisodeRow,
): Promise<EpisodeRows> {
  const { place, problems } = await dataFile(files, info, table, row);
  const file = await openParquet(files, place, below(info, place));
  const found = await rowsInFile(file, row, problems);
  if (found.to === found.from) {
    const message = `${below(info, place)} holds no row of episode ${row.index}: restore it from a copy, or remove the episode from meta/.`;
    throw new SourceFault('no-rows', message);
  }
  return { file, ...found, problems };
}

/** The file by the template, else by the other layout's where that is on disk. */
async function dataFile(
  files: FileReader,
  info: DatasetInfo,
  { layout }: EpisodeTable,
  row: EpisodeRow,
): Promise<{ place: string; problems: Problem[] }> {
  const fallback = layout === 'shared' ? [SHARED_DATA, EPISODE_DATA] : [EPISODE_DATA, SHARED_DATA];
  const templates = [...new Set([info.dataPath ?? fallback[0], ...fallback])] as string[];
  const fields = dataFields(info, row);
  for (const template of templates) {
    if (isShared(template) && row.data === null) continue;
    const place = path.join(info.folder, fillTemplate(template, fields));
    if ((await files.facts(place)) === undefined) continue;
    if (template === templates[0]) return { place, problems: [] };
    const message = `meta/info.json says the data lies at ${templates[0]}, but it is at ${template}; that is read: correct data_path.`;
    return { place, problems: [warning('layout-mismatch', message)] };
  }
  const [first = ''] = templates;
  const named = isShared(first) && row.data === null ? null : fillTemplate(first, fields);
  throw new SourceFault(
    'missing-file',
    named === null
      ? `meta/episodes does not say which file holds episode ${row.index} (data/chunk_index, data/file_index): write them anew.`
      : `${named}, which holds episode ${row.index}, is not there: restore it from a copy.`,
  );
}

function dataFields({ chunksSize }: DatasetInfo, row: EpisodeRow): Record<string, number> {
  const chunk = Math.floor(row.index / chunksSize);
  return {
    episode_chunk: chunk,
    episode_index: row.index,
    chunk_index: row.data?.chunk ?? chunk,
    file_index: row.data?.file ?? 0,
  };
}

/** By the column episode_index, row groups without the episode left unread; else by where the table says it lies. */
async function rowsInFile(
  file: ParquetFile,
  row: EpisodeRow,
  problems: Problem[],
): Promise<{ from: number; to: number }> {
  if (file.column('episode_index')?.kind !== 'number') return rowsByPosition(file, row, problems);
  let from = -1;
  let to = -1;
  let held = 0;
  for (const group of file.groups) {
    const range = group.range('episode_index');
    if (range && (row.index < range.min || row.index > range.max)) continue;
    const start = group.startRow;
    const indices = await file.values('episode_index', start, start + group.rowCount);
    for (let at = 0; at < indices.length; at++) {
      if (Number(indices[at] ?? -1) !== row.index) continue;
      if (from < 0) from = start + at;
      to = start + at + 1;
      held++;
    }
  }
  if (from < 0) return { from: 0, to: 0 };
  if (held !== to - from) {
    // A run is what can be read as one; what stands apart is named, and left out.
    const run = await firstRun(file, row.index, from);
    const message = `${file.name} holds the rows of episode ${row.index} in several places; only the first ${run - from} of ${held} are shown: sort the file by episode_index and frame_index.`;
    problems.push(fault('rows-scattered', message));
    to = run;
  }
  return { from, to };
}

async function firstRun(file: ParquetFile, episode: number, from: number): Promise<number> {
  const indices = await file.values('episode_index', from);
  let at = 0;
  while (at < indices.length && Number(indices[at] ?? -1) === episode) at++;
  return from + at;
}

async function rowsByPosition(
  file: ParquetFile,
  row: EpisodeRow,
  problems: Problem[],
): Promise<{ from: number; to: number }> {
  const message = `${file.name} has no column episode_index, so the rows of episode ${row.index} were found by position: write the file anew.`;
  problems.push(fault('absent-column', message));
  if (row.from === null || row.to === null) return { from: 0, to: file.rowCount };
  const index = file.column('index')?.kind === 'number' ? numbersOf(await file.values('index', 0, 1)) : null;
  const first = index?.data[0] ?? Number.NaN;
  const from = row.from - (Number.isSafeInteger(first) ? first : 0);
  return from >= 0 && from < file.rowCount
    ? { from, to: Math.min(file.rowCount, from + row.to - row.from) }
    : { from: 0, to: 0 };
}

/** A numeric column of the episode; null where the file has none of that name. Rejects with SourceFault where it is damaged. */
export async function readNumbers({ file, from, to }: EpisodeRows, column: string): Promise<NumberColumn | null> {
  return file.column(column)?.kind === 'number' ? numbersOf(await file.values(column, from, to)) : null;
}

/** A place below the dataset, for sentences. */
export function below({ folder }: DatasetInfo, place: string): string {
  return path.relative(folder, place).split(path.sep).join('/');
}
