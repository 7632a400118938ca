import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { RIG_SAMPLE, rigSample } from '../../test/support/rig-sample.ts';
import { metadataChecksum } from '../frames/metadata-checksum.ts';
import { readTruth, recordBenchEpisode, recordSample, type SampleSummary } from './index.ts';
import { PictureMaker } from './pictures.ts';
import { planEpisode } from './plan.ts';
import { CAMERAS } from './rig.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-sample-test-'));
const first = path.join(folder, 'first');
/** The same sample, recorded by somebody else. */
let second: string;
let workerDir: string;
let summary: SampleSummary;
const made: number[] = [];

const filesOf = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

beforeAll(async () => {
  workerDir = await builtWorkerDir();
  const options = { ...RIG_SAMPLE, workerDir, pluginDir };
  summary = await recordSample({ ...options, directory: first, onProgress: (done) => made.push(done) });
  second = await rigSample();
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a sample', () => {
  it('lies in the standard layout with its truth beside it', async () => {
    expect(summary.episodes).toEqual(
      ['faults', 'recovery'].map((_, i) => `data/board_insertion/2026-07-02/episode_00${i}.h5`),
    );
    expect(summary.broken).toHaveLength(10);
    const files = filesOf(first);
    for (const file of [...summary.episodes, ...summary.broken]) expect(files).toContain(file);
    expect(files.filter((file) => /partial|unfinished/.test(file))).toEqual([]);
    expect((await readTruth(first))?.episodes[summary.episodes[0]!]?.ticks).toBe(60);
    expect(made.at(-1)).toBe(summary.ticks);
    const log = readFileSync(path.join(first, 'data/dataset_log.csv'), 'utf8').split('\n');
    expect(log[1]).toContain('ep_000,60,2.00,');
  });

  it('is the same bytes for the same seed', () => {
    expect(filesOf(second)).toEqual(filesOf(first));
    for (const file of filesOf(first)) {
      expect(`${file} ${hashOf(path.join(second, file))}`).toBe(`${file} ${hashOf(path.join(first, file))}`);
    }
  });

  it('is left alone when it is there already', async () => {
    const again = await recordSample({ directory: first, workerDir, pluginDir, ...RIG_SAMPLE });
    expect(again).toEqual({ ...summary, recorded: false });
  });

  it.each([{ seed: 6 }, { seconds: 3 }, { filter: 'gzip' as const }, { shrink: 1 as const }])(
    'is not recorded over another one: %o',
    async (other) => {
      const before = filesOf(first).map((file) => hashOf(path.join(first, file)));
      const asked = { directory: first, workerDir, pluginDir, ...RIG_SAMPLE, ...other };
      await expect(recordSample(asked)).rejects.toThrow(
        /holds another sample \(seed 5, 2 s, blosc, pictures 2\.5 times smaller\).*name another/,
      );
      expect(filesOf(first).map((file) => hashOf(path.join(first, file)))).toEqual(before);
    },
  );

  it('is not recorded over other files', async () => {
    const taken = mkdtempSync(path.join(folder, 'taken-'));
    writeFileSync(path.join(taken, 'thesis.txt'), 'mine');
    await expect(recordSample({ directory: taken, workerDir, pluginDir, seconds: 2 })).rejects.toThrow(
      /already holds other files.*name another/,
    );
    expect(filesOf(taken)).toEqual(['thesis.txt']);
    for (const [name, why] of [
      ['thesis.txt', /thesis\.txt cannot be the folder of a sample: a file of that name is in the way; name another/],
      ['thesis.txt/sample', /sample: a part of its path is a file and no folder; name another/],
    ] as const) {
      const directory = path.join(taken, name);
      await expect(recordSample({ directory, workerDir, pluginDir, seconds: 2 })).rejects.toThrow(why);
    }
  });

  it('leaves nothing half-written when it is cancelled, and is recorded again, also where a file of it is lost', async () => {
    const directory = path.join(folder, 'cancelled');
    const stop = new AbortController();
    const recording = recordSample({
      directory,
      workerDir,
      pluginDir,
      seconds: 10,
      shrink: RIG_SAMPLE.shrink,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    await expect(recording).rejects.toThrow('enough');
    expect(filesOf(directory).filter((file) => /\.h5|partial|truth/.test(file))).toEqual([]);
    const record = () =>
      recordSample({ directory, workerDir, pluginDir, ...RIG_SAMPLE, episodes: ['recovery'], broken: false });
    const { recorded, episodes } = await record();
    expect(recorded).toBe(true);
    expect(filesOf(directory)).not.toContain('.sample-unfinished');
    const file = path.join(directory, episodes[0]!);
    const whole = hashOf(file);
    writeFileSync(file, 'a picture');
    expect((await record()).recorded).toBe(true);
    expect(hashOf(file)).toBe(whole);
    expect((await record()).recorded).toBe(false);
  });
});

describe('read by the reference reader', () => {
  it.skipIf(!pythonWithHdf5())(`has the recorder's shapes, types, filters and attributes (${NO_PYTHON})`, () => {
    const seen = JSON.parse(
      runPython(
        `
import sys, json, hashlib, h5py, hdf5plugin
f = h5py.File(sys.argv[1])
out = {}
def look(name, item):
    if isinstance(item, h5py.Dataset):
        out[name] = [list(item.shape), item.dtype.str, list(item.chunks), item.maxshape[0] is None, {k: list(v) for k, v in item._filters.items()}]
f.visititems(look)
meta = {k: (v.tolist() if hasattr(v, 'tolist') else v) for k, v in f['metadata'].attrs.items()}
frames = {name: f[name][45].astype('<u2' if 'depth' in name else 'u1').tobytes() for name in out if len(out[name][0]) > 2}
print(json.dumps({'datasets': out, 'meta': meta, 'fps': str(f['metadata'].attrs['fps'].dtype), 'superblock': open(sys.argv[1], 'rb').read(9)[8],
  'frames': {name: hashlib.sha256(frame).hexdigest() for name, frame in frames.items()}, 'pose': f['optitrack/sensor_left/pose'][3].tolist(), 'clock': f['timestamps'][:3].tolist()}))
`,
        path.join(first, summary.episodes[0]!),
      ),
    );
    const blosc = (bytes: number, type: number) => ({ '32001': [2, 2, type, bytes, 9, 1, 1] });
    for (const i of [0, 1, 2]) {
      expect(seen.datasets[`realsense/cam${i}/color`]).toEqual([
        [60, 192, 256, 3],
        '|u1',
        [1, 192, 256, 3],
        true,
        blosc(147456, 1),
      ]);
      expect(seen.datasets[`realsense/cam${i}/depth`]).toEqual([
        [60, 192, 256],
        '<u2',
        [1, 192, 256],
        true,
        blosc(98304, 2),
      ]);
    }
    expect(seen.datasets['gelsight/left/frames'][0]).toEqual([60, 192, 256, 3]);
    expect(seen.datasets['gelsight/right/timestamps'].slice(0, 2)).toEqual([[60], '<f8']);
    expect(seen.meta).toEqual({
      fps: 30,
      realsense_serials: CAMERAS.map(({ serial }) => serial),
      gelsight_serials: ['2BGLKZNT', '2BKRDTAD'],
      created_at: '2026-07-02T10:14:05',
      task: 'board_insertion',
    });
    expect([seen.fps, seen.superblock]).toEqual(['int64', 0]);
    const plan = planEpisode({
      name: 'episode_000',
      story: 'transfer',
      faults: true,
      seed: 5,
      seconds: 2,
      startUnixSeconds: 1782980045.318,
      createdAt: '',
    });
    const track = plan.tracks.find(({ body }) => body === 'sensor_left')!;
    expect(seen.datasets['optitrack/sensor_left/pose'][0]).toEqual([track.seconds.length, 7]);
    expect(seen.pose).toEqual([...track.poses.subarray(21, 28)]);
    expect(seen.clock).toEqual([...plan.tickSeconds.subarray(0, 3)].map((at) => at + plan.startUnixSeconds));
    for (const { stream, bytes } of new PictureMaker(RIG_SAMPLE.shrink).draw(plan, 45)) {
      expect(createHash('sha256').update(bytes).digest('hex'), stream).toBe(seen.frames[stream]);
    }
  });

  it.skipIf(!pythonWithHdf5())(`breaks in the way each broken file says (${NO_PYTHON})`, () => {
    const seen = JSON.parse(
      runPython(
        `
import sys, json, os, glob, h5py, hdf5plugin
out = {}
for p in glob.glob(sys.argv[1] + '/data/broken/*/*.h5'):
    name = os.path.basename(p)[8:-3]
    try: f = h5py.File(p)
    except Exception as e:
        out[name] = str(e); continue
    link = f['realsense/cam2'].get('color', getlink=True)
    if isinstance(link, h5py.ExternalLink):
        out[name] = [link.filename, link.path]; continue
    d = f['realsense/cam2/color']
    frames = []
    if not d.is_virtual:
        for i in range(len(d)):
            try: frames.append(bool(d[i].any()))
            except Exception: frames.append(None)
    out[name] = {'virtual': [(s.file_name, s.dset_name) for s in d.virtual_sources()] if d.is_virtual else None, 'external': d.external,
      'filters': list(d._filters), 'frames': frames, 'counts': [len(f['timestamps']), len(f['gelsight/left/frames'])],
      'cam1': 'color' in f['realsense/cam1'], 'bodies': [len(f['optitrack'][b]['pose']) for b in f['optitrack']]}
print(json.dumps(out))
`,
        first,
      ),
    );
    expect(seen.truncated).toMatch(/truncated file/);
    expect(seen['not-hdf5']).toMatch(/signature not found/);
    expect(seen['missing-stream']).toMatchObject({ cam1: false, frames: [true, true, true, true, true] });
    expect(seen['count-mismatch'].counts).toEqual([5, 3]);
    expect(seen['corrupt-chunk'].frames).toEqual([true, true, true, null, true]);
    expect(seen['unknown-filter']).toMatchObject({ filters: ['32014'], frames: [null, null, null, null, null] });
    expect(seen['zero-length-bodies'].bodies).toEqual([0, 0, 0]);
    expect(seen['external-storage'].external).toEqual([['elsewhere.raw', 0, 5 * 147456]]);
    expect(seen['external-link']).toEqual(['elsewhere.h5', '/realsense/cam2/color']);
    expect(seen['virtual-dataset'].virtual).toEqual([['elsewhere.h5', '/realsense/cam2/color']]);
  });
});

describe('a bench episode', () => {
  it('holds pictures only where it says', async () => {
    const file = path.join(folder, 'bench.h5');
    const bench = await recordBenchEpisode({
      files: [{ path: file, filter: 'none' }],
      ticks: 900,
      contiguous: 3,
      spread: 2,
      workerDir,
      pluginDir,
    });
    expect(bench.real).toHaveLength(5);
    expect(bench.contiguous![1] - bench.contiguous![0]).toBe(2);
    expect(readFileSync(file).length).toBeLessThan(5 * 6_451_200 + 2_000_000);
    if (!pythonWithHdf5()) return;
    const script = `
import sys, json, h5py
d = h5py.File(sys.argv[1])['gelsight/left/frames']
print(json.dumps([len(d), [d.id.get_chunk_info(i).chunk_offset[0] for i in range(d.id.get_num_chunks())]]))`;
    expect(JSON.parse(runPython(script, file))).toEqual([900, bench.real]);
  });

  it('refuses what cannot be written, with a sentence', async () => {
    const file = path.join(folder, 'x.h5');
    const options = { workerDir, pluginDir };
    await expect(recordBenchEpisode({ ...options, files: [{ path: file, filter: 'lzf' }] })).rejects.toThrow(
      /No lzf file can be recorded: choose/,
    );
    await expect(
      recordBenchEpisode({ ...options, files: [{ path: file, filter: 'none' }], ticks: 100 }),
    ).rejects.toThrow(/do not fit/);
    expect(existsSync(file)).toBe(false);
  });
});

it('checksums as the format does', () => {
  const key = new TextEncoder().encode('Four score and seven years ago');
  expect(metadataChecksum(key)).toBe(0x17770551);
  expect(metadataChecksum(new Uint8Array())).toBe(0xdeadbeef);
});
