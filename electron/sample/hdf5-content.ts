import { readFile, writeFile } from 'node:fs/promises';
import type { Hdf5Array, Hdf5Content, Hdf5Value } from '../sources/sample-tools.ts';
import { Hdf5Surgery } from './hdf5-surgery.ts';
import { loadWriter } from './hdf5-writer.ts';

type Writer = Awaited<ReturnType<typeof loadWriter>>;
type Hdf5File = InstanceType<Writer['File']>;
type Holder = Pick<Hdf5File, 'create_attribute'>;

/**
 * Writes a whole HDF5 file from data. The library in use makes no null dataspaces, booleans or rows of bytes: stand-ins
 * are written and turned into them once the file is closed. Runs in a worker thread.
 */
export async function writeHdf5Content(pluginDir: string, path: string, content: Hdf5Content): Promise<void> {
  const { File } = await loadWriter(pluginDir);
  const file = new File(path, 'w', { libver: ['earliest', 'latest'] });
  if (file.file_id < 0n) throw new Error(`${path} cannot be created: check that the folder can be written to.`);
  const repairs: ((surgery: Hdf5Surgery) => void)[] = [];
  const made = new Set<string>(['']);
  function makeGroup(group: string): void {
    if (made.has(group)) return;
    makeGroup(parentOf(group));
    file.create_group(group);
    made.add(group);
  }
  function describe(at: string, values: Record<string, Hdf5Value> = {}): void {
    if (Object.keys(values).length === 0) return;
    const holder = (at === '' ? file : file.get(at)) as Holder;
    const address = addressOf(file, at);
    for (const [name, value] of Object.entries(values)) {
      writeAttribute(holder, name, value);
      if (typeof value === 'boolean') repairs.push((surgery) => surgery.makeBoolean(address, name));
    }
  }
  for (const [name, dataset] of Object.entries(content.datasets)) {
    makeGroup(parentOf(name));
    if ('text' in dataset) {
      const { text } = dataset;
      file.create_dataset({ name, data: text, shape: Array.isArray(text) ? [text.length] : [], dtype: 'S' });
    } else if ('empty' in dataset) {
      file.create_dataset({ name, data: Float64Array.of(0), shape: [], dtype: '<d' });
    } else if ('rows' in dataset) {
      if (Object.keys(dataset.attributes ?? {}).length > 0)
        throw new Error(`${name}: rows of bytes bear no attributes.`);
      file.create_dataset({ name, data: Float64Array.of(0), shape: [], dtype: '<d' });
    } else writeArray(file, name, dataset);
    describe(name, dataset.attributes);
    const address = addressOf(file, name);
    if ('empty' in dataset) repairs.push((surgery) => surgery.makeNull(address));
    if ('rows' in dataset) repairs.push((surgery) => surgery.replaceByRows(address, dataset.rows));
  }
  for (const [group, values] of Object.entries(content.attributes ?? {})) {
    makeGroup(group);
    describe(group, values);
  }
  file.close();
  if (repairs.length === 0) return;
  const surgery = new Hdf5Surgery(await readFile(path));
  for (const repair of repairs) repair(surgery);
  await writeFile(path, surgery.bytes);
}

const DTYPES: [new (length: number) => Hdf5Array['data'], string][] = [
  [Float64Array, '<d'],
  [Float32Array, '<f'],
  [Uint8Array, '<B'],
  [Uint16Array, '<H'],
  [Int32Array, '<i'],
  [BigInt64Array, '<q'],
];

function writeArray(file: Hdf5File, name: string, { shape, data, chunk, gzip }: Hdf5Array): void {
  const dtype = DTYPES.find(([Type]) => data instanceof Type)?.[1];
  if (!dtype) throw new Error(`${name}: arrays of this type cannot be written.`);
  const chunks = chunk ?? (gzip === undefined ? undefined : [1, ...shape.slice(1)]);
  const filter = gzip === undefined ? {} : { compression: 'gzip' as const, compression_opts: [gzip] };
  file.create_dataset({ name, data, shape, dtype, ...(chunks ? { chunks } : {}), ...filter });
}

function writeAttribute(holder: Holder, name: string, value: Hdf5Value): void {
  if (typeof value === 'bigint') holder.create_attribute(name, BigInt64Array.of(value), [], '<q');
  else if (typeof value === 'boolean') {
    const stand = new Map([['value', Int8Array.of(Number(value))]]);
    holder.create_attribute(name, stand as never, [], [['value', '<b']] as never);
  } else if (typeof value === 'number') holder.create_attribute(name, Float64Array.of(value), [], '<d');
  else if (typeof value === 'string') holder.create_attribute(name, value, [], 'S');
  else if (value.every((each) => typeof each === 'number')) {
    holder.create_attribute(name, Float64Array.from(value), [value.length], '<d');
  } else holder.create_attribute(name, value as string[], [value.length], 'S');
}

function addressOf(file: Hdf5File, path: string): bigint {
  const object = (path === '' ? file : file.get(path)) as unknown as {
    create_reference(): { ref_data: Iterable<number> };
  };
  const bytes = Uint8Array.from(object.create_reference().ref_data);
  return new DataView(bytes.buffer).getBigUint64(0, true);
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
