import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../../test/support/built-worker.ts';
import { NO_PYTHON, pythonWithHdf5 } from '../../../test/support/python.ts';
import { expectedPixels, RECORDING, writeReactRecordings } from '../../../test/support/react-recordings.ts';
import { openFileOf, portsFor } from '../../../test/support/source-ports.ts';
import { createDecodePool } from '../../frames/decode-pool.ts';
import type { DecodePool } from '../../frames/frame-source.ts';
import { type Hdf5Tree, locationOf, type OpenedEpisode, type OpenFile, SourceFault } from '../source.ts';
import { source } from './index.ts';
import { openReact } from './open.ts';

describe(`React recordings (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
  let root: string;
  let pool: DecodePool;
  let mjpeg: boolean;

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-react-')));
    ({ mjpeg } = writeReactRecordings(root));
    pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
  }, 120_000);
  afterAll(async () => {
    await pool?.close();
    rmSync(root, { recursive: true, force: true });
  });

  function open(pathBelowRoot: string): Promise<OpenedEpisode> {
    const file = openFileOf(root, pathBelowRoot);
    expect(source.mightBe(file)).toBe(true);
    return openReact(file, portsFor(root, pool));
  }
  const sound = (number: number) => open(`data/motherboard/2026-05-10/episode_00${number}.h5`);
  const codes = (opened: OpenedEpisode) => opened.episode.problems.map(({ code, severity }) => `${severity} ${code}`);

  it('tell everything they hold', async () => {
    const opened = await sound(0);
    const { episode } = opened;
    expect(episode).toMatchObject({
      ...{ id: 'r1/data/motherboard/2026-05-10/episode_000.h5', format: 'react', name: 'episode_000' },
      ...{ task: 'motherboard', date: '2026-05-10', createdAt: '2026-05-10T14:03:22', startUnixSeconds: 1778400000.25 },
      metadata: { fps: 30, gelsight_serials: ['2BGLKZNT', '2BKRDTAD'] },
      problems: [],
    });
    expect(JSON.parse(JSON.stringify(episode))).toEqual(episode);
    const streams = episode.streams.map(({ id, name, position, order, clock }) => [id, name, position, order, clock]);
    expect(streams).toEqual([
      ['realsense/cam1/color', 'Left camera', 'left', 'bgr', 'timestamps'],
      ['realsense/cam2/color', 'Middle camera', 'middle', 'bgr', 'timestamps'],
      ['realsense/cam0/color', 'Right camera', 'right', 'bgr', 'timestamps'],
      ['gelsight/left/frames', 'Left GelSight', 'left', 'rgb', 'timestamps'],
      ['gelsight/right/frames', 'Right GelSight', 'right', 'rgb', 'timestamps'],
      ['realsense/cam1/depth', 'Left camera depth', 'left', null, 'timestamps'],
      ['realsense/cam2/depth', 'Middle camera depth', 'middle', null, 'timestamps'],
      ['realsense/cam0/depth', 'Right camera depth', 'right', null, 'timestamps'],
    ]);
    expect(episode.streams[0]).toMatchObject({ serial: '104122062574', filter: 'blosc lz4 5 bitshuffle', count: 12 });
    expect(episode.tracks).toMatchObject([
      { id: 'motherboard', side: null, projected: false, count: 40, rule: 'nearest', upAxis: 'y' },
      { id: 'sensor_left', side: 'left', projected: true },
      { id: 'sensor_right', side: 'right', projected: true },
    ]);
    expect(opened.poses.get('sensor_right')?.slice(0, 7)).toEqual(Float64Array.of(0.2, 0.2, 0.3, 0, 0, 0, 1));
    expect(opened.clocks.get('optitrack/sensor_left/timestamps')?.[0]).toBeCloseTo(-50e6, -3);
  });

  it('show the very samples they store', async () => {
    const opened = await sound(0);
    for (const [id, number] of Object.entries({ 'realsense/cam2/color': 2, 'gelsight/left/frames': 3 })) {
      const stream = opened.episode.streams.find((each) => each.id === id);
      if (!stream) throw new Error(id);
      const { bytes } = await pool.frame(locationOf(opened, stream), stream, RECORDING.ticks - 1);
      expect(bytes).toEqual(expectedPixels(number, RECORDING.ticks - 1));
    }
  });

  it('suggest the tactile offset of old recordings, and none where GelSights have stamps', async () => {
    expect((await sound(0)).episode.suggestedTactileOffset).toMatchObject({ ticks: 15 });
    const stamped = await sound(1);
    expect(stamped.episode.suggestedTactileOffset).toBeNull();
    expect(stamped.episode.streams[3]).toMatchObject({ clock: 'gelsight/left/timestamps', rule: 'latest' });
    expect(stamped.clocks.get('gelsight/left/timestamps')?.[0]).toBeCloseTo(-20e6, -3);
  });

  it('open without frames, without stamps, with stamps that run back, with a gap and a recorder that objects', async () => {
    const empty = await sound(2);
    expect(codes(empty)).toEqual(['warning empty']);
    expect(empty.episode.clocks[0]).toMatchObject({ count: 0, firstNs: null });
    const unstamped = await sound(3);
    expect(codes(unstamped)).toEqual(['warning no-timestamps']);
    expect(unstamped.episode.clocks[0]).toMatchObject({ basis: 'nominal', count: 12 });
    expect(codes(await sound(4))).toEqual(['warning clock-not-ascending', 'warning stamp-missing']);
    const objected = await sound(5);
    expect(codes(objected)).toEqual(['error invalid', 'warning gap']);
    expect(objected.episode.problems[0]?.message).toContain('queue overflow, ended by overload');
  });

  it('hold wrist cameras that wrote JPEGs', async ({ skip }) => {
    if (!mjpeg) skip('this Python has no OpenCV to write JPEGs');
    const opened = await open('data/pushT/2026-09-10/episode_000.h5');
    const [left, right] = opened.episode.streams.filter(({ id }) => id.startsWith('arducam/'));
    if (!left || !right) throw new Error('no wrist cameras');
    expect(left).toMatchObject({
      name: 'Left wrist camera',
      encoding: 'jpeg',
      order: 'rgb',
      width: 32,
      height: 24,
      serial: 'UC0',
    });
    const { bytes, channels, width, height } = await pool.frame(locationOf(opened, left), left, 7);
    expect([width, height, channels, bytes.length]).toEqual([32, 24, 3, 32 * 24 * 3]);
    for (const [channel, value] of [45, 100, 200].entries())
      expect(Math.abs((bytes[channel] as number) - value)).toBeLessThan(4);
    await expect(pool.frame(locationOf(opened, right), right, 3)).rejects.toThrow(
      /sample 3 of arducam\/cam1\/frames is no readable JPEG/,
    );
    expect((await pool.frame(locationOf(opened, right), right, 4)).bytes.length).toBe(32 * 24 * 3);
  });

  it.each([
    [
      'missing.h5',
      6,
      ['error missing-stream', 'error missing-stream'],
      /Left camera \(realsense\/cam1\/color\) is missing/,
    ],
    ['mismatch.h5', 8, ['error count-mismatch', 'error count-mismatch'], /Left GelSight has 9 frames for 12 ticks/],
    ['no-bodies.h5', 8, ['warning body-not-recorded'], /sensor_left was not recorded/],
    ['truncated.h5', 0, ['error truncated'], /is cut short/],
    ['not-hdf5.h5', 0, ['error not-hdf5'], /is no HDF5 file/],
    ['zero-bytes.h5', 0, ['error not-hdf5'], /is an empty file/],
    ['unknown-filter.h5', 8, ['error unknown-filter'], /realsense\/cam2\/color.*filter 32099/],
    ['external-storage.h5', 8, ['error external-storage'], /realsense\/cam0\/color.*another file/],
    ['virtual.h5', 8, ['error virtual-dataset'], /realsense\/cam0\/color is a virtual dataset/],
    ['external-link.h5', 7, ['error dangling-link', 'error external-link', 'error dangling-link'], /nowhere/],
    ['corrupt-blosc.h5', 8, [], null],
  ])('that are broken open to what can be seen: %s', async (name, streams, problems, sentence) => {
    const opened = await open(`broken/${name}`);
    expect(codes(opened)).toEqual(problems);
    expect(opened.episode.streams).toHaveLength(streams);
    expect(opened.clocks.get(opened.episode.masterClock)?.length).toBe(streams === 0 ? 0 : 12);
    if (sentence) expect(opened.episode.problems[0]?.message).toMatch(sentence);
    for (const { message } of opened.episode.problems) expect(message).toMatch(/^\S+\.h5.*\.$/);
  });

  it('are without depth as most are: that is one sentence', async () => {
    const opened = await open('clocks/no-depth.h5');
    expect(codes(opened)).toEqual(['warning missing-stream']);
    expect(opened.episode.problems[0]?.message).toMatch(
      /no depth was recorded \(realsense\/cam0\/depth, realsense\/cam1\/depth, realsense\/cam2\/depth/,
    );
  });

  it('tell first that they hold nothing, whatever else follows from it', async () => {
    const opened = await open('clocks/empty.h5');
    expect(codes(opened)[0]).toBe('warning empty');
    expect(codes(opened).length).toBeGreaterThan(1);
    expect(opened.episode.metadata.task).toBe('motherboard');
  });

  it('know the size of their JPEGs, whatever was written beside them', async ({ skip }) => {
    if (!mjpeg) skip('this Python has no OpenCV to write JPEGs');
    const opened = await open('jpeg/sizes.h5');
    const sizes = opened.episode.streams.filter(({ encoding }) => encoding === 'jpeg');
    const [first] = sizes;
    if (!first) throw new Error('no JPEGs');
    const scaled = await pool.frame(locationOf(opened, first), first, 1, { maxWidth: 16, maxHeight: 16 });
    expect(scaled).toMatchObject({ width: 16, height: 12, storedWidth: 32, storedHeight: 24 });
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [32, 24],
      [32, 24],
    ]);
  });

  it('keep the body that was not recorded on the list', async () => {
    const opened = await open('broken/no-bodies.h5');
    expect(opened.episode.tracks.map(({ id, count }) => [id, count])).toContainEqual(['sensor_left', 0]);
  });

  it('say of every stream that cannot be shown why', async () => {
    const opened = await open('broken/odd-shapes.h5');
    const faults = opened.episode.streams.filter(({ fault }) => fault).map(({ fault }) => fault);
    expect(faults).toEqual([
      expect.stringMatching(/cam0\/color holds 12 × 4 × 4 × 4 float32 values, not 8-bit/),
      expect.stringMatching(/cam1\/depth holds 12 × 24 × 32 int64 values, not 16-bit/),
    ]);
    expect(codes(opened)).toContain('error wrong-shape');
  });
});

describe('a React recording whose parts cannot be read', () => {
  const file: OpenFile = {
    ...{ path: '/r/e.h5', name: 'e.h5', sizeBytes: 1, modifiedMs: 1, root: '/r', rootId: 'r', pathBelowRoot: 'e.h5' },
    ...{ inner: '', stated: {} },
  };
  const images = { shape: [3, 4, 5, 3], dtype: 'uint8', chunk: [1, 4, 5, 3], filters: [], attributes: {}, fault: null };
  const stamps = { ...images, shape: [3], dtype: 'float64', chunk: null };
  const tree: Hdf5Tree = {
    groups: { '': { attributes: {} }, metadata: { attributes: { fps: 10, realsense_serials: [] } } },
    datasets: { timestamps: stamps, 'gelsight/left/frames': images, 'gelsight/left/timestamps': stamps },
    problems: [],
  };

  it('goes by a stated rate when its clock is damaged, and by the ticks when a sensor’s is', async () => {
    const numbers = () => Promise.reject(new SourceFault('corrupt-chunk', 'e.h5: timestamps is damaged.'));
    const { episode, clocks } = await openReact(
      file,
      portsFor('/r', { inspect: async () => tree, numbers, strings: async () => [] }),
    );
    expect(episode.streams[0]).toMatchObject({ id: 'gelsight/left/frames', clock: 'timestamps' });
    expect(episode.clocks).toMatchObject([{ id: 'timestamps', basis: 'nominal', count: 3, medianPeriodNs: 1e8 }]);
    expect(clocks.get('timestamps')).toEqual(Float64Array.of(0, 1e8, 2e8));
    const codes = episode.problems.map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining(['corrupt-chunk', 'no-timestamps', 'missing-stream', 'missing-track']),
    );
  });

  const opened = (changed: Partial<Hdf5Tree>, shape: number[] = [3]) => {
    const numbers = async () => ({ shape, data: Float64Array.from({ length: 3 * shape.length }, (_, at) => 5 + at) });
    const reader = { inspect: async () => ({ ...tree, ...changed }), numbers, strings: async () => [] };
    return openReact(file, portsFor('/r', reader));
  };

  it('takes no count that a file claims for granted', async () => {
    const claims = { ...images, shape: [2 ** 40, 4, 5, 3] };
    const { episode } = await opened({ datasets: { ...tree.datasets, 'gelsight/right/frames': claims } });
    expect(episode.clocks[0]?.count).toBe(3);
    const right = episode.streams.find(({ id }) => id === 'gelsight/right/frames');
    expect(right).toMatchObject({ count: 0, fault: expect.stringMatching(/claims 1099511627776 frames.*restore/) });
    expect(episode.problems.filter(({ stream }) => stream === right?.id)).toHaveLength(1);
  });

  it('says of a damaged root that, and nothing that would only follow from it', async () => {
    const message = 'e.h5: the group / is damaged and cannot be listed: restore the file from a copy.';
    const lost = { severity: 'error' as const, code: 'damaged-group', message };
    const { episode } = await opened({ datasets: {}, problems: [lost] });
    expect(episode.problems).toEqual([lost]);
  });

  it('takes no table for stamps', async () => {
    const { episode } = await opened(
      { datasets: { ...tree.datasets, timestamps: { ...stamps, shape: [3, 2] } } },
      [3, 2],
    );
    expect(episode.clocks[0]).toMatchObject({ basis: 'nominal', count: 3 });
    expect(episode.problems).toContainEqual(
      expect.objectContaining({ code: 'wrong-shape', message: expect.stringContaining('timestamps is 3 × 2') }),
    );
  });

  it('lets a fault of the program itself through: that is no broken file', async () => {
    const inspect = () => Promise.reject(new TypeError('a bug'));
    await expect(openReact(file, portsFor('/r', { inspect, numbers: inspect, strings: inspect }))).rejects.toThrow(
      'a bug',
    );
  });
});
