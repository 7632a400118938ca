import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packSignals, unpackSignals } from '../../../shared/detect/pack-signals.ts';
import type { ReferenceDefinition } from '../../../shared/detect/reference-tick.ts';
import type { EpisodeSignals } from '../../../shared/detect/signals.ts';
import { pluginDir } from '../../../test/support/built-worker.ts';
import {
  CURATED,
  type CuratedBench,
  NO_OPENCV,
  openCuratedBench,
  pythonHasOpenCv,
} from '../../../test/support/curation-recordings.ts';
import { runPython } from '../../../test/support/python.ts';
import { source as react } from '../../sources/react/index.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { type SignalsContext, type SignalsOptions, signalsOf } from './signals-of.ts';

/** The usual Python over the same file: what every array has to be. */
const TRUTH = `
import sys, json, numpy as np, h5py, hdf5plugin, cv2
f = h5py.File(sys.argv[1], 'r')
def small(frame):
    h, w = frame.shape[:2]; s = min(h, w)
    return cv2.resize(frame[(h - s) // 2:(h - s) // 2 + s, (w - s) // 2:(w - s) // 2 + s], (128, 128), interpolation=cv2.INTER_AREA)
def metrics(stack, ref):
    d = np.sqrt(((stack.astype(np.float32) - ref.astype(np.float32)) ** 2).sum(-1))
    return [float(v.mean()) for v in d], [float((v > 8).mean()) for v in d], [float((v * (v > 8)).mean()) for v in d]
out = {'images': {}, 'contacts': {}}
for name in ('realsense/cam0/color', 'realsense/cam1/color', 'realsense/cam2/color', 'gelsight/left/frames', 'gelsight/right/frames'):
    a = f[name][()]
    out['images'][name] = dict(
        duplicate=[0] + [int(np.array_equal(a[i], a[i - 1])) for i in range(1, len(a))],
        motion=[0.0] + [float(np.abs(a[i].astype(np.int16) - a[i - 1]).mean()) for i in range(1, len(a))],
        brightness=[float(v.mean()) for v in a])
for side in ('left', 'right'):
    stack = np.stack([small(v) for v in f[f'gelsight/{side}/frames'][()]])
    first = metrics(stack, stack[0])[0]
    i32 = np.array(first, np.float32)
    median = np.median(stack, axis=0)
    l2 = np.sqrt(((stack - median) ** 2).sum(-1)).mean((1, 2))
    l1 = np.abs(stack - median).mean((1, 2, 3))
    k = int(sys.argv[2])
    refs = {
        'first-at-percentile': int(np.argmax(i32 <= np.percentile(i32, 1))),
        'smoothed-minimum': k + int(np.argmin(np.convolve(i32[k:].astype(np.float64), np.ones(30) / 30, mode='same'))),
        'quietest-to-median': int(np.argmax(l2 <= np.percentile(l2, 0.1))),
        'percentile-to-median': int(np.argmax(l1 <= np.percentile(l1, 1))),
    }
    out['contacts'][side] = {'first': first, 'refs': refs, 'metrics': {n: metrics(stack, stack[t]) for n, t in refs.items()}}
ts = f['timestamps'][()]
out['poses'] = {}
for name in ('motherboard', 'sensor_left', 'sensor_right'):
    at, pose = f[f'optitrack/{name}/timestamps'][()], f[f'optitrack/{name}/pose'][()]
    rows = []
    for t in ts:
        i = int(np.searchsorted(at, t))
        if i == len(at): i -= 1
        elif i and not (at[i] - t < t - at[i - 1]): i -= 1
        rows.append(pose[i].tolist() if len(at) else None)
    out['poses'][name] = rows
print(json.dumps(out))
`;

interface Truth {
  images: Record<string, { duplicate: number[]; motion: number[]; brightness: number[] }>;
  contacts: Record<
    string,
    { first: number[]; refs: Record<string, number>; metrics: Record<string, [number[], number[], number[]]> }
  >;
  poses: Record<string, (number[] | null)[]>;
}

const TRACKED_FROM = 9;

