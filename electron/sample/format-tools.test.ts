import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../test/support/python.ts';
import { createSampleTools } from '../../test/support/sample-tools.ts';
import { createDecodePool } from '../frames/decode-pool.ts';
import { decodeJpeg, loadJpegDecoder } from '../frames/jpeg.ts';
import type { Hdf5Content, SampleTools } from '../sources/sample-tools.ts';
import { createRobotScene } from './robot-scene.ts';

const noFfmpeg = spawnSync('ffmpeg', ['-version']).status !== 0 || spawnSync('ffprobe', ['-version']).status !== 0;

describe('the tools of sample writers', () => {
  let folder: string;
  let tools: SampleTools;
  const rows = [Uint8Array.of(255, 216, 0, 0, 7), Uint8Array.of(1), new Uint8Array(9000).fill(200)];
  const content: Hdf5Content = {
    attributes: {
      '': { label: 'née', whole: 5n, real: 2.5, yes: true, no: false, list: ['a', 'bc'], numbers: [1, 2.5] },
      'deep/er': { sim: true },
    },
    datasets: {
      'deep/er/joints': {
        shape: [4, 2],
        data: Float64Array.from({ length: 8 }, (_, i) => i / 3),
        attributes: { sim: true },
      },
      steps: { shape: [3], data: BigInt64Array.of(1n, -2n, 2n ** 40n) },
      images: { shape: [5, 2, 2, 3], data: Uint8Array.from({ length: 60 }, (_, i) => i), gzip: 4 },
      small: { shape: [3], data: Float32Array.of(0.5, 1.5, -2.5) },
      action: { empty: 'float64' },
      words: { text: ['erste', 'zweite'] },
      word: { text: 'allein' },
      pictures: { rows },
    },
  };
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-tools-')));
    tools = await createSampleTools();
    await tools.writeHdf5(path.join(folder, 'sub', 'content.h5'), content);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!pythonWithHdf5())(`write HDF5 as h5py reads and writes it (${NO_PYTHON})`, () => {
    const script = `
import sys, json, h5py, numpy as np
f = h5py.File(sys.argv[1])
a = {k: (v.tolist() if hasattr(v, 'tolist') else v) for k, v in f.attrs.items()}
print(json.dumps({
  'attributes': a, 'kinds': [str(f.attrs['yes'].dtype), str(f.attrs['whole'].dtype), str(f['deep/er'].attrs['sim'].dtype), bool(f['deep/er/joints'].attrs['sim'])],
  'joints': f['deep/er/joints'][()].tolist(), 'steps': f['steps'][()].tolist(), 'stepsType': str(f['steps'].dtype),
  'images': [list(f['images'].shape), f['images'].compression, int(f['images'][()].sum())], 'small': str(f['small'].dtype),
  'action': [f['action'].shape, isinstance(f['action'][()], h5py.Empty), str(f['action'].dtype)],
  'words': [s.decode() for s in f['words'][()]], 'word': f['word'][()].decode(),
  'pictures': [[len(r), int(np.asarray(r, np.int64).sum()), str(r.dtype)] for r in f['pictures'][()]],
}))`;
    const read = JSON.parse(runPython(script, path.join(folder, 'sub', 'content.h5')));
    expect(read).toEqual({
      attributes: { label: 'née', whole: 5, real: 2.5, yes: true, no: false, list: ['a', 'bc'], numbers: [1, 2.5] },
      kinds: ['bool', 'int64', 'bool', true],
      joints: [0, 1, 2, 3].map((row) => [(2 * row) / 3, (2 * row + 1) / 3]),
      steps: [1, -2, 2 ** 40],
      stepsType: 'int64',
      images: [[5, 2, 2, 3], 'gzip', (59 * 60) / 2],
      small: 'float32',
      action: [null, true, 'float64'],
      words: ['erste', 'zweite'],
      word: 'allein',
      pictures: rows.map((row) => [row.length, row.reduce((sum, byte) => sum + byte, 0), 'uint8']),
    });
  });

  it('write HDF5 that our own reader takes', async () => {
    const pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir, workers: 1 });
    try {
      const tree = await pool.inspect(path.join(folder, 'sub', 'content.h5'));
      expect(tree.problems).toEqual([]);
      expect(tree.groups['']?.attributes).toMatchObject({ label: 'née', yes: true, no: false, whole: 5 });
      expect(tree.datasets.action).toMatchObject({ isNull: true });
      expect(tree.datasets.pictures).toMatchObject({ dtype: 'vlen-uint8', shape: [3] });
    } finally {
      await pool.close();
    }
    expect(readdirSync(path.join(folder, 'sub'))).toEqual(['content.h5']);
  });

  it('draw the arms where the numbers say they are', () => {
    const { seed, seconds } = tools;
    const scene = createRobotScene(seed, seconds);
    for (const camera of scene.cameras) expect(scene.picture(camera, 0.4, 64)).toHaveLength(64 * 48 * 3);
    const still = scene.robot(0.4);
    expect(still.joints).toHaveLength(14);
    expect(scene.robot(0.4)).toEqual(still);
    const { startSeconds, handoffSeconds, recoveredSeconds } = scene.failure;
    expect(0 < startSeconds && startSeconds < handoffSeconds && handoffSeconds < recoveredSeconds).toBe(true);
    expect(recoveredSeconds).toBeLessThan(seconds);
    // The left gripper shuts on nothing once it has lost the block, and holds it again at the end of the recovery.
    const grip = (at: number) => scene.robot(at).grippers[0];
    expect(grip(handoffSeconds)).toBeLessThan(0.1);
    expect(grip(recoveredSeconds)).toBeCloseTo(grip(startSeconds - 0.01), 2);
    for (const tool of scene.robot(1).tools) expect(Math.hypot(...tool.slice(3))).toBeCloseTo(1, 6);
    // The block is red: from the hand that holds it much of the picture is, after the fall little.
    const red = (camera: string, at: number) => {
      const rgb = scene.picture(camera, at, 64);
      let count = 0;
      for (let i = 0; i < rgb.length; i += 3)
        if ((rgb[i] as number) > 100 && (rgb[i + 2] as number) < 90 && (rgb[i + 1] as number) < 90) count++;
      return count / (rgb.length / 3);
    };
    expect(red('left_wrist', startSeconds - 0.05)).toBeGreaterThan(0.08);
    expect(red('left_wrist', handoffSeconds)).toBeLessThan(red('left_wrist', startSeconds - 0.05) / 2);
  });

  it('are repeatable by seed', async () => {
    const again = await createSampleTools();
    const other = await createSampleTools({ seed: 8 });
    const picture = (of: SampleTools) => Buffer.from(of.scene.picture('front', 0.6, 64)).toString('base64');
    expect(picture(again)).toBe(picture(tools));
    expect(picture(other)).not.toBe(picture(tools));
    await again.writeHdf5(path.join(folder, 'again.h5'), content);
    expect(readFileSync(path.join(folder, 'again.h5'))).toEqual(readFileSync(path.join(folder, 'sub', 'content.h5')));
  });

  it('encode pictures', async () => {
    const rgb = tools.scene.picture('front', 1, 64);
    expect(decode(tools.png(rgb, 64, 48))).toMatchObject({ width: 64, height: 48, channels: 3 });
    expect(Buffer.from(decode(tools.png(rgb, 64, 48)).data as Uint8Array)).toEqual(Buffer.from(rgb));
    const jpeg = await tools.jpeg(rgb, 64, 48);
    const { pixels, width, height, done } = decodeJpeg((await loadJpegDecoder()) as never, jpeg, 'picture');
    const error = rgb.reduce((sum, value, i) => sum + Math.abs(value - (pixels[i] as number)), 0) / rgb.length;
    done();
    expect([width, height]).toEqual([64, 48]);
    expect(error).toBeLessThan(6);
  });

  it.skipIf(noFfmpeg)('write videos with the frames they are given (needs ffmpeg)', async () => {
    const file = path.join(folder, 'video.mp4');
    const frames = Array.from({ length: 65 }, (_, i) => new Uint8Array(64 * 48 * 3).fill(i * 3));
    await tools.writeVideo(file, { width: 64, height: 48, rateHz: 25, frames });
    const asked = 'stream=codec_name,width,height,avg_frame_rate:packet=flags';
    const { stdout } = spawnSync('ffprobe', [
      '-v',
      'error',
      '-of',
      'json',
      '-show_packets',
      '-show_entries',
      asked,
      file,
    ]);
    const { packets, streams } = JSON.parse(String(stdout));
    expect(streams[0]).toMatchObject({ codec_name: 'h264', width: 64, height: 48, avg_frame_rate: '25/1' });
    expect(packets).toHaveLength(65);
    const keys = packets.flatMap(({ flags }: { flags: string }, i: number) => (flags.startsWith('K') ? [i] : []));
    expect(keys).toEqual([0, 30, 60]);
    await expect(
      tools.writeVideo(path.join(folder, 'video.txt'), { width: 64, height: 48, rateHz: 25, frames }),
    ).rejects.toThrow(/\.mp4/);
    expect(readdirSync(folder)).not.toContain('video.txt');
  });
});
