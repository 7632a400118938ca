import { crc32, inflateRawSync, constants as zlib } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { type FileReader, SourceFault } from '../source.ts';
import { NPY_PREFIX_BYTES, type NpyHeader, parseNpyHeader, readNpyNumbers, readNpyTexts } from './npy.ts';

/** Arrays of an NPZ file, listed by header; values are read when asked for. */
export interface Npz {
  arrays: readonly NpzArray[];
  /** A whole array as f64, row by row. Rejects with SourceFault: damaged, cut short, larger than is read at once. */
  numbers(name: string): Promise<{ shape: number[]; data: Float64Array }>;
  /** A whole array of texts. */
  texts(name: string): Promise<string[]>;
}

export interface NpzArray {
  /** Without ".npy". */
  name: string;
  /** "float64", "int32", "bool", "text"; "" where there is a fault. */
  dtype: string;
  shape: number[];
  /** Unpacked, header included, as the zip's directory claims. */
  bytes: number;
  /** One sentence when it must not or cannot be read. */
  fault: { code: string; message: string } | null;
}

/** More arrays than this were not written by a recorder. */
const MAX_ENTRIES = 1000;
/** Numbers larger than this are no series. */
const MAX_ARRAY_BYTES = 64 * 2 ** 20;
/** Deflate packs at most this tightly: a directory that claims more lies. */
const MAX_DEFLATE_RATIO = 1032;
/** First packed bytes fetched for a header; NumPy's own headers are 128 bytes long. */
const HEADER_FETCH_BYTES = 4096;
const STORED = 0;
const DEFLATED = 8;

interface Member {
  entry: Entry;
  header: NpyHeader | null;
  array: NpzArray;
}

/**
 * Opens an NPZ file without unpacking it. Rejects with SourceFault where the zip itself cannot be read ("truncated",
 * "damaged"). What the zip claims is checked before anything of that size is made, and every array read is checked
 * against its CRC. Names in the zip name arrays only; they are never used as paths.
 */
export async function openNpz(files: FileReader, path: string, fileName: string, sizeBytes: number): Promise<Npz> {
  const reader = new RangeReader(files, path);
  const members = new Map<string, Member>();
  const zip = await openZip(reader, fileName, sizeBytes);
  try {
    if (zip.entryCount > MAX_ENTRIES) {
      const message = `${fileName} claims ${zip.entryCount} arrays, more than a recording has: it was not read.`;
      throw new SourceFault('too-large', message);
    }
    for await (const entry of entriesOf(zip, fileName)) {
      const member = await listMember(entry);
      // As NumPy does: of two arrays of one name the later one counts.
      if (member) members.set(member.array.name, member);
    }
  } finally {
    if (zip.isOpen) zip.close();
  }

  async function listMember(entry: Entry): Promise<Member | null> {
    const fullName = new TextDecoder().decode(entry.fileNameRaw);
    if (!fullName.endsWith('.npy')) return null;
    const name = fullName.slice(0, -'.npy'.length);
    const where = `${fileName}: ${name}`;
    const array: NpzArray = { name, dtype: '', shape: [], bytes: entry.uncompressedSize, fault: null };
    try {
      refuseLies(entry, where);
      const packed = Math.min(entry.compressedSize, HEADER_FETCH_BYTES);
      const header = await headerOf(entry, packed, where);
      refuseTooLittle(entry, header, where);
      return { entry, header, array: { ...array, dtype: header.dtype, shape: header.shape } };
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      return { entry, header: null, array: { ...array, fault: { code: error.code, message: error.message } } };
    }
  }

  async function headerOf(entry: Entry, packedBytes: number, where: string): Promise<NpyHeader> {
    const packed = await packedOf(entry, packedBytes, where);
    const start = unpackStart(entry, packed, where);
    const isAll = packedBytes === entry.compressedSize;
    try {
      return parseNpyHeader(start, where);
    } catch (error) {
      const isEarly = error instanceof SourceFault && error.code === 'truncated';
      if (isAll || !isEarly || packedBytes >= NPY_PREFIX_BYTES) throw error;
      return headerOf(entry, Math.min(entry.compressedSize, NPY_PREFIX_BYTES), where);
    }
  }

  async function packedOf(entry: Entry, length: number, where: string): Promise<Uint8Array> {
    const damaged = () =>
      new SourceFault('damaged', `${where} is damaged inside the zip: restore the file from a copy.`);
    const head = await files.readRange(path, entry.relativeOffsetOfLocalHeader, 30);
    if (head.length < 30) throw damaged();
    const view = new DataView(head.buffer, head.byteOffset, 30);
    if (view.getUint32(0, true) !== 0x04034b50) throw damaged();
    const start = entry.relativeOffsetOfLocalHeader + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    const packed = await files.readRange(path, start, length);
    if (packed.length < length) {
      const message = `${where} is cut short: ${packed.length} of ${length} bytes are there; restore the file from a copy.`;
      throw new SourceFault('truncated', message);
    }
    return packed;
  }

  async function whole(name: string): Promise<{ bytes: Uint8Array; header: NpyHeader; where: string }> {
    const member = members.get(name);
    const where = `${fileName}: ${name}`;
    if (!member) throw new SourceFault('missing-array', `${fileName} has no array ${name}.`);
    const { entry, header, array } = member;
    if (array.fault || !header) throw new SourceFault(array.fault?.code ?? 'damaged', array.fault?.message ?? where);
    if (entry.uncompressedSize > MAX_ARRAY_BYTES || header.values * 8 > MAX_ARRAY_BYTES) {
      const message = `${where} holds ${header.shape.join(' × ')} ${header.dtype} values, more than is read at once.`;
      throw new SourceFault('too-large', message);
    }
    const packed = await packedOf(entry, entry.compressedSize, where);
    return { bytes: unpack(entry, packed, where), header, where };
  }

  return {
    arrays: [...members.values()].map(({ array }) => array),
    numbers: async (name) => {
      const { bytes, header, where } = await whole(name);
      return { shape: [...header.shape], data: readNpyNumbers(bytes, header, where) };
    },
    texts: async (name) => {
      const { bytes, header, where } = await whole(name);
      return readNpyTexts(bytes, header, where);
    },
  };
}