describe.skipIf(!pythonHasOpenCv())(`signals (${NO_OPENCV})`, { timeout: 180_000 }, () => {
  let bench: CuratedBench;
  let root: string;
  let context: SignalsContext;

  beforeAll(async () => {
    bench = await openCuratedBench();
    root = bench.root;
    const { pool: decode, media, workerDir } = bench;
    const signal = new AbortController().signal;
    context = { root: { storageDir: path.join(root, '.regrasp') }, decode, media, workerDir, pluginDir, signal };
  }, 180_000);
  afterAll(() => bench?.close());

  const open = (stem: string): Promise<OpenWorkstationEpisode> => bench.open(react, stem);
  const truths = new Map<string, Truth>();
  const truthOf = (stem: string): Truth => {
    const file = path.join(root, CURATED.date, `${stem}.h5`);
    const truth = truths.get(stem) ?? (JSON.parse(runPython(TRUTH, file, String(TRACKED_FROM))) as Truth);
    truths.set(stem, truth);
    return truth;
  };
  const scanned = async (episode: OpenWorkstationEpisode, options: SignalsOptions = {}, more = context) => {
    let last = { done: 0, total: 0 };
    const signals = await signalsOf(more, episode, {
      ...options,
      progress: (progress) => {
        last = progress;
      },
    });
    return { signals, last };
  };

  /** Within 32-bit floats: the figures are means of exact sums. */
  function expectNear(ours: ArrayLike<number>, theirs: readonly number[], what: string): void {
    expect(ours.length, what).toBe(theirs.length);
    const worst = Math.max(...theirs.map((value, at) => Math.abs((ours[at] as number) - value)));
    expect(worst, what).toBeLessThan(1e-4);
  }

  function expectSignals(signals: EpisodeSignals, truth: Truth, reference: ReferenceDefinition): void {
    expect(signals.images.map(({ stream }) => stream)).toEqual(expect.arrayContaining(Object.keys(truth.images)));
    for (const image of signals.images) {
      const theirs = truth.images[image.stream] as Truth['images'][string];
      expect([...image.duplicate], image.stream).toEqual(theirs.duplicate);
      expectNear(image.motion, theirs.motion, `${image.stream} motion`);
      expectNear(image.brightness, theirs.brightness, `${image.stream} brightness`);
      expect([...image.index]).toEqual(theirs.motion.map((_, tick) => tick));
    }
    for (const side of ['left', 'right'] as const) {
      const contact = signals.contacts.find((each) => each.side === side);
      const theirs = truth.contacts[side] as Truth['contacts'][string];
      expect([...(contact?.intensityFromFirst ?? [])], `${side} from first`).toEqual(theirs.first);
      expect(contact?.reference).toEqual({ tick: theirs.refs[reference], definition: reference });
      const [intensity, area, mixed] = theirs.metrics[reference] as [number[], number[], number[]];
      expect([...(contact?.intensity ?? [])], `${side} intensity`).toEqual(intensity);
      expect([...(contact?.area ?? [])], `${side} area`).toEqual(area);
      expect([...(contact?.mixed ?? [])], `${side} mixed`).toEqual(mixed);
      expect(contact?.drift).toBe(theirs.first[theirs.refs[reference] as number]);
    }
  }

  it('are those of the usual Python, however the pictures are stored', async () => {
    const truth = truthOf('episode_000');
    for (const stem of ['episode_000', 'episode_001', 'episode_002', 'episode_003', 'episode_004']) {
      const { signals, last } = await scanned(await open(stem));
      expect(last).toEqual({ done: 5 * CURATED.ticks, total: 5 * CURATED.ticks });
      expectSignals(signals, truth, 'first-at-percentile');
      for (const track of signals.tracks) {
        const rows = truth.poses[track.track] as (number[] | null)[];
        const none = stem === 'episode_003' && track.track === 'motherboard';
        const expected = rows.flatMap((row) => (none || !row ? new Array<number>(7).fill(Number.NaN) : row));
        expect([...track.aligned], track.track).toEqual(expected);
        expect(track.samples.length).toBe(track.sampleNs.length * 7);
      }
    }
  });

  it.each(['smoothed-minimum', 'quietest-to-median', 'percentile-to-median'] as const)(
    'are told against the reference of another definition: %s',
    async (reference) => {
      const { signals, last } = await scanned(await open('episode_000'), { reference });
      expectSignals(signals, truthOf('episode_000'), reference);
      // Only the gels were read again.
      expect(last.total).toBe(2 * CURATED.ticks);
    },
  );

  it('are stored, and read again only where something changed', async () => {
    const episode = { ...(await open('episode_000')), fingerprint: 'stored' };
    const first = await scanned(episode);
    expect(first.last.total).toBeGreaterThan(0);
    const folder = path.join(context.root.storageDir, 'curation', 'stored');
    expect(readdirSync(folder)).toEqual(['signals.bin']);
    const again = await scanned(episode);
    expect(again.last.total).toBe(0);
    expect(again.signals).toEqual(first.signals);
    const offset = await scanned({ ...episode, tactileOffset: () => 2 });
    expect(offset.last.total).toBe(2 * CURATED.ticks);
    expect(offset.signals.images.find(({ kind }) => kind === 'tactile')?.index[0]).toBe(2);
    // Cut short, or something else altogether: as if it were not there.
    const file = path.join(folder, 'signals.bin');
    for (const content of [readFileSync(file).subarray(0, statSync(file).size - 9), Buffer.from('{}')]) {
      writeFileSync(file, content);
      const anew = await scanned(episode);
      expect(anew.last.total).toBe(5 * CURATED.ticks);
      expect(anew.signals).toEqual(first.signals);
    }
  });

  it('of a recording without a fingerprint are told and not stored', async () => {
    const before = readdirSync(path.join(context.root.storageDir, 'curation'));
    const { signals } = await scanned({ ...(await open('episode_000')), fingerprint: null });
    expect(signals.contacts).toHaveLength(2);
    expect(readdirSync(path.join(context.root.storageDir, 'curation'))).toEqual(before);
  });

  it('go past samples that cannot be read', async () => {
    const { signals } = await scanned(await open('episode_005'));
    const truth = truthOf('episode_000');
    const camera = signals.images.find(({ stream }) => stream === 'realsense/cam1/color');
    expect(
      [...(camera?.brightness ?? [])].map((value, tick) => (Number.isNaN(value) ? tick : -1)).filter((t) => t >= 0),
    ).toEqual([20]);
    expect(
      [...(camera?.motion ?? [])].map((value, tick) => (Number.isNaN(value) ? tick : -1)).filter((t) => t >= 0),
    ).toEqual([20, 21]);
    expect(camera?.brightness[21]).toBeCloseTo(truth.images['realsense/cam1/color']?.brightness[21] as number, 4);
    const left = signals.contacts.find(({ side }) => side === 'left');
    const right = signals.contacts.find(({ side }) => side === 'right');
    expect(left?.intensity[40]).toBeNaN();
    expect(left?.intensity[41]).toBe(truth.contacts.left?.metrics['first-at-percentile']?.[0][41]);
    expect([...(right?.intensity ?? [])]).toEqual(truth.contacts.right?.metrics['first-at-percentile']?.[0]);
  });

  it('stop when cancelled, and leave nothing behind', async () => {
    const cancelled = new AbortController();
    const episode = { ...(await open('episode_000')), fingerprint: 'cancelled' };
    const running = signalsOf({ ...context, signal: cancelled.signal }, episode, {
      progress: () => cancelled.abort(new Error('No more.')),
    });
    await expect(running).rejects.toThrow('No more.');
    expect(readdirSync(path.join(context.root.storageDir, 'curation', 'cancelled'))).toEqual([]);
  });

  it('cross to a window whole', async () => {
    const { signals } = await scanned(await open('episode_000'));
    const bytes = packSignals(signals, (text) => new TextEncoder().encode(text));
    expect(unpackSignals(bytes, (each) => new TextDecoder().decode(each))).toEqual(signals);
    const cut = bytes.subarray(0, bytes.length - 9);
    expect(() => unpackSignals(cut, (each) => new TextDecoder().decode(each))).toThrow();
  });
});
