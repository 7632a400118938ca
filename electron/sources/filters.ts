/**
 * HDF5 filters by their registered number: what people call them, and the plugin file each one needs
 * (null: part of the library). Numbers are those of the HDF Group's registry.
 */
interface KnownFilter {
  id: number;
  name: string;
  plugin: string | null;
  /** Parameters for the self-test's own file; null where the encoder needs more than a number list. */
  trial: readonly number[] | null;
}

export const KNOWN_FILTERS: readonly KnownFilter[] = [
  { id: 1, name: 'gzip', plugin: null, trial: [4] },
  { id: 2, name: 'shuffle', plugin: null, trial: [1] },
  { id: 3, name: 'fletcher32', plugin: null, trial: [] },
  { id: 307, name: 'bzip2', plugin: 'libH5Zbz2.so', trial: [9] },
  { id: 32000, name: 'lzf', plugin: 'libH5Zlzf.so', trial: [] },
  { id: 32001, name: 'blosc', plugin: 'libH5Zblosc.so', trial: [0, 0, 0, 0, 5, 2, 1] },
  { id: 32004, name: 'lz4', plugin: 'libH5Zlz4.so', trial: [0] },
  { id: 32008, name: 'bitshuffle', plugin: 'libH5Zbshuf.so', trial: [0, 2] },
  { id: 32015, name: 'zstd', plugin: 'libH5Zzstd.so', trial: [3] },
  { id: 32026, name: 'blosc2', plugin: 'libH5Zblosc2.so', trial: [0, 0, 0, 0, 5, 1, 5] },
];

const BY_ID = new Map(KNOWN_FILTERS.map((filter) => [filter.id, filter]));

export function knownFilter(id: number): KnownFilter | undefined {
  return BY_ID.get(id);
}

interface AppliedFilter {
  id: number;
  name: string;
  parameters: readonly number[];
}

const BLOSC = 32001;
const BLOSC_SHUFFLES = ['', 'byte-shuffle', 'bitshuffle'];
const BLOSC_COMPRESSORS = ['blosclz', 'lz4', 'lz4hc', 'snappy', 'zlib', 'zstd'];

/** Compressors inside BLOSC for which its plugin has no code: a sound sample of theirs fails, or ends the decoder. */
const BLOSC_WITHOUT = new Set(['snappy', 'zlib']);

/** Whether a dataset names a filter whose plugin is there, but not the part that unpacks this one. */
export function lacksCodec({ id, parameters }: AppliedFilter): boolean {
  return id === BLOSC && BLOSC_WITHOUT.has(BLOSC_COMPRESSORS[parameters[6] ?? 0] ?? '');
}

/** "blosc lz4 5 byte-shuffle", "shuffle + gzip 4", "none": a dataset's filters in the order they were applied. */
export function describeFilters(filters: readonly AppliedFilter[]): string {
  return filters.length === 0 ? 'none' : filters.map(describeFilter).join(' + ');
}

function describeFilter({ id, name, parameters }: AppliedFilter): string {
  if (id === 1) return `gzip ${parameters[0] ?? ''}`.trim();
  if (id === BLOSC) {
    // Parameters: revision, format, bytes per value, chunk bytes, level, shuffle, compressor.
    const [, , , , level = 5, shuffle = 1, compressor = 0] = parameters;
    const words = [
      'blosc',
      BLOSC_COMPRESSORS[compressor] ?? `codec ${compressor}`,
      String(level),
      BLOSC_SHUFFLES[shuffle],
    ];
    return words.filter((word) => word).join(' ');
  }
  return BY_ID.get(id)?.name ?? (name ? `${name} (${id})` : `filter ${id}`);
}
