/** What a format's sample writer works with: a scene that moves, and writers for containers a format shares with others. */
export interface SampleTools {
  seed: number;
  /** Length to record. */
  seconds: number;
  /** The same two-armed scene from several cameras, and what its robot does. */
  scene: SampleScene;
  /** Writes a whole HDF5 file: groups and datasets by path without a leading slash. */
  writeHdf5(path: string, content: Hdf5Content): Promise<void>;
  /** Writes a video whose frame i is picture i, closed groups of pictures of at most 30; the default codec is H.264. */
  writeVideo(path: string, video: SampleVideo): Promise<void>;
  /** A JPEG file of interleaved RGB. */
  jpeg(rgb: Uint8Array, width: number, height: number): Promise<Uint8Array>;
  /** A PNG file of interleaved RGB. */
  png(rgb: Uint8Array, width: number, height: number): Uint8Array;
  signal?: AbortSignal;
  /** Share done, 0…1, and what is being done. */
  onProgress?(share: number, message: string): void;
}

export interface SampleScene {
  readonly cameras: readonly string[];
  /** Interleaved RGB, rows top to bottom, of a camera at a time; 4:3, so give a width that 4 divides. The receiver's own. */
  picture(camera: string, seconds: number, widthPx: number): Uint8Array;
  /** Joints in radians (7 an arm), grippers 0 closed…1 open, tool poses in metres x y z qx qy qz qw; left arm first. */
  robot(seconds: number): { joints: number[]; grippers: [number, number]; tools: [number[], number[]] };
  /** When the policy fails and when the operator has recovered, in seconds. */
  readonly failure: { startSeconds: number; handoffSeconds: number; recoveredSeconds: number };
}

export interface SampleVideo {
  width: number;
  height: number;
  rateHz: number;
  codec?: 'h264' | 'mpeg4' | 'vp9' | 'av1';
  frames: Iterable<Uint8Array>;
}

export interface Hdf5Content {
  /** By group path, "" is the root. */
  attributes?: Record<string, Record<string, Hdf5Value>>;
  datasets: Record<string, Hdf5Array | Hdf5Text | Hdf5Empty | Hdf5Rows>;
}

/** Numbers are float64, bigints int64, strings variable-length UTF-8, booleans as h5py writes them. */
export type Hdf5Value = string | string[] | number | number[] | bigint | boolean;

export interface Hdf5Array {
  shape: number[];
  data: Float64Array | Float32Array | Uint8Array | Uint16Array | Int32Array | BigInt64Array;
  chunk?: number[];
  gzip?: number;
  attributes?: Record<string, Hdf5Value>;
}
export interface Hdf5Text {
  text: string | string[];
  attributes?: Record<string, Hdf5Value>;
}
/** A null dataspace of float64, as h5py.Empty writes it. */
export interface Hdf5Empty {
  empty: 'float64';
  attributes?: Record<string, Hdf5Value>;
}

/** Variable-length bytes, one array a row: JPEG files of different lengths. At most 60,000 rows, none empty. */
export interface Hdf5Rows {
  rows: Uint8Array[];
  attributes?: Record<string, Hdf5Value>;
}
