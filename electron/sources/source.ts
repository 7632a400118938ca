import type { Episode, Problem, Stream } from '../../shared/episode/episode.ts';
import type { Calibration } from '../../shared/geometry/calibration.ts';
import type { SampleTools } from './sample-tools.ts';

/**
 * What every on-disk format implements. A source turns files into the shared Episode and nothing else: it knows no
 * service, keeps no state between calls but what an opened episode carries, and reads through the ports it is handed.
 *
 * A recording is found by its anchor, the one file that stands for it (an HDF5 file, `session.json`, `meta/info.json`);
 * companions (videos, parquet) lie beside or below. A file with several recordings lists them; each is addressed as
 * `<path below the root>::<inner>`.
 */
export interface Source {
  /** Stable word, e.g. "react". */
  readonly id: string;
  /** For people: "React / TWM". */
  readonly name: string;
  /** Takes files that nothing tells the format of, so that broken ones are listed too. At most one format. */
  readonly takesUnknown?: true;
  /** Whether this file could anchor a recording of the format: by name alone, called for every file of a walk. */
  mightBe(file: FileFacts): boolean;
  /** By content. Only asked where `mightBe`. Never throws; a file that cannot be read is none of this format's. */
  recognizes(file: FileFacts, ports: SourcePorts): Promise<boolean>;
  /** The root that a recording or folder belongs to (DESIGN "Root"), before any nearer `.regrasp` is looked for. */
  rootOf(path: string, isFolder: boolean): string;
  /** Task, date and name from where the file lies below the root. */
  placeOf(pathBelowRoot: string): Place;
  /**
   * The recordings of a file that can hold several, in their order (demo_10 after demo_9), as far as they can be listed
   * cheaply. Absent: the file is one recording. Rejects with SourceFault when there is nothing to list.
   */
  recordings?(file: OpenFile, ports: SourcePorts): Promise<ListedRecording[]>;
  /** Opens a recording. Never throws for a broken file: what cannot be read is in `problems`, and what can be is there. */
  open(file: OpenFile, ports: SourcePorts): Promise<OpenedEpisode>;
  /**
   * The format's own rules, every fault and not the first, beyond what opening found (those are added by the caller).
   * Reads what it needs; answers in the order a person would mend them. May add lines for people (`notes`).
   */
  check?(file: OpenFile, opened: OpenedEpisode, ports: SourcePorts): Promise<CheckFindings>;
  /** Calibration folders that could belong to this recording, best first. Absent: the format has none. */
  calibrations?(file: OpenFile, episode: Episode): Promise<Calibration[]>;
  /** Writes a small, valid dataset of this format into an empty folder, the same bytes for the same seed where the encoder allows. */
  writeSample?(directory: string, tools: SampleTools): Promise<void>;
}

export interface Place {
  task: string;
  date: string;
  name: string;
}

export interface ListedRecording extends Partial<Place> {
  /** Names the recording inside its file: "demo_3", "episode_000012". Never contains "::". */
  inner: string;
  ticks?: number;
  durationNs?: number;
  streams?: number;
  /** Of the recording itself; default: of its file. */
  sizeBytes?: number;
  outcome?: Episode['outcome'];
  instruction?: Episode['instruction'];
  properties?: Episode['properties'];
  /** What is wrong with it as far as the list tells, in the words that opening it says it again. */
  problems?: readonly Problem[];
  /** True: the figures above are all the list needs, so the recording is not opened for it. */
  complete?: boolean;
}

export interface CheckFindings {
  problems: Problem[];
  /** Lines for people that are no faults, such as a rollout's summary. */
  notes?: string[];
  /** Such lines on how it went, by the files' own account: kept back where a project is blind. */
  judgements?: string[];
}

export interface FileFacts {
  /** Real path on disk. */
  path: string;
  name: string;
  sizeBytes: number;
  modifiedMs: number;
}

export interface OpenFile extends FileFacts {
  /** Real path of the root. Nothing outside of it is read. */
  root: string;
  rootId: string;
  /** Path below the root, with slashes, of the anchor file. */
  pathBelowRoot: string;
  /** Which of the file's recordings; "" where the file is one. The episode's path is `pathBelowRoot` or `pathBelowRoot::inner`. */
  inner: string;
  /** What a person stated for the recordings of this folder, where the format asks (see Episode.asks). */
  stated: StatedFacts;
}

/** Facts a file does not hold, stated by a person and remembered per folder. */
export interface StatedFacts {
  /** Samples a second, where the file has no stamps and no rate. */
  rateHz?: number;
  /** Order of stored quaternions, where the format does not say. */
  quaternionOrder?: 'wxyz' | 'xyzw';
}

/** The model, and where its numbers and samples are. Plain data but for `readers`: it crosses a thread. */
export interface OpenedEpisode {
  episode: Episode;
  /** Stamps by clock id: nanoseconds from the start, made non-descending for look-up. */
  clocks: ReadonlyMap<string, Float64Array>;
  /** Poses by track id: (count × 7) x y z qx qy qz qw, metres. */
  poses: ReadonlyMap<string, Float64Array>;
  /** Series values by id: (count × components), row by row. NaN where nothing was recorded. */
  values: ReadonlyMap<string, Float64Array>;
  /** Where sample i of a stream lies, by stream id. A stream with a `fault` needs none. */
  locations: ReadonlyMap<string, SampleLocation>;
  /** Real paths of every file that was read, the anchor first: a change of any is a change of the recording. Default: the anchor. */
  files?: readonly string[];
  /** Samples that only the source can find (packed in parquet, MCAP, TFRecord), by stream id. Stays in the reading thread. */
  readers?: ReadonlyMap<string, SampleReader>;
}

