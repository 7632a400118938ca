import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Side } from '../../../shared/detect/signals.ts';
import { masterClockOf, type Stream } from '../../../shared/episode/episode.ts';
import { Fault } from '../../fault.ts';
import { loadSample } from '../../frames/samples.ts';
import { locationOf } from '../../sources/source.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { belongsInQuarantine } from '../check/quarantine.ts';
import { activeSides } from '../common/active-sides.ts';
import { type Making, rememberMade } from '../common/made.ts';
import { contactFile } from '../common/output-paths.ts';
import { standsFresh, writeOutput, writeOutputBy } from '../common/write-output.ts';
import { SMALL_BYTES, SMALL_SIDE } from '../signals/picture-kernel.ts';
import { type Scanned, type SmallSink, type StreamPlan, scanStreams } from '../signals/scan-streams.ts';
import type { ScanWorkers } from '../signals/scan-workers.ts';
import { sharedWorkers } from '../signals/shared-workers.ts';
import type { ContactPart } from '../signals/signal-parts.ts';
import { referenceSpan, SIDES, storable, storeOf, trimOfEpisode } from '../signals/signals-of.ts';
import { placeOfSmall } from '../signals/small-pictures.ts';
import {
  alignedPoses,
  breathe,
  gelOf,
  hasSmall,
  picturedStreams,
  sampleIndices,
  tickTimes,
} from '../signals/stream-samples.ts';
import type { StageContext, StageEpisode } from '../stage.ts';
import { type ContactContent, contactContent } from './content.ts';
import type { ContactOptions } from './index.ts';
import { DRIFT_LIMIT, summarize } from './summary.ts';
import { type PlacedTensor, TorchFile } from './torch-file.ts';

/** Grows when the same recording and options would give other files. */
const FORM = 1;
/** Pictures of this camera go into the file. */
const VIEW = 'realsense/cam0/color';

export interface Indexed {
  state: 'written' | 'fresh' | 'no-gels';
  file: string;
  /** For people: the drift of each gel, and whether it is flagged. */
  line: string | null;
  figures: Record<string, unknown>;
}

interface Job {
  context: StageContext<ContactOptions>;
  episode: StageEpisode;
  opened: OpenWorkstationEpisode;
  workers: ScanWorkers;
  /** First tick that is kept. */
  trim: ReturnType<typeof trimOfEpisode>;
  active: readonly Side[];
  view: Stream;
  gels: readonly { side: Side; stream: Stream }[];
  onShare: (share: number) => void;
}

/**
 * Writes the .pt of one recording, what is told of it beside, and the gels at their reference. Nothing is written where they
 * stand already, made of the same content with the same options. Rejects with a sentence where a picture cannot be read.
 */
export async function indexContact(
  context: StageContext<ContactOptions>,
  episode: StageEpisode,
  onShare: (share: number) => void,
): Promise<Indexed> {
  if (episode.fault) throw new Fault('UNUSABLE', episode.fault);
  const opened = await context.open(episode);
  refuseUnequal(opened);
  const file = contactFile(context, episode, '.pt');
  const gels = SIDES.flatMap((side) => {
    const stream = gelOf(opened, side);
    return stream ? [{ side, stream }] : [];
  });
  if (gels.length === 0) {
    refuseUnreadableGels(opened);
    return { state: 'no-gels', file, line: null, figures: {} };
  }
  const view = viewOf(opened);
  const active = await activeSides(context.root.path, episode.task, episode.date);
  const trim = trimOfEpisode(opened, active, context.options.trim ? 'ot_start' : 'none');
  if (trim.last < trim.first) throw new Fault('UNUSABLE', `${episode.path} has no ticks: there is nothing to index.`);
  const workers = sharedWorkers(context);
  const job: Job = { context, episode, opened, workers, trim, active, view, gels, onShare };
  const makings = makingsOf(job);
  if (!context.options.force && (await allFresh(context, makings))) {
    return { state: 'fresh', file, line: null, figures: await figuresOf(job) };
  }
  const scanned = await writeTorchFile(job, file);
  for (const [side, contact] of scanned.contacts) await writeReference(job, side, contact);
  await breathe();
  const summary = summaryOf(job, scanned.contacts);
  await writeOutput(context, contactFile(context, episode, '.contact.json'), `${JSON.stringify(summary, null, 2)}\n`);
  if (opened.fingerprint !== null) for (const making of makings) await rememberMade(context.root, making);
  return { state: 'written', file, line: lineOf(episode, scanned.contacts), figures: shortFigures(summary) };
}

