import { absurd, BOX_HEADER_BYTES, boxAt, type IsoBox, IsoFault, viewOf } from './iso-boxes.ts';
import { claimedInFragment, FragmentSamples } from './iso-fragments.ts';
import { type IsoEdit, type IsoMovie, type IsoTrack, readMovie } from './iso-movie.ts';
import { ISO_FRAME_LIMIT, type SamplePlace } from './iso-tables.ts';

export interface IsoReader {
  sizeBytes: number;
  /** Fewer bytes than asked for only at the end of the file. */
  read(offset: number, bytes: number): Promise<Uint8Array>;
}

/** What is known of an MP4 or MOV file from its boxes alone. */
export interface IsoFile {
  /** Of the first video track. */
  edit: IsoEdit | undefined;
  /** Of the first video track; undefined where its tables are unusual, so that a library has to be asked. */
  samples: IsoSamples | undefined;
  /** Samples lie in tables and in fragments as well, of which most readers know the tables alone. */
  isHybrid: boolean;
  /** Offset of the last fragment where its samples run past the end of the file: a recorder was stopped there. */
  brokenFragmentAt: number | undefined;
}

/** Samples of one track in decoding order. */
export interface IsoSamples {
  /** The track's id in the file. */
  track: number;
  /** Seconds on the edited clock: the edit's start less what leads it; what comes before an edit is earlier than its lead. */
  seconds: Float64Array;
  /** 1 where the file says that the sample decodes alone. */
  keys: Uint8Array;
  /** Samples of a last fragment that is not wholly in the file; they are not among the others. */
  lost: number;
  /** Where the sample lies; of fragments those that decode alone are known. */
  placeOf(sample: number): SamplePlace | undefined;
}

export interface ScanOptions {
  /** False: gives up (undefined) at the first fragment, of which there may be thousands. Default true. */
  readsFragments?: boolean;
}

const INDEX_LIMIT_BYTES = 256 * 2 ** 20;
const FRAGMENT_INDEX_LIMIT_BYTES = 16 * 2 ** 20;
const TOP_BOX_LIMIT = 2_000_000;
const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'styp', 'pnot']);

/**
 * Reads a file's boxes and the samples of its first video track, no sample's bytes among them. Undefined for a file that is
 * no MP4 or MOV by its first box. Rejects with IsoFault for one that is cut short, or claims what cannot be.
 */
export async function scanIsoFile(file: IsoReader, options: ScanOptions = {}): Promise<IsoFile | undefined> {
  try {
    return await scan(file, options);
  } catch (error) {
    // A box that is too short for what it must hold.
    if (error instanceof RangeError) throw absurd('its index does not hold together');
    throw error;
  }
}

async function scan(file: IsoReader, { readsFragments = true }: ScanOptions): Promise<IsoFile | undefined> {
  const { sizeBytes } = file;
  let movie: IsoMovie | undefined;
  let fragments: FragmentSamples | undefined;
  let isFragmented = false;
  let claimed = 0;
  let lastFragmentAt = 0;
  let lastFragmentCount = 0;
  let brokenFragmentAt: number | undefined;
  let at = 0;
  for (let boxes = 0; at + 8 <= sizeBytes; boxes += 1) {
    if (boxes > TOP_BOX_LIMIT) throw absurd(`it has more than ${TOP_BOX_LIMIT} boxes`);
    const box = boxAt(viewOf(await file.read(at, BOX_HEADER_BYTES)), 0, sizeBytes - at, at);
    if (boxes === 0 && !(box && FIRST_BOXES.has(box.type))) return undefined;
    if (!box) break;
    if (box.type === 'moof') {
      if (!readsFragments) return undefined;
      isFragmented = true;
      lastFragmentAt = at;
      lastFragmentCount = fragments?.count ?? 0;
    }
    if (box.end > sizeBytes) {
      // A recorder that writes fragments does so to be stopped at any time: what came before is whole.
      if (!isFragmented || !movie) throw cutShort();
      brokenFragmentAt = box.type === 'moof' || box.type === 'mdat' ? lastFragmentAt : undefined;
      break;
    }
    if (box.type === 'moov') {
      if (box.end - box.start > INDEX_LIMIT_BYTES) throw absurd(`its index has ${box.end - box.start} bytes`);
      movie = readMovie(await bytesOf(file, box));
      claimed += movie.claimedFrames;
      fragments = movie.track && new FragmentSamples(movie.track);
    } else if (box.type === 'moof') {
      if (box.end - box.start > FRAGMENT_INDEX_LIMIT_BYTES) throw absurd('a fragment has an index without measure');
      const view = await bytesOf(file, box);
      claimed += claimedInFragment(view);
      if (claimed <= ISO_FRAME_LIMIT) fragments?.add(view, at);
    }
    if (claimed > ISO_FRAME_LIMIT) throw absurd(`it claims ${claimed} frames in ${sizeBytes} bytes`);
    at = box.end;
  }
  if (!movie) throw cutShort();
  const whole = brokenFragmentAt === undefined ? (fragments?.count ?? 0) : lastFragmentCount;
  const inTables = movie.track?.samples?.ticks.length ?? 0;
  return {
    edit: movie.track?.edit,
    samples: movie.track && samplesOf(movie.track, fragments, whole),
    isHybrid: inTables > 0 && (fragments?.count ?? 0) > 0,
    brokenFragmentAt,
  };
}

function samplesOf(track: IsoTrack, fragments: FragmentSamples | undefined, whole: number): IsoSamples | undefined {
  const { id, timescale, editTicks, samples } = track;
  if (!samples || timescale === 0 || fragments?.isUnusual) return undefined;
  const later = fragments && fragments.count > 0 ? fragments.taken() : undefined;
  const inTables = samples.ticks.length;
  const seconds = new Float64Array(inTables + whole);
  const keys = new Uint8Array(inTables + whole);
  seconds.set(samples.ticks);
  keys.set(samples.keys);
  if (later) {
    seconds.set(later.ticks.subarray(0, whole), inTables);
    keys.set(later.keys.subarray(0, whole), inTables);
  }
  // To the last bit what the packet reader makes of them, so that the two can be compared.
  for (let at = 0; at < seconds.length; at += 1) seconds[at] = ((seconds[at] as number) - editTicks) / timescale;
  return {
    track: id,
    seconds,
    keys,
    lost: (fragments?.count ?? 0) - whole,
    placeOf: (sample) => (sample < inTables ? samples.placeOf(sample) : later?.placeOf(sample - inTables)),
  };
}

async function bytesOf(file: IsoReader, { start, end }: IsoBox): Promise<DataView> {
  return viewOf(await file.read(start, end - start));
}

function cutShort(): IsoFault {
  return new IsoFault(
    'truncated',
    'is cut short: its recorder was stopped before it closed the file, or a copy broke off; copy it again or record again.',
  );
}
