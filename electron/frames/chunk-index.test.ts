import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { ChunkIndex } from './chunk-index.ts';
import { FileBytes } from './file-bytes.ts';
import { hasPlainAddresses, layoutOf } from './hdf5-layout.ts';

/** Indices of every depth and shape of hole, and for each what the library itself says of them. */
const WRITE = `
import sys, json, numpy as np, h5py
folder = sys.argv[1]
rng = np.random.default_rng(3)
out = {}
def chunks(d):
    n = d.id.get_num_chunks()
    infos = [d.id.get_chunk_info(i) for i in range(n)]
    return [[c.chunk_offset[0], c.byte_offset, c.size, c.filter_mask] for c in infos]
def put(f, name, **options):
    d = f.create_dataset(name, shape=options.pop('shape', (9000, 2, 2, 3)), dtype='u1', chunks=(1, 2, 2, 3), **options)
    return d
with h5py.File(folder + '/trees.h5', 'w') as f:
    one = put(f, 'one'); one[0] = 1
    leaf = put(f, 'leaf'); leaf[5:40] = 2
    ordered = put(f, 'ordered', maxshape=(None, 2, 2, 3)); ordered[:5000] = 3
    holes = put(f, 'holes', compression='gzip', shuffle=True)
    for i in rng.permutation(9000)[:4000]: holes[i] = int(i) % 251
    masked = put(f, 'masked', compression='gzip')
    for i in (3, 4, 5): masked.id.write_direct_chunk((i, 0, 0, 0), bytes(12), filter_mask=1 if i == 4 else 0)
    put(f, 'empty')
    late = put(f, 'late'); late[8999] = 1
    for j in range(40): late.attrs['attribute %d' % j] = np.zeros(40)
    whole = f.create_dataset('whole', data=np.arange(24, dtype='u1').reshape(2, 2, 2, 3))
    f.create_dataset('small', data=np.arange(8, dtype='u2'), shape=(2, 4), dtype='u2', chunks=(1, 4))
    for name in ('one', 'leaf', 'ordered', 'holes', 'masked', 'empty', 'late'):
        out[name] = dict(header=h5py.h5o.get_info(f[name].id).addr, chunks=chunks(f[name]))
    out['whole'] = dict(header=h5py.h5o.get_info(whole.id).addr, offset=whole.id.get_offset())
with h5py.File(folder + '/newest.h5', 'w', libver='latest') as f:
    for name in ('newest', 'newest-fixed'):
        d = put(f, name, maxshape=(None, 2, 2, 3) if name == 'newest' else None); d[:200] = 1
        out[name] = dict(header=h5py.h5o.get_info(d.id).addr)
with h5py.File(folder + '/newer.h5', 'w', libver=('v108', 'v108')) as f:
    d = put(f, 'newer'); d[10:300] = 1
    whole = f.create_dataset('newer-whole', data=np.arange(24, dtype='u1').reshape(2, 2, 2, 3), track_times=True)
    for of in (d, whole):
        for j in range(7): of.attrs['attribute %d' % j] = np.zeros(300)
    f.flush()
    out['newer'] = dict(header=h5py.h5o.get_info(d.id).addr, chunks=chunks(d))
    out['newer-whole'] = dict(header=h5py.h5o.get_info(whole.id).addr, offset=whole.id.get_offset())
with h5py.File(folder + '/block.h5', 'w', userblock_size=512) as f:
    d = put(f, 'block'); d[:3] = 1
print(json.dumps(out))
`;

interface Known {
  header: number;
  chunks: [sample: number, address: number, bytes: number, filterMask: number][];
  offset: number;
}

