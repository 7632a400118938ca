import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { nsToSeconds } from '../../../shared/time/nanoseconds.ts';
import { Fault } from '../../fault.ts';
import { ownFolder } from '../../review/own-folder.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';
import { datasetFigure } from '../common/output-paths.ts';
import { byLayout, noStandardLayout, passedOver } from '../common/standard-layout.ts';
import { writeOutput } from '../common/write-output.ts';
import type { StageContext, StageEnd, StageEpisode } from '../stage.ts';
import { type DocDue, qualityDue, readBreakdown, readDescribed, recordingDue, writeDescribed } from './docs-due.ts';
import type { MetadataOptions } from './index.ts';
import { type BadEntry, caveatsEntry, noteOf } from './note.ts';
import { COUNTERS_BEGIN, COUNTERS_END, type Counters, withCounters } from './readme.ts';
import { type SessionFacts, sessionFacts } from './session-facts.ts';
import { readTasksFile, refuseChanged, textOf } from './tasks-file.ts';

type Context = StageContext<MetadataOptions>;

/** Stages 8 and 9. Files that cannot be edited are found out before anything is written. */
export async function runMetadata(context: Context): Promise<StageEnd> {
  const { standard: rig, others } = byLayout(context.episodes);
  if (rig.length === 0) throw noStandardLayout(context.root.path, others, 'tasks.json has nothing to note');
  const outside = passedOver(others);
  if (outside) context.log(outside);
  const tasksFile = path.join(context.root.path, 'tasks.json');
  await readTasksFile(tasksFile);
  const breakdown = await readBreakdown(datasetFigure({ ...context, out: null }, 'data_quality_breakdown.json'));
  const described = await readDescribed(context.root.storageDir);
  const entryOf = await badFrames(context);
  const sessions: SessionFacts[] = [];
  const groups = sessionsOf(rig);
  for (const [done, { task, date, episodes }] of groups.entries()) {
    context.progress({ done, total: groups.length, message: `${task}, ${date}` });
    sessions.push(await sessionFacts(context, task, date, episodes));
  }
  context.signal.throwIfAborted();
  const quality = breakdown ? qualityDue(breakdown, described) : { newModes: [], due: [] };
  const lines: string[] = [];
  const due: DocDue[] = [
    ...quality.due,
    ...recordingDue([...new Set(sessions.flatMap(({ lineup }) => lineup))], described),
  ];
  const notes = await editTasks(context, tasksFile, sessions, entryOf, lines);
  const counters = countersOf(context.all);
  const readme = await editReadme(context, counters, lines);
  if (readme) due.push(readme);
  const caveats = sessions.flatMap((facts) => caveatsEntry(facts, quality.newModes) ?? []);
  if (caveats.length > 0) due.push(await keepCaveats(context, sessions, caveats));
  if (breakdown === null) lines.push('There is no data_quality_breakdown.json yet: run regrasp detect first.');
  if (context.options.docsDone) {
    await writeDescribed(context.root.storageDir, breakdown, [
      ...new Set([...(described?.lineup ?? []), ...sessions.flatMap(({ lineup }) => lineup)]),
    ]);
    lines.push('The documents count as up to date with the data as it is now.');
  } else lines.push(...due.map(({ doc, why }) => `due: ${doc}: ${why}.`));
  const open = context.options.docsDone ? [] : due;
  context.progress({ done: groups.length, total: groups.length, message: '' });
  return {
    message: `${notes} of ${sessions.length} dates were noted in ${tasksFile}; ${open.length === 0 ? 'no document is due' : `${open.length} reasons to touch a document`}.`,
    lines,
    result: {
      tasksFile,
      counters,
      due: open,
      newModes: quality.newModes,
      sessions: sessions.map(({ task, date, activeSensors, activeFrom, flags }) => ({
        task,
        date,
        activeSensors,
        activeFrom,
        flags: flags.length,
      })),
    },
  };
}

function sessionsOf(episodes: readonly StageEpisode[]) {
  const sessions = new Map<string, { task: string; date: string; episodes: StageEpisode[] }>();
  for (const episode of episodes) {
    const { task, date } = episode;
    const key = JSON.stringify([task, date]);
    const session = sessions.get(key) ?? { task, date, episodes: [] };
    session.episodes.push(episode);
    sessions.set(key, session);
  }
  return [...sessions.values()];
}

