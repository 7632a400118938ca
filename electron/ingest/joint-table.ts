import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { createFileReader } from '../library/file-reader.ts';
import { openParquet } from '../sources/common/parquet.ts';
import { numbersOf } from '../sources/common/parquet-numbers.ts';
import type { TableColumn } from '../sources/common/parquet-table.ts';
import { guessColumn } from '../sources/session/joint-names.ts';
import type { JointColumn, TimeUnit } from '../sources/session/schema.ts';
import {
  isUnix,
  numberOf,
  parseTable,
  secondsOfDate,
  stampsOfNumbers,
  stampsOfTable,
} from '../sources/session/stamp-table.ts';
import type { RawFile } from './raw-folder.ts';

/** Joints as they were dumped, with their own clock in seconds. */
export interface RawJoints {
  rows: number;
  columns: TableColumn[];
  described: JointColumn[];
  own: Float64Array;
  /** Column of the clock; null where it is a stated rate. */
  timeColumn: string | null;
  /** The same rows by the wall's clock, where the table has both. */
  wall: Float64Array | null;
  notices: string[];
}

export interface JointChoice {
  timeColumn?: string;
  wallColumn?: string;
  timeUnit?: TimeUnit;
  rateHz?: number;
}

const MAX_TEXT_BYTES = 400 * 2 ** 20;
const WALL = /^(wall|unix|host|system|utc|epoch|ros)/i;
const TIME = /(^|_)(time|timestamp|stamp)s?(_|$)|^t$|^ts$/i;
const BOOKKEEPING = /^(frame_|row_|sample_)?(index|idx|step|frame|seq)$/i;

/** A column before it is written: numbers, lists of them, or words. */
interface RawColumn extends TableColumn {
  /** Cells of a CSV as they stand there; dates are told by them. */
  text?: readonly string[];
}

/** Rejects with Fault or SourceFault where the table or its time cannot be read. */
export async function readRawJoints(file: RawFile, choice: JointChoice): Promise<RawJoints> {
  const name = path.posix.basename(file.below);
  const notices: string[] = [];
  const columns = /\.parquet$/i.test(name)
    ? await parquetColumns(file, notices)
    : await textColumns(file, name, notices);
  const rows = columns[0]?.cells.length ?? 0;
  if (rows === 0)
    throw new Fault('UNUSABLE', `${name} holds no rows: name another table of joints, or record it again.`);
  const wallColumn =
    choice.wallColumn ?? columns.find((column) => WALL.test(column.name) && TIME.test(column.name))?.name;
  const named = columns.filter(
    (column) => TIME.test(column.name) && column.name !== wallColumn && column.type !== 'bool',
  );
  const timeColumn = choice.timeColumn ?? named[0]?.name ?? wallColumn;
  if (choice.rateHz === undefined && timeColumn === undefined) {
    throw new Fault(
      'UNUSABLE',
      `${name} has no column of time: name it by --time-column, or state the rate by --rate.`,
    );
  }
  const own =
    choice.rateHz !== undefined
      ? Float64Array.from({ length: rows }, (_, row) => row / (choice.rateHz as number))
      : secondsOf(columns, timeColumn as string, name, choice.timeUnit);
  const hasBoth = wallColumn !== undefined && (choice.rateHz !== undefined || wallColumn !== timeColumn);
  const wall = hasBoth ? secondsOf(columns, wallColumn, name, undefined) : null;
  const measured = columns.filter(
    (column) => column.name !== timeColumn && column.name !== wallColumn && !TIME.test(column.name),
  );
  const described = measured
    .filter((column) => column.type !== 'string' && !BOOKKEEPING.test(column.name))
    .map((column): JointColumn => ({ name: column.name, ...guessColumn(column.name) }));
  if (described.length === 0)
    throw new Fault('UNUSABLE', `${name} holds no numbers beside its time: name the table of joints by --joints.`);
  const plain = columns.map(({ text: _, ...column }): TableColumn => column);
  return {
    rows,
    columns: plain,
    described,
    own,
    timeColumn: choice.rateHz === undefined ? (timeColumn ?? null) : null,
    wall,
    notices,
  };
}

/** Whether stamps are those of a calendar. */
export function isWallClock(seconds: Float64Array): boolean {
  const first = seconds.find(Number.isFinite);
  return first !== undefined && isUnix(first);
}

function secondsOf(
  columns: readonly RawColumn[],
  name: string,
  file: string,
  unit: TimeUnit | undefined,
): Float64Array {
  const column = columns.find((each) => each.name === name);
  if (!column) {
    const known = columns
      .slice(0, 20)
      .map((each) => each.name)
      .join(', ');
    throw new Fault('UNUSABLE', `${file} has no column "${name}", only ${known}: name one of these.`);
  }
  if (column.text) return stampsOfTable(new Map([[name, column.text]]), file, { column: name, unit }).seconds;
  const numbers = numbersOf(column.cells);
  if (numbers?.width !== 1)
    throw new Fault('UNUSABLE', `${file}: "${name}" holds no times, one a row: name another column by --time-column.`);
  return stampsOfNumbers(numbers.data, name, file, unit).seconds;
}

async function parquetColumns(file: RawFile, notices: string[]): Promise<RawColumn[]> {
  const table = await openParquet(createFileReader(path.dirname(file.path)), file.path);
  const columns: RawColumn[] = [];
  for (const { name, kind, dtype, listDepth } of table.columns) {
    if (kind !== 'number' && kind !== 'text') {
      notices.push(`${table.name}: ${name} (${dtype}) is neither number nor text; it stays in the raw file alone.`);
      continue;
    }
    const type = kind === 'text' ? 'string' : writtenType(dtype);
    const values = Array.from(await table.values(name));
    const cells = type === 'int64' || kind === 'text' ? values : plainNumbers(values);
    columns.push({ name, type, listDepth, cells });
  }
  return columns;
}

function writtenType(dtype: string): TableColumn['type'] {
  if (dtype === 'bool' || dtype === 'float32') return dtype;
  return /^(int|uint(8|16|32)$)/.test(dtype) ? 'int64' : 'float64';
}

/** Large integers of lists and cells as the numbers they are written as. */
function plainNumbers(cells: readonly unknown[]): unknown[] {
  const plain = (cell: unknown): unknown =>
    typeof cell === 'bigint' ? Number(cell) : Array.isArray(cell) ? cell.map(plain) : cell;
  return cells.map(plain);
}

async function textColumns(file: RawFile, name: string, notices: string[]): Promise<RawColumn[]> {
  if (file.bytes > MAX_TEXT_BYTES)
    throw new Fault('UNUSABLE', `${name} is larger than a CSV that is read at once (400 MB): save it as parquet.`);
  const table = parseTable(await readFile(file.path, 'utf8'), name);
  if (!table.hasNames)
    throw new Fault('UNUSABLE', `${name} has no names above its columns: add a first line that names them.`);
  return [...table.columns].map(([column, text]): RawColumn => {
    const numbers = text.map(numberOf);
    const written = text.filter((cell) => cell.trim() !== '').length;
    const odd = numbers.filter((number) => number === null).length;
    if (odd > written / 2 || (odd > 0 && text.some((cell) => secondsOfDate(cell) !== null))) {
      return { name: column, type: 'string', cells: text, text };
    }
    if (odd > 0) notices.push(`${name}: ${odd} cells of ${column} are no numbers; they count as not recorded.`);
    return { name: column, type: 'float64', cells: numbers.map((number) => number ?? Number.NaN), text };
  });
}
