import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECIPE_SCHEMA, type Recipe, readRecipe } from '../../../shared/bundles/recipe.ts';
import { createMedia, type Media } from '../../media/index.ts';
import { ffmpeg, framesByFfmpeg, hasFfmpeg, testPicture } from '../../media/testing.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { makeVideo, type VideoParts } from './make-video.ts';

describe.skipIf(!hasFfmpeg)('the video of a stream by its own packets (needs ffmpeg)', () => {
  let folder: string;
  let media: Media;
  let parts: VideoParts;
  let frames = 0;
  const source = () => path.join(folder, 'camera.mp4');
  const rate = { numerator: 30, denominator: 1 };
  const recipe = (target: Recipe['targets'][number]) =>
    readRecipe(
      { schema: RECIPE_SCHEMA, name: 'a', targets: [target], taxonomyVersion: 1, video: { way: 'copy' } },
      'a',
    ) as Recipe;
  const stream = {
    ...{
      id: 'cam',
      name: 'Front camera',
      kind: 'color',
      width: 160,
      height: 120,
      channels: 3,
      order: 'rgb',
      count: 50,
    },
    ...{ encoding: 'video' },
  } as Parameters<typeof makeVideo>[1];
  const episode = (locations: [string, unknown][]) =>
    ({
      ...{ fingerprint: 'f', orderOf: () => 'rgb' },
      opened: { episode: { path: 'a/session.json' }, locations: new Map(locations) },
    }) as unknown as OpenWorkstationEpisode;
  // Sample 0 is the file's eleventh frame.
  const opened = () => episode([['cam', { kind: 'video', file: source(), firstFrame: 10 }]]);
  const made = (indices: number[], target: Recipe['targets'][number], of = opened()) =>
    makeVideo(of, stream, { indices: Int32Array.from(indices), cuts: [], within: null }, recipe(target), rate, parts);
  const run = (first: number, length: number) => Array.from({ length }, (_, n) => first + n);

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp make video '));
    const groups = ['-c:v', 'libx264', '-g', '10', '-keyint_min', '10', '-sc_threshold', '0', '-bf', '0'];
    ffmpeg(...testPicture(2, '160x120'), ...groups, '-pix_fmt', 'yuv420p', source());
    media = createMedia({ workerDir: folder, coreDir: folder });
    parts = {
      ...{
        media,
        decode: {} as VideoParts['decode'],
        signal: new AbortController().signal,
        partsDir: folder,
        broken: new Set(),
      },
      onFrame: () => {
        frames++;
      },
    };
  });
  afterAll(async () => {
    await media?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds exactly the frames of the ticks, and is not made again', async () => {
    const video = await made(run(15, 9), 'regrasp');
    expect(video).toMatchObject({ leadIn: 5, stats: null, width: 160, height: 120, name: 'Front_camera' });
    expect(framesByFfmpeg(video.file).hashes).toEqual(framesByFfmpeg(source()).hashes.slice(25, 34));
    expect(frames).toBe(9);
    const before = readdirSync(folder).sort();
    expect(await made(run(15, 9), 'regrasp')).toEqual(video);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('has statistics where training asks for them', async () => {
    const { stats, leadIn } = await made(run(15, 9), 'lerobot-v3.0');
    expect(leadIn).toBe(5);
    expect(stats).toMatchObject({ count: 9, mean: [expect.any(Number), expect.any(Number), expect.any(Number)] });
    for (const mean of stats?.mean ?? []) expect(Math.abs(mean - 0.5)).toBeLessThan(0.3);
  });

  it('is refused where ticks are not the frames one by one, and where there is no video', async () => {
    await expect(made([3, 4, 4, 5], 'regrasp')).rejects.toThrow(
      'a/session.json: Front camera has sample 4 and then 4 behind neighbouring ticks',
    );
    await expect(made([3, 5], 'regrasp')).rejects.toThrow('has sample 3 and then 5');
    await expect(made([3], 'regrasp', episode([['cam', { kind: 'hdf5' }]]))).rejects.toThrow('is no video');
  });

  it('is cut out of that of a longer unit, statistics and all, whichever is made first', async () => {
    const cuts = [
      { from: 5, frames: 9 },
      { from: 8, frames: 4 },
    ];
    const encode = {
      ...recipe('lerobot-v3.0'),
      video: { way: 'encode', crf: 18, preset: 'ultrafast', keyframeEvery: 10 },
    } as Recipe;
    const make = (frames: Parameters<typeof makeVideo>[2], more: Partial<VideoParts> = {}) =>
      makeVideo(opened(), stream, frames, encode, rate, { ...parts, ...more });
    const indices = Int32Array.from(run(10, 20));
    const within = (cut: { from: number; frames: number }) => ({
      indices: indices.slice(cut.from, cut.from + cut.frames),
      cuts: [],
      within: { indices, from: cut.from, cuts },
    });
    const [first, second] = [
      await make(within(cuts[0] as (typeof cuts)[0])),
      await make(within(cuts[1] as (typeof cuts)[0])),
    ];
    const longer = await make({ indices, cuts, within: null });
    const hashes = framesByFfmpeg(longer.file).hashes;
    expect(hashes).toHaveLength(20);
    expect(framesByFfmpeg(first.file).hashes).toEqual(hashes.slice(5, 14));
    expect(framesByFfmpeg(second.file).hashes).toEqual(hashes.slice(8, 12));
    expect([longer, first, second].map(({ leadIn, stats }) => [leadIn, stats?.count])).toEqual([
      [0, 20],
      [0, 9],
      [0, 4],
    ]);
    const alone = await make({ indices: indices.slice(5, 14), cuts: [], within: null });
    expect(alone.file).not.toBe(first.file);
    expect(first.stats).toEqual(alone.stats);

    // A fault in the longer one alone: the shorter is encoded for itself, and nobody tries the longer one again.
    const broken = new Set<string>();
    const far = Int32Array.from(run(30, 40));
    const cut = { from: 2, frames: 3 };
    const outside = { indices: far.slice(2, 5), cuts: [], within: { indices: far, from: 2, cuts: [cut] } };
    expect(framesByFfmpeg((await make(outside, { broken })).file).hashes).toHaveLength(3);
    expect(broken.size).toBe(1);
  });
});
