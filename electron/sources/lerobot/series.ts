import type { Problem, RecordedMark, Series } from '../../../shared/episode/episode.ts';
import type { NumberColumn } from '../common/parquet-numbers.ts';
import { SourceFault } from '../source.ts';
import { CLOCK } from './clock.ts';
import { BOOKKEEPING, type DatasetInfo, type Feature } from './info.ts';
import { fault, namesOf, problemOf, rowsOf, warning } from './problems.ts';
import { type EpisodeRows, readNumbers } from './rows.ts';

export interface EpisodeSeries {
  series: Series[];
  values: Map<string, Float64Array>;
  problems: Problem[];
}

/** A row of more numbers than this is no measurement that can be plotted. */
const WIDEST = 4096;
/** Numbers of one episode that are held at once. */
const MOST_NUMBERS = 2 ** 26;
const FLAGS = 'Flags';

/** Every numeric column but the bookkeeping: the declared ones in their order, then what the data holds beside them. */
export async function readSeries(info: DatasetInfo, rows: EpisodeRows): Promise<EpisodeSeries> {
  const found: EpisodeSeries = { series: [], values: new Map(), problems: [] };
  const declared = new Map(info.features.map((feature) => [feature.key, feature]));
  const keys = new Set([...declared.keys(), ...rows.file.columns.map(({ name }) => name)]);
  const undeclared: string[] = [];
  const absent: string[] = [];
  let numbers = 0;
  for (const key of keys) {
    const feature = declared.get(key);
    const column = rows.file.column(key);
    if (!feature) undeclared.push(key);
    if (!column) {
      if (feature && !isPicture(feature)) absent.push(key);
      continue;
    }
    if (BOOKKEEPING.includes(key) || column.kind !== 'number' || (feature && isPicture(feature))) continue;
    try {
      const values = await readNumbers(rows, key);
      if (!values || values.width > WIDEST || numbers + values.data.length > MOST_NUMBERS) {
        const message = `${rows.file.name}: ${key} holds ${values ? `${values.width} numbers a frame` : 'more numbers than can be shown'}, so it is not plotted.`;
        found.problems.push(warning('too-wide', message));
        continue;
      }
      numbers += values.data.length;
      found.series.push(describe(key, feature, column.dtype, values));
      found.values.set(key, values.data);
      found.problems.push(...cellProblems(rows, key, feature, values));
    } catch (error) {
      found.problems.push(problemOf(error));
    }
  }
  return { ...found, problems: [...columnProblems(rows, undeclared, absent), ...found.problems] };
}

function describe(key: string, feature: Feature | undefined, dtype: string, values: NumberColumn): Series {
  const isFlag = dtype === 'bool' || feature?.dtype === 'bool';
  const names = feature?.names?.length === values.width ? feature.names : null;
  return {
    id: key,
    name: key,
    group: isFlag ? FLAGS : groupOf(key),
    role: roleOf(key),
    unit: '',
    components: names ?? componentNames(key, values.shape),
    limits: null,
    display: 'lines',
    count: values.rows,
    clock: CLOCK,
  };
}