function viewOf({ opened, ...episode }: OpenWorkstationEpisode): Stream {
  const view = picturedStreams({ opened, ...episode }).find(({ id }) => id === VIEW);
  const { path: name } = opened.episode;
  const listed = opened.episode.streams.find(({ id }) => id === VIEW);
  if (view && hasSmall(view)) return view;
  const reason =
    listed?.fault ??
    (listed ? `${VIEW} holds no colour pictures of at least ${SMALL_SIDE} × ${SMALL_SIDE}.` : `There is no ${VIEW}.`);
  throw new Fault('UNUSABLE', `${name}: the camera that the file shows cannot be read: ${reason}`);
}

/** Pictures that do not go with the ticks would be training data with the wrong poses: such a file goes no further. */
function refuseUnequal({ opened }: OpenWorkstationEpisode): void {
  const { problems } = opened.episode;
  const unequal = problems.find((problem) => belongsInQuarantine([problem]));
  if (unequal) throw new Fault('UNUSABLE', unequal.message);
}

/** A recording whose gels are there and cannot be read is not one without gels. */
function refuseUnreadableGels({ opened }: OpenWorkstationEpisode): void {
  const faulty = opened.episode.streams.find(({ kind, fault }) => kind === 'tactile' && fault !== null);
  if (faulty) throw new Fault('UNUSABLE', `${opened.episode.path}: no gel can be read: ${faulty.fault}`);
}

function makingsOf({ context, episode, opened, gels, trim, active }: Job): Making[] {
  const { reference } = context.options;
  const options = { form: FORM, reference, trim: trim.first, active, offset: opened.tactileOffset() };
  const endings = ['.pt', '.contact.json', ...gels.map(({ side }) => `.gs_ref_${side}.png`)];
  return endings.map((ending) => ({
    file: contactFile(context, episode, ending),
    stage: 'contact',
    from: [opened.fingerprint ?? ''],
    options,
  }));
}

async function allFresh({ root }: Job['context'], makings: readonly Making[]): Promise<boolean> {
  for (const making of makings) if (!(await standsFresh(root, making))) return false;
  return true;
}

interface ScannedEpisode {
  contacts: ReadonlyMap<Side, ContactPart>;
}

/** The pictures are written by the workers into their places as they are read; everything else follows when they are there. */
async function writeTorchFile(job: Job, file: string): Promise<ScannedEpisode> {
  return writeOutputBy(job.context, file, async (temporary) => {
    const handle = await open(temporary, 'wx+', 0o666);
    try {
      return await fillTorchFile(job, handle);
    } finally {
      await handle.close();
    }
  });
}

interface Plan extends StreamPlan {
  small: SmallSink;
}

