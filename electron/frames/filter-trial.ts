import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { KNOWN_FILTERS } from '../sources/filters.ts';
import type { FilterResult } from './decode-protocol.ts';
import type { FileGate } from './file-gate.ts';
import type { Hdf5Library } from './hdf5-library.ts';

const VALUES = 4096;

/**
 * Writes a small dataset through each of the filters and reads it back: a listed plugin proves nothing, equal values do.
 * The trial file lies in a folder of its own among the temporary files and is removed again.
 */
export function tryFilters(library: Hdf5Library, gate: FileGate, filters: typeof KNOWN_FILTERS): FilterResult[] {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-filters-')));
  try {
    return filters.map(({ id, name, trial }) => {
      const file = path.join(folder, `${id}.h5`);
      gate.allow(file);
      const works = trial !== null && tryOne(library, file, id, trial);
      gate.withdraw(file);
      return { id, name, works };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tryOne(library: Hdf5Library, file: string, id: number, parameters: readonly number[]): boolean {
  const values = Uint8Array.from({ length: VALUES }, (_, i) => (i >> 3) ^ (i % 5));
  try {
    const written = new library.File(file, 'w');
    const options = { compression: id, compression_opts: [...parameters] };
    written.create_dataset({ name: 'trial', data: values, shape: [1, VALUES], chunks: [1, VALUES], ...options });
    written.close();
    const read = new library.File(file, 'r');
    const back = new library.Dataset(read.file_id, '/trial').value;
    read.close();
    return back instanceof Uint8Array && back.length === VALUES && back.every((value, i) => value === values[i]);
  } catch {
    return false;
  }
}
