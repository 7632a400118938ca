import os from 'node:os';
import { type Trim, trimOf } from '../../../shared/detect/input.ts';
import type { ReferenceDefinition } from '../../../shared/detect/reference-tick.ts';
import type { DetectSettings } from '../../../shared/detect/settings.ts';
import { type EpisodeSignals, SIGNALS_VERSION, type Side, type TrackSignals } from '../../../shared/detect/signals.ts';
import type { TickSpan } from '../../../shared/detect/ticks.ts';
import type { Stream } from '../../../shared/episode/episode.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import type { StageContext } from '../stage.ts';
import { SMALL_BYTES } from './picture-kernel.ts';
import { type Scanned, type StreamPlan, scanStreams } from './scan-streams.ts';
import { sharedWorkers } from './shared-workers.ts';
import {
  type ContactPart,
  contactKey,
  contactOf,
  contactSignals,
  type ImagePart,
  imageKey,
  imageOf,
  imageSignals,
  storedContact,
  storedImage,
} from './signal-parts.ts';
import { openScratch, type ScratchFile, SignalsStore, type StoredPart } from './signals-store.ts';
import { alignedPoses, breathe, gelOf, picturedStreams, sampleIndices, tickTimes } from './stream-samples.ts';

/** What signals are computed with: a stage's context is one. */
export interface SignalsContext
  extends Pick<StageContext<unknown>, 'decode' | 'media' | 'workerDir' | 'pluginDir' | 'signal'> {
  root: { storageDir: string };
}

export interface SignalsOptions {
  /** Which tick contact is told against; see shared/detect/reference-tick.ts. Default: "first-at-percentile". */
  reference?: ReferenceDefinition;
  /** Pictures scanned of those that had to be. Not called where all is stored. */
  progress?: (progress: { done: number; total: number }) => void;
}

export const DEFAULT_REFERENCE: ReferenceDefinition = 'first-at-percentile';
export const SIDES: readonly Side[] = ['left', 'right'];

/** A stream whose signals are told, with all that says which ones they are. */
interface Told {
  stream: Stream;
  indices: Int32Array;
  /** Of a gel that contact is told of. */
  side: Side | null;
  image: { key: string; part: ImagePart | undefined };
  contact: { key: string; part: ContactPart | undefined } | null;
}

/**
 * The signals of an open recording: those stored where its content, its clocks and the tactile offset are the same, else
 * computed from the pictures and stored. A sample that cannot be read is nothing there (NaN). Rejects with SourceFault where
 * the recording cannot be read at all, and with the signal's reason when cancelled.
 */
export async function signalsOf(
  context: SignalsContext,
  episode: OpenWorkstationEpisode,
  { reference = DEFAULT_REFERENCE, progress }: SignalsOptions = {},
): Promise<EpisodeSignals> {
  const store = storeOf(context, episode);
  const kept = (await store?.read()) ?? new Map<string, StoredPart>();
  const span = referenceSpan(episode, reference);
  const told = await toldOf(episode, reference, span, kept);
  const missing = told.filter(({ image, contact }) => !image.part || (contact && !contact.part));
  if (missing.length > 0) await tell(context, episode, missing, { store, reference, span, progress });
  return signalsFrom(episode, told, reference);
}

/**
 * The signals of an open recording where all of them are stored and fresh, else null: no picture is read. Without tracks
 * only what was seen in pictures.
 */
export async function storedSignalsOf(
  context: Pick<SignalsContext, 'root'>,
  episode: OpenWorkstationEpisode,
  { reference = DEFAULT_REFERENCE, hasTracks = true }: Pick<SignalsOptions, 'reference'> & { hasTracks?: boolean } = {},
): Promise<EpisodeSignals | null> {
  const kept = await storeOf(context, episode)?.read();
  if (!kept) return null;
  const told = await toldOf(episode, reference, referenceSpan(episode, reference), kept);
  const isWhole = told.every(({ image, contact }) => image.part && (!contact || contact.part));
  return isWhole ? signalsFrom(episode, told, reference, hasTracks) : null;
}

async function signalsFrom(
  episode: OpenWorkstationEpisode,
  told: readonly Told[],
  reference: ReferenceDefinition,
  hasTracks = true,
): Promise<EpisodeSignals> {
  const timesNs = tickTimes(episode);
  return {
    version: SIGNALS_VERSION,
    ticks: timesNs.length,
    timesNs: timesNs.slice(),
    images: told.map(({ stream, indices, image }) => imageSignals(stream, indices, image.part as ImagePart)),
    contacts: told.flatMap(({ side, stream, contact }) =>
      side && contact?.part && contact.part.referenceTick >= 0
        ? [contactSignals(side, stream, reference, contact.part)]
        : [],
    ),
    tracks: hasTracks ? await trackSignals(episode) : [],
  };
}

export function storeOf(
  context: Pick<SignalsContext, 'root'>,
  { fingerprint }: OpenWorkstationEpisode,
): SignalsStore | null {
  return fingerprint === null ? null : new SignalsStore(context.root.storageDir, fingerprint);
}

