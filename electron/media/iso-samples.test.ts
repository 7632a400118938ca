import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { EncodedPacketSink } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { IsoFault } from '../../shared/video/iso-boxes.ts';
import { scanIsoFile } from '../../shared/video/iso-file.ts';
import { openMediaFile } from './media-file.ts';
import { listPackets } from './presented-frames.ts';
import { createVideoProbe } from './probe.ts';
import { ffmpeg, framesByFfmpeg, hasEncoder, hasFfmpeg, temporaryFolder, testPicture } from './testing.ts';

const place = temporaryFolder();

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-bf', '3', '-g', '30'];
const encoded =
  (...options: string[]) =>
  (to: string) =>
    ffmpeg(...testPicture(3), ...H264, ...options, to);
const copied =
  (before: string[], after: string[] = []) =>
  (to: string) =>
    ffmpeg(...before, '-i', place.at('b-frames.mp4'), '-c', 'copy', ...after, to);

/** Every way that files of the field lay their frames down, and how each is made. */
const files: Record<string, { make(to: string): void; needs?: string }> = {
  'b-frames.mp4': { make: encoded() },
  'index-first.mp4': { make: copied([], ['-movflags', 'faststart']) },
  'variable-rate.mp4': { make: encoded('-vf', "select='mod(n,7)*mod(n,5)'", '-vsync', 'vfr') },
  'late.mp4': { make: encoded('-output_ts_offset', '0.7') },
  'cut.mp4': { make: copied(['-ss', '1.5']) },
  'cut-and-ended.mp4': { make: copied(['-ss', '0.7', '-t', '1.01']) },
  'no-edit-list.mp4': { make: encoded('-use_editlist', '0') },
  'negative-offsets.mp4': { make: encoded('-movflags', 'negative_cts_offsets') },
  'open-groups.mov': { make: encoded('-x264-params', 'open-gop=1:keyint=30:min-keyint=30:scenecut=0') },
  'fragments.mp4': { make: encoded('-movflags', 'frag_keyframe+empty_moov+default_base_moof') },
  'fragments-from-file.mp4': { make: encoded('-movflags', 'frag_keyframe+empty_moov') },
  'fragment-a-frame.mp4': { make: encoded('-movflags', 'frag_every_frame+empty_moov') },
  'fragments-late.mp4': {
    make: encoded('-output_ts_offset', '0.7', '-movflags', 'frag_keyframe+empty_moov+delay_moov'),
  },
  'fragments-with-index.mp4': { make: encoded('-movflags', 'dash+frag_keyframe+empty_moov+global_sidx') },
  'with-sound.mp4': {
    make: (to) => ffmpeg(...testPicture(2), '-f', 'lavfi', '-t', '2', '-i', 'sine', ...H264, '-c:a', 'aac', to),
  },
  'sound-in-fragments.mp4': {
    make: (to) => {
      const sound = ['-f', 'lavfi', '-t', '2', '-i', 'sine'];
      ffmpeg(...testPicture(2), ...sound, ...H264, '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov', to);
    },
  },
  'every-frame-alone.mp4': { make: encoded('-g', '1') },
  'opencv.mp4': { make: (to) => ffmpeg(...testPicture(2), '-c:v', 'mpeg4', '-bf', '2', to) },
  'av1.mp4': {
    make: (to) => ffmpeg(...testPicture(1), '-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p', to),
    needs: 'libsvtav1',
  },
};
const wanted = Object.entries(files).filter(([, { needs }]) => !needs || hasEncoder(needs));

beforeAll(() => {
  if (hasFfmpeg) for (const [name, { make }] of wanted) make(place.at(name));
}, 120_000);
afterAll(() => place.remove());

