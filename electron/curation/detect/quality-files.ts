import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { z } from 'zod';
import { roundTo } from '../../../shared/detect/numbers.ts';
import type { DetectSettings } from '../../../shared/detect/settings.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import { digestOf } from '../common/made.ts';
import { datasetFigure, type OutputPlace } from '../common/output-paths.ts';
import type { EntryOf } from '../common/put-aside.ts';
import { writeOutput } from '../common/write-output.ts';
import type { EpisodeEvents, FreezeEvent, UnmatchedVerdict } from './freeze-events.ts';
import { BAD_KEYS, type BadFramesEntry, framesOf, REPORT_COLUMNS, type ReportRow } from './quality-entry.ts';

/** Grows when the files mean something else: an older Regrasp then leaves them alone. */
const SCHEMA_VERSION = 1;

export const QUALITY_FILES = {
  badFrames: 'bad_frames.json',
  freezes: 'freeze_intervals.json',
  breakdown: 'data_quality_breakdown.json',
  report: 'data_quality_report.csv',
} as const;

type Json = Record<string, unknown>;

const versioned = { schema_version: z.number().optional() };
const badFramesSchema = z.looseObject({
  ...versioned,
  episodes: z.record(z.string(), z.looseObject({ n_frames: z.number().nonnegative(), task: z.string().optional() })),
  trim_offsets: z.record(z.string(), z.number()).optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
});
const eventSchema = z.looseObject({ episode: z.string(), task: z.string().optional() });
const freezesSchema = z.looseObject({
  ...versioned,
  events: z.array(eventSchema),
  other_events: z.array(eventSchema).optional(),
  unmatched_verdicts: z.array(eventSchema).optional(),
});
const breakdownSchema = z.looseObject({ ...versioned, modes: z.record(z.string(), z.unknown()).optional() });

/** The files as they stand: every date and task that earlier runs wrote, and whatever else people keep in them. */
export interface QualityFiles {
  badFrames: z.infer<typeof badFramesSchema>;
  freezes: z.infer<typeof freezesSchema>;
  breakdown: z.infer<typeof breakdownSchema>;
  report: Record<string, string>[];
}

/** What a run found in one recording. */
export interface RecordingQuality extends EpisodeEvents {
  task: string;
  /** "<date>/<episode>". */
  episode: string;
  entry: BadFramesEntry;
  row: ReportRow;
}

/** Reads all four. Rejects with Fault, before anything is written, where one is malformed or of a newer version. */
export async function readQualityFiles(place: OutputPlace): Promise<QualityFiles> {
  const [badFrames, freezes, breakdown, report] = await Promise.all([
    readJson(place, QUALITY_FILES.badFrames, badFramesSchema, { episodes: {} }),
    readJson(place, QUALITY_FILES.freezes, freezesSchema, { events: [] }),
    readJson(place, QUALITY_FILES.breakdown, breakdownSchema, {}),
    readReport(datasetFigure(place, QUALITY_FILES.report)),
  ]);
  return { badFrames, freezes, breakdown, report };
}

/**
 * Verdicts stand in journals, and the file is written from them: one that was written into it by hand, or by another program,
 * names no reviewer and would be lost with the events of its recording. Throws a sentence where there are any.
 */
export function refuseVerdictsOfOthers(
  place: OutputPlace,
  { freezes }: QualityFiles,
  recordings: readonly { task: string; date: string; stem: string }[],
): void {
  const isLooked = ({ task, episode }: { task?: string | undefined; episode: string }) =>
    recordings.some((each) => `${each.date}/${each.stem}` === episode && (task === undefined || task === each.task));
  const lost = [...freezes.events, ...(freezes.other_events ?? [])].filter(
    (event) => typeof event.manual_verdict === 'string' && typeof event.reviewer !== 'string' && isLooked(event),
  );
  if (lost.length === 0) return;
  const file = datasetFigure(place, QUALITY_FILES.freezes);
  const what = lost.length === 1 ? 'a verdict that was' : `${lost.length} verdicts that were`;
  throw new Fault(
    'REFUSED',
    `${file} holds ${what} not given in Regrasp (on ${lost[0]?.episode}) and was left as it is: move it away, and give ${lost.length === 1 ? 'it' : 'them'} in the queue.`,
  );
}

/**
 * Puts what was found beside what the files have of other recordings, without those in `aside`, and writes all four, each
 * whole or not at all.
 */
