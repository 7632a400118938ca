import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Fault } from '../fault.ts';
import { joinPackets } from './join-packets.ts';
import { ffmpeg, framesByFfmpeg, hasFfmpeg, temporaryFolder, testPicture, timesByFfprobe } from './testing.ts';

const { at, remove } = temporaryFolder();
afterAll(remove);
const encoded = (name: string, seconds: number, rate: string, more: string[] = []) => {
  ffmpeg(
    ...testPicture(seconds, '160x120', Number(rate.split('/')[0]) / Number(rate.split('/')[1] ?? 1)),
    '-r',
    rate,
    '-c:v',
    'libx264',
    '-g',
    '2',
    '-bf',
    '0',
    '-pix_fmt',
    'yuv420p',
    ...more,
    at(name),
  );
  return at(name);
};

describe.skipIf(!hasFfmpeg)('videos put behind each other (needs ffmpeg)', () => {
  it.each([
    ['30', { numerator: 30, denominator: 1 }],
    ['30000/1001', { numerator: 30_000, denominator: 1001 }],
    ['25', { numerator: 25, denominator: 1 }],
  ])('hold every frame of each, at i / %s to a tenth of a millisecond', async (text, rate) => {
    const files = [encoded(`a${rate.numerator}.mp4`, 1.2, text), encoded(`b${rate.numerator}.mp4`, 0.5, text)];
    const own = files.map((file) => framesByFfmpeg(file));
    const joined = at(`joined${rate.numerator}.mp4`);
    await joinPackets(
      files.map((file, n) => ({ file, frames: (own[n] as (typeof own)[0]).hashes.length })),
      rate,
      joined,
    );
    expect(framesByFfmpeg(joined).hashes).toEqual(own.flatMap(({ hashes }) => hashes));
    const times = timesByFfprobe(joined);
    for (const [frame, seconds] of times.entries())
      expect(Math.abs(seconds - (frame * rate.denominator) / rate.numerator)).toBeLessThan(1e-4);
  });

  it('make the same file whenever they are joined', async () => {
    const file = encoded('f.mp4', 0.5, '30');
    const rate = { numerator: 30, denominator: 1 };
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-02-03') });
    try {
      await joinPackets([{ file, frames: 15 }], rate, at('early.mp4'));
      vi.setSystemTime(new Date('2031-02-03'));
      await joinPackets([{ file, frames: 15 }], rate, at('late.mp4'));
    } finally {
      vi.useRealTimers();
    }
    expect(readFileSync(at('late.mp4')).equals(readFileSync(at('early.mp4')))).toBe(true);
    expect(framesByFfmpeg(at('late.mp4')).hashes).toHaveLength(15);
  });

  it('are refused where one holds other than it should, or was made otherwise', async () => {
    const rate = { numerator: 30, denominator: 1 };
    const a = encoded('c.mp4', 0.5, '30');
    const other = encoded('d.mp4', 0.5, '30', ['-profile:v', 'baseline']);
    const reordered = encoded('e.mp4', 0.5, '30', ['-bf', '2', '-g', '30']);
    await expect(joinPackets([{ file: a, frames: 14 }], rate, at('x.mp4'))).rejects.toThrow(
      'holds 15 frames and should hold 14',
    );
    const parts = [
      { file: a, frames: 15 },
      { file: other, frames: 15 },
    ];
    await expect(joinPackets(parts, rate, at('x.mp4'))).rejects.toThrow('encoded otherwise');
    await expect(joinPackets([{ file: reordered, frames: 15 }], rate, at('x.mp4'))).rejects.toThrow(Fault);
  });
});
