import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stream } from '../../shared/episode/episode.ts';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { expectedPixels, RECORDING, writeReactRecordings } from '../../test/support/react-recordings.ts';
import { createDecodePool, Superseded } from './decode-pool.ts';
import type { DecodePool } from './frame-source.ts';

const WIDTH = 64;
const HEIGHT = 48;
const COUNT = 6;

/** The same frames through every filter the format has known; one frame is noise, which is stored with its filter skipped. */
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
masks = 0
with h5py.File(folder + '/filters.h5', 'w') as f:
    for name, options in filters.items():
        fixed = name == 'shuffle-gzip'
        d = f.create_dataset(name + '/color', data=frames, chunks=(1, h, w, 3), maxshape=None if fixed else (None, h, w, 3), **options)
        masks += sum(d.id.get_chunk_info(i).filter_mask != 0 for i in range(n))
        f.create_dataset(name + '/depth', data=depth, chunks=(1, h, w), maxshape=None if fixed else (None, h, w), **options)
    f.create_dataset('clamped/color', data=frames[:2], chunks=(2, h, w, 3), compression='gzip', compression_opts=4, shuffle=True)
    f.create_dataset('codec/color', data=frames, chunks=(1, h, w, 3), **hdf5plugin.Blosc(cname='zlib', shuffle=1))
    f.create_dataset('big-endian', data=depth.astype('>u2'))
    f.create_dataset('claims/sample', shape=(3, 60000, 60000, 3), chunks=(1, 6000, 6000, 1), dtype='u1', compression='gzip')
    f.create_dataset('claims/chunk', shape=(600, 480, 640, 3), chunks=(600, 480, 640, 3), dtype='u1', compression='gzip')
    f.create_dataset('counts', data=np.array([1, 2**40, -5], np.int64))
