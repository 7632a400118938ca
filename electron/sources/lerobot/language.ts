import type { Problem, RecordedMark } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { isRecord } from './info.ts';
import { problemOf } from './problems.ts';
import type { EpisodeRows } from './rows.ts';

/** Rows that hold for the whole episode, repeated on each frame; and rows that stand on their own frame. */
const PERSISTENT = 'language_persistent';
const EVENTS = 'language_events';
/** Other wordings of the task, for training: no account of what happened when. */
const NOT_IN_TIME = ['task_aug'];
const MOST_MARKS = 2000;
const LONGEST_TEXT = 2000;
const LONGEST_NAME = 80;

interface Said {
  style: string;
  text: string;
  startNs: number;
}

/** Subtasks as stretches up to the next one, everything else that was said as instants, each style in its own lane. */
export async function readLanguage(
  rows: EpisodeRows,
  times: Float64Array,
): Promise<{ marks: RecordedMark[]; problems: Problem[] }> {
  const { file, from, to } = rows;
  const lastNs = times.at(-1) ?? 0;
  const said: Said[] = [];
  try {
    if (file.column(PERSISTENT)?.kind === 'struct') {
      const [first] = Array.from(await file.values(PERSISTENT, from, Math.min(from + 1, to)));
      for (const row of listOf(first)) {
        const seconds = Number(row.timestamp ?? 0);
        const startNs = Math.round(seconds * NS_PER_SECOND);
        if (Number.isFinite(seconds)) addSaid(said, row, Math.min(lastNs, Math.max(0, startNs)));
      }
    }
    if (file.column(EVENTS)?.kind === 'struct') {
      const cells = await file.values(EVENTS, from, to);
      for (let tick = 0; tick < cells.length; tick++) {
        for (const row of listOf(cells[tick])) addSaid(said, row, times[tick] ?? lastNs);
      }
    }
  } catch (error) {
    return { marks: marksOf(said, lastNs), problems: [problemOf(error)] };
  }
  return { marks: marksOf(said, lastNs), problems: [] };
}

function addSaid(said: Said[], row: Record<string, unknown>, startNs: number): void {
  const style = typeof row.style === 'string' && row.style !== '' ? row.style.slice(0, LONGEST_NAME) : 'language';
  const text = typeof row.content === 'string' ? row.content.slice(0, LONGEST_TEXT) : '';
  if (text !== '' && !NOT_IN_TIME.includes(style) && said.length < MOST_MARKS) said.push({ style, text, startNs });
}

function marksOf(said: Said[], lastNs: number): RecordedMark[] {
  const sorted = [...said].sort((a, b) => a.startNs - b.startNs);
  return sorted.map(({ style, text, startNs }, at) => {
    const isStretch = style === 'subtask';
    const next = sorted.find((other, place) => place > at && other.style === style && other.startNs > startNs);
    return {
      id: `language-${at}`,
      kind: isStretch ? 'task' : 'other',
      name: isStretch ? text.slice(0, LONGEST_NAME) : style,
      by: style,
      startNs,
      endNs: isStretch ? (next?.startNs ?? lastNs) : startNs,
      text,
    };
  });
}

function listOf(cell: unknown): Record<string, unknown>[] {
  return Array.isArray(cell) ? cell.filter(isRecord) : [];
}
