import type { Hdf5Scope, OpenedEpisode } from '../sources/source.ts';

/** What crosses between the workstation and a reading thread. Calls of both sides carry numbers of their own. */

export type ReadingOp = 'recognize' | 'recordings' | 'look' | 'describe' | 'open' | 'check';

/** `readers` cannot cross: their streams are named, and asked for under `key` until it is let go of. */
export interface CrossingEpisode {
  source: string;
  opened: Omit<OpenedEpisode, 'readers'>;
  key: number;
  read: string[];
}

export type ToReading =
  | { kind: 'call'; call: number; op: ReadingOp; args: unknown[] }
  | { kind: 'sample'; call: number; key: number; stream: string; index: number }
  | { kind: 'release'; key: number }
  | { kind: 'answer'; ask: number; outcome: Outcome };

/** HDF5 is read by the decode workers, through the workstation: `call` says on whose behalf. */
export type Ask =
  | { op: 'inspect'; path: string; scope?: Hdf5Scope }
  | { op: 'numbers'; path: string; dataset: string }
  | { op: 'strings'; path: string; dataset: string };

export type FromReading =
  | { kind: 'answer'; call: number; outcome: Outcome }
  | { kind: 'ask'; ask: number; call: number; what: Ask };

export type Outcome = { ok: true; value: unknown } | { ok: false; code: string | null; message: string };