export async function writeQualityFiles(
  place: OutputPlace,
  found: readonly RecordingQuality[],
  settings: DetectSettings,
  aside: readonly EntryOf[] = [],
): Promise<string[]> {
  // Read again: another run may have ended meanwhile.
  const before = without(await readQualityFiles(place), aside);
  const badFrames = mergedBadFrames(before.badFrames, found, settings);
  const contents: [name: string, content: string][] = [
    [QUALITY_FILES.badFrames, json(badFrames)],
    [QUALITY_FILES.freezes, json(mergedFreezes(before.freezes, found, settings))],
    [QUALITY_FILES.report, csv(mergedReport(before.report, found))],
    [QUALITY_FILES.breakdown, json(breakdownOf(before.breakdown, badFrames, settings))],
  ];
  const files: string[] = [];
  for (const [name, content] of contents) {
    const file = datasetFigure(place, name);
    await writeOutput(place, file, content);
    files.push(file);
  }
  return files;
}

/** The files as if nothing had been looked for in some recordings. */
function without(files: QualityFiles, aside: readonly EntryOf[]): QualityFiles {
  if (aside.length === 0) return files;
  const keys = new Set(aside.map(({ key }) => key));
  const names = new Set(aside.map(({ task, date, stem }) => [task, `${date}/${stem}`].join('\0')));
  const tasksOf = new Map(aside.map(({ task, date, stem }) => [`${date}/${stem}`, task]));
  const isOf = ({ task, episode }: { task?: string | undefined; episode: string }) =>
    names.has([task ?? tasksOf.get(episode) ?? '', episode].join('\0'));
  const left = <Event extends { task?: string | undefined; episode: string }>(list: readonly Event[]) =>
    list.filter((event) => !isOf(event));
  const { badFrames, freezes, report } = files;
  const { other_events: other, unmatched_verdicts: unmatched } = freezes;
  return {
    ...files,
    badFrames: {
      ...badFrames,
      episodes: Object.fromEntries(Object.entries(badFrames.episodes).filter(([key]) => !keys.has(key))),
    },
    freezes: {
      ...freezes,
      events: left(freezes.events),
      ...(other ? { other_events: left(other) } : {}),
      ...(unmatched ? { unmatched_verdicts: left(unmatched) } : {}),
    },
    report: report.filter(({ Task = '', Date: date, Episode }) => !isOf({ task: Task, episode: `${date}/${Episode}` })),
  };
}

export function settingsId(settings: DetectSettings): string {
  return digestOf(settings).slice(0, 12);
}

type BadFrames = QualityFiles['badFrames'] & { episodes: Record<string, Partial<BadFramesEntry> & Json> };

function mergedBadFrames(
  before: QualityFiles['badFrames'],
  found: readonly RecordingQuality[],
  settings: DetectSettings,
): BadFrames {
  const episodes: BadFrames['episodes'] = { ...before.episodes };
  for (const { task, episode, entry } of found) episodes[keyOf(episodes, task, episode)] = { ...entry };
  const sorted = Object.fromEntries(Object.entries(episodes).sort(([a], [b]) => (a < b ? -1 : 1)));
  const entries = Object.values(sorted);
  const frames = sum(entries, (entry) => entry.n_frames ?? 0);
  const bad = sum(entries, (entry) => framesOf(entry, BAD_KEYS));
  const used = new Set(entries.map((entry) => entry.settings));
  const known = { ...before.settings, [settingsId(settings)]: settings };
  const tasks = new Set(entries.map((entry) => entry.task));
  const [onlyTask] = tasks;
  return {
    ...before,
    schema_version: SCHEMA_VERSION,
    ...(tasks.size === 1 && onlyTask !== undefined ? { task: onlyTask } : {}),
    tau_intensity: settings.intensitySpikes.threshold,
    tau_velocity_mps: settings.poseTeleports.speedMps,
    tau_angular_rad_per_s: settings.poseTeleports.angularRadPerS,
    tau_opt_gap_s: settings.poseFreezes.gapSeconds,
    freeze_threshold_s: settings.poseFreezes.minSeconds,
    buffer_frames: settings.intensitySpikes.bufferTicks,
    intensity_rule: settings.intensitySpikes.rule,
    teleport_rule: settings.poseTeleports.rule,
    settings: Object.fromEntries(Object.entries(known).filter(([id]) => used.has(id))),
    trim_offsets: Object.fromEntries(
      Object.entries(sorted).flatMap(([key, { trim_offset }]) => {
        const offset = trim_offset ?? before.trim_offsets?.[key] ?? 0;
        return offset > 0 ? [[key, offset]] : [];
      }),
    ),
    trim_note: 'Intervals are inclusive ticks of the trimmed episode: add its trim_offsets for those of the recording.',
    summary: {
      n_episodes: entries.length,
      total_frames: frames,
      total_bad_frames: bad,
      bad_fraction_overall: frames === 0 ? 0 : roundTo(bad / frames, 6),
      n_episodes_with_bad_frames: entries.filter((entry) => framesOf(entry, BAD_KEYS) > 0).length,
    },
    episodes: sorted,
  };
}

