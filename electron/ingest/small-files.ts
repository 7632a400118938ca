import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ClockLine, toReference } from '../../shared/time/alignment.ts';
import { Fault } from '../fault.ts';
import { MARKER_KINDS, type SessionMarker } from '../sources/session/schema.ts';
import { isUnix, parseTable, stampsOfTable, type TextTable, tableOfJson } from '../sources/session/stamp-table.ts';
import { type Tie, WALL } from './clock-ties.ts';

/** Files that people and recorders write beside a dump: pairs of stamps, markers. */

const MAX_BYTES = 64 * 2 ** 20;

export async function readTable(file: string): Promise<TextTable> {
  const name = path.basename(file);
  const { size } = await stat(file).catch(() => {
    throw new Fault('NOT_FOUND', `${file} is not there: name the file by its path.`);
  });
  if (size > MAX_BYTES)
    throw new Fault('UNUSABLE', `${name} has ${size} bytes, too many for a table of text: name another file.`);
  const text = await readFile(file, 'utf8');
  return /\.json$/i.test(name) ? tableOfJson(text, name) : parseTable(text, name);
}

/**
 * Moments that several clocks stamped, one a row; columns are named "wall", "joints" and by camera, in seconds (or with a
 * unit: "joints_ms"). Every two columns are a tie; a row counts where both have a time.
 */
export async function readPairs(file: string, clocks: readonly string[]): Promise<Tie[]> {
  const name = path.basename(file);
  const table = await readTable(file);
  const found = [...table.columns.keys()].flatMap((column) => {
    const clock = [WALL, ...clocks].find(
      (each) => column.toLowerCase().replace(/^cam_|([_-]?(time|stamp|timestamp))?([_-](s|ms|us|ns))?$/g, '') === each,
    );
    return clock === undefined ? [] : [{ clock, seconds: stampsOfTable(table.columns, name, { column }).seconds }];
  });
  if (found.length < 2) {
    const known = [WALL, ...clocks].join(', ');
    throw new Fault('UNUSABLE', `${name} has no two columns named after clocks (${known}): name its columns so.`);
  }
  const ties: Tie[] = [];
  for (const [i, from] of found.entries()) {
    for (const to of found.slice(i + 1)) {
      const rows = Array.from(from.seconds.keys()).filter(
        (row) => Number.isFinite(from.seconds[row]) && Number.isFinite(to.seconds[row]),
      );
      const of = (side: typeof from) => rows.map((row) => side.seconds[row] as number);
      if (rows.length > 0)
        ties.push({ from: from.clock, to: to.clock, by: 'paired stamps', fromSeconds: of(from), toSeconds: of(to) });
    }
  }
  return ties;
}

const COLUMNS = {
  name: /^(name|label|marker|event|title)$/i,
  task: /^task$/i,
  kind: /^(kind|type|category)$/i,
  start: /^((start|begin|time|timestamp|at|t|from)([_-]?(time|stamp))?([_-](s|ms|us|ns))?)$/i,
  end: /^((end|stop|until|to)([_-]?(time|stamp))?([_-](s|ms|us|ns))?)$/i,
  text: /^(text|note|notes|comment|description)$/i,
  code: /^(code|slug|failure_code)$/i,
  by: /^(by|operator|author|annotator|source)$/i,
};
const KIND_WORDS: [RegExp, SessionMarker['kind']][] = [
  [/recover/i, 'recovery'],
  [/hand.?(off|over)|take.?over|interven/i, 'handoff'],
  [/fail|slip|drop|collision|stall|diverge/i, 'failure'],
  [/sync|flash|clap|tap/i, 'sync'],
  [/task|rollout|phase/i, 'task'],
];

/**
 * Markers of a CSV or JSON file in seconds of the session. Times that are Unix time are the wall's; others are of the
 * clock whose line is given.
 */
export async function readMarkers(
  file: string,
  lines: { wall: ClockLine | null; own: ClockLine },
  zeroSeconds: number,
): Promise<SessionMarker[]> {
  const name = path.basename(file);
  const table = await readTable(file);
  const columnOf = (pattern: RegExp) => [...table.columns.keys()].find((column) => pattern.test(column));
  const start = columnOf(COLUMNS.start);
  if (start === undefined)
    throw new Fault('UNUSABLE', `${name} has no column of times (start, end, name): name one "start".`);
  const place = (column: string) => {
    const { seconds } = stampsOfTable(table.columns, name, { column });
    return seconds.map((value) => {
      if (isUnix(value) && lines.wall === null) {
        throw new Fault(
          'UNUSABLE',
          `${name} has markers by the wall's clock, which no stream knows: give them in seconds of a stream.`,
        );
      }
      return toReference((isUnix(value) && lines.wall) || lines.own, value) - zeroSeconds;
    });
  };
  const ends = columnOf(COLUMNS.end);
  const hasEnds = ends !== undefined && (table.columns.get(ends) ?? []).some((cell) => cell.trim() !== '');
  const [starts, until] = [place(start), hasEnds ? place(ends as string) : null];
  const cellsOf = (pattern: RegExp) => {
    const column = columnOf(pattern);
    return column === undefined ? null : (table.columns.get(column) as string[]);
  };
  const [names, tasks, kinds, texts, codes, authors] = [
    COLUMNS.name,
    COLUMNS.task,
    COLUMNS.kind,
    COLUMNS.text,
    COLUMNS.code,
    COLUMNS.by,
  ].map(cellsOf);
  return Array.from(starts, (start_s, row): SessionMarker => {
    if (!Number.isFinite(start_s))
      throw new Fault('UNUSABLE', `${name}: marker ${row + 1} has no time: correct its row or take it out.`);
    const words = (cells: string[] | null | undefined) => cells?.[row]?.trim() || undefined;
    const label = words(names) ?? words(tasks) ?? words(kinds) ?? words(codes) ?? 'Marker';
    const end = until?.[row];
    const [code, text, by] = [words(codes), words(texts), words(authors)];
    return {
      name: label,
      kind: kindOf(words(kinds), `${label} ${code ?? ''}`),
      start_s: rounded(start_s),
      ...(end !== undefined && Number.isFinite(end) ? { end_s: rounded(end) } : {}),
      ...(code === undefined ? {} : { code }),
      ...(text === undefined ? {} : { text }),
      ...(by === undefined ? {} : { by }),
    };
  }).sort((a, b) => a.start_s - b.start_s);
}

function kindOf(stated: string | undefined, label: string): SessionMarker['kind'] {
  const exact = MARKER_KINDS.find((kind) => kind === stated?.toLowerCase());
  if (exact) return exact;
  const told = KIND_WORDS.find(([word]) => word.test(stated ?? label))?.[1];
  return told ?? (stated === undefined ? 'task' : 'other');
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
