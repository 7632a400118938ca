import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelOrder, Stream } from '../../shared/episode/episode.ts';
import { nearest } from '../../shared/time/sampling.ts';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { writeReactRecordings } from '../../test/support/react-recordings.ts';
import { openFileOf, portsFor } from '../../test/support/source-ports.ts';
import { createDecodePool } from '../frames/decode-pool.ts';
import type { DecodePool, EpisodeForTicks } from '../frames/frame-source.ts';
import { createTickService } from '../frames/tick-service.ts';
import { keepStamps, placeRows } from '../sources/common/stamps.ts';
import { source as reactSource } from '../sources/react/index.ts';
import { copyAsPython, type PythonRequest } from './python.ts';
import { pythonComment, pythonText } from './python-text.ts';
import { MENDED_TIMES, soundTimes } from './python-times.ts';

/** Appended to the copied lines: writes what they loaded where the test can compare it. */
const DUMP = `
import json, sys
out = sys.argv[1]
about = {"ticks": ticks.tolist(), "rows": {}, "images": {}, "poses": {}}
for name, row in rows.items(): about["rows"][name] = row.tolist()
for name, image in images.items():
    about["images"][name] = [image.dtype.str, list(image.shape)]
    np.ascontiguousarray(image).tofile(out + "/" + name.replace("/", "_"))
for name, pose in poses.items(): about["poses"][name] = pose.tolist()
json.dump(about, open(out + "/about.json", "w"))
`;

interface Loaded {
  ticks: number[];
  rows: Record<string, number[]>;
  images: Record<string, [string, number[]]>;
  poses: Record<string, number[][]>;
}

