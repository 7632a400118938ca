import { copyFile, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { openFileOf, portsFor } from '../../test/support/source-ports.ts';
import { createDecodePool } from '../frames/decode-pool.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import { source as reactSource } from '../sources/react/index.ts';
import { type OpenedEpisode, SourceFault } from '../sources/source.ts';
import { computeFingerprint, probedIndices } from './fingerprint.ts';
import { FingerprintCache } from './fingerprint-cache.ts';
import { openedWith, streamWith } from './testing.ts';

/** One recording, and others that differ from it in one thing each. */
const WRITE = `
import sys, numpy as np, h5py, hdf5plugin
folder = sys.argv[1]
T, H, W = 7, 16, 20
frames = np.random.default_rng(3).integers(0, 256, (T, H, W, 3), dtype=np.uint8)
depth = frames[..., 0].astype(np.uint16) * 200

def write(name, frames=frames, stamps=1.7e9 + np.arange(T) / 30, created='2026-05-10T14:03:22', attributes={}, chunk=1, **options):
    with h5py.File(f'{folder}/{name}.h5', 'w') as f:
        f.create_group('metadata').attrs['created_at'] = created
        for key, value in attributes.items(): f['metadata'].attrs[key] = value
        f['timestamps'] = stamps
        for camera in range(3):
            f.create_dataset(f'realsense/cam{camera}/color', data=frames, chunks=(chunk, H, W, 3), **options)
            f.create_dataset(f'realsense/cam{camera}/depth', data=depth, chunks=(chunk, H, W), **options)

def pixel(frame):
    changed = frames.copy()
    changed[frame, 3, 4, 1] ^= 1
    return changed

write('plain')
write('gzip', compression='gzip', compression_opts=4, shuffle=True)
write('blosc', **dict(hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=2)))
write('chunked', chunk=3, compression='lzf')
write('attributes', attributes={'valid': True, 'note': 'published'})
write('first', pixel(0))
write('middle', pixel(3))
write('last', pixel(6))
write('unprobed', pixel(1))
write('later', stamps=1.7e9 + 1 + np.arange(T) / 30)
write('jitter', stamps=1.7e9 + np.arange(T) / 30 + np.array([0, 0, 0, 0.001, 0, 0, 0]))
write('created', created='2026-05-10T14:03:23')
write('longer', np.concatenate([frames, frames[-1:]]), stamps=1.7e9 + np.arange(T + 1) / 30)
`;

describe('the fingerprint of a recording', { skip: !pythonWithHdf5() }, () => {
  let folder: string;
  let pool: DecodePool;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'regrasp fingerprint ')));
    runPython(WRITE, folder);
    pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
  }, 120_000);
  afterAll(async () => {
    await pool?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function openRecording(name: string): Promise<OpenedEpisode> {
    return reactSource.open(openFileOf(folder, `${name}.h5`), portsFor(folder, pool));
  }
  const printOf = async (name: string) => (await computeFingerprint(await openRecording(name), pool)).fingerprint;

  it('is the same under another name, filter, chunking and other attributes', async () => {
    const plain = await printOf('plain');
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    await copyFile(path.join(folder, 'plain.h5'), path.join(folder, 'renamed.h5'));
    for (const name of ['gzip', 'blosc', 'chunked', 'attributes', 'renamed'])
      expect([name, await printOf(name)]).toEqual([name, plain]);
  });

  it('is another for another pixel in a probed frame, clock, date or length', async () => {
    const names = ['plain', 'first', 'middle', 'last', 'later', 'jitter', 'created', 'longer'];
    const prints = await Promise.all(names.map(printOf));
    expect(new Set(prints).size).toBe(names.length);
  });

  it('looks at the first, middle and last frame alone', async () => {
    expect(await printOf('unprobed')).toBe(await printOf('plain'));
    expect(probedIndices(7)).toEqual([0, 3, 6]);
    expect(probedIndices(2)).toEqual([0, 1]);
    expect(probedIndices(1)).toEqual([0]);
    expect(probedIndices(0)).toEqual([]);
  });

  it('is computed once for a file as it is, also over restarts', async () => {
    const userDataDir = path.join(folder, 'user');
    const opened = await openRecording('plain');
    let decoded = 0;
    const counting = {
      frame: (...args: Parameters<DecodePool['frame']>) => {
        decoded += 1;
        return pool.frame(...args);
      },
    };
    const first = await new FingerprintCache(counting, userDataDir).of(opened);
    expect(decoded).toBe(18);
    expect(await new FingerprintCache(counting, userDataDir).of(opened)).toBe(first);
    expect(decoded).toBe(18);
    const touched = { ...opened, episode: { ...opened.episode, modifiedMs: opened.episode.modifiedMs + 1 } };
    expect(await new FingerprintCache(counting, userDataDir).of(touched)).toBe(first);
    expect(decoded).toBe(36);
    expect(await readdir(path.join(userDataDir, 'cache', 'fingerprints'))).toHaveLength(1);
  });
});

