/**
 * What crosses between the workstation and a signals worker: one order at a time, answered before the next. Descriptors are
 * the process's, opened on the workstation's side; the recording is opened by the worker itself, as a decode worker does.
 */

/** Handed to a worker when it is born. */
export interface ScanBirth {
  /** Folder with the HDF5 filter plugins, on a real disk. */
  pluginDir: string;
  /** Where the worker notes what it hands to the HDF5 library: stream of the order, and sample; −1 for none. */
  note: SharedArrayBuffer;
}

/**
 * Where small pictures go, or stand: those of a segment one after the other from its offset on, the first being that of its
 * tick. Segments ascend; the last one that begins at a tick or before it has it.
 */
export interface SmallPictures {
  descriptor: number;
  segments: readonly { fromTick: number; offset: number }[];
}

/** One stream of a range of ticks. */
export interface ScanStream {
  id: string;
  dataset: string;
  width: number;
  height: number;
  channels: number;
  encoding: 'pixels' | 'jpeg';
  /** The sample of the tick before the range, then of each of its ticks; −1 for none. */
  indices: Int32Array;
  /** Intensity against this sample is wanted. */
  first: number | null;
  /** Small pictures are wanted there; a tick without a sample is black. First and third channel exchanged on the way? */
  small: (SmallPictures & { isSwapped: boolean; fromTick: number }) | null;
  /** Samples that ended a worker: not tried again. */
  ruined: readonly number[];
}

/** Samples of one stream that are decoded and compared, and nothing else is told of. */
export interface DecodedStream {
  dataset: string;
  width: number;
  height: number;
  channels: number;
  bytesPerValue: number;
  encoding: 'pixels' | 'jpeg';
  /** Ascending. */
  indices: Int32Array;
  /** Samples that ended a worker: not tried again. */
  ruined: readonly number[];
}

export type ScanOrder =
  /** Orders of one `run` read the same file: it stays open, and pictures are remembered, from one to the next. */
  | { op: 'scan'; run: number; path: string; streams: ScanStream[] }
  | { op: 'decode'; run: number; path: string; streams: DecodedStream[] }
  /** Contact of these ticks against one small picture. */
  | { op: 'measure'; small: SmallPictures; fromTick: number; count: number; reference: Uint8Array }
  /** Medians over the ticks that are there (not 0) of the values [from, to) of small pictures. */
  | { op: 'median'; small: SmallPictures; isThere: Uint8Array; from: number; to: number }
  /** Mean distances of these ticks' small pictures to one of floats. */
  | { op: 'distance'; small: SmallPictures; fromTick: number; count: number; median: Float32Array }
  /** A stored sample, or pixels of this size, as a PNG file, red first. */
  | {
      op: 'png';
      picture: { width: number; height: number; channels: number } & (
        | { path: string; dataset: string; encoding: 'pixels' | 'jpeg'; index: number }
        | { pixels: Uint8Array }
      );
      isBlueFirst: boolean;
    }
  /** The recording is let go of. */
  | { op: 'release' };

/** Of one stream and range: one element a tick. */
export interface ScannedStream {
  duplicate: Uint8Array;
  motion: Float32Array;
  brightness: Float32Array;
  /** Where it was asked for. */
  fromFirst: Float32Array | null;
  /** CRC-32 of the small pictures written, in their order. */
  crc: number;
  /** Ticks of the range (counted from its begin) whose sample cannot be read, each with a sentence. */
  damaged: { at: number; message: string }[];
}

/** Outcomes of decoding a sample: it cannot be; it can; it can, and is equal to the one decoded before it. */
export const UNREADABLE = 0;
export const DECODED = 1;
export const REPEATED = 2;

export interface DecodedSamples {
  /** One a sample. */
  outcomes: Uint8Array;
  /** Every sample that could be decoded is black; true where none could. */
  isBlack: boolean;
}

export interface ScanAnswers {
  scan: ScannedStream[];
  decode: DecodedSamples[];
  measure: { intensity: Float32Array; area: Float32Array; mixed: Float32Array };
  median: Float32Array;
  distance: { l2: Float32Array; l1: Float32Array };
  png: Uint8Array;
  release: null;
}

export type ScanReply =
  | { ok: true; value: ScanAnswers[keyof ScanAnswers] | 'ready' }
  /** `fatal`: the library's memory can no longer be trusted; the worker ends itself after saying so. */
  | { ok: false; code: string; message: string; fatal: boolean };