describe('copied Python', { skip: !pythonWithHdf5() }, () => {
  let folder: string;
  let pool: DecodePool;
  let hasJpeg: boolean;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(path.join(os.tmpdir(), `regrasp "py" 'é `)));
    hasJpeg = writeReactRecordings(folder).mjpeg;
    pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
  }, 120_000);
  afterAll(async () => {
    await pool?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function openRecording(
    below: string,
    more: { orders?: Record<string, ChannelOrder>; offset?: number; holdPeriods?: number } = {},
  ): Promise<EpisodeForTicks & { path: string }> {
    const file = path.join(folder, below);
    const opened = await reactSource.open(openFileOf(folder, below), portsFor(folder, pool));
    return {
      opened,
      path: file,
      revision: 'one',
      orderOf: (stream: Stream) => more.orders?.[stream.id] ?? stream.order,
      tactileOffset: () => more.offset ?? 0,
      holdPeriods: () => more.holdPeriods ?? 3,
    };
  }

  async function run(code: string): Promise<{ about: Loaded; image(name: string): Promise<Buffer> }> {
    const out = await mkdtemp(path.join(folder, 'out-'));
    const { status, stderr } = spawnSync(pythonWithHdf5() as string, ['-', out], {
      input: code + DUMP,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return {
      about: JSON.parse(await readFile(path.join(out, 'about.json'), 'utf8')) as Loaded,
      image: (name) => readFile(path.join(out, name.replaceAll('/', '_'))),
    };
  }

  /** Every tick and stream of what Python loaded, against what the tick service sends to the panes. */
  async function compareWithPanes(
    episode: EpisodeForTicks & { path: string },
    request: PythonRequest,
    tolerance = 0,
  ): Promise<Loaded> {
    const { about, image } = await run(copyAsPython(episode, request));
    const ticks = createTickService({ pool });
    const ids = Object.keys(about.images);
    const loaded = new Map(await Promise.all(ids.map(async (id) => [id, await image(id)] as const)));
    for (const [place, tick] of about.ticks.entries()) {
      const answer = await ticks.tick(episode, {
        episode: episode.opened.episode.id,
        ...{ tick, streams: ids.map((stream) => ({ stream })), view: `v${tick}`, sequence: 1, direction: 0 },
      });
      let body = 0;
      for (const sample of answer!.header.samples) {
        const row = about.rows[sample.stream]![place]!;
        expect([tick, sample.stream, row]).toEqual([tick, sample.stream, sample.state === 'shown' ? sample.index : -1]);
        if (sample.state !== 'shown') continue;
        const pane = Uint8Array.from(answer!.bodies[body++]!);
        if (sample.order === 'bgr')
          for (let at = 0; at < pane.length; at += 3) [pane[at], pane[at + 2]] = [pane[at + 2]!, pane[at]!];
        const python = loaded.get(sample.stream)!.subarray(place * pane.length, (place + 1) * pane.length);
        const worst = pane.reduce((most, value, at) => Math.max(most, Math.abs(value - python[at]!)), 0);
        expect([tick, sample.stream, worst <= tolerance]).toEqual([tick, sample.stream, true]);
      }
    }
    return about;
  }

  it('loads the pixels of the panes, with the orders and the tactile offset in use', async () => {
    const orders = { 'realsense/cam0/color': 'rgb', 'gelsight/left/frames': 'bgr' } as const;
    for (const offset of [0, 3, -2]) {
      const episode = await openRecording('data/motherboard/2026-05-10/episode_000.h5', { orders, offset });
      const about = await compareWithPanes(episode, { from: 4, to: 11, streams: [] });
      expect(about.ticks).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
      expect(Object.keys(about.images)).toHaveLength(8);
      expect(about.rows['gelsight/right/frames']!.at(-1)).toBe(Math.min(11, 11 + offset));
    }
  });

  it('follows clocks of their own, and leaves out what the pane no longer holds', async () => {
    const episode = await openRecording('data/motherboard/2026-05-10/episode_001.h5', { holdPeriods: 0.5 });
    const about = await compareWithPanes(episode, { from: 0, to: 11, streams: ['gelsight/left/frames'] });
    expect(about.rows['gelsight/left/frames']).toContain(-1);
    await compareWithPanes(await openRecording('data/motherboard/2026-05-10/episode_001.h5'), {
      from: 0,
      to: 11,
      streams: [],
    });
  });

  it.each([
    'broken/mismatch.h5',
    'broken/missing.h5',
    'data/motherboard/2026-05-10/episode_004.h5',
    'data/motherboard/2026-05-10/episode_003.h5',
    'data/motherboard/2026-05-10/episode_002.h5',
    'broken/external-storage.h5',
  ])('loads what can be seen of %s', async (below) => {
    await compareWithPanes(await openRecording(below), { from: 0, to: 11, streams: [] });
  });

  it.each(['sensor-zero', 'body-nan', 'body-jump', 'ticks-jump', 'huge', 'first-unset', 'rig-unset', 'two-epochs'])(
    'loads the same samples where stamps cannot be trusted: %s',
    async (name) => {
      const episode = await openRecording(`clocks/${name}.h5`);
      const request = { from: 0, to: 11, streams: ['gelsight/left/frames', 'gelsight/right/frames'] };
      const about = await compareWithPanes(episode, request);
      const { clocks, poses, episode: model } = episode.opened;
      for (const { id, clock, count } of model.tracks) {
        if (count === 0) expect(about.rows).not.toHaveProperty(id);
        else {
          const now = clocks.get(model.masterClock)!;
          expect(about.poses[id]).toEqual(
            about.ticks.map((tick) => {
              const row = nearest(clocks.get(clock)!, now[tick]!);
              return [...poses.get(id)!.subarray(row * 7, row * 7 + 7)];
            }),
          );
        }
      }
    },
  );

  it('gives the very times of clocks that jump or miss stamps', () => {
    const start = 1778400000.25;
    const stamp = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 400 }).map((each) => start + each / 7) },
      fc.constantFrom(0, -1, 100, 1e300, start + 3600, start - 3600, start + 40 * 86400),
    );
    const lists = fc.sample(fc.array(stamp, { minLength: 1, maxLength: 40 }), { numRuns: 300, seed: 7 });
    const clocks = lists.flatMap((list) => {
      const seconds = Float64Array.from(list);
      const kept = keepStamps(seconds);
      return kept ? [{ list, times: [...placeRows(seconds, kept, start, Number.NEGATIVE_INFINITY)] }] : [];
    });
    expect(clocks.length).toBeGreaterThan(200);
    const code = [
      'import json, sys',
      'from bisect import bisect_right',
      'import numpy as np',
      ...soundTimes(start),
      ...MENDED_TIMES,
      '',
      'lists = json.loads(sys.argv[1])',
      'print(json.dumps([mended_times(np.array(each)).tolist() for each in lists]))',
    ].join('\n');
    const answer = JSON.parse(runPython(code, JSON.stringify(clocks.map(({ list }) => list))));
    expect(answer).toEqual(clocks.map(({ times }) => times));
  });

  it('loads the pose rows nearest in time, a tie going to the earlier', async () => {
    const episode = await openRecording('data/motherboard/2026-05-10/episode_000.h5');
    const { about } = await run(copyAsPython(episode, { from: 2, to: 9, streams: ['realsense/cam0/color'] }));
    expect(Object.keys(about.images)).toEqual(['realsense/cam0/color']);
    const { clocks, poses, episode: model } = episode.opened;
    for (const track of model.tracks) {
      const expected = about.ticks.map((tick) =>
        nearest(clocks.get(track.clock)!, clocks.get(model.masterClock)![tick]!),
      );
      expect(about.rows[track.id]).toEqual(expected);
      expect(about.poses[track.id]).toEqual(
        expected.map((row) => [...poses.get(track.id)!.subarray(row * 7, row * 7 + 7)]),
      );
    }
  });

  it('decodes JPEGs whatever size the recording states', async (context) => {
    context.skip(!hasJpeg, 'this Python has no OpenCV to write JPEGs with');
    const episode = await openRecording('jpeg/sizes.h5');
    const streams = ['arducam/cam0/frames', 'arducam/cam1/frames'];
    const { about } = await run(copyAsPython(episode, { from: 0, to: 11, streams }));
    for (const stream of streams) expect(about.images[stream]).toEqual(['|u1', [12, 24, 32, 3]]);
    await compareWithPanes(episode, { from: 1, to: 11, streams }, 4);
  });

  it('decodes recorded JPEGs', async (context) => {
    context.skip(!hasJpeg, 'this Python has no OpenCV to write JPEGs with');
    const episode = await openRecording('data/pushT/2026-09-10/episode_000.h5');
    await compareWithPanes(episode, { from: 0, to: 11, streams: ['arducam/cam0/frames'] }, 3);
  });
});

describe('Python text', () => {
  it('cannot end early', () => {
    expect(pythonText('a"b\\c\nd\u2028')).toBe('"a\\"b\\\\c\\nd\\u2028"');
    expect(pythonComment('one\ntwo\u2029three')).toBe('one two three');
  });
});