/**
 * "<date>/<episode>"; with the task before it where another task has an episode of that name on that date, so that none
 * takes the other's place.
 */
function keyOf(episodes: Readonly<Record<string, { task?: unknown }>>, task: string, episode: string): string {
  const withTask = `${task}/${episode}`;
  if (Object.hasOwn(episodes, withTask)) return withTask;
  const other = Object.hasOwn(episodes, episode) ? episodes[episode]?.task : undefined;
  return other === undefined || other === task ? episode : withTask;
}

const COORDINATES =
  'a and b: inclusive ticks of the trimmed episode; _h5_a and _h5_b: of the recording. length_s at 30 frames a second.';

function mergedFreezes(
  before: QualityFiles['freezes'],
  found: readonly RecordingQuality[],
  settings: DetectSettings,
): Json {
  const isNew = new Set(found.map(({ task, episode }) => `${task}\0${episode}`));
  const byName = new Set(found.map(({ episode }) => episode));
  // Files of others name no task: then the episode's name has to do.
  const isKept = ({ task, episode }: { task?: string | undefined; episode: string }) =>
    task === undefined ? !byName.has(episode) : !isNew.has(`${task}\0${episode}`);
  const kept = <Event extends { task?: string | undefined; episode: string }>(list: readonly Event[] | undefined) =>
    (list ?? []).filter(isKept);
  const inOrder = (list: readonly Json[]) =>
    [...list].sort((a, b) => {
      const [first, second] = [`${a.episode}\0${a.task ?? ''}`, `${b.episode}\0${b.task ?? ''}`];
      if (first !== second) return first < second ? -1 : 1;
      return Number(a._h5_a ?? a.a) - Number(b._h5_a ?? b.a) || (String(a.id) < String(b.id) ? -1 : 1);
    });
  const events = inOrder([...kept(before.events), ...found.flatMap((each): FreezeEvent[] => each.events)]);
  const other = inOrder([...kept(before.other_events), ...found.flatMap((each): FreezeEvent[] => each.otherEvents)]);
  const unmatched = inOrder([
    ...kept(before.unmatched_verdicts),
    ...found.flatMap((each): (UnmatchedVerdict & Json)[] => each.unmatched.map((verdict) => ({ ...verdict }))),
  ]);
  const { poseFreezes } = settings;
  return {
    ...before,
    schema_version: SCHEMA_VERSION,
    threshold_s: poseFreezes.minSeconds,
    thresholds: {
      trans_mps: poseFreezes.speedMps,
      ang_rad_s: poseFreezes.angularRadPerS,
      opt_gap_s: poseFreezes.gapSeconds,
      dup_frac: poseFreezes.duplicateFraction,
      view_still: poseFreezes.viewStill,
      tac_still: poseFreezes.tactileStill,
    },
    settings,
    counts: Object.fromEntries(
      ['ot_loss', 'pipeline_stall', 'real_still', 'ambiguous'].map((verdict) => [
        verdict,
        events.filter((event) => event.verdict === verdict).length,
      ]),
    ),
    coordinates: COORDINATES,
    events,
    other_events: other,
    unmatched_verdicts: unmatched,
  };
}

const MODES = {
  gelsight_led_flicker: ['intensity_spikes'],
  pose_teleport: ['pose_teleports_L', 'pose_teleports_R'],
  ot_loss: ['ot_loss_L', 'ot_loss_R'],
  pipeline_stall: ['pipeline_stall'],
  ambiguous: ['ambiguous'],
} as const;