describe(`chunk places beside the library's own (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
  let folder: string;
  let known: Record<string, Known>;
  const open: number[] = [];

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-chunks-')));
    known = JSON.parse(runPython(WRITE, folder));
  }, 60_000);
  afterAll(() => {
    for (const descriptor of open) closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  });

  function bytesOf(name: string): FileBytes {
    const descriptor = openSync(path.join(folder, name), 'r');
    open.push(descriptor);
    return new FileBytes(descriptor);
  }
  const of = (name: string) => known[name] as Known;

  function indexOf(file: FileBytes, name: string): ChunkIndex {
    const layout = layoutOf(file, of(name).header);
    if (layout?.kind !== 'chunks') throw new Error(`${name} has no chunks.`);
    expect(layout).toMatchObject({ chunk: [1, 2, 2, 3], valueBytes: 1 });
    return new ChunkIndex(file, layout.rootNode, 4);
  }

  it.each([
    ...['one', 'leaf', 'ordered', 'holes', 'masked', 'late'].map((name) => [name, 'trees.h5']),
    ['newer', 'newer.h5'],
  ])('finds every chunk, and no other: %s', (name, fileName) => {
    const file = bytesOf(fileName as string);
    expect(hasPlainAddresses(file)).toBe(true);
    const index = indexOf(file, name as string);
    const places = new Map(of(name as string).chunks.map(([sample, ...place]) => [sample, place]));
    expect(places.size).toBeGreaterThan(0);
    for (let sample = 0; sample < 9000; sample++) {
      const found = index.find(sample);
      expect(found && [found.address, found.bytes, found.filterMask]).toEqual(places.get(sample) ?? null);
    }
  });

  it('knows the mask of a chunk whose filter was left out', () => {
    expect(of('masked').chunks.map(([sample, , , mask]) => [sample, mask])).toEqual([
      [3, 0],
      [4, 1],
      [5, 0],
    ]);
  });

  it('finds a contiguous run, in old and new headers', () => {
    const whole = layoutOf(bytesOf('trees.h5'), of('whole').header);
    expect(whole).toEqual({ kind: 'contiguous', address: of('whole').offset, bytes: 24 });
    const newer = layoutOf(bytesOf('newer.h5'), of('newer-whole').header);
    expect(newer).toEqual({ kind: 'contiguous', address: of('newer-whole').offset, bytes: 24 });
  });

  it('leaves what was never written, newer indices and shifted addresses to the library', () => {
    expect(layoutOf(bytesOf('trees.h5'), of('empty').header)).toBeNull();
    expect(layoutOf(bytesOf('newest.h5'), of('newest').header)).toBeNull();
    expect(layoutOf(bytesOf('newest.h5'), of('newest-fixed').header)).toBeNull();
    expect(hasPlainAddresses(bytesOf('block.h5'))).toBe(false);
  });

  it('answers null for headers, nodes and places that are none', () => {
    const sound = readFileSync(path.join(folder, 'trees.h5'));
    const { header } = of('holes');
    const layout = layoutOf(bytesOf('trees.h5'), header);
    if (layout?.kind !== 'chunks') throw new Error('no chunks');
    const damaged = Buffer.from(sound);
    damaged.fill(0xff, layout.rootNode + 24);
    writeFileSync(path.join(folder, 'damaged.h5'), damaged);
    expect(new ChunkIndex(bytesOf('damaged.h5'), layout.rootNode, 4).find(100)).toBeNull();
    // A node that leads to itself.
    const circle = Buffer.from(sound);
    for (let at = 24 + 48; at < 24 + 56 * 60; at += 56)
      circle.writeBigUInt64LE(BigInt(layout.rootNode), layout.rootNode + at);
    writeFileSync(path.join(folder, 'circle.h5'), circle);
    expect(new ChunkIndex(bytesOf('circle.h5'), layout.rootNode, 4).find(100)).toBeNull();
    writeFileSync(path.join(folder, 'cut.h5'), sound.subarray(0, layout.rootNode + 30));
    expect(new ChunkIndex(bytesOf('cut.h5'), layout.rootNode, 4).find(100)).toBeNull();
    for (const nowhere of [0, 8, sound.length - 4, sound.length + 8, Number.NaN, 2 ** 60]) {
      expect(layoutOf(bytesOf('trees.h5'), nowhere)).toBeNull();
      expect(new ChunkIndex(bytesOf('trees.h5'), nowhere, 4).find(0)).toBeNull();
    }
  });
});
