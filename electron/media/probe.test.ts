import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SourceFault } from '../sources/source.ts';
import { createVideoProbe } from './probe.ts';
import {
  ffmpeg,
  ffprobe,
  framesByFfmpeg,
  hasEncoder,
  hasFfmpeg,
  temporaryFolder,
  testPicture,
  timesByFfprobe,
} from './testing.ts';

const place = temporaryFolder();
const probe = createVideoProbe();

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-bf', '3', '-g', '30'];

/** How each file is made, and what a person is told of it. */
const files: Record<string, { make(to: string): void; codec: string; string: RegExp | null; needs?: string }> = {
  'b-frames.mp4': {
    make: (to) => ffmpeg(...testPicture(4), ...H264, to),
    codec: 'h264',
    string: /^avc1\.64/,
  },
  'variable-rate.mp4': {
    make: (to) => ffmpeg(...testPicture(4), '-vf', "select='not(mod(n,3))+lt(n,40)'", '-vsync', 'vfr', ...H264, to),
    codec: 'h264',
    string: /^avc1/,
  },
  'edit-list.mp4': {
    make: (to) => ffmpeg('-ss', '1.5', '-i', place.at('b-frames.mp4'), '-c', 'copy', to),
    codec: 'h264',
    string: /^avc1/,
  },
  'edit-list-and-end.mp4': {
    make: (to) => ffmpeg('-ss', '1.5', '-t', '1.01', '-i', place.at('b-frames.mp4'), '-c', 'copy', to),
    codec: 'h264',
    string: /^avc1/,
  },
  'shifted.mp4': {
    make: (to) => ffmpeg('-itsoffset', '0.7', '-i', place.at('b-frames.mp4'), '-c', 'copy', to),
    codec: 'h264',
    string: /^avc1/,
  },
  'no-edit-list.mp4': {
    make: (to) => ffmpeg(...testPicture(2), ...H264, '-use_editlist', '0', to),
    codec: 'h264',
    string: /^avc1/,
  },
  'negative-offsets.mp4': {
    make: (to) => ffmpeg(...testPicture(2), ...H264, '-movflags', 'negative_cts_offsets', to),
    codec: 'h264',
    string: /^avc1/,
  },
  'fragments.mp4': {
    make: (to) => ffmpeg(...testPicture(3), ...H264, '-movflags', 'frag_keyframe+empty_moov+default_base_moof', to),
    codec: 'h264',
    string: /^avc1/,
  },
  'with-sound.mov': {
    make: (to) => ffmpeg(...testPicture(2), '-f', 'lavfi', '-t', '2', '-i', 'sine', ...H264, '-c:a', 'aac', to),
    codec: 'h264',
    string: /^avc1/,
  },
  'h264.mkv': {
    make: (to) => ffmpeg('-i', place.at('b-frames.mp4'), '-c', 'copy', to),
    codec: 'h264',
    string: /^avc1/,
  },
  'h264.ts': { make: (to) => ffmpeg('-i', place.at('b-frames.mp4'), '-c', 'copy', to), codec: 'h264', string: /^avc1/ },
  'vp9.webm': {
    make: (to) => ffmpeg(...testPicture(1.5), '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', to),
    codec: 'vp9',
    string: /^vp09/,
    needs: 'libvpx-vp9',
  },
  'av1.mp4': {
    make: (to) => ffmpeg(...testPicture(1), '-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p', to),
    codec: 'av1',
    string: /^av01/,
    needs: 'libsvtav1',
  },
  'opencv.mp4': {
    make: (to) => ffmpeg(...testPicture(2), '-c:v', 'mpeg4', '-bf', '2', to),
    codec: 'mpeg4',
    string: null,
  },
  'hevc.mp4': {
    make: (to) => ffmpeg(...testPicture(1), '-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1', to),
    codec: 'hevc',
    string: /^(hvc1|hev1)/,
    needs: 'libx265',
  },
};
const wanted = Object.entries(files).filter(([, { needs }]) => !needs || hasEncoder(needs));

beforeAll(() => {
  if (hasFfmpeg) for (const [name, { make }] of wanted) make(place.at(name));
}, 120_000);
afterAll(() => place.remove());

