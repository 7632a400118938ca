import type { StoredFindings } from '../../../shared/api/findings.ts';
import type { DetectSettings } from '../../../shared/detect/settings.ts';
import type { Side } from '../../../shared/detect/signals.ts';
import { decisionsOf } from '../../../shared/review/decisions.ts';
import { Fault, sentenceOf } from '../../fault.ts';
import { activeSides } from '../common/active-sides.ts';
import { digestOf, rememberMade } from '../common/made.ts';
import { type EntryOf, putAside } from '../common/put-aside.ts';
import type { StageContext, StageEnd, StageEpisode } from '../stage.ts';
import { type DetectedRecording, detectRecording } from './detect-recording.ts';
import { writeFindings } from './findings-store.ts';
import { eventsOf } from './freeze-events.ts';
import type { DetectOptions } from './index.ts';
import { badFramesEntry, reportRow } from './quality-entry.ts';
import {
  type RecordingQuality,
  readQualityFiles,
  refuseVerdictsOfOthers,
  settingsId,
  writeQualityFiles,
} from './quality-files.ts';
import { settingsFor } from './run-settings.ts';

interface Run {
  context: StageContext<DetectOptions>;
  settings: DetectSettings;
  /** Hands in use, by task and date. */
  sidesOf(episode: StageEpisode): Promise<readonly Side[]>;
}

/**
 * Stage 5. Files that cannot be added to are found out before anything is computed; a recording that fails keeps what the
 * files have of it; all four are written in the end, so that a run that is stopped leaves them as they were.
 */
export async function runDetect(context: StageContext<DetectOptions>): Promise<StageEnd> {
  const settings = settingsFor(context.options.settings, (await context.datasetSettings()).detect);
  const run: Run = { context, settings, sidesOf: sidesByDate(context.root.path) };
  // A tasks.json that cannot be read stops the run: it decides what is judged.
  await activeSides(context.root.path, '', '');
  const files = await readQualityFiles(context);
  refuseVerdictsOfOthers(context, files, context.episodes);
  const found: RecordingQuality[] = [];
  const lines: string[] = [];
  const counts = new Map<string, number>();
  let unmatched = 0;
  for (const [done, episode] of context.episodes.entries()) {
    context.signal.throwIfAborted();
    const tell = (message: string) => context.progress({ done, total: context.episodes.length, message });
    tell(episode.path);
    try {
      if (episode.fault) throw new Fault('UNUSABLE', episode.fault);
      const { recording, quality } = await detectOne(run, episode, tell);
      if (quality) found.push(quality);
      else if (recording.fault) context.fail(episode.path, recording.fault);
      unmatched += quality?.unmatched.length ?? 0;
      for (const { class: of } of recording.detection.findings) counts.set(of, (counts.get(of) ?? 0) + 1);
      lines.push(lineOf(episode, recording));
      for (const { id, reason } of quality?.unmatched ?? []) context.log(unmatchedLine(episode, id, reason));
    } catch (error) {
      context.signal.throwIfAborted();
      context.fail(episode.path, sentenceOf(error));
    }
  }
  context.signal.throwIfAborted();
  const aside = await putAside(context.root.path, context.all, files.badFrames.episodes);
  for (const { key } of aside)
    context.log(`${key} is in quarantine: the files of stage 5 leave it out. What people said of it is kept.`);
  const written = found.length + aside.length > 0 ? await write(run, found, aside) : [];
  context.progress({ done: context.episodes.length, total: context.episodes.length, message: '' });
  return {
    message: messageOf(lines.length, context.episodes.length, counts, unmatched),
    lines,
    result: { files: written, counts: Object.fromEntries(counts), unmatchedVerdicts: unmatched, settings },
  };
}

async function detectOne(
  { context, settings, sidesOf }: Run,
  episode: StageEpisode,
  tell: (message: string) => void,
): Promise<{ recording: DetectedRecording; quality: RecordingQuality | null }> {
  const opened = await context.open(episode);
  const sides = await sidesOf(episode);
  const recording = await detectRecording(context, opened, settings, sides, (done, total) =>
    tell(`${episode.path}, picture ${done} of ${total}`),
  );
  const { detection, input } = recording;
  const { fingerprint } = opened;
  if (fingerprint !== null) {
    const { path, task, date } = episode;
    const { first, last, reason } = detection.trim;
    const stored: StoredFindings = {
      ...{ version: 1, fingerprint, path, task, date, at: new Date().toISOString() },
      ...{ settings, activeSides: [...sides], ticks: input.signals.ticks, trim: { first, last, reason } },
      findings: detection.findings,
    };
    await writeFindings(context.root.storageDir, stored);
  }
  // The four files are of the rig whose pipeline they belong to, and of recordings that its check lets pass.
  if (input.profile !== 'react' || recording.fault) return { recording, quality: null };
  const nothing = { ofFinding: new Map(), hand: [], unmatched: [] };
  const decisions = fingerprint === null ? nothing : decisionsOf(await context.review(episode), detection.findings);
  // A recording that lies in no folder of a date has its own name alone.
  const name = [episode.date, episode.stem].filter((part) => part !== '').join('/');
  const entry = badFramesEntry(detection, { task: episode.task, fingerprint, settingsId: settingsId(settings) });
  const quality: RecordingQuality = {
    ...{ task: episode.task, episode: name, entry, row: reportRow(detection, entry, input.signals, episode) },
    ...eventsOf(detection, input.signals, decisions, { episode: name, task: episode.task }),
  };
  return { recording, quality };
}

/** tasks.json is read once a date and not once a recording. */
function sidesByDate(root: string): Run['sidesOf'] {
  const known = new Map<string, Promise<readonly Side[]>>();
  return ({ task, date }) => {
    const key = `${task}\0${date}`;
    const found = known.get(key) ?? activeSides(root, task, date);
    known.set(key, found);
    return found;
  };
}

async function write(
  { context, settings }: Run,
  found: readonly RecordingQuality[],
  aside: readonly EntryOf[],
): Promise<string[]> {
  const files = await writeQualityFiles(context, found, settings, aside);
  const from = [digestOf(found.map(({ episode, task, entry }) => [episode, task, entry.fingerprint]))];
  for (const file of files) await rememberMade(context.root, { file, stage: 'detect', from, options: { settings } });
  return files;
}

function lineOf({ path }: StageEpisode, { detection, input }: DetectedRecording): string {
  const { findings, trim } = detection;
  const byClass = new Map<string, number>();
  for (const { class: of } of findings) byClass.set(of, (byClass.get(of) ?? 0) + 1);
  const told = [...byClass].map(([of, count]) => `${count} ${of}`).join(', ');
  const trimmed = trim.first > 0 ? `, from tick ${trim.first}` : '';
  return `${path}  ${input.signals.ticks} ticks${trimmed}: ${told === '' ? 'nothing found' : told}`;
}

function unmatchedLine({ path }: StageEpisode, id: string, reason: string): string {
  const why = reason === 'conflict' ? 'now falls together with one that says otherwise' : 'has no event there any more';
  return `${path}: the verdict on ${id} ${why}; it is kept, and listed in freeze_intervals.json.`;
}

function messageOf(done: number, total: number, counts: ReadonlyMap<string, number>, unmatched: number): string {
  const findings = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const of = done === total ? `${total}` : `${done} of ${total}`;
  const verdicts = unmatched === 0 ? '' : ` ${unmatched} verdicts have no event any more: look at them in the app.`;
  return `${findings} findings in ${of} recordings.${verdicts}`;
}
