/**
 * Pickles of protocol 2 with the few things that a torch file of plain data names: dictionaries, lists, numbers, texts and
 * tensors. `torch.load(weights_only=True)` reads them, because no other global is in them.
 */

export type TorchDtype = 'uint8' | 'float32' | 'float64';

/** A contiguous tensor; its values are the record "data/<storage>" of the file. */
export interface TensorFacts {
  storage: number;
  dtype: TorchDtype;
  shape: readonly number[];
}

/** Numbers that are to be whole in Python are given as bigint; others become floats. */
export type Picklable =
  | null
  | boolean
  | bigint
  | number
  | string
  | { tensor: TensorFacts }
  | readonly Picklable[]
  | ReadonlyMap<string, Picklable>;

const STORAGES: Record<TorchDtype, string> = {
  uint8: 'ByteStorage',
  float32: 'FloatStorage',
  float64: 'DoubleStorage',
};

export function pickle(value: Picklable): Buffer {
  const parts: Buffer[] = [Buffer.from([0x80, 2])];
  write(parts, value);
  parts.push(Buffer.from('.'));
  return Buffer.concat(parts);
}

function write(parts: Buffer[], value: Picklable): void {
  if (value === null) op(parts, 'N');
  else if (typeof value === 'boolean') parts.push(Buffer.from([value ? 0x88 : 0x89]));
  else if (typeof value === 'bigint') whole(parts, value);
  else if (typeof value === 'number') float(parts, value);
  else if (typeof value === 'string') text(parts, value);
  else if (value instanceof Map) dictionary(parts, value as ReadonlyMap<string, Picklable>);
  else if ('tensor' in value) tensor(parts, value.tensor);
  else list(parts, value as readonly Picklable[]);
}

function op(parts: Buffer[], code: string): void {
  parts.push(Buffer.from(code, 'latin1'));
}

function text(parts: Buffer[], value: string): void {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  parts.push(Buffer.from('X'), length, bytes);
}

/** As few bytes as hold it: four, or a long of eight. */
function whole(parts: Buffer[], value: bigint): void {
  const isShort = value >= -(2n ** 31n) && value < 2n ** 31n;
  const bytes = Buffer.alloc(isShort ? 5 : 10);
  if (isShort) {
    bytes.write('J', 'latin1');
    bytes.writeInt32LE(Number(value), 1);
  } else {
    bytes[0] = 0x8a;
    bytes[1] = 8;
    bytes.writeBigInt64LE(value, 2);
  }
  parts.push(bytes);
}

function float(parts: Buffer[], value: number): void {
  const bytes = Buffer.alloc(9);
  bytes.write('G', 'latin1');
  bytes.writeDoubleBE(value, 1);
  parts.push(bytes);
}

function dictionary(parts: Buffer[], entries: ReadonlyMap<string, Picklable>): void {
  op(parts, '}(');
  for (const [key, value] of entries) {
    text(parts, key);
    write(parts, value);
  }
  op(parts, 'u');
}

function list(parts: Buffer[], values: readonly Picklable[]): void {
  op(parts, '](');
  for (const value of values) write(parts, value);
  op(parts, 'e');
}

function tuple(parts: Buffer[], values: readonly number[]): void {
  op(parts, '(');
  for (const value of values) whole(parts, BigInt(value));
  op(parts, 't');
}

function tensor(parts: Buffer[], { storage, dtype, shape }: TensorFacts): void {
  op(parts, 'ctorch._utils\n_rebuild_tensor_v2\n((');
  text(parts, 'storage');
  op(parts, `ctorch\n${STORAGES[dtype]}\n`);
  text(parts, String(storage));
  text(parts, 'cpu');
  whole(parts, BigInt(valuesOf(shape)));
  op(parts, 'tQ');
  whole(parts, 0n);
  tuple(parts, shape);
  const strides = shape.map((_, axis) => valuesOf(shape.slice(axis + 1)));
  tuple(parts, strides);
  // No gradient, no hooks.
  parts.push(Buffer.from([0x89]));
  op(parts, 'ccollections\nOrderedDict\n)RtR');
}

export function valuesOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
