import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { openParquet } from '../common/parquet.ts';
import { numbersOf } from '../common/parquet-numbers.ts';
import { pandasIndexColumns } from '../common/parquet-pandas.ts';
import type { FileReader } from '../source.ts';
import { isRecord } from './info.ts';
import { readJsonLines } from './json-lines.ts';
import { fault, problemOf, warning } from './problems.ts';

export interface Tasks {
  /** Text by task_index. */
  texts: Map<number, string>;
  /** The file that was read; undefined where there is none. */
  file: string | undefined;
  problems: Problem[];
}

const MOST_TASKS = 1_000_000;

/** `meta/tasks.parquet` where it is, else `meta/tasks.jsonl`. */
export async function readTasks(files: FileReader, folder: string): Promise<Tasks> {
  const parquet = path.join(folder, 'meta', 'tasks.parquet');
  const lines = path.join(folder, 'meta', 'tasks.jsonl');
  try {
    if (await files.facts(parquet)) return await readParquetTasks(files, parquet);
    if (await files.facts(lines)) return await readLineTasks(files, lines);
  } catch (error) {
    return { texts: new Map(), file: undefined, problems: [problemOf(error)] };
  }
  const message = 'meta/ holds neither tasks.parquet nor tasks.jsonl: without one, no task has a text. Write it anew.';
  return { texts: new Map(), file: undefined, problems: [fault('no-tasks', message)] };
}

async function readParquetTasks(files: FileReader, place: string): Promise<Tasks> {
  const file = await openParquet(files, place, 'meta/tasks.parquet');
  const problems: Problem[] = [];
  const index = pandasIndexColumns(file);
  const texts = file.columns.filter(({ kind, listDepth }) => kind === 'text' && listDepth === 0);
  let column = index?.find((name) => texts.some((text) => text.name === name));
  if (column === undefined) {
    column = texts[0]?.name;
    const message =
      column === undefined
        ? 'meta/tasks.parquet holds no task texts (its pandas index was not written): write it anew from the texts.'
        : `meta/tasks.parquet does not mark ${column} as its pandas index, so LeRobot reads every task as a number: write it anew with pandas metadata.`;
    problems.push(fault('tasks-without-index', message));
  }
  if (column === undefined || file.rowCount > MOST_TASKS) return { texts: new Map(), file: place, problems };
  const words = await file.values(column);
  const numbers = file.column('task_index') ? numbersOf(await file.values('task_index')) : null;
  if (!numbers) {
    problems.push(
      fault('bad-tasks', 'meta/tasks.parquet has no column task_index: tasks are numbered by their order.'),
    );
  }
  const found = new Map<number, string>();
  for (let row = 0; row < words.length; row++) {
    const number = numbers ? (numbers.data[row] as number) : row;
    const text = words[row];
    if (typeof text === 'string' && Number.isSafeInteger(number)) found.set(number, text);
    // LeRobot looks tasks up by position.
    if (numbers && number !== row && !problems.some(({ code }) => code === 'tasks-unsorted')) {
      const message = `meta/tasks.parquet holds task ${number} in row ${row}; LeRobot looks tasks up by row: sort it by task_index.`;
      problems.push(warning('tasks-unsorted', message));
    }
  }
  return { texts: found, file: place, problems };
}

async function readLineTasks(files: FileReader, place: string): Promise<Tasks> {
  const { values, problems } = await readJsonLines(files, place);
  const texts = new Map<number, string>();
  for (const value of values) {
    if (!isRecord(value) || typeof value.task !== 'string') continue;
    const number = Number(value.task_index);
    if (Number.isSafeInteger(number) && texts.size < MOST_TASKS) texts.set(number, value.task);
  }
  return { texts, file: place, problems };
}