async function fillTorchFile(job: Job, handle: FileHandle): Promise<ScannedEpisode> {
  const { context, opened, workers, trim, view, gels } = job;
  const ticks = tickTimes(opened).length;
  const kept = ticks - trim.first;
  const torch = new TorchFile();
  const pictures = () => torch.tensor('uint8', [kept, 3, SMALL_SIDE, SMALL_SIDE]);
  const tensors = [view, ...gels.map(({ stream }) => stream)].map((stream) => ({ stream, tensor: pictures() }));
  const content: ContactContent = contactContent({ torch, kept, gels: gels.map(({ side }) => side) });
  const reference = context.options.reference;
  const span = referenceSpan(opened, reference);
  // What is trimmed off counts for the reference all the same: its pictures stand behind the end, and are cut off at last.
  const scratchAt = torch.end + ROOM_FOR_THE_REST;
  const plans = tensors.map(({ stream, tensor }, at): Plan => {
    const before = { fromTick: 0, offset: scratchAt + at * trim.first * SMALL_BYTES };
    const segments = [...(trim.first > 0 ? [before] : []), { fromTick: trim.first, offset: tensor.record.at }];
    const isSwapped = stream === view && opened.orderOf(view) === 'rgb';
    return {
      stream,
      indices: sampleIndices(opened, stream),
      isGel: stream !== view,
      small: { handle, segments, isSwapped },
    };
  });
  refuseGaps(job, plans);
  const scanned = await scanStreams(
    { workers, decode: context.decode, media: context.media, signal: context.signal },
    opened,
    {
      ...{ ticks, streams: plans, reference, span },
      progress: ({ done, total }) => job.onShare(total === 0 ? 1 : done / total),
    },
  );
  refuseDamaged(job, scanned);
  await storeOf(context, opened)?.add(
    scanned.flatMap((each, at) => storable(plans[at] as StreamPlan, each, reference, span)),
  );
  const contacts = contactsOf(job, scanned.slice(1));
  for (const [at, { tensor }] of tensors.entries()) tensor.record.crc = scanned[at]?.segmentCrcs.at(-1) ?? 0;
  const smallOf = async (at: number, tick: number) => {
    const small = new Uint8Array(SMALL_BYTES);
    await handle.read(small, 0, SMALL_BYTES, placeOfSmall((plans[at] as Plan).small, tick));
    return small;
  };
  const sides = [];
  for (const [at, { side }] of gels.entries()) {
    const contact = contacts.get(side) as ContactPart;
    const [first, p01] = [await smallOf(at + 1, 0), await smallOf(at + 1, contact.referenceTick)];
    sides.push({ side, tensor: (tensors[at + 1] as { tensor: PlacedTensor }).tensor, contact, first, p01 });
  }
  await content.write(handle, {
    ...{ view: (tensors[0] as { tensor: PlacedTensor }).tensor, sides, trim, ticks },
    ...{ timestamps: await unixSeconds(job), poses: SIDES.map((side) => ({ side, values: posesOf(opened, side) })) },
    ...{ reference, activeSides: job.active, tactileOffset: opened.tactileOffset(), driftLimit: DRIFT_LIMIT },
  });
  return { contacts };
}

/** The pickle and the directory: a few kilobytes. */
const ROOM_FOR_THE_REST = 2 ** 20;

function refuseDamaged({ episode }: Job, scanned: readonly Scanned[]): void {
  const damaged = scanned.flatMap((each) => each.damaged);
  const [first] = damaged;
  if (first) {
    const more = damaged.length > 1 ? ` (and ${damaged.length - 1} more)` : '';
    throw new Fault(
      'UNUSABLE',
      `${first.message}${more} Nothing was written for ${episode.stem}: restore it from a copy.`,
    );
  }
}

/** Every tick of the file has a picture of each stream. */
function refuseGaps({ episode }: Job, plans: readonly StreamPlan[]): void {
  const missing = plans.find(({ indices }) => indices.includes(-1));
  if (missing) {
    const tick = missing.indices.indexOf(-1);
    throw new Fault(
      'UNUSABLE',
      `${episode.path}: ${missing.stream.id} has no picture for tick ${tick}, so that nothing was written: check the recording.`,
    );
  }
}

function contactsOf({ gels, episode }: Job, scanned: readonly Scanned[]): Map<Side, ContactPart> {
  return new Map(
    gels.map(({ side, stream }, at) => {
      const contact = scanned[at]?.contact;
      if (!contact || contact.referenceTick < 0)
        throw new Fault('UNUSABLE', `${episode.path}: ${stream.id} has no picture to tell contact against.`);
      return [side, contact];
    }),
  );
}

/** Seconds since 1970 of every tick, to the bit as they were recorded where the recording holds them that way. */
async function unixSeconds({ context, opened }: Job): Promise<Float64Array> {
  const { episode } = opened.opened;
  const ticks = tickTimes(opened);
  const start = episode.startUnixSeconds ?? 0;
  const computed = ticks.map((ns) => start + ns / 1e9);
  const clock = masterClockOf(episode);
  if (episode.format !== 'react' || clock.basis !== 'recorded' || !clock.ascending) return computed;
  const stored = await context.decode.numbers(opened.path, clock.id).catch(() => null);
  const isSame =
    stored?.data.length === computed.length &&
    stored.data.every((value, at) => Math.abs(value - (computed[at] as number)) < 1e-5);
  return isSame ? (stored as { data: Float64Array }).data : computed;
}