function breakdownOf(before: QualityFiles['breakdown'], { episodes }: BadFrames, settings: DetectSettings): Json {
  const entries = Object.entries(episodes);
  const total = sum(Object.values(episodes), (entry) => entry.n_frames ?? 0);
  const mode = (keys: readonly string[]) => {
    const affected = entries.filter(([, entry]) => framesOf(entry, keys) > 0);
    const frames = sum(affected, ([, entry]) => framesOf(entry, keys));
    return {
      frames,
      pct: total === 0 ? 0 : (100 * frames) / total,
      episodes_affected: affected.map(([key]) => key),
    };
  };
  const { poseFreezes } = settings;
  const modes: Json = {
    ...before.modes,
    gelsight_led_flicker: mode(MODES.gelsight_led_flicker),
    pose_teleport: mode(MODES.pose_teleport),
    ot_loss: {
      ...mode(MODES.ot_loss),
      freeze_threshold_s: poseFreezes.minSeconds,
      trans_teleport_mps: poseFreezes.speedMps,
      ang_teleport_rad_per_s: poseFreezes.angularRadPerS,
      opt_gap_s: poseFreezes.gapSeconds,
      note: 'Frames in which the motion capture held an old pose.',
    },
  };
  for (const name of ['pipeline_stall', 'ambiguous'] as const) {
    delete modes[name];
    const found = mode(MODES[name]);
    if (found.frames > 0) modes[name] = found;
  }
  return { ...before, schema_version: SCHEMA_VERSION, total_frames: total, n_episodes: entries.length, modes };
}

function mergedReport(before: readonly Record<string, string>[], found: readonly RecordingQuality[]) {
  const nameOf = (row: Record<string, string>) => `${row.Task}\0${row.Date}\0${row.Episode}`;
  const rows = new Map(before.map((row) => [nameOf(row), row]));
  for (const { row } of found) rows.set(nameOf(row), row);
  const inOrder = (row: Record<string, string>) => `${row.Date}\0${row.Task}\0${row.Episode}`;
  return [...rows.values()].sort((a, b) => (inOrder(a) < inOrder(b) ? -1 : 1));
}

async function readJson<Schema extends z.ZodObject>(
  place: OutputPlace,
  name: string,
  schema: Schema,
  empty: Json,
): Promise<z.infer<Schema>> {
  const file = datasetFigure(place, name);
  const text = await readText(file);
  const value = text === undefined ? empty : jsonOf(text, file);
  const version = (value as { schema_version?: unknown } | null)?.schema_version;
  if (typeof version === 'number' && version > SCHEMA_VERSION)
    throw new Fault('UNUSABLE', `${file} was written by a newer Regrasp and was left as it is: update to add to it.`);
  const checked = schema.safeParse(value);
  // As it stands there: what was checked has its keys in another order, and a run that finds nothing new changes no byte.
  if (checked.success) return value as z.infer<Schema>;
  const where = checked.error.issues[0]?.path.join('.') || 'its top';
  throw new Fault('UNUSABLE', `${file} does not fit at ${where} and was left as it is: correct it, or move it away.`);
}

/** JSON of a file that people and other programs write. Throws a sentence that leaves its content out. */
function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('UNUSABLE', `${file} is no JSON and was left as it is: correct it, or move it away.`);
  }
}

async function readReport(file: string): Promise<Record<string, string>[]> {
  const text = await readText(file);
  if (text === undefined || text.trim() === '') return [];
  const { data, meta, errors } = Papa.parse<Record<string, string>>(text.trimEnd(), { header: true, delimiter: ',' });
  const missing = REPORT_COLUMNS.find((column) => !meta.fields?.includes(column));
  const fault = missing !== undefined ? `has no column "${missing}"` : errors.length > 0 ? 'is no table of rows' : '';
  if (fault === '') return data;
  throw new Fault('UNUSABLE', `${file} ${fault} and was left as it is: move it away, and it is made anew.`);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw new Fault('UNUSABLE', sentenceOf(error, file));
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function csv(rows: readonly Record<string, string>[]): string {
  const columns = [...new Set([...REPORT_COLUMNS, ...rows.flatMap((row) => Object.keys(row))])];
  return `${Papa.unparse([...rows], { columns, newline: '\n' })}\n`;
}

function sum<Each>(list: readonly Each[], of: (each: Each) => number): number {
  return list.reduce((total, each) => total + of(each), 0);
}