describe.skipIf(!hasFfmpeg)('a probe of files that ffmpeg made', () => {
  test.each(wanted)('%s: every frame that ffmpeg presents, at its time', async (name, { codec, string }) => {
    const file = place.at(name);
    const truth = framesByFfmpeg(file);
    const facts = await probe.probe(file);
    expect(facts.frameCount).toBe(truth.seconds.length);
    const worst = Math.max(
      ...truth.seconds.map((seconds, index) => Math.abs(seconds * 1e9 - (facts.timesNs[index] ?? 0))),
    );
    // Matroska keeps milliseconds; both readers round them in their own way.
    const grainNs = /\.(mkv|webm)$/.test(name) ? 1e6 : 2000;
    expect(worst).toBeLessThanOrEqual(grainNs);
    expect(Math.abs(facts.firstNs - (timesByFfprobe(file)[0] as number) * 1e9)).toBeLessThanOrEqual(grainNs);
    expect(facts.codec).toBe(codec);
    if (string) expect(facts.codecString).toMatch(string);
    else expect(facts.codecString).toBeNull();
    const said = ffprobe(file, 'stream=width,height');
    expect([facts.width, facts.height]).toEqual([Number(said.width), Number(said.height)]);
  });

  test('the worst distance between frames that decode alone, and the rate', async () => {
    const facts = await probe.probe(place.at('b-frames.mp4'));
    expect(facts.worstKeyIntervalSeconds).toBeCloseTo(1, 2);
    expect(facts.rateHz).toBeCloseTo(30, 3);
    expect(facts.notes).toEqual([]);
  });

  test('a person is told of frames that an edit list hides', async () => {
    const facts = await probe.probe(place.at('edit-list.mp4'));
    expect(facts.notes.join()).toMatch(/^15 frames before the start of its edit list/);
  });

  test('an edit list that ends early hides what ffmpeg hides', async () => {
    const bytes = readFileSync(place.at('no-edit-list.mp4'));
    copyFileSync(place.at('b-frames.mp4'), place.at('early-end.mp4'));
    const cut = readFileSync(place.at('early-end.mp4'));
    const at = cut.indexOf('elst') + 12;
    cut.writeUInt32BE(2500, at);
    writeFileSync(place.at('early-end.mp4'), cut);
    expect(bytes.includes('elst')).toBe(false);
    const truth = framesByFfmpeg(place.at('early-end.mp4'));
    const facts = await probe.probe(place.at('early-end.mp4'));
    expect(truth.seconds.length).toBeLessThan(100);
    expect(facts.frameCount).toBe(truth.seconds.length);
  });

  test('open groups of pictures are told, with the true way to the frame before', async () => {
    const file = place.at('open.mp4');
    ffmpeg(...testPicture(5), ...H264, '-x264-params', 'open-gop=1:keyint=30:min-keyint=30:scenecut=0', file);
    const facts = await probe.probe(file);
    expect(facts.worstKeyIntervalSeconds).toBeGreaterThan(4);
    expect(facts.notes.join()).toMatch(/groups of pictures are open/);
    expect(facts.frameCount).toBe(150);
  });

  test('a turned picture has its displayed size', async () => {
    const file = place.at('turned.mp4');
    ffmpeg('-i', place.at('b-frames.mp4'), '-c', 'copy', '-metadata:s:v:0', 'rotate=90', file);
    const facts = await probe.probe(file);
    expect([facts.width, facts.height]).toEqual([120, 160]);
  });

  test('a file that grew is looked at again', async () => {
    const file = place.at('grows.mp4');
    copyFileSync(place.at('no-edit-list.mp4'), file);
    expect((await probe.probe(file)).frameCount).toBe(60);
    copyFileSync(place.at('b-frames.mp4'), file);
    expect((await probe.probe(file)).frameCount).toBe(120);
  });

  test('a recorder that wrote fragments may be stopped at any time', async () => {
    const file = place.at('stopped.mp4');
    copyFileSync(place.at('fragments.mp4'), file);
    const whole = readFileSync(file).length;
    truncateSync(file, whole - 20_000);
    const facts = await probe.probe(file);
    expect(facts.frameCount).toBe(60);
    expect(facts.notes.join()).toMatch(/last fragment is cut off: 30 frames/);
    expect(framesByFfmpeg(file).seconds.length).toBeGreaterThanOrEqual(60);
  });
});

