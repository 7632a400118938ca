import { stat } from 'node:fs/promises';
import { formatAddress } from '../../../shared/episode/address.ts';
import type { Flag } from '../../../shared/review/finding.ts';
import { type QueueEvent, queueOf } from '../../../shared/review/queue.ts';
import type { Note, Outcome, Review } from '../../../shared/review/review.ts';
import { sentenceOf } from '../../fault.ts';
import { type CheckedRecording, checkRecording } from '../check/check-recording.ts';
import type { ClipRow } from '../clips/summary.ts';
import { type Made, madeOf } from '../common/made.ts';
import { galleryFile, type OutputPlace } from '../common/output-paths.ts';
import { readFindings } from '../detect/findings-store.ts';
import type { StageContext, StageEpisode } from '../stage.ts';

/** A picture that is put into the page: where it lies and what tells its content, or why there is none. */
export type Picture = { file: string; sha256: string } | { absent: string };

export interface ReportEvent extends QueueEvent {
  /** Nanoseconds from the recording's start of its first and last tick; null where the clock does not know. */
  fromNs: number | null;
  toNs: number | null;
  /** For "regrasp open --at". */
  address: string;
  /** Clips of it, by file; none are asked for without --clips. */
  clips: Picture[];
}

/** What one person said of a recording besides verdicts. */
export interface Said {
  annotator: string;
  outcome: Outcome | null;
  notes: Note[];
  flags: Flag[];
}

export interface RecordingReport {
  path: string;
  /** "task/date/episode", or its path where it lies outside of the layout. */
  name: string;
  format: string;
  ticks: number | null;
  /** Nothing of it can be read. */
  isClosed: boolean;
  durationNs: number | null;
  address: string;
  check: Pick<CheckedRecording, 'status' | 'problems' | 'notes' | 'take'>;
  /** When detectors ran, and the ticks they judged; null where nothing was looked for. */
  detected: { at: string; first: number; last: number; reason: string; activeSides: readonly string[] } | null;
  /** In order of time; null where nothing was looked for. */
  events: ReportEvent[] | null;
  unmatched: ReturnType<typeof queueOf>['unmatched'];
  said: Said[];
  /** Lines of journals that could not be read. */
  reviewProblems: readonly string[];
  preview: Picture;
}

export interface Gathering {
  context: StageContext<{ gifs: boolean; clips: boolean }>;
  /** Where the other stages put their files. */
  place: OutputPlace;
  /** Rows of the clips' summary and their folder. */
  clips: { folder: string; rows: readonly ClipRow[]; fileOf(row: ClipRow): string | null };
}