/** Answers how many dates got a note. */
async function editTasks(
  context: Context,
  file: string,
  sessions: readonly SessionFacts[],
  entryOf: (facts: SessionFacts) => (stem: string) => BadEntry | undefined,
  lines: string[],
): Promise<number> {
  const { json, text } = await readTasksFile(file);
  const remembered = await readNotes(context.root.storageDir);
  let noted = 0;
  for (const facts of sessions) {
    const { task, date } = facts;
    const at = ['tasks', task];
    if (json.get([...at, 'dates']) === undefined) json.set([...at, 'dates'], [date]);
    else json.add([...at, 'dates'], date);
    const files = context.all.filter((each) => each.format === 'react' && each.task === task && each.date !== '');
    json.set([...at, 'n_episode_files'], files.length);
    const place = [...at, 'per_date_notes', date];
    const existing = json.get(place) as DateNote | undefined;
    const key = `${task}/${date}`;
    const before = remembered[key];
    const isSidesOurs =
      existing?.active_sensors === undefined || sameSides(existing.active_sensors, before?.active_sensors);
    // What a person wrote there is theirs, whatever the data or other people say.
    const standing = isSidesOurs ? facts : { ...facts, ...writtenByHand(existing) };
    const note = noteOf(standing, entryOf(facts));
    const isNoteOurs = existing?.note === undefined || existing.note === before?.note;
    if (existing === undefined) json.set(place, { kind: 'session', active_sensors: facts.activeSensors, note });
    else {
      // It keeps up with the data, and with what operators flagged.
      if (isNoteOurs) json.set([...place, 'note'], note);
      else if (existing.note !== note)
        lines.push(`${key}: the note that stands there was kept; the data says: ${note}.`);
      // Beside a note by hand only what was confirmed is worth adding.
      if (isSidesOurs && (isNoteOurs || facts.activeFrom === 'flags'))
        json.set([...place, 'active_sensors'], facts.activeSensors);
    }
    if (!isSidesOurs && facts.activeFrom === 'flags' && !sameSides(existing?.active_sensors, facts.activeSensors))
      lines.push(
        `${key}: active_sensors ${sidesText(existing?.active_sensors)} that stand there were kept; in ${facts.confirmedIn.join(', ')} a person confirmed ${sidesText(facts.activeSensors)}: correct them in tasks.json if that is right.`,
      );
    for (const { episode, side } of facts.contradictedIn)
      lines.push(`${key}: nobody named the ${side} side, but its gel touches something in ${episode}: look there.`);
    const written = json.get(place) as DateNote;
    remembered[key] = {
      ...(isNoteOurs ? { note } : before?.note === undefined ? {} : { note: before.note }),
      ...(isSidesOurs && written.active_sensors !== undefined ? { active_sensors: facts.activeSensors } : {}),
    };
    if (!isNoteOurs) continue;
    noted++;
    if (standing.activeFrom !== 'flags' && standing.activeFrom !== 'person')
      lines.push(
        `${key}: active sensors ${facts.activeSensors.join(', ')} are guessed: confirm them (the active side of QA previews) or correct them in tasks.json.`,
      );
  }
  if (json.toString() !== text) {
    await refuseChanged(file, text);
    await writeOutput({ root: context.root, out: null }, file, json.toString());
  }
  await writeNotes(context.root.storageDir, remembered);
  return noted;
}

/** A date's block of tasks.json, as far as it is edited here. */
interface DateNote {
  note?: string;
  active_sensors?: unknown;
}

function sameSides(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && [...a].sort().join() === [...b].sort().join();
}

function sidesText(sides: unknown): string {
  return Array.isArray(sides) ? sides.join(', ') || 'none' : JSON.stringify(sides);
}

/** Only what can be read as sides speaks in the note. */
function writtenByHand(existing: DateNote | undefined): Partial<SessionFacts> {
  const said = existing?.active_sensors;
  const sides = (['left', 'right'] as const).filter((side) => Array.isArray(said) && said.includes(side));
  return sides.length > 0 ? { activeSensors: sides, activeFrom: 'person' } : {};
}

const writtenSchema = z.object({ note: z.string().optional(), active_sensors: z.array(z.string()).optional() });
type Written = z.infer<typeof writtenSchema>;
/** A text alone is the note: versions before the sides were remembered wrote it so. */
const notesSchema = z.record(z.string(), z.union([writtenSchema, z.string().transform((note): Written => ({ note }))]));
const NOTES = 'notes-written.json';

