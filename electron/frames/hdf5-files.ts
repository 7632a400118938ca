import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Metadata, File as OpenHdf5 } from 'h5wasm';
import { describeFilters, knownFilter, lacksCodec } from '../sources/filters.ts';
import { type Hdf5Dataset, SourceFault } from '../sources/source.ts';
import { isDecoderTrap } from './decoder-trap.ts';
import type { FileGate } from './file-gate.ts';
import type { Hdf5Library } from './hdf5-library.ts';

/** A dataset as the reader needs it; looked up once a file. */
export interface DatasetFacts extends Hdf5Dataset {
  metadata: Metadata;
}

export interface OpenRecording {
  path: string;
  /** For sentences. */
  name: string;
  id: bigint;
  /** What the library reads the file by, open as long as this is; null where that is not known. */
  descriptor: number | null;
  facts(dataset: string): DatasetFacts;
  /** Every text of a dataset of strings; a scalar is one. */
  strings(dataset: string): string[];
  close(): void;
}

/** More recordings open at once than this cost memory and gain nothing. */
const MAX_OPEN = 4;
/** One sample larger than this is no camera image and would not fit the library's memory. */
const MAX_SAMPLE_BYTES = 256 * 2 ** 20;
/** A chunk is unpacked whole, beside its packed bytes, in memory that ends at 2 GB; a larger one holds a worker for long. */
const MAX_CHUNK_BYTES = 512 * 2 ** 20;
/** Words by which a fault of size is known. */
export const TOO_LARGE = 'MB, more than';

/** The recordings a worker holds open, the one used last kept longest. */
export class RecordingFiles {
  readonly #open = new Map<string, OpenRecording>();

  constructor(
    private readonly library: Hdf5Library,
    private readonly gate: FileGate,
    private readonly pluginDir: string,
  ) {}

  /** Opens a granted real path for reading. Throws SourceFault when it is gone, is a link, or is no readable HDF5. */
  open(file: string): OpenRecording {
    const known = this.#open.get(file);
    if (known) {
      this.#open.delete(file);
      this.#open.set(file, known);
      return known;
    }
    const opened = this.#openAnew(file);
    this.#open.set(file, opened);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      this.release(oldest);
    }
    return opened;
  }

  release(file: string): void {
    const known = this.#open.get(file);
    this.#open.delete(file);
    known?.close();
  }

  #openAnew(file: string): OpenRecording {
    const name = path.basename(file);
    refuseWhatIsNotThisFile(file, name);
    this.gate.allow(file);
    let hdf5: OpenHdf5;
    let descriptor: number | null;
    try {
      hdf5 = new this.library.File(file, 'r');
      if (hdf5.file_id < 0n) throw new Error('the library gave no handle');
      descriptor = this.gate.descriptorOf(file);
    } catch (error) {
      rethrowRuntime(error);
      throw faultOfOpening(name, error);
    } finally {
      // The library keeps the file it has; a link from another recording to this one meets the gate like any other.
      this.gate.withdraw(file);
    }
    const facts = new Map<string, DatasetFacts>();
    return {
      path: file,
      name,
      id: hdf5.file_id,
      descriptor,
      facts: (dataset) => {
        const known = facts.get(dataset);
        if (known) return known;
        try {
          const found = datasetFacts(this.library, hdf5.file_id, dataset, this.pluginDir, this.gate);
          facts.set(dataset, found);
          return found;
        } catch (error) {
          rethrowRuntime(error);
          const reason = lastReason(error instanceof Error ? error.message : String(error));
          throw new SourceFault('missing-dataset', `${name}: ${dataset} cannot be opened (${reason}).`);
        }
      },
      strings: (dataset) => {
        try {
          const value = (hdf5.get(`/${dataset}`) as { value?: unknown } | null)?.value;
          return (Array.isArray(value) ? value : [value]).map((text) => String(text ?? ''));
        } catch (error) {
          rethrowRuntime(error);
          const reason = lastReason(error instanceof Error ? error.message : String(error));
          throw new SourceFault('corrupt-chunk', `${name}: ${dataset} is damaged and cannot be read (${reason}).`);
        }
      },
      close: () => {
        try {
          hdf5.close();
        } catch {
          // A file that cannot be closed cleanly is still forgotten: nothing was ever written to it.
        }
      },
    };
  }
}

/** WebAssembly traps poison the library's memory: they must reach the worker's top, not become a sentence here. */
export function rethrowRuntime(error: unknown): void {
  if (isDecoderTrap(error)) throw error;
}

function refuseWhatIsNotThisFile(file: string, name: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) throw new SourceFault('gone', `${name} is not there any more: rescan the folder.`);
  if (stats.size === 0) {
    throw new SourceFault(
      'not-hdf5',
      `${name} is an empty file: the recorder wrote nothing into it; restore it from a copy or record it again.`,
    );
  }
  if (realpathSync(file) !== file) {
    throw new SourceFault(
      'moved',
      `${name} became a link to another place since it was opened: open that place itself.`,
    );
  }
}

function faultOfOpening(name: string, error: unknown): SourceFault {
  const text = error instanceof Error ? error.message : String(error);
  if (/truncated file/i.test(text)) {
    return new SourceFault(
      'truncated',
      `${name} is cut short: the recorder was stopped before it closed the file; record it again or restore a copy.`,
    );
  }
  if (/file signature not found|not an HDF5/i.test(text)) {
    return new SourceFault(
      'not-hdf5',
      `${name} is no HDF5 file: its contents start with something else; restore it from a copy, or keep it elsewhere.`,
    );
  }
  if (/permission|EACCES|EPERM/i.test(text)) {
    return new SourceFault('no-access', `${name} may not be read by this account: change its permissions.`);
  }
  return new SourceFault(
    'unreadable',
    `${name} cannot be opened as HDF5 (${lastReason(text)}): restore it from a copy.`,
  );
}