/** Ticks that a reference is chosen from: all, but for the definition that was published for trimmed recordings. */
export function referenceSpan(episode: OpenWorkstationEpisode, reference: ReferenceDefinition): TickSpan {
  const last = tickTimes(episode).length - 1;
  return reference === 'smoothed-minimum' ? trimOfEpisode(episode, SIDES, 'ot_start') : { first: 0, last };
}

/** The part of a recording that the pipeline keeps, by the tracking of these hands. */
export function trimOfEpisode(
  episode: OpenWorkstationEpisode,
  activeSides: readonly Side[],
  rule: DetectSettings['trim'],
): Trim {
  const timesNs = tickTimes(episode);
  const tracks = episode.opened.episode.tracks.map((track) => ({
    track: track.id,
    side: track.side,
    aligned: NONE,
    sampleNs: episode.opened.clocks.get(track.clock) ?? NONE,
    samples: NONE,
  }));
  const numbers = { ticks: timesNs.length, timesNs, images: [], contacts: [], tracks };
  return trimOf({ signals: { version: SIGNALS_VERSION, ...numbers }, activeSides }, rule);
}

/** Parts of what was scanned, to be stored. */
export function storable(
  { stream, indices }: Pick<StreamPlan, 'stream' | 'indices'>,
  { image, contact }: Pick<Scanned, 'image' | 'contact'>,
  reference: ReferenceDefinition,
  span: TickSpan,
): StoredPart[] {
  const parts = [storedImage(imageKey(stream, indices), image)];
  if (contact) parts.push(storedContact(contactKey(stream, indices, reference, span.first), contact));
  return parts;
}

async function toldOf(
  episode: OpenWorkstationEpisode,
  reference: ReferenceDefinition,
  span: TickSpan,
  kept: ReadonlyMap<string, StoredPart>,
): Promise<Told[]> {
  const ticks = tickTimes(episode).length;
  const gels = SIDES.map((side) => ({ side, stream: gelOf(episode, side) }));
  const told: Told[] = [];
  for (const stream of picturedStreams(episode)) {
    const indices = sampleIndices(episode, stream);
    const side = gels.find((gel) => gel.stream === stream)?.side ?? null;
    const key = imageKey(stream, indices);
    const ofContact = contactKey(stream, indices, reference, span.first);
    told.push({
      stream,
      indices,
      side,
      image: { key, part: imageOf(kept.get(key), ticks) },
      contact: side && { key: ofContact, part: contactOf(kept.get(ofContact), ticks) },
    });
    await breathe();
  }
  return told;
}

interface Telling extends Required<Pick<SignalsOptions, 'reference'>>, Pick<SignalsOptions, 'progress'> {
  store: SignalsStore | null;
  span: TickSpan;
}

/** Scans what is missing, sets it in `missing`, and stores it. */
async function tell(
  context: SignalsContext,
  episode: OpenWorkstationEpisode,
  missing: readonly Told[],
  { store, reference, span, progress }: Telling,
): Promise<void> {
  const ticks = tickTimes(episode).length;
  const gels = missing.filter(({ contact }) => contact);
  const scratch: ScratchFile | null =
    gels.length === 0 ? null : store ? await store.scratch() : await openScratch(os.tmpdir());
  try {
    const streams = missing.map((each): StreamPlan => {
      const offset = gels.indexOf(each) * ticks * SMALL_BYTES;
      const small = each.contact && scratch ? { handle: scratch.handle, segments: [{ fromTick: 0, offset }] } : null;
      return { stream: each.stream, indices: each.indices, isGel: small !== null, small };
    });
    const { decode, media, signal } = context;
    const workers = sharedWorkers(context);
    const plan = { ticks, streams, reference, span, ...(progress ? { progress } : {}) };
    const scanned = await scanStreams({ workers, decode, media, signal }, episode, plan);
    missing.forEach((each, at) => {
      const { image, contact } = scanned[at] as Scanned;
      each.image.part = image;
      if (each.contact && contact) each.contact.part = contact;
    });
    await store?.add(scanned.flatMap((each, at) => storable(missing[at] as Told, each, reference, span)));
  } catch (error) {
    // What is written meanwhile lies in one place, and writing by a handle does not say which.
    if (systemCodeOf(error) !== '' && (error as { path?: string }).path === undefined)
      throw new Fault('UNUSABLE', sentenceOf(error, store ? context.root.storageDir : os.tmpdir()));
    throw error;
  } finally {
    await scratch?.done();
  }
}

async function trackSignals(episode: OpenWorkstationEpisode): Promise<TrackSignals[]> {
  const { opened } = episode;
  const signals: TrackSignals[] = [];
  for (const track of opened.episode.tracks) {
    signals.push({
      track: track.id,
      side: track.side,
      aligned: alignedPoses(episode, track),
      sampleNs: (opened.clocks.get(track.clock) ?? NONE).slice(),
      samples: (opened.poses.get(track.id) ?? NONE).slice(),
    });
    await breathe();
  }
  return signals;
}

const NONE = new Float64Array(0);
