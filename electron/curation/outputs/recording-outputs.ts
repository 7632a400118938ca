import type { LibraryEntry } from '../../../shared/api/library.ts';
import type { OpenedOutputs, RecordingOutputs } from '../../../shared/api/outputs.ts';
import { contactSides } from '../../../shared/detect/contact-sides.ts';
import { chosenCalibration } from '../../../shared/geometry/calibration.ts';
import { countEvents } from '../../../shared/review/queue.ts';
import type { Review } from '../../../shared/review/review.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { readFindings } from '../detect/findings-store.ts';
import { digestOfChoices } from '../panel/choices.ts';
import { episodeOf } from '../run-stage.ts';
import { storedSignalsOf } from '../signals/signals-of.ts';
import { type MadeOf, outputFile, outputState } from './output-state.ts';

export interface OutputsRoot {
  path: string;
  storageDir: string;
}

/** What is asked of reviews. */
export interface OutputReviews {
  rememberedFingerprint(episode: string, sizeBytes: number, modifiedMs: number): Promise<string | null>;
  read(storageDir: string, fingerprint: string): Promise<Review>;
}

/** What stages made of a listed recording, what was found in it and what people said; it is not opened. */
export async function recordingOutputs(
  root: OutputsRoot,
  entry: LibraryEntry,
  reviews: OutputReviews,
): Promise<RecordingOutputs> {
  const { id, sizeBytes, modifiedMs } = entry;
  const fingerprint = await reviews.rememberedFingerprint(id, sizeBytes, modifiedMs);
  const { outputs, fingerprint: told } = await outputsOf(root, entry, { fingerprint, modifiedMs });
  return { ...described(entry), ...outputs, ...(await judgedIn(root, fingerprint ?? told, reviews)) };
}

/** The same of one that is open: freshness is told by its choices too, and which gels touched something by its signals. */
export async function openedOutputs(
  root: OutputsRoot,
  entry: LibraryEntry,
  episode: OpenWorkstationEpisode,
  reviews: OutputReviews,
): Promise<OpenedOutputs> {
  const { fingerprint } = episode;
  const calibration = chosenCalibration(await episode.calibrations(), episode.calibrationChoice());
  const choices = (projection: boolean) => digestOfChoices(episode, projection ? calibration : undefined);
  const { outputs } = await outputsOf(root, entry, { fingerprint, modifiedMs: entry.modifiedMs, choices });
  const signals = await storedSignalsOf({ root }, episode);
  return {
    ...described(entry),
    ...outputs,
    ...(await judgedIn(root, fingerprint, reviews)),
    fingerprint,
    guess: signals && signals.contacts.length > 0 ? contactSides(signals.contacts) : null,
  };
}

async function outputsOf(root: OutputsRoot, entry: LibraryEntry, of: MadeOf) {
  const recording = episodeOf(entry);
  const place = { root, out: null };
  const preview = await outputState(root, outputFile(place, recording, 'preview'), 'preview', of);
  const gallery = await outputState(root, outputFile(place, recording, 'gallery'), 'gallery', of);
  return {
    outputs: { preview: preview.output, gallery: gallery.output },
    fingerprint: preview.fingerprint ?? gallery.fingerprint,
  };
}

function described(entry: LibraryEntry) {
  const { id: episode, name, task, date, ticks, durationNs, outcome } = entry;
  return { episode, name, task, date, ticks, durationNs, outcome, fault: episodeOf(entry).fault };
}

async function judgedIn(
  { storageDir }: OutputsRoot,
  fingerprint: string | null,
  reviews: OutputReviews,
): Promise<Pick<RecordingOutputs, 'findings' | 'review'>> {
  if (fingerprint === null) return { findings: null, review: null };
  const review = await reviews.read(storageDir, fingerprint);
  const found = await readFindings(storageDir, fingerprint);
  return { review, findings: found && countEvents(review, found.findings) };
}
