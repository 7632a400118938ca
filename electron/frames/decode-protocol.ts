import type { Hdf5Scope, Hdf5Tree } from '../sources/source.ts';

/**
 * What crosses between the workstation and a decode worker. A worker does its jobs one after the other; an answer
 * carries the number of its job. Pixels are transferred, never copied.
 */

/** Handed to a worker when it is born. */
export interface WorkerBirth {
  /** Folder with the HDF5 filter plugins, on a real disk (not inside an archive). */
  pluginDir: string;
}

export interface FrameOrder {
  path: string;
  dataset: string;
  index: number;
  width: number;
  height: number;
  channels: number;
  /** 2 for depth. */
  bytesPerValue: number;
  encoding: 'pixels' | 'jpeg';
  /** Area-averaged down to fit; 0 = stored pixels. */
  maxWidth: number;
  maxHeight: number;
  /** A buffer nobody uses any more, to write into where it has the right size: fresh memory costs more than decoding. */
  into?: ArrayBuffer;
}

/** An encoded picture, or raw pixels of the size given, that a source answered: no file is opened for it. */
export interface PictureOrder
  extends Pick<FrameOrder, 'width' | 'height' | 'channels' | 'bytesPerValue' | 'maxWidth' | 'maxHeight' | 'into'> {
  bytes: Uint8Array;
  /** For sentences: "sample 7 of camera". */
  what: string;
}

/** The job as the worker gets it; `path` is a granted real path, and the only file that may be opened for it. */
export type WorkerOrder =
  | { op: 'inspect'; path: string; scope?: Hdf5Scope }
  | { op: 'numbers'; path: string; dataset: string }
  | { op: 'strings'; path: string; dataset: string }
  | ({ op: 'frame' } & FrameOrder)
  | ({ op: 'picture' } & PictureOrder)
  | { op: 'filters' }
  | { op: 'release'; path: string };

/** Several go in one message, in the order in which they are done. */
export type WorkerRequest = { job: number } & WorkerOrder;

export interface FrameResult {
  width: number;
  height: number;
  storedWidth: number;
  storedHeight: number;
  channels: number;
  format: 'u8' | 'u16';
  bytes: Uint8Array<ArrayBuffer>;
  decodeMs: number;
  /** Read from its place in the file, past the HDF5 library. */
  isDirect: boolean;
}

export interface FilterResult {
  id: number;
  name: string;
  works: boolean;
}

/** What each order is answered with. */
export interface WorkerAnswers {
  inspect: Hdf5Tree;
  numbers: { shape: number[]; data: Float64Array };
  strings: string[];
  frame: FrameResult;
  picture: FrameResult;
  filters: FilterResult[];
  release: null;
}

/** Replies come as they are ready, several in a message; `ms` is how long the worker was at it. */
export type WorkerReply = { ms?: number } & (
  | { job: number; ok: true; value: WorkerAnswers[keyof WorkerAnswers] }
  /** `fatal`: the decoder's memory can no longer be trusted; the worker ends itself after saying so. */
  | { job: number; ok: false; code: string; message: string; fatal: boolean }
  /** Job -1: the decoder is loaded. */
  | { job: -1; ok: true; value: null }
);
