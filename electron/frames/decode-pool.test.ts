import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stream } from '../../shared/episode/episode.ts';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { createDecodePool } from './decode-pool.ts';
import type { DecodePool } from './frame-source.ts';

const WIDTH = 64;
const HEIGHT = 48;
const COUNT = 6;

/** Writes the same frames through every filter the format has known, and the frames themselves as raw bytes. */
const WRITE_EVERY_FILTER = `
import sys, numpy as np, h5py, hdf5plugin
folder = sys.argv[1]
n, h, w = ${COUNT}, ${HEIGHT}, ${WIDTH}
rng = np.random.default_rng(7)
frames = np.zeros((n, h, w, 3), np.uint8)
for i in range(n):
    frames[i] = (np.add.outer(np.arange(h), np.arange(w))[..., None] + np.array([i, 40, 90])) % 256
frames[2] = rng.integers(0, 256, (h, w, 3))
depth = (frames[..., 0].astype(np.uint16) * 257)
frames.tofile(folder + '/frames.raw')
depth.tofile(folder + '/depth.raw')
filters = {
  'none': {}, 'gzip': dict(compression='gzip', compression_opts=4), 'lzf': dict(compression='lzf'),
  'blosc-byte': dict(hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=1)),
  'blosc-bit': dict(hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=2)),
  'shuffle-gzip': dict(compression='gzip', compression_opts=4, shuffle=True),
}
with h5py.File(folder + '/filters.h5', 'w') as f:
    for name, options in filters.items():
        fixed = name == 'shuffle-gzip'
        f.create_dataset(name + '/color', data=frames, chunks=(1, h, w, 3), maxshape=None if fixed else (None, h, w, 3), **options)
        f.create_dataset(name + '/depth', data=depth, chunks=(1, h, w), maxshape=None if fixed else (None, h, w), **options)
    f.create_dataset('clamped', data=frames[:2], chunks=(2, h, w, 3), compression='gzip', compression_opts=4, shuffle=True)
`;

function stream(id: string, more: Partial<Stream> = {}): Stream {
  return {
    ...{ id, name: id, kind: 'color', position: null, shape: [COUNT, HEIGHT, WIDTH, 3], dtype: 'uint8' },
    ...{ width: WIDTH, height: HEIGHT, channels: 3, encoding: 'pixels', order: 'rgb', count: COUNT, clock: 'ticks' },
    ...{ rule: 'latest', chunk: null, filter: 'none', filters: [], serial: null, fault: null },
    ...more,
  } as Stream;
}

describe('a decode pool reading what h5py wrote', { skip: !pythonWithHdf5() }, () => {
  let pool: DecodePool;
  let folder: string;
  let file: string;
  let frames: Buffer;
  let depth: Buffer;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp test pool ')));
    runPython(WRITE_EVERY_FILTER, folder);
    file = path.join(folder, 'filters.h5');
    frames = readFileSync(path.join(folder, 'frames.raw'));
    depth = readFileSync(path.join(folder, 'depth.raw'));
    pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
    await pool.ready();
  });
  afterAll(async () => {
    await pool?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['none', 'gzip', 'lzf', 'blosc-byte', 'blosc-bit', 'shuffle-gzip'])(
    'reads the same pixels: %s',
    async (name) => {
      for (const index of [0, 2, COUNT - 1]) {
        const size = WIDTH * HEIGHT * 3;
        const color = await pool.frame({ file, dataset: `${name}/color` }, stream(`${name}/color`), index);
        expect(color).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3, format: 'u8' });
        expect(Buffer.from(color.bytes).equals(frames.subarray(index * size, (index + 1) * size))).toBe(true);
        const deep = stream(`${name}/depth`, {
          shape: [COUNT, HEIGHT, WIDTH],
          channels: 1,
          dtype: 'uint16',
          kind: 'depth',
        });
        const range = await pool.frame({ file, dataset: deep.id }, deep, index);
        expect(range.format).toBe('u16');
        const deepSize = WIDTH * HEIGHT * 2;
        expect(Buffer.from(range.bytes).equals(depth.subarray(index * deepSize, (index + 1) * deepSize))).toBe(true);
      }
    },
  );

  it('tells which filters decode, by trying them', async () => {
    const filters = await pool.filters();
    const works = Object.fromEntries(filters.map(({ name, works }) => [name, works]));
    expect(works).toMatchObject({ gzip: true, shuffle: true, lzf: true, blosc: true });
  });

  it('lists the tree', async () => {
    const tree = await pool.inspect(file);
    expect(tree.problems).toEqual([]);
    expect(tree.datasets['blosc-bit/color']).toMatchObject({ shape: [COUNT, HEIGHT, WIDTH, 3], dtype: 'uint8' });
  });
});
