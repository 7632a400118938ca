import { SourceFault } from '../source.ts';
import { parseNpyDictionary } from './python-literal.ts';

/** One array's header, checked: what its bytes are. */
export interface NpyHeader {
  /** NumPy's own word without byte order: "float64", "int32", "bool", "text". */
  dtype: string;
  shape: number[];
  /** Product of the shape. */
  values: number;
  /** Bytes a value. */
  itemBytes: number;
  isFortranOrder: boolean;
  isBigEndian: boolean;
  /** 'U': 4-byte characters, 'S': bytes; null for numbers. */
  text: 'U' | 'S' | null;
  /** Where the values start. */
  dataOffset: number;
}

/** NumPy itself trusts no longer header. */
const MAX_HEADER_BYTES = 65_536;
export const NPY_PREFIX_BYTES = 12 + MAX_HEADER_BYTES;

/**
 * The header of an NPY file (versions 1, 2 and 3) from its first bytes. `where` names file and array for sentences.
 * Throws SourceFault: "pickled" for Python objects, "unsupported-type" for types that are no plain numbers or texts,
 * "truncated" where the bytes end too early, "damaged" for everything else that is no NPY header.
 */
export function parseNpyHeader(bytes: Uint8Array, where: string): NpyHeader {
  const damaged = (reason: string, code = 'damaged') =>
    new SourceFault(code, `${where} has no readable NPY header (${reason}): write the file anew with NumPy.`);
  const magic = bytes.subarray(0, 6);
  if (String.fromCharCode(...magic) !== '\x93NUMPY') throw damaged('it does not start as one');
  const [major = 0] = bytes.subarray(6);
  if (major < 1 || major > 3) throw damaged(`version ${major} is unknown`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw damaged('it is cut short', 'truncated');
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES) throw damaged(`it claims ${length} bytes of header`);
  if (bytes.length < start + length) throw damaged('it is cut short', 'truncated');
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, start + length));
  let dictionary: ReturnType<typeof parseNpyDictionary>;
  try {
    dictionary = parseNpyDictionary(text);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
  const { descr, shape, fortranOrder } = dictionary;
  if (descr === 'list') {
    throw new SourceFault(
      'unsupported-type',
      `${where} holds records of several fields, which are not read: save every field as an array of its own.`,
    );
  }
  const type = typeOf(descr.text, where);
  const values = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(values) || !Number.isSafeInteger(values * type.itemBytes)) {
    throw damaged(`its shape ${shape.join(' × ')} is impossible`);
  }
  return { ...type, shape, values, isFortranOrder: fortranOrder, dataOffset: start + length };
}

const KINDS: Record<string, [name: string, sizes: number[]]> = {
  f: ['float', [2, 4, 8]],
  i: ['int', [1, 2, 4, 8]],
  u: ['uint', [1, 2, 4, 8]],
  b: ['bool', [1]],
};

function typeOf(descr: string, where: string): Pick<NpyHeader, 'dtype' | 'itemBytes' | 'isBigEndian' | 'text'> {
  const match = /^([<>|=]?)([A-Za-z?])(\d{0,9})(?:\[[^\]]{1,20}\])?$/.exec(descr === '?' ? '|b1' : descr);
  const [, order = '', kind = '', digits = ''] = match ?? [];
  if (kind === 'O') {
    throw new SourceFault(
      'pickled',
      `${where} holds pickled Python objects, which can run programs and are never loaded: save it as plain numbers (np.stack of the fields, allow_pickle=False).`,
    );
  }
  const isBigEndian = order === '>';
  const size = Number(digits);
  const known = KINDS[kind];
  if (known?.[1].includes(size)) {
    const dtype = kind === 'b' ? 'bool' : `${known[0]}${size * 8}`;
    return { dtype, itemBytes: size, isBigEndian, text: null };
  }
  if ((kind === 'U' || kind === 'S') && size <= 4096) {
    return { dtype: 'text', itemBytes: kind === 'U' ? 4 * size : size, isBigEndian, text: kind };
  }
  throw new SourceFault(
    'unsupported-type',
    `${where} holds values of the type "${descr.slice(0, 40)}", which are not read: save it as float64 or int64.`,
  );
}

/**
 * The numbers of an NPY file, whole, as f64 in row-major order whatever order they were stored in. 64-bit integers
 * beyond 2⁵³ lose their last digits. Throws SourceFault "truncated" when bytes are missing.
 */
export function readNpyNumbers(bytes: Uint8Array, header: NpyHeader, where: string): Float64Array {
  if (header.text) {
    throw new SourceFault('not-numeric', `${where} holds text where numbers are expected.`);
  }
  const view = dataOf(bytes, header, where);
  const read = READERS[header.dtype] as Reader;
  const isLittle = !header.isBigEndian;
  const numbers = new Float64Array(header.values);
  for (let i = 0; i < numbers.length; i++) numbers[i] = read(view, i * header.itemBytes, isLittle);
  return header.isFortranOrder ? toRowMajor(numbers, header.shape) : numbers;
}

/** The texts of an NPY file ("U" or "S"), whole, padding removed. */
export function readNpyTexts(bytes: Uint8Array, header: NpyHeader, where: string): string[] {
  if (!header.text) throw new SourceFault('not-text', `${where} holds numbers where text is expected.`);
  const view = dataOf(bytes, header, where);
  return Array.from({ length: header.values }, (_, i) => {
    const at = i * header.itemBytes;
    if (header.text === 'S') {
      const stored = new Uint8Array(view.buffer, view.byteOffset + at, header.itemBytes);
      return new TextDecoder().decode(stored).replace(/\0+$/, '');
    }
    let text = '';
    for (let byte = 0; byte < header.itemBytes; byte += 4) {
      const code = view.getUint32(at + byte, !header.isBigEndian);
      text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    }
    return text.replace(/\0+$/, '');
  });
}

function dataOf(bytes: Uint8Array, { dataOffset, values, itemBytes }: NpyHeader, where: string): DataView {
  const wanted = values * itemBytes;
  const held = bytes.length - dataOffset;
  if (held < wanted) {
    const message = `${where} is cut short: ${held} of ${wanted} bytes are there; restore the file from a copy.`;
    throw new SourceFault('truncated', message);
  }
  return new DataView(bytes.buffer, bytes.byteOffset + dataOffset, wanted);
}

type Reader = (view: DataView, at: number, isLittle: boolean) => number;

const READERS: Record<string, Reader> = {
  float64: (view, at, isLittle) => view.getFloat64(at, isLittle),
  float32: (view, at, isLittle) => view.getFloat32(at, isLittle),
  float16: (view, at, isLittle) => halfToNumber(view.getUint16(at, isLittle)),
  int64: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)),
  uint64: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)),
  int32: (view, at, isLittle) => view.getInt32(at, isLittle),
  uint32: (view, at, isLittle) => view.getUint32(at, isLittle),
  int16: (view, at, isLittle) => view.getInt16(at, isLittle),
  uint16: (view, at, isLittle) => view.getUint16(at, isLittle),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** From first-axis-fastest to last-axis-fastest. */
function toRowMajor(stored: Float64Array, shape: readonly number[]): Float64Array {
  if (shape.length < 2) return stored;
  const ordered = new Float64Array(stored.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = stored[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] as number;
      const stride = strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      from += stride;
      if ((index[axis] as number) < size) break;
      from -= stride * size;
      index[axis] = 0;
    }
  }
  return ordered;
}
