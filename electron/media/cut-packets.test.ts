import { existsSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { cutPackets } from './cut-packets.ts';
import { joinPackets } from './join-packets.ts';
import { openMediaFile } from './media-file.ts';
import { presentedFrames } from './presented-frames.ts';
import { createVideoProbe } from './probe.ts';
import { ffmpeg, framesByFfmpeg, hasFfmpeg, temporaryFolder, testPicture, timesByFfprobe } from './testing.ts';

const { folder, at, remove } = temporaryFolder();
afterAll(remove);
const rate = { numerator: 30, denominator: 1 };
const size = { width: 160, height: 120 };
function encoded(name: string, ...more: string[]): string {
  const plain = ['-c:v', 'libx264', '-g', '10', '-keyint_min', '10', '-sc_threshold', '0', '-bf', '0'];
  if (existsSync(at(name))) return at(name);
  ffmpeg(...testPicture(2, '160x120'), ...plain, '-pix_fmt', 'yuv420p', ...more, at(name));
  return at(name);
}

describe.skipIf(!hasFfmpeg)('packets cut out of a video (needs ffmpeg)', () => {
  const probe = createVideoProbe({ listFrames: () => Promise.reject(new Error('not asked')) });

  it.each([
    [0, 60, 0],
    [20, 33, 0],
    [27, 28, 7],
    [13, 60, 3],
  ])('show frames %i to %i alone, to ffmpeg and to us, after %i that lead in', async (from, to, leadIn) => {
    const file = encoded('source.mp4');
    const cut = at(`cut-${from}-${to}.mp4`);
    expect(await cutPackets({ file, from, to, rate, ...size }, cut)).toEqual({ leadIn });
    expect(framesByFfmpeg(cut).hashes).toEqual(framesByFfmpeg(file).hashes.slice(from, to));
    const { frameCount, timesNs } = await probe.probe(cut);
    expect(frameCount).toBe(to - from);
    for (const [frame, ns] of timesNs.entries()) expect(Math.abs(ns - (frame * 1e9) / 30)).toBeLessThan(1e5);
    const media = await openMediaFile(cut);
    expect(await presentedFrames(media)).toMatchObject({ hiddenBefore: leadIn, hiddenAfter: 0 });
    await media.close();
  });

  it('come along whole where they are joined', async () => {
    const file = encoded('source.mp4');
    const cuts = [
      [27, 31],
      [13, 19],
    ] as const;
    const parts = [];
    for (const [from, to] of cuts) {
      const cut = at(`part-${from}.mp4`);
      const { leadIn } = await cutPackets({ file, from, to, rate, ...size }, cut);
      parts.push({ file: cut, frames: to - from, leadIn });
    }
    await joinPackets(parts, rate, at('joined.mp4'));
    const source = framesByFfmpeg(file).hashes;
    expect(framesByFfmpeg(at('joined.mp4')).hashes).toEqual([...source.slice(20, 31), ...source.slice(10, 19)]);
    const times = timesByFfprobe(at('joined.mp4'));
    for (const [frame, seconds] of times.entries()) expect(Math.abs(seconds - frame / 30)).toBeLessThan(1e-4);
    await expect(joinPackets([{ ...(parts[0] as (typeof parts)[0]), leadIn: 6 }], rate, at('bad.mp4'))).rejects.toThrow(
      'holds 11 frames and should hold 10',
    );
  });

  it('are refused where they would show something else, and nothing is left', async () => {
    const before = readdirSync(folder);
    const of = (file: string, more = {}) => cutPackets({ file, from: 3, to: 9, rate, ...size, ...more }, at('no.mp4'));
    await expect(of(encoded('b-frames.mp4', '-bf', '2'))).rejects.toThrow(
      'b-frames.mp4 stores its frames in another order than it shows them, so its packets cannot be copied: take',
    );
    await expect(of(encoded('full-colour.mp4', '-pix_fmt', 'yuv444p'))).rejects.toThrow('colour at the full size');
    await expect(of(encoded('mpeg4.mp4', '-c:v', 'mpeg4'))).rejects.toThrow('is no H.264');
    await expect(of(encoded('source.mp4'), { width: 320 })).rejects.toThrow('shows them as 320×120');
    await expect(of(encoded('source.mp4'), { to: 90 })).rejects.toThrow('has 60 frames, and 90 were asked of it');
    const left = readdirSync(folder).filter((name) => !before.includes(name) && !/^(b-fr|full|mpeg|source)/.test(name));
    expect(left).toEqual([]);
  });
});