describe.skipIf(!hasFfmpeg)('a probe of broken files ends in one sentence', () => {
  const broken: Record<string, { make(): Buffer | string; code: string; says: RegExp }> = {
    'cut-short.mp4': {
      make: () => readFileSync(place.at('b-frames.mp4')).subarray(0, 20_000),
      code: 'truncated',
      says: /cut short: its recorder was stopped/,
    },
    'index-first-cut.mp4': {
      make: () => {
        ffmpeg('-i', place.at('b-frames.mp4'), '-c', 'copy', '-movflags', 'faststart', place.at('faststart.mp4'));
        const bytes = readFileSync(place.at('faststart.mp4'));
        return bytes.subarray(0, bytes.length - 9000);
      },
      code: 'truncated',
      says: /copy it again/,
    },
    'empty.mp4': { make: () => '', code: 'truncated', says: /empty file/ },
    'text.mp4': {
      make: () => 'this is no video at all, only words\n'.repeat(40),
      code: 'not-video',
      says: /convert it to MP4/,
    },
    'absurd-table.mp4': {
      make: () => claim('stsz', 8, 0xfffffff0),
      code: 'absurd',
      says: /"stsz" claims 4294967280 rows/,
    },
    'absurd-run.mp4': {
      make: () => {
        const bytes = readFileSync(place.at('fragments.mp4'));
        const at = bytes.indexOf('trun');
        // No field a sample: so a run may claim any number of them in a few bytes.
        bytes.writeUInt32BE(0x000001, at + 4);
        bytes.writeUInt32BE(0xfffffff0, at + 8);
        return bytes;
      },
      code: 'absurd',
      says: /claims 42949672\d\d frames/,
    },
    'endless-samples.mp4': {
      make: () => {
        const bytes = claim('stsz', 8, 0x7fffffff);
        bytes.writeUInt32BE(1, bytes.indexOf('stsz') + 8);
        return bytes;
      },
      code: 'absurd',
      says: /claims 2147483647 frames/,
    },
    'endless-times.mp4': {
      make: () => claim('ctts', 8, 0x7fffffff),
      code: 'absurd',
      says: /"ctts" claims 21474\d+ samples/,
    },
    'sound-only.mp4': {
      make: () => {
        ffmpeg('-f', 'lavfi', '-t', '1', '-i', 'sine', '-c:a', 'aac', place.at('sine.mp4'));
        return readFileSync(place.at('sine.mp4'));
      },
      code: 'no-video-track',
      says: /holds no video/,
    },
  };

  function claim(box: string, from: number, value: number): Buffer {
    const bytes = readFileSync(place.at('b-frames.mp4'));
    bytes.writeUInt32BE(value, bytes.indexOf(box) + 4 + from);
    return bytes;
  }

  test.each(Object.entries(broken))('%s', async (name, { make, code, says }) => {
    writeFileSync(place.at(name), make());
    const before = process.memoryUsage().rss;
    const fault = await probe.probe(place.at(name)).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(SourceFault);
    expect(fault).toMatchObject({ code });
    expect((fault as Error).message).toMatch(says);
    expect((fault as Error).message).toContain(name);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
  });

  test('a video that was never there', async () => {
    await expect(probe.probe(place.at('none.mp4'))).rejects.toMatchObject({ code: 'gone' });
  });

  test('random damage is answered soon, and by a fault where not by facts', async () => {
    const whole = readFileSync(place.at('edit-list.mp4'));
    let seed = 12345;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const index = whole.indexOf('moov');
    for (let round = 0; round < 60; round += 1) {
      const bytes = Buffer.from(whole);
      for (let hit = 0; hit < 4; hit += 1) bytes[index + random(bytes.length - index)] = random(256);
      writeFileSync(place.at('damaged.mp4'), bytes);
      const began = performance.now();
      const answer = await probe.probe(place.at('damaged.mp4')).catch((error: unknown) => error);
      // Generous: what it must not do is unroll tables of billions.
      expect(performance.now() - began).toBeLessThan(5000);
      if (answer instanceof Error) expect(answer).toBeInstanceOf(SourceFault);
    }
  });
});
