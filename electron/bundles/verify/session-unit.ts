import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createFileReader } from '../../library/file-reader.ts';
import { openParquet, type ParquetFile } from '../../sources/common/parquet.ts';
import { type Session, sessionSchema } from '../../sources/session/schema.ts';
import type { Bundle, BundleUnit } from './bundle-files.ts';
import { type ExpectedUnit, POSE } from './expected-unit.ts';
import { numberFaults } from './number-faults.ts';
import { isIntervention, marksOf } from './said-labels.ts';
import type { UnitTruth } from './unit-truth.ts';

interface Rows {
  readonly ticks: readonly number[];
  readonly sessionNs: readonly number[];
}

/**
 * The folder of one unit as a session: its tables, its clock, its marks and its failure against each other, against
 * bundle.json and, where those are at hand, against the recording and the journals. Paths are below the folder.
 */
export async function sessionFaults(
  folder: string,
  unit: BundleUnit,
  bundle: Bundle,
  truth: UnitTruth | null,
): Promise<{ path: string; text: string }[]> {
  const faults: { path: string; text: string }[] = [];
  const tell = (below: string) => (text: string) => faults.push({ path: below, text });
  const names = await readdir(folder);
  const rows = frameRows(await readFile(path.join(folder, 'frames.csv'), 'utf8'), unit, tell('frames.csv'));
  if (rows && truth) clockFaults(rows, truth.expected, tell('frames.csv'));
  const session = sessionSchema.parse(JSON.parse(await readFile(path.join(folder, 'session.json'), 'utf8')));
  describedFaults(session, unit, truth, tell('session.json'));
  const reader = createFileReader(folder);
  for (const table of names.filter((name) => name.endsWith('.parquet'))) {
    const file = await openParquet(reader, path.join(folder, table), table);
    if (!rows || !(await rowFaults(file, rows, tell(table)))) continue;
    if (/joints\.parquet$/.test(table)) await jointFaults(file, session, rows, truth, tell(table));
    else if (table === 'poses.parquet') await poseFaults(file, rows, truth, tell(table));
    else if (table === 'tactile.parquet') await tactileFaults(file, tell(table));
    else tell(table)('no unit has a table of that name.');
  }
  const wanted = unit.kind === 'recovery' ? 'recovery_joints.parquet' : 'joints.parquet';
  if (truth && truth.expected.numbers.size > 0 && !names.includes(wanted))
    tell(wanted)('it is not there, and its recording has numbers.');
  if (truth && truth.expected.poses.size > 0 && !names.includes('poses.parquet'))
    tell('poses.parquet')('it is not there, and its recording has poses.');
  await stateFaults(folder, names, unit, bundle, truth, tell('failure_state.json'));
  await listedFaults(folder, names, tell);
  return faults;
}

function frameRows(text: string, unit: BundleUnit, tell: (text: string) => void): Rows | null {
  const [header, ...lines] = text.trimEnd().split('\n');
  const cells = lines.map((line) => line.split(',').map(Number));
  if (header !== 'frame,source_tick,session_ns' || cells.length !== unit.frames) {
    tell(`it has ${cells.length} rows of "${header}", and its unit ${unit.frames} frames.`);
    return null;
  }
  const [first, last] = unit.source.ticks;
  const at = cells.findIndex(([frame, tick = Number.NaN, ns = Number.NaN], row) => {
    const before = cells[row - 1];
    const isFirst = before === undefined;
    const follows = isFirst ? tick === first && ns === 0 : tick >= (before[1] as number) && ns >= (before[2] as number);
    return frame !== row || !(tick >= first && tick <= last) || !follows;
  });
  if (at >= 0) {
    tell(`its row ${at} is "${lines[at]}", which does not follow in ticks ${first}–${last}.`);
    return null;
  }
  return { ticks: cells.map((row) => row[1] as number), sessionNs: cells.map((row) => row[2] as number) };
}

/** Which tick each frame is, and when that was recorded. */
function clockFaults(rows: Rows, { ticks, timesNs }: ExpectedUnit, tell: (text: string) => void): void {
  const start = timesNs[0] as number;
  const at = rows.ticks.findIndex((tick, frame) => tick !== ticks[frame]);
  if (at >= 0 || ticks.length !== rows.ticks.length)
    tell(`frame ${at} is tick ${rows.ticks[at]} by it, and ${ticks[at] ?? 'none'} by the recipe's rate.`);
  const late = rows.sessionNs.findIndex((ns, frame) => ns !== Math.round((timesNs[frame] as number) - start));
  if (late >= 0)
    tell(
      `frame ${late} stands at ${rows.sessionNs[late]} ns, and was recorded ${Math.round((timesNs[late] as number) - start)} ns after the first.`,
    );
}