describe('a fingerprint with trouble', () => {
  const opened = openedWith({ times: [0, 1], streams: [streamWith({ id: 'cam', count: 2 })] });
  const frame = {
    width: 1,
    height: 1,
    channels: 3,
    format: 'u8' as const,
    bytes: new Uint8Array([1, 2, 3]),
    decodeMs: 0,
  };

  it('marks a damaged sample and says that it is not complete', async () => {
    const damaged = { frame: () => Promise.reject(new SourceFault('corrupt-chunk', 'damaged')) };
    const first = await computeFingerprint(opened, damaged);
    expect(first.complete).toBe(false);
    expect(await computeFingerprint(opened, damaged)).toEqual(first);
    expect((await computeFingerprint(opened, { frame: async () => frame })).fingerprint).not.toBe(first.fingerprint);
  });

  it('is refused when the reason lies in the moment', async () => {
    for (const error of [new SourceFault('gone', 'it is gone'), new Error('closed')]) {
      const failing = { frame: () => Promise.reject(error) };
      await expect(computeFingerprint(opened, failing)).rejects.toMatchObject({ code: 'UNUSABLE' });
    }
  });

  it('tells recordings without a readable frame apart by their series', async () => {
    const video = { frame: () => Promise.reject(new SourceFault('video', 'only a window can decode it')) };
    const withSeries = (values: number[], streams = opened.episode.streams): OpenedEpisode => ({
      ...opened,
      episode: {
        ...opened.episode,
        streams,
        series: [
          {
            ...{ id: 'action', name: 'Action', group: 'Action', role: 'action', unit: '', components: ['a'] },
            ...{ limits: null, display: 'lines', count: 2, clock: 'ticks' },
          },
        ],
      },
      values: new Map([['action', Float64Array.from(values)]]),
    });
    const printOf = async (recording: OpenedEpisode, decode = video) =>
      (await computeFingerprint(recording, decode as typeof video)).fingerprint;
    for (const streams of [[], opened.episode.streams]) {
      expect(await printOf(withSeries([1, 2], streams))).not.toBe(await printOf(withSeries([1, 3], streams)));
    }
    const readable = { frame: async () => frame } as unknown as typeof video;
    expect(await printOf(withSeries([1, 2]), readable)).toBe(await printOf(opened, readable));
  });

  it('stays what it is when a person states the rate', async () => {
    const at = (rateHz: number, asks: OpenedEpisode['episode']['asks']): OpenedEpisode => {
      const timed = openedWith({ times: [0, 1e9 / rateHz], streams: [] });
      const clock = { id: 'timestamps', name: 'Ticks', count: 2, basis: 'nominal' as const, ascending: true };
      const clocks = [{ ...clock, firstNs: 0, lastNs: 1, medianPeriodNs: 1, worstGapNs: 1 }];
      return { ...timed, episode: { ...timed.episode, clocks, asks } };
    };
    const printOf = async (recording: OpenedEpisode) =>
      (await computeFingerprint(recording, { frame: async () => frame })).fingerprint;
    expect(await printOf(at(10, ['rate']))).toBe(await printOf(at(30, ['rate'])));
    expect(await printOf(at(10, []))).not.toBe(await printOf(at(30, [])));
  });
});