/** The innermost reason of the library's error stack, short enough for a sentence. */
export function lastReason(text: string): string {
  const lines = [...text.matchAll(/line \d+ in \w+\(\): (.+)/g)].map((match) => match[1] as string);
  return (lines.at(-1) ?? text.split('\n')[0] ?? '').trim().slice(0, 160) || 'no reason given';
}

function datasetFacts(
  library: Hdf5Library,
  file: bigint,
  dataset: string,
  pluginDir: string,
  gate: FileGate,
): DatasetFacts {
  const { module } = library;
  const at = `/${dataset}`;
  const metadata = module.get_dataset_metadata(file, at);
  const filters = [...module.get_dataset_filters(file, at)].map(({ id, name, cd_values }) => ({
    id,
    name,
    parameters: [...cd_values],
  }));
  const shape = metadata.shape ? [...metadata.shape] : [];
  const facts: DatasetFacts = {
    shape,
    ...(metadata.shape ? {} : { isNull: true as const }),
    dtype: dtypeOf(metadata),
    chunk: metadata.chunks ? [...metadata.chunks] : null,
    filters,
    attributes: {},
    fault: null,
    metadata,
  };
  facts.fault =
    faultOfLayout(module, file, at, metadata, gate) ??
    faultOfFilters(dataset, filters, pluginDir) ??
    faultOfSize(dataset, metadata);
  return facts;
}

/** Sizes are what the file claims: they are looked at before anything is asked of memory. */
function faultOfSize(dataset: string, { shape, chunks, size }: Metadata): string | null {
  const bytes = (sizes: readonly number[]) => sizes.reduce((product, axis) => product * axis, size);
  const megabytes = (count: number) => Math.round(count / 1e6);
  const sample = bytes((shape ?? []).slice(1));
  if (sample > MAX_SAMPLE_BYTES) {
    return `${dataset} claims samples of ${megabytes(sample)} ${TOO_LARGE} an image can have: restore the file from a copy.`;
  }
  const chunk = bytes(chunks ?? []);
  if (chunk <= MAX_CHUNK_BYTES) return null;
  return `${dataset} is stored in pieces of ${megabytes(chunk)} ${TOO_LARGE} can be unpacked here: rewrite it with one sample a chunk.`;
}

/** A virtual dataset or external storage may name any file of the machine, so neither is read. */
function faultOfLayout(
  module: Hdf5Library['module'],
  file: bigint,
  at: string,
  metadata: Metadata,
  gate: FileGate,
): string | null {
  const dataset = at.slice(1);
  if (metadata.virtual_sources) {
    return `${dataset} is a virtual dataset whose pixels lie in other files, which are not opened: copy the data into the recording.`;
  }
  if (metadata.chunks || !metadata.shape || metadata.total_size === 0) return null;
  return readsOtherFiles(module, file, at, metadata, gate)
    ? `${dataset} keeps its data in another file (external storage), which is not opened: copy the data into the recording.`
    : null;
}

/** Reads the first value of an unchunked dataset and sees whether the gate refused a file meanwhile. */
function readsOtherFiles(
  module: Hdf5Library['module'],
  file: bigint,
  at: string,
  metadata: Metadata,
  gate: FileGate,
): boolean {
  const ones = (metadata.shape ?? []).map(() => 1n);
  const zeros = ones.map(() => 0n);
  const scalar = ones.length === 0;
  const pointer = module._malloc(Math.max(64, metadata.size));
  gate.takeRefusals();
  try {
    const selection = <T>(part: T) => (scalar ? null : part);
    module.get_dataset_data(file, at, selection(ones), selection(zeros), selection(ones), BigInt(pointer));
    if (metadata.vlen || metadata.vlen_type) module.reclaim_vlen_memory_count(file, at, '', BigInt(pointer), ones);
  } catch (error) {
    rethrowRuntime(error);
  } finally {
    module._free(pointer);
  }
  return gate.takeRefusals().length > 0;
}

function faultOfFilters(dataset: string, filters: Hdf5Dataset['filters'], pluginDir: string): string | null {
  for (const filter of filters) {
    const known = knownFilter(filter.id);
    const there =
      known && (known.plugin === null || statSync(path.join(pluginDir, known.plugin), { throwIfNoEntry: false }));
    if (there && lacksCodec(filter)) {
      return `${dataset} is compressed with ${describeFilters([filter])} (HDF5 filter ${filter.id}), which cannot be unpacked here: rewrite it with gzip, or with lz4 in blosc.`;
    }
    if (there) continue;
    const what = known?.name ?? (filter.name || 'a filter');
    return `${dataset} is compressed with ${what} (HDF5 filter ${filter.id}), which is not available here: rewrite it with gzip or blosc.`;
  }
  return null;
}

const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const ENUMERATION = 8;
const VARIABLE_LENGTH = 9;

/** NumPy-like name of a type; see Hdf5Dataset.dtype. */
export function dtypeOf(metadata: Metadata): string {
  const { type, size, signed } = metadata;
  if (type === STRING) return 'string';
  // h5py writes booleans as an enumeration of one byte.
  if (type === ENUMERATION) return size === 1 ? 'bool' : 'enum';
  if (type === VARIABLE_LENGTH) return metadata.vlen_type ? `vlen-${dtypeOf(metadata.vlen_type)}` : 'other';
  if (type === FLOAT && [2, 4, 8].includes(size)) return `float${size * 8}`;
  if (type === INTEGER && [1, 2, 4, 8].includes(size)) return `${signed ? 'int' : 'uint'}${size * 8}`;
  return 'other';
}
