import type { MessagePort } from 'node:worker_threads';

/** What the media worker is born with: the core as two separate files, so that either can be replaced. */
export interface MediaWorkerBirth {
  coreFile: string;
  wasmFile: string;
}

/** One run of ffmpeg in the worker. The worker opens the named files and nothing else; ffmpeg sees only its own memory. */
export interface MediaWorkerRun {
  run: number;
  arguments: string[];
  inputFile: string | null;
  outputFile: string | null;
  /** Raw frames come in by this port, null after the last; each message is counted at FRAMES_IN of `counters`. */
  framePort: MessagePort | null;
  /** Int32Array: see FRAMES_IN and PIECES_OUT. */
  counters: SharedArrayBuffer;
}

/** Messages that were sent to `framePort`. The worker sleeps on it. */
export const FRAMES_IN = 0;
/** Pieces of output that the other side has not taken yet. The worker sleeps on it while there are many. */
export const PIECES_OUT = 1;
export const COUNTERS = 2;

export type MediaWorkerMessage =
  | { run: number; kind: 'line'; line: string }
  /** One more frame was used up. */
  | { run: number; kind: 'taken' }
  | { run: number; kind: 'piece'; bytes: Uint8Array }
  | { run: number; kind: 'end'; code: number };

export const INPUT_NAME = '/input';
export const OUTPUT_NAME = '/output';
export const FRAMES_NAME = '/frames';
export const BYTES_NAME = '/bytes';
export const PROGRESS_NAME = '/progress';
