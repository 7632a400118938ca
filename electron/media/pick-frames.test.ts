import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, coreDir } from '../../test/support/built-worker.ts';
import { createMedia, type Media } from './index.ts';
import { ffmpeg, hasEncoder, hasFfmpeg, temporaryFolder, testPicture } from './testing.ts';

/** Whatever is picked is what decoding the whole file presents at that place. */
describe.skipIf(!hasFfmpeg || !hasEncoder('libx264'))('frames picked out of a video (needs ffmpeg)', () => {
  const { at, remove } = temporaryFolder();
  let media: Media;
  beforeAll(async () => {
    media = createMedia({ workerDir: await builtWorkerDir(), coreDir });
  });
  afterAll(async () => {
    await media.close();
    remove();
  });

  it.each([
    ['a key frame to every second frame', ['-g', '2', '-bf', '0']],
    ['long groups', ['-g', '25', '-bf', '0']],
    ['groups that only end where the picture changes', ['-g', '250', '-bf', '0', '-x264-params', 'intra-refresh=1']],
    ['frames stored in another order', ['-g', '25', '-bf', '2']],
    ['frames that an edit list hides', ['-g', '25', '-bf', '0'], ['-ss', '0.4', '-c', 'copy']],
  ])('are the right ones with %s', async (name, encoding, copying?: string[]) => {
    const whole = at('whole.mp4');
    const file = copying ? at('copied.mp4') : whole;
    ffmpeg(...testPicture(3, '96x64', 30), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', ...encoding, whole);
    if (copying) ffmpeg('-i', whole, ...copying, file);
    const { frameCount } = await media.probe.probe(file);
    const all: string[] = [];
    for await (const rgb of media.frames(file, { from: 0, to: frameCount })) all.push(digest(rgb));
    expect(new Set(all).size, name).toBe(frameCount);
    const wanted = [0, 1, 24, 25, 26, 50, 51, 52, frameCount - 1];
    const picked: [number, string][] = [];
    // Asked for in any order, twice the same.
    for await (const { index, rgb } of media.pick(file, [...wanted.toReversed(), 25]))
      picked.push([index, digest(rgb)]);
    expect(picked).toEqual(wanted.map((index) => [index, all[index]]));
  });

  it('are the right ones when there are hundreds', async () => {
    ffmpeg(
      ...testPicture(18, '96x64', 30),
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '2',
      '-bf',
      '0',
      at('l.mp4'),
    );
    const all: string[] = [];
    for await (const rgb of media.frames(at('l.mp4'), { from: 0, to: 540 })) all.push(digest(rgb));
    const wanted = Array.from({ length: 270 }, (_, pair) => pair * 2 + 1);
    const picked: [number, string][] = [];
    for await (const { index, rgb } of media.pick(at('l.mp4'), wanted)) picked.push([index, digest(rgb)]);
    expect(picked).toEqual(wanted.map((index) => [index, all[index]]));
  });

  it('that are not there are told', async () => {
    ffmpeg(...testPicture(1, '96x64', 30), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', at('short.mp4'));
    await expect(media.pick(at('short.mp4'), [3, 30]).next()).rejects.toThrow(
      'short.mp4 has 30 frames, so none is frame 30.',
    );
    expect((await media.pick(at('short.mp4'), []).next()).done).toBe(true);
  });
});

function digest(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
