import type { Episode, Problem, Stream } from '../../shared/episode/episode.ts';
import type { Calibration } from '../../shared/geometry/calibration.ts';

/**
 * What every on-disk format implements. A source turns files into the shared Episode and nothing else: it knows no
 * service, keeps no state, and reads HDF5 only through the port it is handed.
 */
export interface Source {
  /** Stable word, e.g. "react". */
  readonly id: string;
  /** For people: "React / TWM". */
  readonly name: string;
  /** Whether this path looks like one recording of this format. Cheap: by name and first bytes. */
  recognizes(file: FileFacts): boolean;
  /** The root that a recording or folder belongs to (DESIGN "Root"), before any nearer `.regrasp` is looked for. */
  rootOf(path: string, isFolder: boolean): string;
  /** Task, date and name from where the file lies below the root. */
  placeOf(pathBelowRoot: string): { task: string; date: string; name: string };
  /** Opens a recording. Never throws for a broken file: what cannot be read is in `problems`, and what can be is there. */
  open(file: OpenFile, reader: Hdf5Reader): Promise<OpenedEpisode>;
  /** Calibration folders that could belong to this recording, best first. */
  calibrations(file: OpenFile, episode: Episode): Promise<Calibration[]>;
}

export interface FileFacts {
  /** Real path on disk. */
  path: string;
  name: string;
  sizeBytes: number;
  modifiedMs: number;
}

export interface OpenFile extends FileFacts {
  root: string;
  rootId: string;
  /** Path below the root, with slashes. */
  pathBelowRoot: string;
}

/** The model, and where its numbers and samples are. */
export interface OpenedEpisode {
  episode: Episode;
  /** Stamps by clock id: nanoseconds from the start, made non-descending for look-up. */
  clocks: ReadonlyMap<string, Float64Array>;
  /** Poses by track id: (count × 7) x y z qx qy qz qw, metres. */
  poses: ReadonlyMap<string, Float64Array>;
  /** Series values by id: (count × components). */
  values: ReadonlyMap<string, Float64Array>;
  /** Where sample i of a stream lies: today a dataset of the episode's own file. */
  location(stream: Stream): SampleLocation;
}

export interface SampleLocation {
  file: string;
  dataset: string;
}

/** What a source may ask of an HDF5 file. Every call runs in a decode worker, on the granted real path alone. */
export interface Hdf5Reader {
  /** The tree without data. Rejects with Hdf5Problem when the file cannot be opened at all. */
  inspect(path: string): Promise<Hdf5Tree>;
  /** A small numeric dataset, whole, as f64 (at most 64 MB). int64 is converted. */
  numbers(path: string, dataset: string): Promise<{ shape: number[]; data: Float64Array }>;
}

export interface Hdf5Tree {
  /** Absolute-style paths without the leading slash; "" is the file's root group. */
  groups: Record<string, { attributes: Record<string, unknown> }>;
  datasets: Record<string, Hdf5Dataset>;
  /** Things refused or unreadable: external links, external storage, virtual datasets, dangling links. */
  problems: Problem[];
}

export interface Hdf5Dataset {
  shape: number[];
  /** NumPy-like: "uint8", "uint16", "float64", "vlen-uint8", "string", "other". */
  dtype: string;
  chunk: number[] | null;
  filters: { id: number; name: string; parameters: number[] }[];
  attributes: Record<string, unknown>;
  /** Of a dataset of JPEG files (ragged bytes): pixels of the first that is one, by its own header. */
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