print(masks)
`;

function stream(id: string, more: Partial<Stream> = {}): Stream {
  return {
    ...{ id, name: id, kind: 'color', position: null, shape: [COUNT, HEIGHT, WIDTH, 3], dtype: 'uint8' },
    ...{ width: WIDTH, height: HEIGHT, channels: 3, encoding: 'pixels', order: 'rgb', count: COUNT, clock: 'ticks' },
    ...{ rule: 'latest', chunk: null, filter: 'none', filters: [], serial: null, fault: null },
    ...more,
  } as Stream;
}

const deep = (id: string) => stream(id, { shape: [COUNT, HEIGHT, WIDTH], channels: 1, dtype: 'uint16', kind: 'depth' });
const small = (id: string) =>
  stream(id, { shape: [RECORDING.ticks, RECORDING.height, RECORDING.width, 3], width: 32, height: 24 });

describe(`a decode pool on files of another writer (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
  let pool: DecodePool;
  let folder: string;
  let file: string;
  let frames: Buffer;
  let depth: Buffer;
  let skippedFilters: number;
  const broken = (name: string) => path.join(folder, 'broken', name);

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp test pool ')));
    skippedFilters = Number(runPython(WRITE_EVERY_FILTER, folder));
    writeReactRecordings(folder);
    file = path.join(folder, 'filters.h5');
    frames = readFileSync(path.join(folder, 'frames.raw'));
    depth = readFileSync(path.join(folder, 'depth.raw'));
    pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
    await pool.ready();
  }, 120_000);
  afterAll(async () => {
    await pool?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (dataset: string, of: Stream, index: number, more = {}) =>
    pool.frame({ kind: 'hdf5', file, dataset }, of, index, more);

  it.each(['none', 'gzip', 'lzf', 'blosc-byte', 'blosc-bit', 'shuffle-gzip'])(
    'reads the same pixels: %s',
    async (name) => {
      for (const index of [0, 2, COUNT - 1]) {
        const color = await read(`${name}/color`, stream(`${name}/color`), index);
        expect(color).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3, format: 'u8' });
        const size = WIDTH * HEIGHT * 3;
        expect(Buffer.from(color.bytes).equals(frames.subarray(index * size, (index + 1) * size))).toBe(true);
        const range = await read(`${name}/depth`, deep(`${name}/depth`), index);
        const deepSize = WIDTH * HEIGHT * 2;
        expect(range).toMatchObject({ channels: 1, format: 'u16' });
        expect(Buffer.from(range.bytes).equals(depth.subarray(index * deepSize, (index + 1) * deepSize))).toBe(true);
      }
    },
  );

  it('says of a sound stream which part of a filter is missing, and not that it is damaged', async () => {
    const missing = /codec\/color is compressed with blosc zlib 5 byte-shuffle .*cannot be unpacked here: rewrite it/;
    expect((await pool.inspect(file)).datasets['codec/color']?.fault).toMatch(missing);
    await expect(read('codec/color', stream('codec/color'), 0)).rejects.toThrow(missing);
  });

  it('read chunks whose filter was skipped among them', () => expect(skippedFilters).toBeGreaterThan(0));

  it('reads two-frame chunks, and 16-bit values of the other byte order', async () => {
    const size = WIDTH * HEIGHT * 3;
    const second = await read('clamped/color', stream('clamped/color'), 1);
    expect(Buffer.from(second.bytes).equals(frames.subarray(size, 2 * size))).toBe(true);
    const turned = await read('big-endian', deep('big-endian'), 3);
    const deepSize = WIDTH * HEIGHT * 2;
    expect(Buffer.from(turned.bytes).equals(depth.subarray(3 * deepSize, 4 * deepSize))).toBe(true);
  });

  it('reads 64-bit integers as numbers', async () => {
    expect(await pool.numbers(file, 'counts')).toEqual({ shape: [3], data: Float64Array.of(1, 2 ** 40, -5) });
  });

  it('refuses samples and chunks of a size that no memory holds, by what the file claims of them', async () => {
    const { datasets, problems } = await pool.inspect(path.join(folder, 'filters.h5'));
    const faults = {
      'claims/sample': /claims samples of 10800 MB, more than an image/,
      'claims/chunk': /in pieces of 553 MB, more than can be unpacked here: rewrite it/,
    };
    for (const [dataset, sentence] of Object.entries(faults)) {
      expect(datasets[dataset]?.fault).toMatch(sentence);
      expect(problems).toContainEqual(expect.objectContaining({ code: 'too-large', stream: dataset }));
      const [, height = 0, width = 0] = datasets[dataset]?.shape ?? [];
      const asked = stream(dataset, { width, height, shape: [3, height, width, 3] });
      const location = { kind: 'hdf5' as const, file: path.join(folder, 'filters.h5'), dataset };
      await expect(pool.frame(location, asked, 0)).rejects.toThrow(sentence);
    }
  });

  it('averages down to what a pane needs, in one size for both axes', async () => {
    const half = await read('gzip/color', stream('gzip/color'), 0, { maxWidth: 32, maxHeight: 999 });
    expect(half).toMatchObject({ width: 32, height: 24, channels: 3 });
    const at = (x: number, y: number) => frames[(y * WIDTH + x) * 3] as number;
    expect(half.bytes[0]).toBe(Math.floor((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4 + 0.5));
    const whole = await read('gzip/color', stream('gzip/color'), 0, { maxWidth: 640, maxHeight: 480 });
    expect(whole).toMatchObject({ width: WIDTH, height: HEIGHT });
  });

  it('writes into a buffer that was given back, and never into another', async () => {
    const first = await read('gzip/color', stream('gzip/color'), 0);
    const kept = await read('gzip/color', stream('gzip/color'), 1);
    const keptPixels = Buffer.from(kept.bytes).toString('hex');
    pool.recycle?.(first.bytes);
    const size = WIDTH * HEIGHT * 3;
    const again = await read('gzip/color', stream('gzip/color'), 4);
    expect(first.bytes.byteLength).toBe(0);
    expect(Buffer.from(again.bytes).equals(frames.subarray(4 * size, 5 * size))).toBe(true);
    expect(Buffer.from(kept.bytes).toString('hex')).toBe(keptPixels);
  });

  it('tells which filters decode, by trying them', async () => {
    const works = Object.fromEntries((await pool.filters()).map(({ name, works }) => [name, works]));
    expect(works).toMatchObject({ gzip: true, shuffle: true, lzf: true, blosc: true });
  });

  it('says so when a plugin is not there, and still reads what needs none', async () => {
    const bare = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir: folder, workers: 1 });
    try {
      const works = Object.fromEntries((await bare.filters()).map(({ name, works }) => [name, works]));
      expect(works).toMatchObject({ gzip: true, blosc: false });
      const tree = await bare.inspect(file);
      expect(tree.datasets['blosc-bit/color']?.fault).toMatch(/blosc.*32001.*not available/);
      const refused = bare.frame({ kind: 'hdf5', file, dataset: 'blosc-bit/color' }, stream('blosc-bit/color'), 2);
      await expect(refused).rejects.toThrow(/filters\.h5: blosc-bit\/color.*not available/);
      await bare.frame({ kind: 'hdf5', file, dataset: 'gzip/color' }, stream('gzip/color'), 0);
    } finally {
      await bare.close();
    }
  });

  it.each(['blosc', 'gzip', 'lzf'])('loses one sample to a corrupt %s chunk, and only that', async (filter) => {
    const location = { kind: 'hdf5', file: broken(`corrupt-${filter}.h5`), dataset: 'realsense/cam0/color' } as const;
    const of = small(location.dataset);
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(pool.frame(location, of, 4)).rejects.toThrow(
        new RegExp(`corrupt-${filter}\\.h5: sample 4 of realsense/cam0/color is damaged`),
      );
      for (const index of [3, 5]) {
        expect((await pool.frame(location, of, index)).bytes).toEqual(expectedPixels(0, index));
      }
      // The library holds on to a file in which a read failed: opened again, it must still be read from the right place.
      await pool.release(location.file);
    }
  });

  it('opens no file but the one it was handed', async () => {
    // Whatever a recording may lead to stays shut even while it is open itself.
    const id = 'realsense/cam0/color';
    const target = path.join(folder, 'data/motherboard/2026-05-10/episode_000.h5');
    await Promise.all(
      [0, 1, 2, 3].map((index) =>
        pool.frame({ kind: 'hdf5', file: target, dataset: `realsense/cam${index % 3}/color` }, small(id), index),
      ),
    );
    for (const [name, code] of [
      ['external-storage.h5', 'external-storage'],
      ['external-link.h5', 'external-link'],
      ['virtual.h5', 'virtual-dataset'],
    ] as const) {
      const tree = await pool.inspect(broken(name));
      expect(tree.problems.map((problem) => problem.code)).toContain(code);
      await expect(pool.frame({ kind: 'hdf5', file: broken(name), dataset: id }, small(id), 0)).rejects.toThrow(name);
      const other = 'realsense/cam1/color';
      const shown = await pool.frame({ kind: 'hdf5', file: broken(name), dataset: other }, small(other), 1);
      expect(shown.bytes).toEqual(expectedPixels(1, 1));
    }
    const through = (await pool.inspect(broken('external-link.h5'))).problems.find(
      ({ stream: at }) => at === 'nowhere',
    );
    expect(through?.code).toBe('dangling-link');
    const link = path.join(folder, 'link.h5');
    symlinkSync(file, link);
    await expect(pool.inspect(link)).rejects.toThrow(/link\.h5.*link to another place/);
  });

  it.each([
    ['truncated.h5', 'truncated', /truncated\.h5 is cut short/],
    ['not-hdf5.h5', 'not-hdf5', /not-hdf5\.h5 is no HDF5 file/],
    ['zero-bytes.h5', 'not-hdf5', /zero-bytes\.h5 is an empty file/],
    ['not-there.h5', 'gone', /not-there\.h5 is not there any more/],
  ])('says what is wrong with %s', async (name, code, sentence) => {
    await expect(pool.inspect(broken(name))).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) });
  });

  it('walks a file whose groups contain each other, and ends', async () => {
    const tree = await pool.inspect(broken('odd-shapes.h5'));
    expect(Object.keys(tree.groups).length).toBeLessThan(200);
  });

  it('sees a file that was replaced, once released', async () => {
    const copy = path.join(folder, 'replaced.h5');
    const id = 'realsense/cam0/color';
    writeFileSync(copy, readFileSync(broken('mismatch.h5')));
    await pool.frame({ kind: 'hdf5', file: copy, dataset: id }, small(id), 0);
    writeFileSync(copy, 'no longer a recording');
    await pool.release(copy);
    await expect(pool.frame({ kind: 'hdf5', file: copy, dataset: id }, small(id), 0)).rejects.toThrow(
      /replaced\.h5 is no HDF5 file/,
    );
  });

  it('drops what nobody waits for, and takes the most important and then the newest first', async () => {
    const one = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir, workers: 1 });
    try {
      const order: string[] = [];
      const ask = (name: string, options: object) =>
        one.frame({ kind: 'hdf5', file, dataset: 'gzip/color' }, stream('gzip/color'), 0, options).then(
          () => order.push(name),
          (error) => order.push(error instanceof Superseded ? `${name} dropped` : String(error)),
        );
      await Promise.all([
        ask('older', {}),
        ask('ahead', { priority: -1 }),
        ask('given up', { isWanted: () => false }),
        ask('newer', {}),
      ]);
      expect(order).toEqual(['given up dropped', 'newer', 'older', 'ahead']);
    } finally {
      await one.close();
    }
  });
});
