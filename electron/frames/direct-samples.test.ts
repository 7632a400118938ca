import { appendFileSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stream } from '../../shared/episode/episode.ts';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { createDecodePool } from './decode-pool.ts';
import type { DecodePool } from './frame-source.ts';

const WIDTH = 96;
const HEIGHT = 80;
const COUNT = 12;
const PIXELS = WIDTH * HEIGHT;

/** Pictures of every texture, through every filter and in every storage, and what h5py reads back from each. */
const WRITE = `
import sys, json, numpy as np, h5py, hdf5plugin
folder = sys.argv[1]
n, h, w = ${COUNT}, ${HEIGHT}, ${WIDTH}
rng = np.random.default_rng(5)
color = np.zeros((n, h, w, 3), np.uint8)
for i in range(n):
    flat = color[i].reshape(-1)
    at = 0
    while at < flat.size:
        run = int(rng.integers(1, 1 + 4 ** (1 + i % 6)))
        period = int(rng.integers(1, 40))
        kind = rng.integers(0, 3)
        if kind == 0: piece = rng.integers(0, 256, run)
        elif kind == 1: piece = np.resize(rng.integers(0, 256, period), run)
        else: piece = np.full(run, rng.integers(0, 256))
        piece = piece[:flat.size - at]
        flat[at:at + piece.size] = piece
        at += piece.size
color[5] = rng.integers(0, 256, (h, w, 3))
depth = (color[..., 0].astype(np.uint16) << 4) + color[..., 1]
B = hdf5plugin.Blosc
filters = {
  'none': {}, 'gzip': dict(compression='gzip', compression_opts=4), 'lzf': dict(compression='lzf'),
  'shuffle-gzip': dict(compression='gzip', compression_opts=4, shuffle=True), 'shuffle-lzf': dict(compression='lzf', shuffle=True),
  'shuffle': dict(shuffle=True), 'blosc-plain': dict(B(cname='lz4', clevel=5, shuffle=0)),
  'blosc-byte': dict(B(cname='lz4', clevel=5, shuffle=1)), 'blosc-bit': dict(B(cname='lz4', clevel=5, shuffle=2)),
  'blosc-9': dict(B(cname='lz4hc', clevel=9, shuffle=2)), 'blosc-1': dict(B(cname='lz4', clevel=1, shuffle=1)),
  'blosc-zstd': dict(B(cname='zstd', clevel=5, shuffle=2)), 'blosc-lz': dict(B(cname='blosclz', clevel=5, shuffle=1)),
  'checked': dict(compression='gzip', compression_opts=4, fletcher32=True),
}
written = {}
with h5py.File(folder + '/every.h5', 'w') as f:
    for name, options in filters.items():
        f.create_dataset(name + '/color', data=color, chunks=(1, h, w, 3), **options)
        f.create_dataset(name + '/depth', data=depth, chunks=(1, h, w), **options)
    f.create_dataset('contiguous/color', data=color)
    f.create_dataset('contiguous/depth', data=depth)
    f.create_dataset('several/color', data=color, chunks=(4, h, w, 3), **filters['blosc-bit'])
    f.create_dataset('tiles/color', data=color, chunks=(1, 32, 32, 3), **filters['gzip'])
    f.create_dataset('tiles/depth', data=depth, chunks=(1, 33, w), **filters['gzip'])
    f.create_dataset('turned/depth', data=depth.astype('>u2'), chunks=(1, h, w), **filters['shuffle-gzip'])
    f.create_dataset('grown/color', data=color[:9], chunks=(1, h, w, 3), maxshape=(None, h, w, 3), **filters['lzf']).resize(n, axis=0)
    holes = f.create_dataset('holes/color', shape=color.shape, dtype='u1', chunks=(1, h, w, 3), fillvalue=77, **filters['gzip'])
    for i in range(0, n, 2): holes[i] = color[i]
    f.create_dataset('unwritten/color', shape=color.shape, dtype='u1', fillvalue=9)
    for name in ('gzip', 'shuffle-gzip', 'blosc-bit', 'lzf'):
        source = f[name + '/depth']
        masked = f.create_dataset('masked-' + name + '/depth', shape=depth.shape, dtype='u2', chunks=(1, h, w), **filters[name])
        for i in range(n):
            packed = source.id.read_direct_chunk((i, 0, 0))
            if i % 3 == 0: packed = ((1 << source.id.get_create_plist().get_nfilters()) - 1, depth[i].tobytes())
            masked.id.write_direct_chunk((i, 0, 0), packed[1], filter_mask=packed[0])
    for i in range(n):
        # Only the shuffle was applied, gzip was not.
        planes = depth[i].reshape(-1).view(np.uint8).reshape(-1, 2).T.tobytes()
        if i % 4 == 1: f['masked-shuffle-gzip/depth'].id.write_direct_chunk((i, 0, 0), planes, filter_mask=2)
with h5py.File(folder + '/newest.h5', 'w', libver='latest') as f:
    f.create_dataset('newest/color', data=color, chunks=(1, h, w, 3), **filters['blosc-bit'])
with h5py.File(folder + '/block.h5', 'w', userblock_size=1024) as f:
    f.create_dataset('block/color', data=color, chunks=(1, h, w, 3), **filters['none'])
for name in ('every', 'newest', 'block'):
    with h5py.File(folder + '/' + name + '.h5', 'r') as f:
        def read(at, item):
            if isinstance(item, h5py.Dataset):
                item[()].astype(item.dtype.newbyteorder('<')).tofile(folder + '/' + at.replace('/', '-') + '.raw')
                written[at] = name + '.h5'
        f.visititems(read)
print(json.dumps(written))
`;

