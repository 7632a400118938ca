import type { EpisodeForTicks } from '../frames/frame-source.ts';

export interface PythonRequest {
  /** Inclusive ticks of the master clock. */
  from: number;
  to: number;
  /** Stream ids; empty = every stream. */
  streams: readonly string[];
}

/** Python lines (h5py, NumPy) that load exactly this range of these streams with the order and offset in use, plus pose rows. */
export function copyAsPython(_episode: EpisodeForTicks & { path: string }, _request: PythonRequest): string {
  throw new Error('Copying as Python is not there yet.');
}
