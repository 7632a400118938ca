import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Fault, sentenceOf } from '../../fault.ts';
import { belongsInQuarantine } from '../check/quarantine.ts';
import { type Made, madeOf } from '../common/made.ts';
import { contactFile, datasetFigure, galleryFile, type OutputPlace } from '../common/output-paths.ts';
import { putAside } from '../common/put-aside.ts';
import { framesOf } from '../detect/quality-entry.ts';
import type { StageContext, StageEpisode } from '../stage.ts';
import { partFault } from './whole-file.ts';

/** One line of the list that must be true before a dataset is published. */
export interface Box {
  box: string;
  isTicked: boolean;
  /** What was looked at and found. */
  evidence: string;
  /** What keeps it open, at most a hundred. */
  missing: string[];
  /** What mends it; null where it is ticked. */
  command: string | null;
}

/** A recording, and what its content is told by. */
export interface Known {
  episode: StageEpisode;
  fingerprint: string | null;
  /** Unix milliseconds of its last tick; null where the recording does not say when it was. */
  recordedUntilMs: number | null;
}

export interface BoxInput {
  place: OutputPlace & Pick<StageContext<unknown>, 'root'>;
  known: readonly Known[];
  /** Every recording of the root. */
  all: readonly StageEpisode[];
  /** What files hold; undefined for one that is not there, a Fault for one that cannot be read. */
  tasks: unknown;
  badFrames: unknown;
  breakdown: unknown;
  /** "regrasp <stage> <root> …" with what narrows it. */
  commandOf(stage: string, narrowed?: boolean): string;
  /** Puts aside what no stage can use. */
  quarantineCommand: string;
}

/** What keeps a box open; `isUnusable`: of a recording that its stage could do nothing with. */
interface Missing {
  text: string;
  isUnusable: boolean;
}

const MOST_GIF_BYTES = 4 * 2 ** 20;
const MOST_NAMED = 100;

export async function preflightBoxes(input: BoxInput): Promise<Box[]> {
  return [
    await contactFiles(input),
    await contactFresh(input),
    dateNotes(input),
    await badFramesEntries(input),
    await galleryPictures(input),
    breakdownTotals(input),
  ];
}

async function contactFiles({ place, known, commandOf, quarantineCommand }: BoxInput): Promise<Box> {
  const missing: Missing[] = [];
  for (const { episode } of known) {
    const size = await sizeOf(contactFile(place, episode, '.pt'));
    if (size === null) missing.push(of(episode, ' has no .pt'));
    else if (size === 0) missing.push(of(episode, '.pt is empty'));
  }
  return box(
    'every episode_*.h5 has a matching episode_*.pt',
    known.length,
    missing,
    commandOf('contact'),
    quarantineCommand,
  );
}

/** By content where Regrasp made the file; else by time, against the recording's own last tick and not its file's date. */
async function contactFresh({ place, known, commandOf, quarantineCommand }: BoxInput): Promise<Box> {
  const missing: Missing[] = [];
  let byTime = 0;
  for (const { episode, fingerprint, recordedUntilMs } of known) {
    const file = contactFile(place, episode, '.pt');
    const stats = await stat(file).catch(() => null);
    if (!stats) {
      missing.push(of(episode, ' has no .pt'));
      continue;
    }
    const made = await madeOf(place.root, file);
    if (made) {
      const fault = faultOfMade(made, 'contact', fingerprint);
      if (fault) missing.push(of(episode, `.pt ${fault}`));
      continue;
    }
    byTime++;
    const part = stats.size === 0 ? null : await partFault(file, '.pt').catch(unreadable);
    if (part !== null) missing.push(of(episode, `.pt ${part}`));
    else if (recordedUntilMs === null)
      missing.push(of(episode, '.pt was made elsewhere, and its recording knows no time'));
    else if (stats.mtimeMs < recordedUntilMs) missing.push(of(episode, '.pt is older than its recording'));
  }
  const told = box(
    'every episode_*.pt was made of its recording as it is',
    known.length,
    missing,
    commandOf('contact'),
    quarantineCommand,
  );
  return byTime === 0 ? told : { ...told, evidence: `${told.evidence}; ${byTime} made elsewhere, told by time` };
}