/** Every table of a unit has a row a frame, of the same tick and time. */
async function rowFaults(file: ParquetFile, rows: Rows, tell: (text: string) => void): Promise<boolean> {
  if (file.rowCount !== rows.ticks.length) {
    tell(`it holds ${file.rowCount} rows, and frames.csv ${rows.ticks.length}.`);
    return false;
  }
  for (const [column, of] of [
    ['session_ns', rows.sessionNs],
    ['source_tick', rows.ticks],
  ] as const) {
    if (!file.column(column)) {
      tell(`it has no column ${column}.`);
      return false;
    }
    const cells = await file.values(column);
    const at = of.findIndex((value, row) => cells[row] === null || Number(cells[row]) !== value);
    if (at < 0) continue;
    tell(`its ${column} of row ${at} is ${cells[at]}, and frames.csv says ${of[at]}.`);
    return false;
  }
  return true;
}

async function jointFaults(
  file: ParquetFile,
  { joints }: Pick<Session, 'joints'>,
  rows: Rows,
  truth: UnitTruth | null,
  tell: (text: string) => void,
): Promise<void> {
  const steered = file.column('intervention') ? await file.values('intervention') : [];
  if (steered.length === 0) tell('it has no column intervention.');
  for (const [frame, tick] of rows.ticks.entries()) {
    const is = steered[frame];
    if (steered.length > 0 && typeof is !== 'boolean') tell(`its intervention of row ${frame} says nothing.`);
    else if (truth && is !== undefined && is !== isIntervention(truth.layer, tick))
      tell(`its intervention of row ${frame} is ${is}, and by the journals it is ${!is}.`);
    else continue;
    break;
  }
  const stored = new Map<string, ArrayLike<unknown>>();
  for (const { name } of file.columns) {
    if (['session_ns', 'source_tick', 'intervention'].includes(name)) continue;
    stored.set(name, await file.values(name));
  }
  // Those of other tables name their file.
  const own = joints.filter(({ file: of }) => of === undefined || of === file.name);
  const named = new Map(own.map(({ name, components }) => [name, components ?? []]));
  for (const key of new Set([...stored.keys(), ...named.keys()]))
    if (!stored.has(key) || !named.has(key))
      tell(`${key} is ${stored.has(key) ? 'not named in session.json' : 'no column'}.`);
  for (const text of numberFaults(stored, named, rows.ticks, truth?.expected.numbers ?? null, (value) => value))
    tell(text);
}

/** Where bodies were: a column a body, exactly as the recording has it. */
async function poseFaults(
  file: ParquetFile,
  rows: Rows,
  truth: UnitTruth | null,
  tell: (text: string) => void,
): Promise<void> {
  const stored = new Map<string, ArrayLike<unknown>>();
  for (const { name } of file.columns) if (!MOMENT.includes(name)) stored.set(name, await file.values(name));
  const named = new Map([...stored.keys()].map((name) => [name, POSE]));
  for (const text of numberFaults(stored, named, rows.ticks, truth?.expected.poses ?? null, (value) => value))
    tell(text);
}

/** How far gels are from their reference: no distance below none, no share above all. NaN where a picture cannot be read. */
async function tactileFaults(file: ParquetFile, tell: (text: string) => void): Promise<void> {
  for (const { name } of file.columns) {
    if (MOMENT.includes(name)) continue;
    const [, figure] = /^(?:left|right|\w+)_(intensity|area|mixed)$/.exec(name) ?? [];
    const most = figure === 'area' ? 1 : 255;
    const cells = Array.from(await file.values(name));
    const at = cells.findIndex((cell) => typeof cell !== 'number' || cell < 0 || cell > most);
    if (figure === undefined) tell(`it has a column ${name}, which is no figure of a gel.`);
    else if (at >= 0) tell(`its ${name} of row ${at} is ${cells[at]}.`);
  }
}

const MOMENT = ['session_ns', 'source_tick'];

function describedFaults(
  session: Session,
  unit: BundleUnit,
  truth: UnitTruth | null,
  tell: (text: string) => void,
): void {
  const { labels, source } = unit;
  const from = typeof session.environment === 'object' ? session.environment.source : undefined;
  if (from !== source.path) tell(`it says it was cut out of ${from}, and bundle.json says ${source.path}.`);
  if ((session.outcome ?? null) !== (labels?.outcome ?? null))
    tell(
      `its outcome is ${session.outcome ?? 'not said'}, and bundle.json says ${labels?.outcome ?? 'that nobody said one'}.`,
    );
  for (const { kind, name, by } of session.markers) {
    if (kind !== 'other' && kind !== 'sync' && by !== labels?.annotator)
      tell(`the ${kind} "${name}" is by ${by || 'nobody'}, who is not the annotator of the bundle.`);
  }
  if (!truth) return;
  const { expected, timesNs, layer, startUnixSeconds } = truth;
  const startNs = expected.timesNs[0] as number;
  if (startUnixSeconds !== null && Math.abs((session.start_unix_s ?? 0) - (startUnixSeconds + startNs / 1e9)) > 1e-3)
    tell(
      `it began at ${session.start_unix_s ?? 'no time'}, and its recording says ${startUnixSeconds + startNs / 1e9}.`,
    );
  const second = (tick: number) => (((timesNs[tick] as number) - startNs) / 1e9).toFixed(6);
  const said = marksOf(unit, layer).map(({ kind, ticks: [first, last], code, label }) => {
    const end = kind === 'handoff' ? '' : ` to ${second(last)} s`;
    return `${kind}${code ? ` ${code}` : ''}${label ? ` "${label}"` : ''} at ${second(first)}${end}`;
  });
  const written = session.markers.flatMap(({ kind, name, start_s, end_s, code }) => {
    if (kind === 'other' || kind === 'sync') return [];
    const end = end_s === undefined ? '' : ` to ${end_s.toFixed(6)} s`;
    return [`${kind}${code ? ` ${code}` : ''}${kind === 'task' ? ` "${name}"` : ''} at ${start_s.toFixed(6)}${end}`];
  });
  for (const mark of without(written, said)) tell(`it marks a ${mark}, which no journal of its recording says.`);
  for (const mark of without(said, written))
    tell(`it does not mark the ${mark}, which the journals of its recording say.`);
}