/** All that a report says of one recording. One that cannot be opened has its sentence in `check`, and `fail` is told. */
export async function gatherRecording(gathering: Gathering, episode: StageEpisode): Promise<RecordingReport> {
  const { context, place } = gathering;
  const check = await checkRecording({ ...context, options: { deep: false, quarantine: false } }, episode);
  const worst = check.problems.find(({ severity }) => severity === 'error')?.message;
  const fault = episode.fault ?? (episode.ticks ? null : (worst ?? `${episode.path} holds no tick.`));
  const report: RecordingReport = {
    ...{ path: episode.path, name: nameOf(episode), format: episode.format },
    ...{
      ticks: episode.ticks,
      isClosed: fault !== null,
      durationNs: episode.durationNs,
      check,
      address: addressOf(episode, null),
    },
    ...{ detected: null, events: null, unmatched: [], said: [], reviewProblems: [] },
    preview: { absent: 'It cannot be read.' },
  };
  if (fault !== null) {
    context.fail(episode.path, fault);
    return report;
  }
  try {
    const { opened, fingerprint } = await context.open(episode);
    report.preview = await previewOf(gathering, episode, fingerprint);
    if (fingerprint === null) return report;
    const [found, review] = [
      await readFindings(context.root.storageDir, fingerprint),
      await context.shownReview(episode),
    ];
    report.said = [review.own, ...review.others].flatMap(saidBy);
    report.reviewProblems = [...review.problems, ...hiddenIn(review)];
    const { events, unmatched } = queueOf(found?.findings ?? [], review);
    report.unmatched = unmatched;
    if (!found) return report;
    const times = opened.clocks.get(opened.episode.masterClock);
    const { at, trim, activeSides } = found;
    report.detected = { at, first: trim.first, last: trim.last, reason: trim.reason, activeSides };
    const ofIt = gathering.clips.rows.filter((row) => isOf(row, episode));
    report.events = [];
    for (const event of [...events].sort((a, b) => a.ticks[0] - b.ticks[0] || a.ticks[1] - b.ticks[1])) {
      const [first, last] = event.ticks;
      const rows = context.options.clips ? ofIt.filter(({ id }) => id === event.id) : [];
      report.events.push({
        ...event,
        ...{ fromNs: times?.[first] ?? null, toNs: times?.[last] ?? null },
        address: addressOf(episode, event.ticks),
        clips: await Promise.all(
          rows.map((row) => pictureAt(context, gathering.clips.fileOf(row), fingerprint, 'clips')),
        ),
      });
    }
  } catch (error) {
    context.signal.throwIfAborted();
    context.fail(episode.path, sentenceOf(error));
    report.check.problems.push({ severity: 'error', code: 'not-read', message: sentenceOf(error) });
    report.check.status = 'error';
  } finally {
    await context.release(episode);
  }
  return report;

  async function previewOf({ context }: Gathering, episode: StageEpisode, fingerprint: string | null) {
    if (!context.options.gifs) return { absent: 'Previews were left out.' };
    return pictureAt(context, galleryFile(place, episode), fingerprint, 'gallery');
  }
}

/** A larger file is no GIF of ours, and would make a page that nothing opens. */
const MOST_BYTES = 128 * 2 ** 20;

async function pictureAt(
  { root }: Pick<StageContext<unknown>, 'root'>,
  file: string | null,
  fingerprint: string | null,
  stage: 'gallery' | 'clips',
): Promise<Picture> {
  const mend = `run regrasp ${stage}`;
  const stats = file === null ? null : await stat(file).catch(() => null);
  if (file === null || !stats?.isFile()) return { absent: `There is no GIF: ${mend}.` };
  if (stats.size > MOST_BYTES) return { absent: `Its GIF is too large to be put in: ${mend}.` };
  const made: Made | null = await madeOf(root, file);
  // One that nothing is known of was copied here or made elsewhere: its date and name are what there is.
  if (made && fingerprint !== null && !made.from.includes(fingerprint))
    return { absent: `The GIF there is of another recording: ${mend}.` };
  return { file, sha256: made?.sha256 ?? `${stats.size} ${stats.mtimeMs}` };
}

function isOf(row: ClipRow, { task, date, stem }: StageEpisode): boolean {
  return row.task === task && row.episode === `${date}/${stem}`;
}

/** A page is read like a screen: where the project is blind, it says no more than one. */
function hiddenIn({ hidden, annotator }: Review): string[] {
  if (hidden === 0) return [];
  const others = hidden === 1 ? 'one other person' : `${hidden} other people`;
  return [`What ${others} said is left out: ${annotator} has not submitted a review of this recording.`];
}

function saidBy({ annotator, outcome, notes, flags }: Review['own']): Said[] {
  const said: Said = {
    ...{ annotator, outcome, notes: Object.values(notes) },
    flags: Object.values(flags).sort((a, b) => a.ticks[0] - b.ticks[0]),
  };
  return outcome === null && said.notes.length === 0 && said.flags.length === 0 ? [] : [said];
}

function addressOf({ path }: StageEpisode, ticks: readonly [number, number] | null): string {
  const at = ticks === null ? null : { from: ticks[0], to: ticks[1] };
  return formatAddress({ episode: path, at, layout: null });
}

function nameOf({ task, date, stem, path }: StageEpisode): string {
  return task === '' || date === '' ? path : `${task}/${date}/${stem}`;
}