function faultOfMade(made: Made, stage: string, fingerprint: string | null): string | null {
  if (made.stage !== stage) return `was made by ${made.stage}`;
  if (fingerprint === null) return 'cannot be told from others: its recording has no fingerprint';
  return made.from.includes(fingerprint) ? null : 'was made of another recording';
}

const tasksSchema = z.looseObject({
  tasks: z.record(z.string(), z.looseObject({ per_date_notes: z.record(z.string(), z.unknown()).optional() })),
});

function dateNotes({ place, known, tasks, commandOf }: BoxInput): Box {
  const name = 'tasks.json has per_date_notes of every date';
  const parsed = tasksSchema.safeParse(tasks);
  const sessions = new Map(known.map(({ episode: { task, date } }) => [`${task}/${date}`, { task, date }]));
  const fault = unfit(path.join(place.root.path, 'tasks.json'), tasks, tasksSchema);
  if (fault) return box(name, sessions.size, fault, commandOf('metadata'));
  const missing = [...sessions].flatMap(([key, { task, date }]): Missing[] => {
    const of = parsed.success && Object.hasOwn(parsed.data.tasks, task) ? parsed.data.tasks[task] : undefined;
    return of?.per_date_notes?.[date] === undefined ? [{ text: key, isUnusable: false }] : [];
  });
  return box(name, sessions.size, missing, commandOf('metadata'));
}

const badFramesSchema = z.looseObject({
  episodes: z.record(
    z.string(),
    z.looseObject({
      n_frames: z.number(),
      task: z.string().optional(),
      trim_offset: z.number().optional(),
      fingerprint: z.string().nullable().optional(),
    }),
  ),
});

async function badFramesEntries(input: BoxInput): Promise<Box> {
  const { place, known, all, badFrames, commandOf, quarantineCommand } = input;
  const name = 'bad_frames.json has an entry for every episode';
  const fault = unfit(datasetFigure(place, 'bad_frames.json'), badFrames, badFramesSchema);
  if (fault) return box(name, known.length, fault, commandOf('detect'));
  const parsed = badFramesSchema.safeParse(badFrames);
  const episodes = parsed.success ? parsed.data.episodes : {};
  const missing = known.flatMap(({ episode, fingerprint }): Missing[] => {
    const { task, date, stem } = episode;
    const entry = episodes[`${task}/${date}/${stem}`] ?? episodes[`${date}/${stem}`];
    if (!entry) return [of(episode, ' has no entry')];
    if (entry.fingerprint && fingerprint && entry.fingerprint !== fingerprint)
      return [of(episode, ' has an entry of another recording')];
    return [];
  });
  // They would count in every total.
  for (const { key } of await putAside(place.root.path, all, episodes))
    missing.push({ text: `${key} has an entry and is in quarantine`, isUnusable: false });
  return box(name, known.length, missing, commandOf('detect'), quarantineCommand);
}

async function galleryPictures({ place, known, commandOf, quarantineCommand }: BoxInput): Promise<Box> {
  const missing: Missing[] = [];
  for (const { episode, fingerprint } of known) {
    const file = galleryFile(place, episode);
    const size = await sizeOf(file);
    if (size === null) missing.push(of(episode, ' has no GIF'));
    else if (size === 0) missing.push(of(episode, '.gif is empty'));
    else if (size > MOST_GIF_BYTES) missing.push(of(episode, '.gif is larger than 4 MiB'));
    else {
      const made = await madeOf(place.root, file);
      const fault = made ? faultOfMade(made, 'gallery', fingerprint) : await partFault(file, '.gif').catch(unreadable);
      if (fault) missing.push(of(episode, `.gif ${fault}`));
    }
  }
  return box(
    'every episode has a preview GIF of at most 4 MiB',
    known.length,
    missing,
    commandOf('gallery'),
    quarantineCommand,
  );
}

const MODES: Record<string, readonly string[]> = {
  gelsight_led_flicker: ['intensity_spikes'],
  pose_teleport: ['pose_teleports_L', 'pose_teleports_R'],
  ot_loss: ['ot_loss_L', 'ot_loss_R'],
  pipeline_stall: ['pipeline_stall'],
  ambiguous: ['ambiguous'],
};
const RARE = new Set(['pipeline_stall', 'ambiguous']);
const breakdownSchema = z.looseObject({
  total_frames: z.number(),
  n_episodes: z.number(),
  modes: z.record(z.string(), z.looseObject({ frames: z.number().optional() })),
});

