import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtWorkerDir, coreDir } from '../../test/support/built-worker.ts';
import { BALLAST, SmallDisk, smallDisksWork } from '../../test/support/small-disk.ts';
import { Fault, isDiskFull, sentenceOf } from '../fault.ts';
import { cutPackets } from './cut-packets.ts';
import { MOST_KEY_FRAMES } from './encode.ts';
import { createMedia, type Media } from './index.ts';
import { openMediaFile } from './media-file.ts';
import { copyPackets } from './packet-copy.ts';
import { presentedFrames } from './presented-frames.ts';
import { ffmpeg, framesByFfmpeg, hasEncoder, hasFfmpeg, temporaryFolder, testPicture } from './testing.ts';

const WIDTH = 96;
const HEIGHT = 64;
const BITS = 8;

/** A picture that says its index in eight black or white columns, over three flat colours. */
function picture(index: number): Uint8Array {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const at = (y * WIDTH + x) * 3;
      const isSet = (index >> Math.floor((x * BITS) / WIDTH)) & 1;
      const flat = FLATS[Math.floor((x * 3) / WIDTH)] as readonly number[];
      rgb.set(y < HEIGHT / 2 ? [isSet * 255, isSet * 255, isSet * 255] : flat, at);
    }
  }
  return rgb;
}
const FLATS = [
  [200, 60, 40],
  [40, 160, 90],
  [50, 80, 220],
] as const;

function indexIn(rgb: Uint8Array, width = WIDTH, height = HEIGHT): number {
  let index = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const x = Math.floor(((bit + 0.5) * width) / BITS);
    if ((rgb[(Math.floor(height / 4) * width + x) * 3] as number) > 128) index |= 1 << bit;
  }
  return index;
}

/** What is stated: colours come back within so many of 255, away from edges, at the default quality. */
const COLOUR_ERROR = 6;

function* pictures(count: number): Generator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield picture(index);
}

const engines = [
  { name: 'ffmpeg', environment: process.env, there: hasFfmpeg },
  { name: 'ffmpeg.wasm', environment: { REGRASP_FFMPEG: 'embedded' }, there: true },
] as const;

