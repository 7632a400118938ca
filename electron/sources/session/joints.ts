import path from 'node:path';
import type { Problem, RecordedMark, Series } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { openParquet, type ParquetFile } from '../common/parquet.ts';
import { type NumberColumn, numbersOf } from '../common/parquet-numbers.ts';
import { badValuesText, fitRows } from '../common/step-rows.ts';
import { type FileReader, SourceFault } from '../source.ts';
import { guessColumn } from './joint-names.ts';
import type { JointColumn, MappedStream, Session, SessionStream } from './schema.ts';
import { stampsOfNumbers } from './stamp-table.ts';
import { ownSeconds, type StreamTimes, sessionSeconds, settleTimes } from './stream-times.ts';

/** A table of joints on the session's clock. */
export interface JointTable {
  file: ParquetFile;
  rows: number;
  times: StreamTimes;
  series: Series[];
  values: Map<string, Float64Array>;
  marks: RecordedMark[];
  problems: Problem[];
}

/** Written by ingest: nanoseconds of the session. */
export const SESSION_COLUMN = 'session_ns';
const TIME_NAMES =
  /^(session_ns|(robot_|own_|host_|wall_|unix_|frame_)?(time|timestamp|stamp)s?(_(s|ms|us|ns))?|t|ts|(frame_|row_)?index|step|frame|source_tick)$/i;
const WIDEST = 4096;
const MOST_NUMBERS = 2 ** 26;
const MOST_MARKS = 2000;

/** Reads a table of joints. Rejects with SourceFault where the table itself, or its time, cannot be read. */
export async function readJoints(
  files: FileReader,
  folder: string,
  stream: SessionStream,
  session: Session,
  mapped: MappedStream | undefined,
): Promise<JointTable> {
  const file = await openParquet(files, path.join(folder, stream.file));
  const rows = file.rowCount;
  const problems: Problem[] = [];
  const times = await timesOf(files, folder, stream, file, mapped, problems);
  const found: JointTable = { file, rows, times, series: [], values: new Map(), marks: [], problems };
  problems.push(...times.problems);
  const columns = session.joints.filter((column) => column.file === undefined || column.file === stream.file);
  const declared = new Map(columns.map((column) => [column.name, column]));
  for (const { name } of columns) {
    if (file.column(name)) continue;
    problems.push(
      fault(
        'missing-column',
        `${stream.file} has no column ${name}, which session.json declares: record it or take it out of "joints".`,
        stream,
      ),
    );
  }
  await readNumbers(found, stream, declared);
  for (const { name, kind, listDepth } of file.columns) {
    if (kind === 'text' && listDepth === 0) found.marks.push(...marksOf(name, await file.values(name), times.times));
  }
  found.marks.splice(MOST_MARKS);
  return found;
}

async function timesOf(
  files: FileReader,
  folder: string,
  stream: SessionStream,
  file: ParquetFile,
  mapped: MappedStream | undefined,
  problems: Problem[],
): Promise<StreamTimes> {
  if (mapped?.column !== undefined) {
    const column = file.column(mapped.column) ? numbersOf(await file.values(mapped.column)) : null;
    if (column?.width === 1)
      return settleTimes(
        stream.file,
        column.data.map((ns) => ns / NS_PER_SECOND),
        'recorded',
      );
    problems.push(
      fault(
        'bad-manifest',
        `session_manifest.json maps ${stream.file} by its column ${mapped.column}, which is not there: ingest the raw files again.`,
        stream,
      ),
    );
  }
  const own = await jointSeconds(files, folder, stream, file);
  return settleTimes(
    stream.file,
    sessionSeconds(own, stream.clock),
    stream.clock.from === 'stamps' ? 'recorded' : 'nominal',
  );
}

/** The table's own seconds, before they are laid over the session's. */
export async function jointSeconds(
  files: FileReader,
  folder: string,
  stream: SessionStream,
  file: ParquetFile,
): Promise<Float64Array> {
  const { clock } = stream;
  if (clock.from !== 'stamps' || clock.file !== undefined)
    return ownSeconds(files, folder, stream, file.rowCount, null);
  const name =
    clock.column ??
    file.columns.find((column) => /time|stamp|^ts?$/i.test(column.name) && column.kind === 'number')?.name;
  const cells = name !== undefined && file.column(name) ? numbersOf(await file.values(name)) : null;
  if (name === undefined || cells?.width !== 1) {
    const what = name === undefined ? 'no column of time' : `no column of times ${name}`;
    throw new SourceFault(
      'no-timestamps',
      `${stream.file} has ${what}: name it as "column" in its clock in session.json, or state a rate.`,
    );
  }
  return stampsOfNumbers(cells.data, name, stream.file, clock.unit).seconds;
}

