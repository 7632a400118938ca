import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, COUNT, depthOf, millimetresOf, WIDTH, writeForeignMcap } from '../../../test/support/foreign/mcap.ts';
import { NO_OPENCV, NO_PLAIN_PYTHON, plainPython, pythonWithOpenCv, runOpenCv } from '../../../test/support/python.ts';
import { openFileOf, portsFor } from '../../../test/support/source-ports.ts';
import type { Hdf5Reader } from '../source.ts';
import { source } from './index.ts';

const RAW = {
  '/rgb8': { channels: 3, order: 'rgb' },
  '/bgr8': { channels: 3, order: 'bgr' },
  '/mono8': { channels: 1, order: null },
  '/rgba8': { channels: 3, order: 'rgb' },
  '/bgra8': { channels: 3, order: 'bgr' },
  '/rgb8_big': { channels: 3, order: 'rgb' },
} as const;
const DEEP = ['/mono16', '/16UC1', '/mono16_big'];
const PNG = ['/png16', '/compressed_depth'];
const NOT_SHOWN = ['/bayer16', '/compressed_depth_float'];

describe.skipIf(!plainPython())(`recordings that Python wrote by hand (${NO_PLAIN_PYTHON})`, () => {
  let root: string;
  beforeAll(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-mcap-foreign-')));
    writeForeignMcap(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function open(name: string) {
    const file = openFileOf(root, name);
    const ports = portsFor(root, {} as Hdf5Reader);
    expect(await source.recognizes(file, ports)).toBe(true);
    const opened = await source.open(file, ports);
    const told = opened.episode.problems.map(({ code, stream }) => (stream ? `${code} ${stream}` : code));
    return { ...opened, told: told.filter((each) => !NOT_SHOWN.some((topic) => each === `unknown-encoding ${topic}`)) };
  }
  const damaged = (name: string, bytes: Uint8Array) => {
    writeFileSync(path.join(root, name), bytes);
    return open(name);
  };

  it.each([
    ['plain.mcap', []],
    ['lz4.mcap', []],
    ['zstd.mcap', []],
    ['zstd_frames.mcap', []],
    ['no_chunks.mcap', []],
    ['no_summary.mcap', ['no-index']],
    ['no_chunks_no_summary.mcap', ['no-index']],
  ])('%s gives every picture and number as it was written', async (name, problems) => {
    const { episode, told, readers, values, clocks } = await open(name);
    expect(told).toEqual(problems);
    const streams = new Map(episode.streams.map((stream) => [stream.id, stream]));
    const sample = async (topic: string, i: number) => (await readers?.get(topic)?.read(i)) as Uint8Array;
    for (const [topic, { channels, order }] of Object.entries(RAW)) {
      expect(streams.get(topic), topic).toMatchObject({
        encoding: 'pixels',
        dtype: 'uint8',
        count: COUNT,
        channels,
        order,
      });
      for (const i of [0, 5, COUNT - 1]) {
        const stored = topic === '/rgba8' || topic === '/bgra8' ? 4 : channels;
        const wanted = bytesOf(i, stored).filter((_, at) => at % stored < channels);
        expect([...(await sample(topic, i))], topic).toEqual(wanted);
      }
    }
    for (const topic of DEEP) {
      expect(streams.get(topic), topic).toMatchObject({
        encoding: 'pixels',
        dtype: 'uint16',
        kind: 'depth',
        channels: 1,
      });
      for (const i of [0, 5, COUNT - 1]) {
        const bytes = await sample(topic, i);
        expect([...new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)], topic).toEqual(depthOf(i));
      }
    }
    for (const topic of PNG) {
      expect(streams.get(topic), topic).toMatchObject({
        encoding: 'png',
        dtype: 'uint16',
        kind: 'depth',
        width: WIDTH,
      });
      const { data, depth } = decode(await sample(topic, 7));
      expect([depth, ...data], topic).toEqual([16, ...depthOf(7)]);
    }
    for (const topic of ['/32FC1', '/32FC1_big']) {
      expect(streams.get(topic), topic).toMatchObject({ dtype: 'uint16', kind: 'depth', fault: null });
      expect(streams.get(topic)?.filter).toBe('raw pixels, metres as millimetres');
      const bytes = await sample(topic, 3);
      expect([...new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)], topic).toEqual(millimetresOf(3));
    }
    for (const topic of NOT_SHOWN) expect(streams.get(topic)?.fault, topic).toMatch(/is not shown|are not shown/);
    for (const topic of ['/joints', '/joints_big']) {
      const series = episode.series.find(({ id }) => id === `${topic}.position`);
      expect(series).toMatchObject({ components: ['shoulder', 'elbow'], count: COUNT });
      const positions = Array.from({ length: COUNT }, (_, i) => [i / 3, -i]).flat();
      expect([...(values.get(`${topic}.position`) ?? [])].map((each) => each + 0)).toEqual(
        positions.map((each) => each + 0),
      );
      expect(values.get(`${topic}.effort`)?.[2 * 3]).toBe(1.5);
    }
    expect(episode.startUnixSeconds).toBe(1_700_000_000);
    expect([...(clocks.get('/rgb8') ?? [])].map((ns) => Math.round(ns / 1e6))).toEqual(
      Array.from({ length: COUNT }, (_, i) => 50 * i),
    );
  });

  it('cut off within a chunk that is not packed gives the messages that are whole', async () => {
    const bytes = readFileSync(path.join(root, 'plain.mcap'));
    const cuts = [0.35, 0.5, 0.65].map((share) => Math.floor(bytes.length * share));
    let before = 0;
    for (const cut of cuts) {
      const { episode, told, readers } = await damaged('cut.mcap', bytes.subarray(0, cut));
      expect(told).toEqual(['truncated']);
      expect(episode.problems[0]?.message).toMatch(/What is whole, up to byte \d+, is read all the same/);
      const count = episode.streams.find(({ id }) => id === '/rgb8')?.count ?? 0;
      expect(count).toBeGreaterThan(before);
      expect([...((await readers?.get('/rgb8')?.read(count - 1)) ?? [])]).toEqual(bytesOf(count - 1, 3));
      before = count;
    }
    expect(before).toBeLessThan(COUNT);
  });

  it('cut off where messages stand in no chunk, or with zeros for an end, gives those before', async () => {
    const bytes = readFileSync(path.join(root, 'no_chunks.mcap'));
    const unfinished = readFileSync(path.join(root, 'unfinished.mcap'));
    const zeros = new Uint8Array(64 * 1024);
    for (const [name, content] of [
      ['cut_no_chunks.mcap', bytes.subarray(0, Math.floor(bytes.length / 2))],
      ['zeros.mcap', Buffer.concat([unfinished, zeros])],
    ] as const) {
      const { episode, told } = await damaged(name, content);
      expect(told).toEqual(['truncated']);
      if (name === 'zeros.mcap') expect(episode.problems[0]?.message).toContain(`up to byte ${unfinished.length},`);
      const count = episode.streams.find(({ id }) => id === '/rgb8')?.count ?? 0;
      expect(count).toBeGreaterThan(2);
      expect(count).toBeLessThan(COUNT);
    }
  });

  it('with a message that no index names is told', async () => {
    expect((await open('stray.mcap')).told).toEqual(['count-mismatch']);
  });

  it('cut off within a packed chunk gives the chunks before', async () => {
    for (const packing of ['lz4', 'zstd']) {
      const bytes = readFileSync(path.join(root, `${packing}.mcap`));
      const { episode, told } = await damaged('cut_packed.mcap', bytes.subarray(0, Math.floor(bytes.length * 0.7)));
      expect(told, packing).toEqual(['truncated']);
      expect(episode.streams.find(({ id }) => id === '/rgb8')?.count, packing).toBeGreaterThan(0);
    }
  });

  it.skipIf(!pythonWithOpenCv())(`colours of filters and of YUV are those of OpenCV (${NO_OPENCV})`, async () => {
    const { episode, readers } = await open('plain.mcap');
    const inOpenCv = JSON.parse(
      runOpenCv(`
import cv2, json, numpy as np
W, H = 6, 4
def rows(n, i): return np.array([[[(i * 7 + y * 40 + x * 5 + c * 80) % 256 for c in range(n)] for x in range(W)] for y in range(H)], np.uint8)
# OpenCV names a filter by the second pixel of its second row, and asks for blue first to give red first.
ways = {'/bayer_rggb8': cv2.COLOR_BayerBG2RGB, '/bayer_bggr8': cv2.COLOR_BayerRG2RGB, '/bayer_grbg8': cv2.COLOR_BayerGB2RGB,
  '/bayer_gbrg8': cv2.COLOR_BayerGR2RGB, '/uyvy': cv2.COLOR_YUV2RGB_UYVY, '/yuy2': cv2.COLOR_YUV2RGB_YUY2}
print(json.dumps({topic: [cv2.cvtColor(rows(2 if topic in ('/uyvy', '/yuy2') else 1, i), way).ravel().tolist() for i in (0, 9)] for topic, way in ways.items()}))
`),
    ) as Record<string, number[][]>;
    for (const [topic, [first, tenth]] of Object.entries(inOpenCv)) {
      expect(episode.streams.find(({ id }) => id === topic)).toMatchObject({ channels: 3, order: 'rgb', fault: null });
      expect([...((await readers?.get(topic)?.read(0)) ?? [])], topic).toEqual(first);
      expect([...((await readers?.get(topic)?.read(9)) ?? [])], topic).toEqual(tenth);
    }
  });
});
