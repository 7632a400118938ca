import Papa from 'papaparse';
import { parseJson } from '../common/json-file.ts';
import { SourceFault } from '../source.ts';
import type { TimeUnit } from './schema.ts';

/** Cells of a small table as text, by column. A file without names has columns "0", "1" … */
export interface TextTable {
  columns: Map<string, string[]>;
  rows: number;
  hasNames: boolean;
}

const MAX_CELLS = 2 ** 25;

/** CSV, TSV or plain columns of text. Rejects with SourceFault "not-table" where there is nothing of it. */
export function parseTable(text: string, where: string): TextTable {
  const { data } = Papa.parse<string[]>(text.replace(/^\ufeff/, ''), {
    delimitersToGuess: [',', '\t', ';', '|', ' '],
    skipEmptyLines: 'greedy',
    comments: '#',
  });
  const first = data[0];
  if (!first || /\0/.test(text.slice(0, 1000))) {
    throw new SourceFault('not-table', `${where} holds no rows of text: save it as CSV with a name above each column.`);
  }
  const hasNames = first.some((cell) => cell.trim() !== '' && numberOf(cell) === null && secondsOfDate(cell) === null);
  const names = first.map((cell, i) => (hasNames ? cell.trim() || `column ${i}` : String(i)));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new SourceFault('not-table', `${where} names the column "${twice}" twice: give each column its own name.`);
  }
  const body = hasNames ? data.slice(1) : data;
  if (body.length * names.length > MAX_CELLS) {
    throw new SourceFault(
      'too-large',
      `${where} holds ${body.length} rows, more than are read from text: save it as parquet.`,
    );
  }
  const columns = new Map(names.map((name, i) => [name, body.map((row) => row[i] ?? '')]));
  return { columns, rows: body.length, hasNames };
}

/** A number as programs write it; NaN for what they write for none; null for other text. */
export function numberOf(cell: string): number | null {
  const text = cell.trim();
  if (text === '' || /^([-+]?nan|null|none|na)$/i.test(text)) return Number.NaN;
  if (/^[-+]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : null;
}

/** Unix seconds of an ISO date and time with its zone; null for other text. */
export function secondsOfDate(cell: string): number | null {
  const [, whole, fraction = '', zone] =
    /^\s*(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,](\d+))?\s*(Z|[-+]\d\d:?\d\d)\s*$/.exec(cell) ?? [];
  if (!whole || !zone) return null;
  const milliseconds = Date.parse(
    `${whole.replace(' ', 'T')}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`,
  );
  return Number.isFinite(milliseconds) ? milliseconds / 1000 + Number(`0.${fraction || 0}`) : null;
}

/** Stamps of one clock in seconds; NaN where a row has none. */
export interface Stamps {
  seconds: Float64Array;
  column: string;
  unit: TimeUnit;
}

export interface StampChoice {
  column?: string;
  unit?: TimeUnit;
}

const PER_SECOND: Record<TimeUnit, number> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };
const UNIT_OF_NAME = /[_.( ](s|sec|secs|seconds|ms|us|µs|ns)\)?$/i;

/** Frame stamps out of a CSV, text or JSON file. Rejects with SourceFault when it holds none, or could mean several. */
export function parseStamps(text: string, where: string, choice: StampChoice = {}): Stamps {
  const table = /\.json$/i.test(where) ? tableOfJson(text, where) : parseTable(text, where);
  return stampsOfTable(table.columns, where, choice);
}

/** The column of stamps: the one named, one with a usual name, or the only one that does not merely count. */
export function stampsOfTable(
  columns: ReadonlyMap<string, readonly string[]>,
  where: string,
  choice: StampChoice = {},
): Stamps {
  const name = choice.column ?? likelyColumn(columns);
  const cells = name === undefined ? undefined : columns.get(name);
  if (name === undefined || !cells) {
    const known = [...columns.keys()].slice(0, 20).join(', ');
    const message =
      choice.column === undefined
        ? `${where} does not say which of its columns (${known}) holds the time: name it "timestamp".`
        : `${where} has no column "${choice.column}", only ${known}: name one of these.`;
    throw new SourceFault('no-timestamps', message);
  }
  const dates = cells.map(secondsOfDate);
  if (dates.some((date) => date !== null)) {
    return { seconds: Float64Array.from(dates, (date) => date ?? Number.NaN), column: name, unit: 's' };
  }
  const numbers = cells.map((cell) => numberOf(cell) ?? Number.NaN);
  return stampsOfNumbers(numbers, name, where, choice.unit);
}

/** The same of numbers; the unit is the stated one, the name's ("time_ms"), or what the size of Unix stamps tells. */
export function stampsOfNumbers(numbers: ArrayLike<number>, column: string, where: string, stated?: TimeUnit): Stamps {
  const finite = Array.prototype.filter.call(numbers, Number.isFinite) as number[];
  if (finite.length === 0) {
    const message = `${where}: "${column}" holds no time that can be read; times are numbers, or dates with their zone.`;
    throw new SourceFault('no-timestamps', message);
  }
  const unit = stated ?? unitOf(column, finite);
  const by = PER_SECOND[unit];
  return { seconds: Float64Array.from(numbers, (value) => value / by), column, unit };
}

/** Whether seconds are those of a calendar: between 2001 and 2100. */
export function isUnix(seconds: number): boolean {
  return seconds >= 1e9 && seconds < 4.2e9;
}

function unitOf(column: string, finite: readonly number[]): TimeUnit {
  const word = UNIT_OF_NAME.exec(column)?.[1]?.toLowerCase().replace('µ', 'u');
  if (word) return (['ms', 'us', 'ns'] as const).find((unit) => unit === word) ?? 's';
  const first = finite[0] as number;
  return (Object.keys(PER_SECOND) as TimeUnit[]).find((unit) => isUnix(first / PER_SECOND[unit])) ?? 's';
}

const USUAL = [/^(wall|unix|host|system|utc|epoch)/i, /time|stamp|^t$|^ts$|^pts$/i];

function likelyColumn(columns: ReadonlyMap<string, readonly string[]>): string | undefined {
  const names = [...columns.keys()];
  for (const usual of USUAL) {
    const found = names.filter((name) => usual.test(name));
    if (found.length > 0) return found[0];
  }
  const telling = names.filter((name) => !counts(columns.get(name) ?? []));
  return telling.length === 1 ? telling[0] : undefined;
}

/** 0, 1, 2 … or 1, 2, 3 …: an index and no time. */
export function counts(cells: ArrayLike<string | number>): boolean {
  const first = Number(cells[0]);
  if (cells.length < 2 || !Number.isInteger(first)) return false;
  return Array.prototype.every.call(cells, (cell: string | number, i: number) => Number(cell) === first + i);
}

/** A list of numbers, a list of objects, or an object that holds one of the two. */
export function tableOfJson(text: string, where: string): TextTable {
  const tree = parseJson(text, where);
  const list = Array.isArray(tree) ? tree : Object.values(tree ?? {}).find(Array.isArray);
  if (!Array.isArray(list) || list.length === 0) {
    throw new SourceFault(
      'not-table',
      `${where} holds no list: write a list of times, or of objects with their times.`,
    );
  }
  const columns = new Map<string, string[]>();
  list.forEach((item, row) => {
    const fields = typeof item === 'object' && item !== null && !Array.isArray(item) ? item : { time: item };
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'object' && value !== null) continue;
      const cells = columns.get(name) ?? Array.from({ length: list.length }, () => '');
      cells[row] = value === null ? '' : String(value);
      columns.set(name, cells);
    }
  });
  return { columns, rows: list.length, hasNames: true };
}