interface Member {
  column: JointColumn & ReturnType<typeof guessColumn>;
  numbers: NumberColumn;
}

/** One series a group: single columns of a group become its components, a column of lists is a series of its own. */
async function readNumbers(
  found: JointTable,
  stream: SessionStream,
  declared: ReadonlyMap<string, JointColumn>,
): Promise<void> {
  const groups = new Map<string, Member[]>();
  let numbersHeld = 0;
  for (const { name, kind } of found.file.columns) {
    const about = declared.get(name);
    if (kind !== 'number' || (!about && TIME_NAMES.test(name)) || name === stream.clock.column) continue;
    try {
      const numbers = numbersOf(await found.file.values(name));
      if (!numbers || numbers.width > WIDEST || numbersHeld + numbers.data.length > MOST_NUMBERS) {
        found.problems.push(
          fault(
            'too-wide',
            `${stream.file}: ${name} holds more numbers than can be plotted, so it was left out: write fewer a row.`,
            stream,
          ),
        );
        continue;
      }
      numbersHeld += numbers.data.length;
      const column = { ...guessColumn(name), ...about, name };
      const key =
        numbers.shape.length > 0 ? `${column.group}: ${name}` : `${column.group}\0${column.unit}\0${column.role}`;
      groups.set(key, [...(groups.get(key) ?? []), { column, numbers }]);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      found.problems.push(fault(error.code, error.message, stream));
    }
  }
  for (const members of groups.values()) addSeries(found, stream, members);
}

function addSeries(found: JointTable, stream: SessionStream, members: readonly Member[]): void {
  const [first] = members as [Member];
  const isList = first.numbers.shape.length > 0;
  const { group, role, unit, name } = first.column;
  const width = members.reduce((sum, { numbers }) => sum + numbers.width, 0);
  const data = new Float64Array(found.rows * width);
  const components: string[] = [];
  const limits: ({ min: number; max: number } | null)[] = [];
  for (const { column, numbers } of members) {
    const at = components.length;
    const told = badValuesText(fitRows([numbers.rows, numbers.width], numbers.data, found.rows));
    if (told) {
      const message = `${stream.file}: ${column.name} holds ${told.replace('step', 'row')}; plots leave them out: look at what recorded them.`;
      found.problems.push({ severity: 'warning', code: 'not-finite', message, stream: stream.file });
    }
    for (let row = 0; row < found.rows; row++) {
      for (let i = 0; i < numbers.width; i++) {
        const value = numbers.data[row * numbers.width + i] as number;
        data[row * width + at + i] = Number.isFinite(value) ? value : Number.NaN;
      }
    }
    const names = column.components?.length === numbers.width ? column.components : null;
    components.push(
      ...(isList ? (names ?? Array.from({ length: numbers.width }, (_, i) => String(i))) : [column.name]),
    );
    for (let i = 0; i < numbers.width; i++) limits.push(column.limits ?? null);
  }
  const plain = isList ? name : group;
  const taken = found.values.has(`${stream.file}/${plain}`) ? `${plain} (${unit || role})` : plain;
  const id = `${stream.file}/${taken}`;
  found.series.push({
    ...{ id, name: isList ? name : taken, group, role, unit, components, display: 'lines', count: found.rows },
    limits: limits.some(Boolean) ? limits : null,
    clock: stream.file,
  });
  found.values.set(id, data);
}

/** Runs of one word in a column of text ("task", "phase"): what the recorder said the robot was at. */
function marksOf(column: string, cells: ArrayLike<unknown>, times: Float64Array): RecordedMark[] {
  const marks: RecordedMark[] = [];
  let start = 0;
  for (let row = 1; row <= cells.length; row++) {
    if (row < cells.length && cells[row] === cells[start]) continue;
    const word = cells[start];
    if (typeof word === 'string' && word.trim() !== '') {
      const endNs = times[Math.min(row, cells.length - 1)] as number;
      const about = { kind: 'task', name: word.slice(0, 200), by: column, text: '' } as const;
      marks.push({ id: `${column}-${start}`, ...about, startNs: times[start] as number, endNs });
      if (marks.length > MOST_MARKS) return [];
    }
    start = row;
  }
  return marks;
}

function fault(code: string, message: string, { file }: SessionStream): Problem {
  return { severity: 'error', code, message, stream: file };
}