/** Which datasets the direct way takes for every one of their samples; some (below) take it for some; no other for any. */
const DIRECT = [
  ...['none', 'gzip', 'lzf', 'shuffle-gzip', 'shuffle-lzf', 'shuffle', 'blosc-plain', 'blosc-byte', 'blosc-bit'],
  ...['blosc-9', 'blosc-1', 'contiguous', 'masked-gzip', 'masked-shuffle-gzip', 'masked-blosc-bit', 'masked-lzf'],
];
const PARTLY = ['grown', 'holes', 'blosc-zstd', 'blosc-lz'];

function streamOf(dataset: string): Stream {
  const deep = dataset.endsWith('depth');
  return {
    ...{ id: dataset, name: dataset, kind: deep ? 'depth' : 'color', position: null },
    ...{ shape: [COUNT, HEIGHT, WIDTH, ...(deep ? [] : [3])], dtype: deep ? 'uint16' : 'uint8' },
    ...{ width: WIDTH, height: HEIGHT, channels: deep ? 1 : 3, encoding: 'pixels', order: 'rgb', count: COUNT },
    ...{ clock: 'ticks', rule: 'latest', chunk: null, filter: '', filters: [], serial: null, fault: null, video: null },
  } as Stream;
}

describe(`samples read past the library (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
  let pool: DecodePool;
  let folder: string;
  let written: Record<string, string>;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-direct-')));
    written = JSON.parse(runPython(WRITE, folder));
    pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
    await pool.ready();
  }, 120_000);
  afterAll(async () => {
    await pool?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const truth = (dataset: string) => readFileSync(path.join(folder, `${dataset.replace('/', '-')}.raw`));
  const read = (file: string, dataset: string, index: number, more = {}) =>
    pool.frame({ kind: 'hdf5', file: path.join(folder, file), dataset }, streamOf(dataset), index, more);

  it('are the pixels that h5py reads, whichever way was taken', async () => {
    const ways: Record<string, number> = {};
    expect(Object.keys(written).length).toBeGreaterThan(35);
    for (const [dataset, file] of Object.entries(written)) {
      const expected = truth(dataset);
      const size = expected.length / COUNT;
      expect(size).toBe(dataset.endsWith('depth') ? PIXELS * 2 : PIXELS * 3);
      for (let index = 0; index < COUNT; index++) {
        const frame = await read(file, dataset, index);
        const same = Buffer.from(frame.bytes).equals(expected.subarray(index * size, (index + 1) * size));
        expect(same, `${dataset} ${index}`).toBe(true);
        if (frame.isDirect) ways[dataset] = (ways[dataset] ?? 0) + 1;
        // The buffer is written again by another sample.
        pool.recycle?.(frame.bytes);
      }
    }
    const whole = Object.keys(written).filter((dataset) => DIRECT.includes(dataset.split('/')[0] as string));
    expect(Object.fromEntries(whole.map((dataset) => [dataset, ways[dataset]]))).toEqual(
      Object.fromEntries(whole.map((dataset) => [dataset, COUNT])),
    );
    expect(ways['holes/color']).toBe(COUNT / 2);
    expect(ways['grown/color']).toBe(9);
    const others = Object.keys(ways).filter(
      (dataset) => ![...DIRECT, ...PARTLY].includes(dataset.split('/')[0] as string),
    );
    expect(others).toEqual([]);
  });

  it.each(['none/color', 'blosc-bit/color', 'shuffle-gzip/depth'])(
    'are averaged down from the same: %s',
    async (at) => {
      const half = { maxWidth: WIDTH / 2, maxHeight: HEIGHT / 2 };
      const direct = await read('every.h5', at, 3, half);
      expect(direct).toMatchObject({ width: WIDTH / 2, height: HEIGHT / 2, isDirect: true });
      const values = at.endsWith('depth') ? new Uint16Array(truth(at).buffer) : truth(at);
      const channels = at.endsWith('depth') ? 1 : 3;
      const shown = at.endsWith('depth') ? new Uint16Array(direct.bytes.slice().buffer) : direct.bytes;
      const value = (x: number, y: number) => values[((3 * HEIGHT + y) * WIDTH + x) * channels] as number;
      for (const [x, y] of [
        [0, 0],
        [7, 11],
        [WIDTH / 2 - 1, HEIGHT / 2 - 1],
      ] as const) {
        const four = [
          value(2 * x, 2 * y),
          value(2 * x + 1, 2 * y),
          value(2 * x, 2 * y + 1),
          value(2 * x + 1, 2 * y + 1),
        ];
        // Depth averages the pixels that have one.
        const counted = channels === 1 ? four.filter((each) => each > 0) : four;
        const mean = counted.length ? counted.reduce((sum, each) => sum + each, 0) / counted.length : 0;
        expect(Math.abs((shown[(y * (WIDTH / 2) + x) * channels] as number) - mean)).toBeLessThanOrEqual(1);
      }
    },
  );

  it('come from the file that was opened, until it is released', async () => {
    const place = path.join(folder, 'changing.h5');
    writeFileSync(place, readFileSync(path.join(folder, 'every.h5')));
    const expected = truth('none/color');
    const size = PIXELS * 3;
    const at = (index: number) => expected.subarray(index * size, (index + 1) * size);
    const first = await read('changing.h5', 'none/color', 1);
    expect(first.isDirect).toBe(true);
    // Replaced as an editor or a sync tool does it.
    const other = path.join(folder, 'other.h5');
    runPython(
      `
import sys, h5py
with h5py.File(sys.argv[1], 'w') as f:
    d = f.create_dataset('none/color', shape=(${COUNT}, ${HEIGHT}, ${WIDTH}, 3), dtype='u1', chunks=(1, ${HEIGHT}, ${WIDTH}, 3))
    d[...] = 123
`,
      other,
    );
    renameSync(other, place);
    expect(Buffer.from((await read('changing.h5', 'none/color', 2)).bytes).equals(at(2))).toBe(true);
    await pool.release(place);
    const replaced = await read('changing.h5', 'none/color', 2);
    expect(replaced.isDirect).toBe(true);
    expect(replaced.bytes.every((value) => value === 123)).toBe(true);
    // Growing: bytes behind the end mean nothing to what is there already.
    appendFileSync(place, Buffer.alloc(100_000, 1));
    expect((await read('changing.h5', 'none/color', 3)).bytes.every((value) => value === 123)).toBe(true);
  });

  it('name the damage that the library finds, and lose nothing else', async () => {
    const places: number[][] = JSON.parse(
      runPython(
        `
import sys, json, h5py, hdf5plugin
with h5py.File(sys.argv[1], 'r') as f:
    infos = [f[name + '/color'].id.get_chunk_info(4) for name in ('gzip', 'blosc-bit')]
print(json.dumps([[i.byte_offset, i.size] for i in infos]))
`,
        path.join(folder, 'every.h5'),
      ),
    );
    const damaged = readFileSync(path.join(folder, 'every.h5'));
    for (const [offset = 0, size = 0] of places) damaged.fill(0xa5, offset + 20, offset + size - 4);
    writeFileSync(path.join(folder, 'damaged.h5'), damaged);
    for (const dataset of ['gzip/color', 'blosc-bit/color']) {
      await expect(read('damaged.h5', dataset, 4)).rejects.toThrow(/damaged\.h5: sample 4 of .* is damaged/);
      const expected = truth(dataset);
      const size = PIXELS * 3;
      for (const index of [3, 5]) {
        const frame = await read('damaged.h5', dataset, index);
        expect(Buffer.from(frame.bytes).equals(expected.subarray(index * size, (index + 1) * size))).toBe(true);
      }
    }
  });
});