/** What of `all` is left when each of `some` takes one away. */
function without(all: readonly string[], some: readonly string[]): string[] {
  const left = [...all];
  for (const one of some) {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

async function stateFaults(
  folder: string,
  names: readonly string[],
  unit: BundleUnit,
  { units, taxonomy_version: taxonomy }: Bundle,
  truth: UnitTruth | null,
  tell: (text: string) => void,
): Promise<void> {
  const isWanted = unit.kind === 'failure' || unit.kind === 'recovery';
  if (isWanted !== names.includes('failure_state.json')) {
    tell(
      isWanted ? `it is not there, and its unit is a ${unit.kind}.` : `it is there, and its unit is a ${unit.kind}.`,
    );
    return;
  }
  if (!isWanted) return;
  const state = JSON.parse(await readFile(path.join(folder, 'failure_state.json'), 'utf8')) as Record<string, unknown>;
  const rollout = units.find(({ kind, source }) => kind === 'rollout' && source.path === unit.source.path);
  const wanted: Record<string, unknown> = {
    schema: 'regrasp.failure-state/1',
    annotator: unit.labels?.annotator,
    taxonomy_version: taxonomy,
    rollout: { folder: rollout?.folder ?? null, source: unit.source.path, fingerprint: unit.source.fingerprint },
  };
  const failure = unit.failure === null ? undefined : truth?.layer?.failures[unit.failure];
  if (truth && failure) {
    const { timesNs, layer, expected } = truth;
    const second = (tick: number) =>
      ((timesNs[Math.min(tick, timesNs.length - 1)] as number) - (expected.timesNs[0] as number)) / 1e9;
    const recovery = unit.recovery === null ? undefined : layer?.recoveries[unit.recovery];
    Object.assign(wanted, {
      ...{ code: failure.code, severity: failure.severity, resetability: failure.resetability },
      ...{ what_happened: failure.whatHappened, event_tick: failure.event, window_ticks: failure.window },
      ...{ hand_off_tick: failure.handOff, state: failure.state ?? null },
      ...{ event_s: second(failure.event), window_s: failure.window.map(second) },
      hand_off_s: failure.handOff === null ? null : second(failure.handOff),
      pre_failure_buffer_s: second(failure.event) - second(failure.window[0]),
      recovery: recovery && {
        ...{ control_mode: recovery.controlMode, how_recovered: recovery.howRecovered },
        ...{ outcome: recovery.outcome, ticks: recovery.ticks },
      },
    });
  }
  for (const [key, value] of Object.entries(wanted))
    if (!isSame(state[key], value)) tell(`its ${key} is ${shown(state[key])}, and should be ${shown(value)}.`);
}

/** Seconds to a microsecond, everything else exactly. */
function isSame(stored: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'number') return typeof stored === 'number' && Math.abs(stored - wanted) < 1e-6;
  if (Array.isArray(wanted))
    return (
      Array.isArray(stored) && stored.length === wanted.length && wanted.every((each, at) => isSame(stored[at], each))
    );
  return isDeepStrictEqual(stored, wanted === undefined ? undefined : JSON.parse(JSON.stringify(wanted)));
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'not there').slice(0, 120);
}

/** The unit's own manifest lists every file of its folder. */
async function listedFaults(
  folder: string,
  names: readonly string[],
  tell: (below: string) => (text: string) => void,
): Promise<void> {
  const manifest = JSON.parse(await readFile(path.join(folder, 'session_manifest.json'), 'utf8')) as {
    files?: { path?: string }[];
  };
  const listed = new Set(manifest.files?.map(({ path: below }) => below));
  for (const name of names)
    if (name !== 'session_manifest.json' && !listed.has(name)) tell(name)('session_manifest.json does not list it.');
}
