import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { type Made, madeOf } from '../common/made.ts';
import { contactFile, galleryFile, type OutputPlace } from '../common/output-paths.ts';
import { framesOf } from '../detect/quality-entry.ts';
import type { StageContext, StageEpisode } from '../stage.ts';

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
  tasks: unknown;
  badFrames: unknown;
  breakdown: unknown;
  /** "regrasp <stage> <root> …" with what narrows it. */
  commandOf(stage: string, narrowed?: boolean): string;
}

const MOST_GIF_BYTES = 4 * 2 ** 20;
const MOST_NAMED = 100;

export async function preflightBoxes(input: BoxInput): Promise<Box[]> {
  return [
    await contactFiles(input),
    await contactFresh(input),
    dateNotes(input),
    badFramesEntries(input),
    await galleryPictures(input),
    breakdownTotals(input),
  ];
}

async function contactFiles({ place, known, commandOf }: BoxInput): Promise<Box> {
  const missing: string[] = [];
  for (const { episode } of known) {
    const size = await sizeOf(contactFile(place, episode, '.pt'));
    if (size === null) missing.push(`${nameOf(episode)} has no .pt`);
    else if (size === 0) missing.push(`${nameOf(episode)}.pt is empty`);
  }
  return box('every episode_*.h5 has a matching episode_*.pt', known.length, missing, commandOf('contact'));
}

/** By content where Regrasp made the file; else by time, against the recording's own last tick and not its file's date. */
async function contactFresh({ place, known, commandOf }: BoxInput): Promise<Box> {
  const missing: string[] = [];
  let byTime = 0;
  for (const { episode, fingerprint, recordedUntilMs } of known) {
    const file = contactFile(place, episode, '.pt');
    const stats = await stat(file).catch(() => null);
    if (!stats) {
      missing.push(`${nameOf(episode)} has no .pt`);
      continue;
    }
    const made = await madeOf(place.root, file);
    if (made) {
      const fault = faultOfMade(made, 'contact', fingerprint);
      if (fault) missing.push(`${nameOf(episode)}.pt ${fault}`);
      continue;
    }
    byTime++;
    if (recordedUntilMs === null)
      missing.push(`${nameOf(episode)}.pt was made elsewhere, and its recording knows no time`);
    else if (stats.mtimeMs < recordedUntilMs) missing.push(`${nameOf(episode)}.pt is older than its recording`);
  }
  const told = box(
    'every episode_*.pt was made of its recording as it is',
    known.length,
    missing,
    commandOf('contact'),
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

function dateNotes({ known, tasks, commandOf }: BoxInput): Box {
  const parsed = tasksSchema.safeParse(tasks);
  const sessions = new Map(known.map(({ episode: { task, date } }) => [`${task}/${date}`, { task, date }]));
  const missing = [...sessions].flatMap(([key, { task, date }]) => {
    const of = parsed.success && Object.hasOwn(parsed.data.tasks, task) ? parsed.data.tasks[task] : undefined;
    return of?.per_date_notes?.[date] === undefined ? [key] : [];
  });
  return box('tasks.json has per_date_notes of every date', sessions.size, missing, commandOf('metadata'));
}

const badFramesSchema = z.looseObject({
  episodes: z.record(
    z.string(),
    z.looseObject({
      n_frames: z.number(),
      trim_offset: z.number().optional(),
      fingerprint: z.string().nullable().optional(),
    }),
  ),
});

function badFramesEntries({ known, badFrames, commandOf }: BoxInput): Box {
  const parsed = badFramesSchema.safeParse(badFrames);
  const episodes = parsed.success ? parsed.data.episodes : {};
  const missing = known.flatMap(({ episode, fingerprint }) => {
    const { task, date, stem } = episode;
    const entry = episodes[`${task}/${date}/${stem}`] ?? episodes[`${date}/${stem}`];
    if (!entry) return [`${nameOf(episode)} has no entry`];
    if (entry.fingerprint && fingerprint && entry.fingerprint !== fingerprint)
      return [`${nameOf(episode)} has an entry of another recording`];
    return [];
  });
  return box('bad_frames.json has an entry for every episode', known.length, missing, commandOf('detect'));
}

async function galleryPictures({ place, known, commandOf }: BoxInput): Promise<Box> {
  const missing: string[] = [];
  for (const { episode, fingerprint } of known) {
    const file = galleryFile(place, episode);
    const size = await sizeOf(file);
    if (size === null) missing.push(`${nameOf(episode)} has no GIF`);
    else if (size === 0) missing.push(`${nameOf(episode)}.gif is empty`);
    else if (size > MOST_GIF_BYTES) missing.push(`${nameOf(episode)}.gif is larger than 4 MiB`);
    else {
      const made = await madeOf(place.root, file);
      const fault = made && faultOfMade(made, 'gallery', fingerprint);
      if (fault) missing.push(`${nameOf(episode)}.gif ${fault}`);
    }
  }
  return box('every episode has a preview GIF of at most 4 MiB', known.length, missing, commandOf('gallery'));
}

const MODES: Record<string, readonly string[]> = {
  gelsight_led_flicker: ['intensity_spikes'],
  pose_teleport: ['pose_teleports_L', 'pose_teleports_R'],
  ot_loss: ['ot_loss_L', 'ot_loss_R'],
};
const breakdownSchema = z.looseObject({
  total_frames: z.number(),
  n_episodes: z.number(),
  modes: z.record(z.string(), z.looseObject({ frames: z.number().optional() })),
});

/** Computed anew from bad_frames.json: totals, and the frames of every mode. */
function breakdownTotals({ badFrames, breakdown, commandOf }: BoxInput): Box {
  const [frames, said] = [badFramesSchema.safeParse(badFrames), breakdownSchema.safeParse(breakdown)];
  const missing: string[] = [];
  if (!frames.success) missing.push('bad_frames.json is not there, or not what stage 5 writes');
  if (!said.success) missing.push('data_quality_breakdown.json is not there, or not what stage 5 writes');
  if (frames.success && said.success) {
    const entries = Object.values(frames.data.episodes);
    const expect = (what: string, is: number | undefined, should: number) => {
      if (is !== should) missing.push(`${what} is ${is ?? 'not there'} and should be ${should}`);
    };
    expect(
      'total_frames',
      said.data.total_frames,
      entries.reduce((sum, { n_frames }) => sum + n_frames, 0),
    );
    expect('n_episodes', said.data.n_episodes, entries.length);
    for (const [mode, keys] of Object.entries(MODES)) {
      const should = entries.reduce((sum, entry) => sum + framesOf(entry, keys), 0);
      expect(`modes.${mode}.frames`, said.data.modes[mode]?.frames, should);
    }
  }
  return box(
    'data_quality_breakdown.json reflects the totals',
    2 + Object.keys(MODES).length,
    missing,
    commandOf('detect', false),
  );
}

function box(text: string, count: number, missing: readonly string[], command: string): Box {
  const isTicked = missing.length === 0 && count > 0;
  const fine = Math.max(0, count - missing.length);
  return {
    box: text,
    isTicked,
    evidence: `${fine} of ${count}`,
    missing: missing.slice(0, MOST_NAMED),
    command: isTicked ? null : command,
  };
}

function nameOf({ task, date, stem }: StageEpisode): string {
  return `${task}/${date}/${stem}`;
}

async function sizeOf(file: string): Promise<number | null> {
  const stats = await stat(file).catch(() => null);
  return stats?.isFile() ? stats.size : null;
}