/** Notes and active sensors as this command wrote them last, by "<task>/<date>". */
async function readNotes(storageDir: string): Promise<Record<string, Written>> {
  try {
    const folder = await ownFolder(storageDir, ['curation'], false);
    if (folder === undefined) return {};
    return notesSchema.parse(JSON.parse(await readFile(path.join(folder, NOTES), 'utf8')));
  } catch {
    // Then everything counts as a person's, and is kept.
    return {};
  }
}

async function writeNotes(storageDir: string, notes: Record<string, Written>): Promise<void> {
  const folder = (await ownFolder(storageDir, ['curation'], true)) as string;
  await writeAtomically(path.join(folder, NOTES), `${JSON.stringify(notes, null, 2)}\n`);
}

async function badFrames(context: Context): Promise<(facts: SessionFacts) => (stem: string) => BadEntry | undefined> {
  const text = await textOf(datasetFigure({ ...context, out: null }, 'bad_frames.json'));
  let episodes: Record<string, BadEntry> = {};
  try {
    if (text !== null)
      episodes = z.object({ episodes: z.record(z.string(), z.looseObject({})) }).parse(JSON.parse(text)).episodes;
  } catch {
    throw new Fault(
      'REFUSED',
      'bad_frames.json is not what stage 5 writes and was left alone: run regrasp detect, or correct it.',
    );
  }
  return ({ task, date }) =>
    (stem) =>
      episodes[`${task}/${date}/${stem}`] ?? episodes[`${date}/${stem}`];
}

export function countersOf(all: readonly StageEpisode[]): Counters {
  const rig = all.filter(({ format, ticks }) => format === 'react' && (ticks ?? 0) > 0);
  return {
    episodes: rig.length,
    frames: rig.reduce((sum, { ticks }) => sum + (ticks ?? 0), 0),
    seconds: rig.reduce((sum, { durationNs }) => sum + nsToSeconds(durationNs ?? 0), 0),
    tasks: new Set(rig.map(({ task }) => task)).size,
    dates: new Set(rig.map(({ date }) => date)).size,
  };
}

/** Answers what a person has to do themselves, if anything. */
async function editReadme(context: Context, counters: Counters, lines: string[]): Promise<DocDue | null> {
  const file = path.join(context.root.path, 'README.md');
  const text = await textOf(file);
  if (text === null) return { doc: 'README.md', why: 'there is none: write one' };
  const next = withCounters(text, counters, file);
  if (next === null)
    return {
      doc: 'README.md',
      why: `its counters stand between no markers: put ${COUNTERS_BEGIN} and ${COUNTERS_END} around them`,
    };
  if (next !== text) {
    await refuseChanged(file, text);
    await writeOutput({ root: context.root, out: null }, file, next);
    lines.push(`README.md: the counters are ${counters.episodes} episodes, ${counters.frames} frames.`);
  }
  return null;
}

/** The entry waits as a draft until a person asks for it to be appended; what was appended once stays as it is. */
async function keepCaveats(
  context: Context,
  sessions: readonly SessionFacts[],
  entries: readonly string[],
): Promise<DocDue> {
  const doc = 'docs/caveats.md';
  const names = sessions
    .map(({ task, date }) => `${task}, ${date}`)
    .slice(0, 3)
    .join('; ');
  if (context.options.writeCaveats) {
    const file = path.join(context.root.path, 'docs', 'caveats.md');
    const text = await textOf(file);
    const missing = entries.filter((entry) => !(text ?? '').includes(entry.split('\n')[0] as string));
    const start = text ?? '# Caveats\n';
    const next = [start.trimEnd(), ...missing.map((entry) => entry.trimEnd())].join('\n\n');
    if (missing.length > 0) {
      await refuseChanged(file, text);
      await writeOutput({ root: context.root, out: null }, file, `${next}\n`);
    }
    return { doc, why: `an entry on ${names} was appended: read it through` };
  }
  const folder = (await ownFolder(context.root.storageDir, ['curation'], true)) as string;
  const draft = path.join(folder, 'caveats-draft.md');
  await writeAtomically(draft, `${entries.join('\n')}`);
  await access(draft);
  return { doc, why: `an entry on ${names} is drafted in ${draft}: append it with --write-caveats` };
}