describe.skipIf(!hasFfmpeg)('samples as the tables of a file lay them down', () => {
  test.each(wanted)('%s: the same packets as the library lists, and as ffprobe does', async (name) => {
    const media = await openMediaFile(place.at(name));
    try {
      const samples = media.iso?.samples;
      if (!samples) throw new Error('The tables were not understood.');
      const listed = await listPackets(media);
      expect(samples.seconds).toEqual(listed.seconds);
      expect(samples.keys).toEqual(listed.keys);
      const byFfprobe = ticksByFfprobe(place.at(name));
      expect(samples.seconds.length).toBe(byFfprobe.ticks.length);
      const apart = (at: number) => (samples.seconds[at] as number) * byFfprobe.timescale - (byFfprobe.ticks[at] ?? 0);
      const worst = Math.max(...byFfprobe.ticks.map((_, at) => Math.abs(apart(at) - apart(0))));
      expect(worst).toBeLessThan(1e-6);

      const keys = [...samples.keys.keys()].filter((at) => samples.keys[at] === 1);
      for (const key of keys) {
        const lies = samples.placeOf(key);
        const packet = await media.packets.getPacket(samples.seconds[key] as number);
        expect(lies?.bytes).toBe(packet?.byteLength);
        expect(await media.read(lies?.offset ?? 0, lies?.bytes ?? 0)).toEqual(packet?.data);
      }
    } finally {
      await media.close();
    }
  });

  test('a file of tables and fragments is read whole, and kept from windows, which know its tables alone', async () => {
    const file = place.at('hybrid.mp4');
    encoded('-movflags', 'frag_keyframe')(file);
    const facts = await createVideoProbe().probe(file);
    expect(facts.frameCount).toBe(framesByFfmpeg(file).seconds.length);
    const media = await openMediaFile(file);
    const listed = await listPackets(media);
    await media.close();
    expect(media.iso?.isHybrid).toBe(true);
    expect(listed.seconds.length).toBeLessThan(facts.frameCount);
    expect(facts.codecString).toBeNull();
  });

  test('an hour is read without walking through its packets', async () => {
    const file = place.at('hour.mp4');
    ffmpeg(...testPicture(3600, '16x16'), ...['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '30'], file);
    const walk = vi.spyOn(EncodedPacketSink.prototype, 'packets');
    const facts = await createVideoProbe().probe(file);
    expect(facts.frameCount).toBe(108_000);
    expect(facts.timesNs[107_999]).toBe(Math.round((107_999 / 30) * 1e9));
    expect(facts.worstKeyIntervalSeconds).toBeCloseTo(1, 3);
    expect(walk).not.toHaveBeenCalled();
    walk.mockRestore();
  });
});

describe.skipIf(!hasFfmpeg)('damaged tables', () => {
  const scan = (bytes: Buffer) =>
    scanIsoFile({ sizeBytes: bytes.length, read: async (at, length) => bytes.subarray(at, at + length) });

  test.each([
    ['two tables of one kind', 'ctts', 'stss'],
    ['no table of times', 'stts', 'free'],
    ['no table of sizes', 'stsz', 'free'],
  ])('%s: left to the library', async (_, box, name) => {
    const bytes = readFileSync(place.at('b-frames.mp4'));
    bytes.write(name, bytes.indexOf(box), 'latin1');
    expect((await scan(bytes))?.samples).toBeUndefined();
  });

  test('times of other samples than there are: left to the library', async () => {
    const bytes = readFileSync(place.at('b-frames.mp4'));
    bytes.writeUInt32BE(89, bytes.indexOf('stts') + 12);
    expect((await scan(bytes))?.samples).toBeUndefined();
  });

  test('a fragment that says when it begins nowhere: left to the library', async () => {
    const bytes = readFileSync(place.at('fragments.mp4'));
    bytes.write('free', bytes.lastIndexOf('tfdt'), 'latin1');
    expect((await scan(bytes))?.samples).toBeUndefined();
  });

  test('any damage of the index ends in samples or in one sentence, and soon', async () => {
    const index = (bytes: Buffer) => bytes.indexOf('moov') + 4;
    const whole = ['b-frames.mp4', 'cut.mp4', 'fragments.mp4'].map((name) => readFileSync(place.at(name)));
    const hit = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), fc.array(hit, { minLength: 1, maxLength: 6 }), async (file, hits) => {
        const bytes = Buffer.from(file);
        for (const [at, value] of hits) bytes[index(bytes) + (at % 1200)] = value;
        const found = await scan(bytes).catch((error: unknown) => error);
        if (found instanceof Error) return found instanceof IsoFault;
        return ((found as Awaited<ReturnType<typeof scan>>)?.samples?.seconds.length ?? 0) <= 10_000_000;
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  test('a run of samples in a fragment claims no more than it has room for', async () => {
    const bytes = readFileSync(place.at('fragments.mp4'));
    bytes.writeUInt32BE(9_000_000, bytes.indexOf('trun') + 8);
    const before = process.memoryUsage().arrayBuffers;
    expect((await scan(bytes))?.samples).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });
});

/** Presentation times in the stream's own ticks, in decoding order, no edit list heeded. */
function ticksByFfprobe(file: string): { ticks: number[]; timescale: number } {
  const args = ['-v', 'error', '-ignore_editlist', '1', '-select_streams', 'v:0', '-of', 'csv=p=0'];
  const ask = (entries: string): string =>
    execFileSync('ffprobe', [...args, '-show_entries', entries, file], { encoding: 'utf8' }).trim();
  const [over, under] = ask('stream=time_base').split('/').map(Number);
  return {
    ticks: ask('packet=pts').split('\n').map(Number.parseFloat),
    timescale: (under as number) / (over as number),
  };
}