/** (ticks × 7); zeros where the body was not tracked. */
function posesOf(opened: OpenWorkstationEpisode, side: Side): Float32Array {
  const ticks = tickTimes(opened).length;
  const track = opened.opened.episode.tracks.find((each) => each.side === side);
  if (!track) return new Float32Array(ticks * 7);
  return Float32Array.from(alignedPoses(opened, track), (value) => (Number.isNaN(value) ? 0 : value));
}

/** The stored gel at its reference, in true colours. */
async function writeReference({ context, episode, opened, workers, gels }: Job, side: Side, contact: ContactPart) {
  const stream = gels.find((gel) => gel.side === side)?.stream as Stream;
  const index = sampleIndices(opened, stream)[contact.referenceTick] as number;
  const { width, height, channels, encoding } = stream;
  const location = locationOf(opened.opened, stream);
  const isStored = location.kind === 'hdf5' && (encoding === 'pixels' || encoding === 'jpeg');
  const source = isStored
    ? { path: location.file, dataset: location.dataset, encoding, index }
    : { pixels: (await loadSample(context.decode, opened.opened, stream, index)).bytes.slice() };
  const isBlueFirst = opened.orderOf(stream) === 'bgr';
  const order = { op: 'png' as const, picture: { width, height, channels, ...source }, isBlueFirst };
  await writeOutput(
    context,
    contactFile(context, episode, `.gs_ref_${side}.png`),
    await workers.ask(order, context.signal),
  );
}

function summaryOf(
  { context, episode, opened, trim, active, view, gels }: Job,
  contacts: ReadonlyMap<Side, ContactPart>,
) {
  const times = tickTimes(opened);
  const { task, date, stem } = episode;
  const { reference, trim: isTrimmed } = context.options;
  return summarize({
    ...{ task, date, stem, reference, activeSides: active, ticks: times.length, viewStream: view.id },
    ...{ fingerprint: opened.fingerprint, version: context.version, tactileOffset: opened.tactileOffset() },
    trim: { first: trim.first, reason: trim.reason, rule: isTrimmed ? 'ot_start' : 'none' },
    durationSeconds: ((times[times.length - 1] as number) - (times[trim.first] as number)) / 1e9,
    gels: gels.map(({ side, stream }) => ({
      ...{ side, stream: stream.id, contact: contacts.get(side) as ContactPart },
      referencePicture: path.basename(contactFile(context, episode, `.gs_ref_${side}.png`)),
    })),
    poses: SIDES.map((side) => ({
      side,
      samples: opened.opened.episode.tracks.find((track) => track.side === side)?.count ?? 0,
    })),
  });
}

type Summary = ReturnType<typeof summarize>;

function shortFigures({
  n_frames,
  trim_offset,
  drift_warning,
  sides,
}: Pick<Summary, 'n_frames' | 'trim_offset' | 'drift_warning' | 'sides'>) {
  const short = Object.entries(sides).map(([side, { drift, ref_p01_idx, contact_pct }]) => [
    side,
    { drift, ref_p01_idx, contact_pct },
  ]);
  return { n_frames, trim_offset, drift_warning, sides: Object.fromEntries(short) };
}

/** Of files that stand as they should. */
async function figuresOf({ context, episode }: Job): Promise<Record<string, unknown>> {
  const text = await readFile(contactFile(context, episode, '.contact.json'), 'utf8');
  return shortFigures(JSON.parse(text) as Summary);
}

function lineOf({ path: name }: StageEpisode, contacts: ReadonlyMap<Side, ContactPart>): string {
  const told = [...contacts].map(
    ([side, { drift }]) => `${side} ${drift.toFixed(2)}${drift > DRIFT_LIMIT ? ' FLAGGED' : ''}`,
  );
  return `${name}: drift ${told.join(', ')}`;
}
