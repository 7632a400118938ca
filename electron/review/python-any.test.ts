import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stream } from '../../shared/episode/episode.ts';
import { pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { createSampleTools } from '../../test/support/sample-tools.ts';
import type { SampleTools } from '../sources/sample-tools.ts';
import type { OpenedEpisode, SampleLocation } from '../sources/source.ts';
import { copyAsPython } from './python.ts';
import { openedWith, streamWith } from './testing.ts';

const python = pythonWithHdf5();
const missing =
  !python || spawnSync(python, ['-c', 'import cv2']).status !== 0 || spawnSync('ffmpeg', ['-version']).status !== 0;
const [WIDTH, HEIGHT, COUNT] = [64, 48, 12];

describe.skipIf(missing)('copied Python of any format (needs python3 with h5py and OpenCV, and ffmpeg)', () => {
  let folder: string;
  let tools: SampleTools;
  let pictures: Uint8Array[];
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-python-')));
    tools = await createSampleTools();
    // Bright and dark by turns, so that a wrong frame shows.
    pictures = Array.from({ length: COUNT }, (_, i) =>
      new Uint8Array(WIDTH * HEIGHT * 3).map((_, at) => (i * 20 + (at % 3) * 10) % 256),
    );
    const frames = Array.from({ length: 3 }, () => pictures[0] as Uint8Array).concat(pictures);
    await tools.writeVideo(path.join(folder, 'camera.mp4'), { width: WIDTH, height: HEIGHT, rateHz: 10, frames });
    const data = Uint8Array.from(pictures.flatMap((picture) => [...picture]));
    const jpegs = await Promise.all(pictures.map((picture) => tools.jpeg(picture, WIDTH, HEIGHT)));
    const room = Math.max(...jpegs.map(({ length }) => length)) + 40;
    const padded = new Uint8Array(COUNT * room);
    for (const [row, jpeg] of jpegs.entries()) padded.set(jpeg, row * room);
    await tools.writeHdf5(path.join(folder, 'demo.hdf5'), {
      datasets: {
        'data/demo_1/obs/image': { shape: [COUNT, HEIGHT, WIDTH, 3], data, gzip: 4 },
        'images/packed': { shape: [COUNT, room], data: padded },
      },
    });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('loads the very range from HDF5 and from videos, and says what it leaves out', () => {
    const shared = { width: WIDTH, height: HEIGHT, channels: 3, count: COUNT, order: 'rgb' as const };
    const streams: Stream[] = [
      streamWith({ ...shared, id: 'demo/image', shape: [COUNT, HEIGHT, WIDTH, 3] }),
      streamWith({ ...shared, id: 'padded', encoding: 'jpeg' }),
      streamWith({ ...shared, id: 'video "front"', encoding: 'video', clock: 'camera' }),
      streamWith({ ...shared, id: 'packed', encoding: 'jpeg' }),
      streamWith({ ...shared, id: 'lost', fault: 'lost.mp4 is not there:\nput it back.' }),
    ];
    const file = path.join(folder, 'demo.hdf5');
    const locations: Record<string, SampleLocation> = {
      'demo/image': { kind: 'hdf5', file, dataset: 'data/demo_1/obs/image' },
      padded: { kind: 'hdf5', file, dataset: 'images/packed' },
      'video "front"': { kind: 'video', file: path.join(folder, 'camera.mp4'), firstFrame: 3 },
      packed: { kind: 'reader' },
    };
    const times = Array.from({ length: COUNT }, (_, tick) => tick * 1e8);
    const plain = openedWith({ times, streams, path: 'demo.hdf5::demo_1' });
    const clock = {
      name: '',
      count: COUNT,
      basis: 'recorded' as const,
      ascending: true,
      firstNs: 0,
      lastNs: 11e8,
      worstGapNs: 1e8,
    };
    const clocks = ['timestamps', 'camera'].map((id) => ({ ...clock, id, medianPeriodNs: 1e8 }));
    const opened: OpenedEpisode = {
      ...plain,
      episode: { ...plain.episode, format: 'other', clocks },
      // The camera began two ticks late.
      clocks: new Map([
        ['timestamps', Float64Array.from(times)],
        ['camera', Float64Array.from(times, (time) => time + 2e8)],
      ]),
      locations: new Map(Object.entries(locations)),
    };
    const rest = {
      path: file,
      revision: '1',
      orderOf: (of: Stream) => of.order,
      tactileOffset: () => 0,
      holdPeriods: () => 3,
    };
    const code = copyAsPython({ opened, ...rest }, { from: 1, to: 6, streams: [] });
    expect(code).toContain('# packed is left out: its samples are packed');
    expect(code).toContain('# lost is left out: lost.mp4 is not there: put it back.');
    const dump = `
import json
print(json.dumps({name: [rows[name].tolist(), image.dtype.name, list(image.shape), image[:, 0, 0, :].tolist()] for name, image in images.items()}))`;
    const loaded = JSON.parse(runPython(`${code}${dump}`));
    const first = (row: number) => (row < 0 ? [0, 0, 0] : [...(pictures[row] as Uint8Array).subarray(0, 3)]);
    const near = (found: number[][], rows: number[]) =>
      Math.max(
        ...found.flatMap((pixel, at) =>
          pixel.map((value, i) => Math.abs(value - (first(rows[at] as number)[i] as number))),
        ),
      );
    const ticks = [1, 2, 3, 4, 5, 6];
    expect(Object.keys(loaded)).toEqual(['demo/image', 'padded', 'video "front"']);
    expect(loaded['demo/image']).toEqual([ticks, 'uint8', [6, HEIGHT, WIDTH, 3], ticks.map(first)]);
    expect(loaded.padded.slice(0, 3)).toEqual([ticks, 'uint8', [6, HEIGHT, WIDTH, 3]]);
    expect(near(loaded.padded[3], ticks)).toBeLessThan(6);
    const late = [-1, 0, 1, 2, 3, 4];
    expect(loaded['video "front"'].slice(0, 3)).toEqual([late, 'uint8', [6, HEIGHT, WIDTH, 3]]);
    expect(near(loaded['video "front"'][3], late)).toBeLessThan(9);
  });
});