/** Computed anew from bad_frames.json: totals, and the frames of every mode. */
function breakdownTotals({ place, badFrames, breakdown, commandOf }: BoxInput): Box {
  const [frames, said] = [badFramesSchema.safeParse(badFrames), breakdownSchema.safeParse(breakdown)];
  const missing: Missing[] = [];
  let counted = 2 + Object.keys(MODES).length - RARE.size;
  const tell = (text: string) => missing.push({ text, isUnusable: false });
  const name = 'data_quality_breakdown.json reflects the totals';
  const fault =
    unfit(datasetFigure(place, 'bad_frames.json'), badFrames, badFramesSchema) ??
    unfit(datasetFigure(place, 'data_quality_breakdown.json'), breakdown, breakdownSchema);
  if (fault) return box(name, counted, fault, commandOf('detect', false));
  if (!frames.success) tell('bad_frames.json is not there');
  if (!said.success) tell('data_quality_breakdown.json is not there');
  if (frames.success && said.success) {
    const entries = Object.values(frames.data.episodes);
    const expect = (what: string, is: number | undefined, should: number) => {
      if (is !== should) tell(`${what} is ${is ?? 'not there'} and should be ${should}`);
    };
    expect(
      'total_frames',
      said.data.total_frames,
      entries.reduce((sum, { n_frames }) => sum + n_frames, 0),
    );
    expect('n_episodes', said.data.n_episodes, entries.length);
    for (const [mode, keys] of Object.entries(MODES)) {
      const should = entries.reduce((sum, entry) => sum + framesOf(entry, keys), 0);
      const is = said.data.modes[mode]?.frames;
      // Modes that are rare are named only where there are any.
      if (RARE.has(mode) && is === undefined && should === 0) continue;
      if (RARE.has(mode)) counted++;
      expect(`modes.${mode}.frames`, is, should);
    }
  }
  return box(name, counted, missing, commandOf('detect', false));
}

function of(episode: StageEpisode, text: string): Missing {
  return { text: `${nameOf(episode)}${text}`, isUnusable: belongsInQuarantine(episode.problems) };
}

/** One sentence on a file that is there and from which nothing can be told; null where it fits, or is not there. */
function unfit(file: string, value: unknown, schema: z.ZodType): string | null {
  if (value instanceof Fault) return value.message;
  const checked = value === undefined ? undefined : schema.safeParse(value);
  if (!checked?.error) return null;
  const where = checked.error.issues[0]?.path.join('.') || 'its top';
  return `${file} does not fit at ${where}: correct it, or move it away.`;
}

/**
 * `missing`: what keeps it open; a sentence where its file says nothing at all. `aside` comes before `command` where
 * recordings stand in the way that no stage can use.
 */
function box(text: string, count: number, missing: readonly Missing[] | string, command: string, aside = ''): Box {
  if (typeof missing === 'string')
    return { box: text, isTicked: false, evidence: `0 of ${count}`, missing: [missing], command };
  const isTicked = missing.length === 0 && count > 0;
  const fine = Math.max(0, count - missing.length);
  const hasUnusable = missing.some(({ isUnusable }) => isUnusable);
  const commands = [
    ...(hasUnusable ? [aside] : []),
    ...(missing.every(({ isUnusable }) => isUnusable) && hasUnusable ? [] : [command]),
  ];
  return {
    box: text,
    isTicked,
    evidence: `${fine} of ${count}`,
    missing: missing.slice(0, MOST_NAMED).map((each) => each.text),
    command: isTicked ? null : commands.join(' && '),
  };
}

const unreadable = (error: unknown): string => `cannot be read (${sentenceOf(error)})`;

function nameOf({ task, date, stem }: StageEpisode): string {
  return `${task}/${date}/${stem}`;
}

async function sizeOf(file: string): Promise<number | null> {
  const stats = await stat(file).catch(() => null);
  return stats?.isFile() ? stats.size : null;
}