export type SampleLocation =
  /** Sample i is row i of a dataset: pixels, or one JPEG a row (ragged or zero-padded bytes). */
  | { kind: 'hdf5'; file: string; dataset: string }
  /**
   * Sample i is presented frame `firstFrame + i` of a video file: index into the frames ffmpeg presents, in presentation
   * order, what lies before an edit list's start not counted.
   */
  | { kind: 'video'; file: string; firstFrame: number }
  /** Sample i is an encoded picture that the episode's own reader answers. */
  | { kind: 'reader' };

/** Answers one encoded picture (JPEG or PNG, told by its first bytes), or raw pixels of the stream's shape. */
export interface SampleReader {
  /** Rejects with SourceFault "corrupt-chunk" where the sample cannot be read. The bytes are the caller's own. */
  read(index: number): Promise<Uint8Array>;
}

export interface SourcePorts {
  hdf5: Hdf5Reader;
  files: FileReader;
  video: VideoProbe;
}

/** Files at or below one folder (a root, a session); whatever leads outside rejects with SourceFault "outside". */
export interface FileReader {
  /** Facts of a plain file; undefined when there is none. Links are followed as long as they stay inside. */
  facts(path: string): Promise<FileFacts | undefined>;
  /**
   * Names in a folder, folders with a trailing slash, in numeric-aware order; empty when there is no such folder. `named`:
   * those alone, so that the recording is not read again when others come and go.
   */
  list(folder: string, named?: RegExp): Promise<string[]>;
  /** A whole file, at most `limitBytes` (default 64 MB), else SourceFault "too-large". */
  read(path: string, limitBytes?: number): Promise<Uint8Array>;
  /** A part of a file; shorter at its end. */
  readRange(path: string, offset: number, length: number): Promise<Uint8Array>;
}

export interface VideoProbe {
  /** Container and every presented frame's time. Rejects with SourceFault when the file is no video that can be read. */
  probe(path: string): Promise<VideoFacts>;
}

export interface VideoFacts {
  /** For people and for playback: "h264", "av1", "vp9", "mpeg4", "hevc" … */
  codec: string;
  /** For WebCodecs ("avc1.64001e"); null where unknown. */
  codecString: string | null;
  container: string;
  /** Displayed size, after rotation and aspect. */
  width: number;
  height: number;
  frameCount: number;
  /**
   * Nanoseconds of each presented frame from the first one, ascending: zero is the first frame a player shows, wherever in
   * the file's own time that is. What names moments of the file itself (LeRobot's tables) counts from `-firstNs`.
   */
  timesNs: Float64Array;
  /**
   * The first presented frame's time in the file's own time, as ffmpeg reports it: mostly 0, more where the stream starts late
   * (an edit list that begins empty, B-frames without an edit list, transport streams).
   */
  firstNs: number;
  /** Frames a second, from the times; 0 for fewer than two frames. */
  rateHz: number;
  /** Seconds from one frame that can be decoded alone to the next, at worst. */
  worstKeyIntervalSeconds: number;
  /** One sentence where something is unusual (open GOPs that are slow to seek, cut-off frames before an edit list's start). */
  notes: string[];
}

/** What a source may ask of an HDF5 file. Every call runs in a decode worker, on the granted real path alone. */
export interface Hdf5Reader {
  /** The tree without data, or the part in `scope`. Rejects with SourceFault when the file cannot be opened at all. */
  inspect(path: string, scope?: Hdf5Scope): Promise<Hdf5Tree>;
  /** A small numeric dataset, whole, as f64 (at most 64 MB). int64, bool and float16 are converted. */
  numbers(path: string, dataset: string): Promise<{ shape: number[]; data: Float64Array }>;
  /** A small dataset of strings, whole (scalar: one), at most 1 MB. */
  strings(path: string, dataset: string): Promise<string[]>;
}

/** A part of a file's tree, for files of so many objects that only parts are looked into. */
export interface Hdf5Scope {
  /** Only what lies in this group ("" is the file's root); names stay those from the root. The groups above are told too. */
  group: string;
  /** Groups this many levels below it are the last: told with their attributes, not entered. 0: the members alone. */
  depth?: number;
}

export interface Hdf5Tree {
  /** Absolute-style paths without the leading slash; "" is the file's root group. */
  groups: Record<string, { attributes: Record<string, unknown> }>;
  datasets: Record<string, Hdf5Dataset>;
  /** Things refused or unreadable: external links, external storage, virtual datasets, dangling links. */
  problems: Problem[];
}

export interface Hdf5Dataset {
  /** Empty for a scalar; and see `isNull`. */
  shape: number[];
  /** A null dataspace: declared, and not recorded. */
  isNull?: true;
  /** NumPy-like: "uint8", "uint16", "float64", "vlen-uint8", "string", "other". */
  dtype: string;
  chunk: number[] | null;
  filters: { id: number; name: string; parameters: number[] }[];
  attributes: Record<string, unknown>;
  /** Of a dataset of JPEG files (ragged or padded bytes): pixels of the first that is one, by its own header. */
  jpegSize?: { width: number; height: number };
  /** One sentence when its data must not or cannot be read (external storage, virtual, filter not there). */
  fault: string | null;
}

/** A fault with a sentence for the person; `code` as in shared/episode Problem. */
export class SourceFault extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'SourceFault';
  }
}

/** Where a stream's samples lie. Throws for a stream that has none (a faulty one): callers look at `fault` first. */
export function locationOf(opened: OpenedEpisode, stream: Stream): SampleLocation {
  const location = opened.locations.get(stream.id);
  if (!location) throw new SourceFault('no-samples', stream.fault ?? `${stream.id} holds no samples.`);
  return location;
}