describe.each(engines.filter(({ there }) => there))('the encoder port with $name', ({ name, environment }) => {
  const place = temporaryFolder();
  let media: Media;
  beforeAll(async () => {
    media = createMedia({ workerDir: await builtWorkerDir(), coreDir, environment });
    // The first to ask builds the workers.
  }, 120_000);
  afterAll(async () => {
    await media?.close();
    place.remove();
  });

  const encode = (file: string, count: number, more: Partial<Parameters<Media['encode']>[0]> = {}) =>
    media.encode({ file, width: WIDTH, height: HEIGHT, rateHz: 30, format: 'rgb24', frames: pictures(count), ...more });

  /** The embedded engine starts anew for every picture, which takes a second: every third of what the machine's own is asked. */
  const some = (indices: readonly number[]) =>
    name === 'ffmpeg.wasm' ? indices.filter((_, at) => at % 3 === 0) : indices;

  test('says what it is', async () => {
    const { description } = await media.engine();
    expect(description.engine).toBe(name);
    expect(description.version).toMatch(/\d/);
    expect(description.path === null).toBe(name === 'ffmpeg.wasm');
    expect(description.encoders.has('libx264')).toBe(true);
  });

  test('every frame comes back at its index, in its colours, from closed groups of at most 30', async () => {
    const file = place.at('whole.mp4');
    const told: number[] = [];
    expect(await encode(file, 130, { onFrames: (done) => told.push(done) })).toEqual({ frames: 130 });
    const facts = await media.probe.probe(file);
    expect(facts).toMatchObject({ codec: 'h264', width: WIDTH, height: HEIGHT, frameCount: 130, notes: [] });
    expect(facts.rateHz).toBeCloseTo(30, 3);
    expect(facts.worstKeyIntervalSeconds).toBeLessThanOrEqual(1.001);
    expect(told.at(-1)).toBe(130);
    let index = 0;
    let worst = 0;
    for await (const rgb of media.frames(file, { from: 0, to: 130 })) {
      expect(indexIn(rgb)).toBe(index);
      for (const [third, flat] of FLATS.entries()) {
        const at = (Math.floor(HEIGHT * 0.75) * WIDTH + Math.floor(((third + 0.5) * WIDTH) / 3)) * 3;
        for (const [channel, value] of flat.entries()) {
          worst = Math.max(worst, Math.abs((rgb[at + channel] as number) - value));
        }
      }
      index += 1;
    }
    expect(index).toBe(130);
    expect(worst).toBeLessThanOrEqual(COLOUR_ERROR);
    if (hasFfmpeg) expect(framesByFfmpeg(file).seconds).toHaveLength(130);
  });

  test.skipIf(!smallDisksWork())('a disk that is full is said to be, and nothing stays on it', async () => {
    const disk = await SmallDisk.mount(place.at('disk'), 1e6);
    try {
      disk.fill();
      const error = await encode(disk.seen('film.mp4'), 60).catch((thrown: unknown) => thrown);
      expect([sentenceOf(error), isDiskFull(error)]).toEqual([
        expect.stringMatching(/film\.mp4 .*the disk is full/),
        true,
      ]);
      expect(readdirSync(disk.seen())).toEqual([BALLAST]);
    } finally {
      await disk.close();
    }
  });

  test('bytes that are stored blue first are read blue first, and grey is grey', async () => {
    const [red, green, blue] = FLATS[0];
    const bgr = new Uint8Array(WIDTH * HEIGHT * 3).map((_, at) => [blue, green, red][at % 3] as number);
    await encode(place.at('bgr.mp4'), 0, { frames: [bgr, bgr], format: 'bgr24' });
    const back = (await media.frame(place.at('bgr.mp4'), 1)).rgb;
    for (const [channel, value] of [red, green, blue].entries()) {
      expect(Math.abs((back[channel] as number) - value)).toBeLessThanOrEqual(COLOUR_ERROR);
    }
    const grey = new Uint8Array(WIDTH * HEIGHT).fill(77);
    await encode(place.at('grey.mp4'), 0, { frames: [grey], format: 'gray' });
    const middle = (await media.frame(place.at('grey.mp4'), 0)).rgb;
    expect(Math.abs((middle[300] as number) - 77)).toBeLessThanOrEqual(COLOUR_ERROR);
  });

  test('the same frames make the same bytes', async () => {
    const { readFile } = await import('node:fs/promises');
    await encode(place.at('one.mp4'), 40);
    await encode(place.at('two.mp4'), 40);
    expect((await readFile(place.at('one.mp4'))).equals(await readFile(place.at('two.mp4')))).toBe(true);
  });

  test('frames that are named decode alone, so that the video can be cut before each', async () => {
    await encode(place.at('keys.mp4'), 20, { groupLength: 4, keyFrames: [7, 8, 17] });
    const file = place.at('keys.mp4');
    const size = { width: WIDTH, height: HEIGHT, rate: { numerator: 30, denominator: 1 } };
    for (const from of [0, 7, 8, 12, 16, 17])
      expect(await cutPackets({ file, from, to: from + 3, ...size }, place.at('cut.mp4'))).toEqual({ leadIn: 0 });
    expect(await cutPackets({ file, from: 9, to: 12, ...size }, place.at('cut.mp4'))).toEqual({ leadIn: 1 });

    if (name !== 'ffmpeg') return;
    const many = Array.from({ length: MOST_KEY_FRAMES }, (_, place) => 2 * place + 1);
    await encode(place.at('many.mp4'), 2 * MOST_KEY_FRAMES, { keyFrames: many.toReversed() });
    const last = { ...size, from: 2 * MOST_KEY_FRAMES - 1, to: 2 * MOST_KEY_FRAMES };
    expect(await cutPackets({ file: place.at('many.mp4'), ...last }, place.at('cut.mp4'))).toEqual({ leadIn: 0 });
  });

  test('other codecs, where the engine has them', async () => {
    const { encoders } = (await media.engine()).description;
    const vp9 = encode(place.at('vp9.webm'), 20, { codec: 'vp9' });
    if (encoders.has('libvpx-vp9')) {
      await vp9;
      expect((await media.probe.probe(place.at('vp9.webm'))).codec).toBe('vp9');
      expect(indexIn((await media.frame(place.at('vp9.webm'), 17)).rgb)).toBe(17);
    } else await expect(vp9).rejects.toThrow(/cannot write VP9: install an ffmpeg that can/);
    await encode(place.at('old.mp4'), 50, { codec: 'mpeg4', bFrames: 2 });
    expect(await media.probe.probe(place.at('old.mp4'))).toMatchObject({ codec: 'mpeg4', codecString: null });
    expect(indexIn((await media.frame(place.at('old.mp4'), 33)).rgb)).toBe(33);
    const av1 = encode(place.at('av1.mp4'), 10, { codec: 'av1' });
    if (encoders.has('libsvtav1') || encoders.has('libaom-av1')) {
      await av1;
      expect((await media.probe.probe(place.at('av1.mp4'))).codecString).toMatch(/^av01/);
    } else await expect(av1).rejects.toThrow(/cannot write AV1: install an ffmpeg that can/);
  });

  test.skipIf(!hasFfmpeg || !hasEncoder('libsvtav1'))('AV1 is decoded, or its lack told with the remedy', async () => {
    const svt = ['-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p'];
    ffmpeg(...testPicture(1), ...svt, place.at('recorded-av1.mp4'));
    const { decoders } = (await media.engine()).description;
    const frame = media.frame(place.at('recorded-av1.mp4'), 11);
    if (decoders.has('libdav1d') || decoders.has('libaom-av1')) expect((await frame).rgb.length).toBe(160 * 120 * 3);
    else {
      const sentence =
        /^recorded-av1\.mp4 cannot be decoded, for .* cannot read AV1: install an ffmpeg .* REGRASP_FFMPEG\.$/;
      await expect(frame).rejects.toThrow(sentence);
    }
  });

  test('any frame by its index, out of B-frames, open groups, an edit list and what cannot be copied', async () => {
    await encode(place.at('b.mp4'), 120, { bFrames: 3 });
    const files = [place.at('b.mp4')];
    await encode(place.at('b.avi'), 120, { codec: 'mpeg4' });
    files.push(place.at('b.avi'));
    for (const file of files) {
      for (const index of some([0, 1, 29, 30, 31, 77, 119])) {
        expect(indexIn((await media.frame(file, index)).rgb)).toBe(index);
      }
    }
    const range: number[] = [];
    for await (const rgb of media.frames(place.at('b.mp4'), { from: 47, to: 95 })) range.push(indexIn(rgb));
    expect(range).toEqual(Array.from({ length: 48 }, (_, at) => 47 + at));
    if (!hasFfmpeg) return;
    ffmpeg('-ss', '1.5', '-i', place.at('b.mp4'), '-c', 'copy', place.at('edited.mp4'));
    for (const index of some([0, 1, 20, 74])) {
      expect(indexIn((await media.frame(place.at('edited.mp4'), index)).rgb)).toBe(index + 45);
    }
    const open = ['-c:v', 'libx264', '-bf', '3', '-g', '20', '-x264-params', 'open-gop=1:scenecut=0'];
    ffmpeg('-i', place.at('b.mp4'), ...open, place.at('open.mp4'));
    for (const index of some([19, 20, 58, 119])) {
      expect(indexIn((await media.frame(place.at('open.mp4'), index)).rgb)).toBe(index);
    }
    await expect(media.frame(place.at('b.mp4'), 120)).rejects.toMatchObject({ code: 'no-frame' });
  });

  test('a copy of packets holds the range and says what leads in', async () => {
    await encode(place.at('source.mp4'), 120, { bFrames: 2 });
    const file = await openMediaFile(place.at('source.mp4'));
    const copy = await copyPackets(file, await presentedFrames(file), { from: 40, to: 70 }, place.at('copy.mp4'));
    await file.close();
    expect(copy).toMatchObject({ firstFrame: 30, leadIn: 10 });
    expect(copy.offsetSeconds).toBeCloseTo(1, 3);
    const facts = await media.probe.probe(place.at('copy.mp4'));
    expect(facts.frameCount).toBe(copy.frames);
    for (const index of [0, 10, 39]) {
      expect(indexIn((await media.frame(place.at('copy.mp4'), index)).rgb)).toBe(index + 30);
    }
  });

  test('what no window plays becomes H.264 with the same frames', async () => {
    await encode(place.at('mp4v.mp4'), 90, { codec: 'mpeg4' });
    const told: number[] = [];
    await media.transcode({
      from: place.at('mp4v.mp4'),
      to: place.at('proxy.mp4'),
      onFrames: (done) => told.push(done),
    });
    const facts = await media.probe.probe(place.at('proxy.mp4'));
    expect(facts).toMatchObject({ codec: 'h264', frameCount: 90, width: WIDTH, height: HEIGHT });
    expect(told.at(-1)).toBe(90);
    let index = 0;
    for await (const rgb of media.frames(place.at('proxy.mp4'), { from: 0, to: 90 })) {
      expect(indexIn(rgb)).toBe(index);
      index += 1;
    }
  });

  test.skipIf(!hasFfmpeg)('an odd side gets its last row and column twice', async () => {
    const recorded = place.at('odd.mkv');
    ffmpeg(...testPicture(1, '640x480'), '-vf', 'scale=321:241,setsar=1', '-c:v', 'mpeg4', '-q:v', '2', recorded);
    await media.transcode({ from: recorded, to: place.at('odd.mp4') });
    const { rgb, facts } = await media.frame(place.at('odd.mp4'), 3);
    expect([facts.width, facts.height, facts.frameCount]).toEqual([322, 242, 30]);
    const apart = (x: number, y: number, otherX: number, otherY: number): number => {
      const [at, other] = [(y * 322 + x) * 3, (otherY * 322 + otherX) * 3];
      return Math.max(...[0, 1, 2].map((channel) => Math.abs((rgb[at + channel] ?? 0) - (rgb[other + channel] ?? 0))));
    };
    const rows = Array.from({ length: 241 }, (_, y) => apart(321, y, 320, y));
    const columns = Array.from({ length: 321 }, (_, x) => apart(x, 241, x, 240));
    // Encoding differs by a little; black beside colours would differ by all of it.
    expect(rows.filter((difference) => difference > 40).length).toBeLessThan(12);
    expect(columns.filter((difference) => difference > 40).length).toBeLessThan(12);
  });

  test.skipIf(!hasFfmpeg)('an AVI is probed by what can read it', async () => {
    ffmpeg(...testPicture(2), '-c:v', 'mjpeg', '-q:v', '5', place.at('camera.avi'));
    const facts = await media.probe.probe(place.at('camera.avi'));
    expect(facts).toMatchObject({ codec: 'mjpeg', codecString: null, width: 160, height: 120, frameCount: 60 });
    expect(facts.rateHz).toBeCloseTo(30, 3);
    expect(facts.timesNs[30]).toBeCloseTo(1e9, -3);
    await expect(media.probe.probe(textFile(place.at('words.avi')))).rejects.toMatchObject({ code: 'not-video' });
  });

  test('a longer recording takes no more memory: few frames are in flight at any time', async () => {
    const alive = { made: 0, most: 0 };
    let used = 0;
    const count = 300;
    const size = { width: 320, height: 240 };
    function* long(): Generator<Uint8Array> {
      for (let index = 0; index < count; index += 1) {
        alive.made = index + 1;
        alive.most = Math.max(alive.most, alive.made - used);
        yield new Uint8Array(size.width * size.height * 3).fill(index & 255);
      }
    }
    const onFrames = (done: number): void => {
      used = done;
    };
    await encode(place.at('long.mp4'), 0, { ...size, frames: long(), preset: 'ultrafast', onFrames });
    // Of 300: those on their way, and those the encoder looks ahead at between two of its reports.
    if (name === 'ffmpeg.wasm') expect(alive.most).toBeLessThan(200);
    const before = process.memoryUsage().arrayBuffers;
    let worst = 0;
    for await (const rgb of media.frames(place.at('long.mp4'), { from: 0, to: count })) {
      worst = Math.max(worst, process.memoryUsage().arrayBuffers - before - rgb.byteLength);
    }
    expect(worst).toBeLessThan(40e6);
  });

  test('cancelling leaves nothing behind, and the next one works', async () => {
    const folder = temporaryFolder();
    const abort = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let index = 0; ; index += 1) {
        if (index === 60) abort.abort(new Error('enough'));
        if (index > 60) await wait(5);
        yield picture(index & 255);
      }
    }
    await expect(encode(folder.at('never.mp4'), 0, { frames: endless(), signal: abort.signal })).rejects.toThrow(
      'enough',
    );
    expect(readdirSync(folder.folder)).toEqual([]);
    await encode(folder.at('after.mp4'), 10);
    expect(readdirSync(folder.folder)).toEqual(['after.mp4']);
    folder.remove();
  });

  test('a source of frames that fails is what the caller hears', async () => {
    function* failing(): Generator<Uint8Array> {
      yield picture(0);
      throw new Error('the camera is gone');
    }
    await expect(encode(place.at('failed.mp4'), 0, { frames: failing() })).rejects.toThrow('the camera is gone');
    expect(existsSync(place.at('failed.mp4'))).toBe(false);
  });

  test('what cannot be written is refused in a sentence', async () => {
    const before = readdirSync(place.folder).sort();
    await expect(encode(place.at('uneven.mp4'), 1, { width: 95 })).rejects.toThrow(/pad or crop them to even sides/);
    await expect(encode(place.at('x.txt'), 1)).rejects.toThrow(/is named .mp4/);
    await expect(encode(place.at('none.mp4'), 0)).rejects.toThrow(/there is no frame/);
    await expect(encode(place.at('short.mp4'), 0, { frames: [new Uint8Array(5)] })).rejects.toThrow(
      /a frame of 5 bytes/,
    );
    await expect(encode(place.at('wrong.webm'), 5)).rejects.toThrow(Fault);
    expect(readdirSync(place.folder).sort(), 'nothing was left').toEqual(before);
  });
});

function textFile(file: string): string {
  writeFileSync(file, 'only words, no pictures\n'.repeat(100));
  return file;
}