/** "observation.state" is "Observation state", "next.reward" is "Next reward". */
function groupOf(key: string): string {
  const words = key.replace(/[._/]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function roleOf(key: string): Series['role'] {
  if (/^actions?\b/.test(key)) return 'action';
  return /^observations?\b/.test(key) || key === 'state' ? 'state' : 'other';
}

function componentNames(key: string, shape: readonly number[]): string[] {
  const width = shape.reduce((product, side) => product * side, 1);
  if (width <= 1) return width === 1 ? [key.slice(key.lastIndexOf('.') + 1)] : [];
  return Array.from({ length: width }, (_, at) => {
    const place: number[] = [];
    let left = at;
    for (const side of [...shape].reverse()) {
      place.unshift(left % side);
      left = Math.floor(left / side);
    }
    return `[${place.join(', ')}]`;
  });
}

function cellProblems(rows: EpisodeRows, key: string, feature: Feature | undefined, values: NumberColumn): Problem[] {
  const where = `${rows.file.name}: ${key}`;
  const problems: Problem[] = [];
  if (values.nullRows.length > 0) {
    const message = `${where} is empty at ${rowsOf(values.nullRows)}; nothing is drawn there, and LeRobot would pass on NaN or fail: fill or cut these frames.`;
    problems.push(fault('null-cells', message));
  }
  if (values.oddRows.length > 0) {
    const message = `${where} is infinite or no number at ${rowsOf(values.oddRows)}; nothing is drawn there: fill or cut these frames.`;
    problems.push(fault('not-finite', message));
  }
  if (values.raggedRows.length > 0) {
    const message = `${where} holds lists of different lengths (${rowsOf(values.raggedRows)}), which LeRobot refuses: write the column anew.`;
    problems.push(fault('ragged', message));
  }
  if (values.inexactRows.length > 0) {
    const message = `${where} holds integers too large to be shown exactly (${rowsOf(values.inexactRows)}): they are rounded here.`;
    problems.push(warning('inexact', message));
  }
  const wanted = feature?.shape.reduce((product, side) => product * side, 1);
  if (wanted !== undefined && values.rows > 0 && wanted !== values.width) {
    const message = `${where} holds ${values.width} numbers a frame where meta/info.json declares ${wanted}, so LeRobot refuses the file: correct the shape.`;
    problems.push(fault('shape-mismatch', message));
  }
  return problems;
}

function columnProblems(rows: EpisodeRows, undeclared: readonly string[], absent: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  if (undeclared.length > 0) {
    const message = `${rows.file.name} has columns that meta/info.json does not declare (${namesOf(undeclared)}), so LeRobot refuses the file: declare or remove them.`;
    problems.push(fault('undeclared-column', message));
  }
  if (absent.length > 0) {
    const message = `${rows.file.name} lacks columns that meta/info.json declares (${namesOf(absent)}); LeRobot would hand on nothing: write them, or remove the features.`;
    problems.push(fault('absent-column', message));
  }
  return problems;
}

export function isPicture({ dtype }: Feature): boolean {
  return dtype === 'video' || dtype === 'image';
}

/** Runs of the flag "a person has taken over", and changes of task. */
export async function readMarks(
  rows: EpisodeRows,
  times: Float64Array,
  tasks: ReadonlyMap<number, string>,
): Promise<{ marks: RecordedMark[]; problems: Problem[] }> {
  const marks: RecordedMark[] = [];
  const timeAt = (row: number) => times[Math.min(row, times.length - 1)] ?? 0;
  try {
    for (const key of ['intervention', 'is_intervention', 'complementary_info.is_intervention']) {
      const flags = await readNumbers(rows, key);
      if (flags?.width !== 1) continue;
      for (const { start, end } of runs(flags.data)) {
        if (flags.data[start] !== 1) continue;
        marks.push({
          id: `${key}-${start}`,
          kind: 'recovery',
          name: 'Intervention',
          by: 'recorder',
          startNs: timeAt(start),
          endNs: timeAt(end),
          text: 'A person has taken over.',
        });
      }
    }
    const task = await readNumbers(rows, 'task_index');
    const tasksInTurn = task && task.width === 1 ? runs(task.data) : [];
    if (task && tasksInTurn.length > 1) {
      for (const { start, end } of tasksInTurn) {
        const text = tasks.get(task.data[start] as number) ?? `Task ${task.data[start]}`;
        const words = { kind: 'task' as const, name: text.slice(0, 80), by: 'recorder', text };
        marks.push({ id: `task-${start}`, ...words, startNs: timeAt(start), endNs: timeAt(end) });
      }
    }
    return { marks, problems: [] };
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return { marks, problems: [problemOf(error)] };
  }
}

/** Stretches of one value: first and last row of each. At most a thousand: more is noise, no account of what happened. */
function runs(values: Float64Array): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let start = 0;
  for (let row = 1; row <= values.length && found.length < 1000; row++) {
    if (row < values.length && Object.is(values[row], values[start])) continue;
    found.push({ start, end: row - 1 });
    start = row;
  }
  return found;
}