/** Names of the arrays as far as the head of a file tells them: enough to know a file that was cut short. */
export function firstArrayName(head: Uint8Array): string | undefined {
  if (head.length < 30) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (view.getUint32(0, true) !== 0x04034b50) return undefined;
  const name = new TextDecoder().decode(head.subarray(30, 30 + view.getUint16(26, true)));
  return name.endsWith('.npy') ? name.slice(0, -'.npy'.length) : undefined;
}

function refuseLies(entry: Entry, where: string): void {
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) {
    throw new SourceFault('encrypted', `${where} is encrypted: save the file without a password.`);
  }
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    const message = `${where} is packed by zip method ${compressionMethod}, which is not read: save it with np.savez or np.savez_compressed.`;
    throw new SourceFault('unknown-filter', message);
  }
  if (compressionMethod === DEFLATED && uncompressedSize > 1024 + compressedSize * MAX_DEFLATE_RATIO) {
    const message = `${where} claims to unpack ${compressedSize} bytes into ${uncompressedSize}, which is impossible: the file was made to exhaust its reader, so the array was not read.`;
    throw new SourceFault('too-large', message);
  }
}

/** A shape that the bytes cannot hold must not be taken for the recording's. */
function refuseTooLittle({ uncompressedSize }: Entry, { shape, dtype, ...header }: NpyHeader, where: string): void {
  const claimed = header.dataOffset + header.values * header.itemBytes;
  if (claimed <= uncompressedSize) return;
  const message = `${where} claims ${shape.join(' × ')} ${dtype} values, ${claimed} bytes, where ${uncompressedSize} are there: save it again or restore a copy.`;
  throw new SourceFault('truncated', message);
}

/** The first bytes of an array, from the first packed ones. */
function unpackStart(entry: Entry, packed: Uint8Array, where: string): Uint8Array {
  if (entry.compressionMethod === STORED) return packed;
  try {
    const maxOutputLength = packed.length * MAX_DEFLATE_RATIO + 1024;
    return inflateRawSync(packed, { maxOutputLength, finishFlush: zlib.Z_SYNC_FLUSH });
  } catch {
    throw new SourceFault('damaged', `${where} is damaged inside the zip: restore the file from a copy.`);
  }
}

function unpack(entry: Entry, packed: Uint8Array, where: string): Uint8Array {
  let bytes: Uint8Array = packed;
  if (entry.compressionMethod === DEFLATED) {
    try {
      bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
    } catch {
      throw new SourceFault(
        'damaged',
        `${where} is damaged inside the zip, or larger than it claims: restore the file from a copy.`,
      );
    }
  }
  if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) {
    const message = `${where} is damaged inside the zip (its checksum differs): restore the file from a copy.`;
    throw new SourceFault('damaged', message);
  }
  return bytes;
}

async function openZip(reader: RangeReader, fileName: string, sizeBytes: number): Promise<ZipFile> {
  try {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
    return await fromRandomAccessReaderPromise(reader, sizeBytes, options);
  } catch (error) {
    throw faultOfZip(error, fileName);
  }
}

async function* entriesOf(zip: ZipFile, fileName: string): AsyncGenerator<Entry> {
  const entries = zip.eachEntry();
  while (true) {
    const next = await entries.next().catch((error: unknown) => {
      throw faultOfZip(error, fileName);
    });
    if (next.done) return;
    yield next.value;
  }
}

function faultOfZip(error: unknown, fileName: string): SourceFault {
  if (error instanceof SourceFault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (/end of central directory/i.test(reason)) {
    const message = `${fileName} is cut short or no NPZ file: its zip directory is missing; save it again or restore a copy.`;
    return new SourceFault('truncated', message);
  }
  const message = `${fileName} is a damaged zip (${reason.slice(0, 120)}): restore it from a copy.`;
  return new SourceFault('damaged', message);
}

/** Lets the zip reader read through the port, which opens nothing outside the root. */
class RangeReader extends RandomAccessReader {
  constructor(
    private readonly files: FileReader,
    private readonly path: string,
  ) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.files.readRange(this.path, position, length).then((bytes) => {
      if (bytes.length < length) return callback(new Error('unexpected end of file'));
      buffer.set(bytes, offset);
      callback(null);
    }, callback);
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
