import { copyFileSync, renameSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMedia } from '../../../electron/media/index.ts';
import { seededRandom } from '../../bench/statistics.ts';
import { PATIENCE } from '../../pages/workstation-page.ts';
import {
  damage,
  encodePattern,
  hasEncoder,
  noFfmpeg,
  presentedByFfmpeg,
  runFfmpeg,
} from '../../support/bit-pattern-video.ts';
import { noChromium } from '../../support/chromium.ts';
import { VideoStage } from './video-stage.ts';

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3'];
const closed = (group: number) => [...H264, '-g', `${group}`, '-keyint_min', `${group}`, '-sc_threshold', '0'];

interface Fixture {
  name: string;
  file: string;
  needs?: string;
  make(file: string): Promise<void>;
}

/** Of the tables' first part, which the window asks for where it lists packets by itself. */
const FIRST_PART = 'bytes=0-65535';

const encoded = (name: string, file: string, frames: number, encode: string[], needs?: string): Fixture => ({
  name,
  file,
  ...(needs ? { needs } : {}),
  make: (out) => encodePattern(out, { frames, encode }),
});

const FIXTURES: Fixture[] = [
  encoded('H.264 with B-frames, groups of 30', 'g30.mp4', 150, closed(30)),
  encoded('H.264 with B-frames, groups of 250, in QuickTime', 'g250.mov', 260, closed(250)),
  encoded('H.264 with open groups', 'open.mp4', 150, [...closed(30), '-x264-params', 'open-gop=1']),
  encoded('H.264 of a variable rate', 'vfr.mp4', 150, [
    '-vf',
    "select='mod(n,7)*mod(n,5)'",
    '-vsync',
    'vfr',
    ...closed(30),
  ]),
  encoded('H.264 that starts late', 'late.mp4', 100, [...closed(30), '-output_ts_offset', '0.7']),
  {
    name: 'H.264 of minutes, listed from its tables',
    file: 'minutes.mp4',
    make: (out) => encodePattern(out, { frames: 120, rateHz: 1, encode: closed(30) }),
  },
  encoded('H.264 in a transport stream', 'stream.ts', 100, closed(30)),
  encoded('H.264 in fragments', 'fragments.mp4', 100, [...closed(30), '-movflags', 'frag_keyframe+empty_moov']),
  {
    name: 'H.264 cut by an edit list',
    file: 'cut.mp4',
    make: async (out) => {
      const whole = out.replace('cut', 'whole');
      await encodePattern(whole, { frames: 150, encode: closed(60) });
      runFfmpeg('-ss', '1.5', '-i', whole, '-c', 'copy', out);
    },
  },
  encoded(
    'VP9',
    'vp9.webm',
    100,
    ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30'],
    'libvpx-vp9',
  ),
  encoded('AV1', 'av1.mp4', 100, ['-c:v', 'libsvtav1', '-preset', '12', '-g', '30'], 'libsvtav1'),
];

describe.skipIf(noChromium ?? noFfmpeg)('a video is shown frame by frame as ffmpeg presents it', () => {
  let stage: VideoStage;

  beforeAll(async () => {
    stage = await VideoStage.make();
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints.splice(0)).toEqual([]));

  for (const { name, file, needs, make } of FIXTURES) {
    it.skipIf(needs !== undefined && !hasEncoder(needs))(name, async () => {
      await make(stage.file(file));
      const truth = presentedByFfmpeg(stage.file(file));
      expect(new Set(truth).size).toBe(truth.length);
      stage.askedRanges.splice(0);
      await stage.open([{ id: file }], truth.length);
      const random = seededRandom(11);
      const wrong: string[] = [];
      const check = (how: string, { tick, numbers }: { tick: number; numbers: (number | null)[] }) => {
        if (numbers[0] !== truth[tick]) wrong.push(`${how} to ${tick}: ${numbers[0]}, not ${truth[tick]}`);
      };
      for (let count = 0; count < 15; count += 1) {
        check('seek', await stage.seek(Math.floor(random() * truth.length)));
      }
      check('seek', await stage.seek(0));
      check('seek', await stage.seek(truth.length - 1));
      await stage.seek(40);
      for (let count = 0; count < 8; count += 1) check('step', await stage.call('step', 1));
      for (let count = 0; count < 14; count += 1) check('step back', await stage.call('step', -1));
      for (let count = 0; count < 4; count += 1) check('step', await stage.call('step', 1));
      const played = await stage.call('play', 500, 1);
      for (const painted of played) check('play', painted);
      const backwards = await stage.call('play', 300, -1);
      for (const painted of backwards) check('play back', painted);
      const fast = await stage.call('play', 300, 4);
      for (const painted of fast) check('fast play', painted);
      expect(wrong).toEqual([]);
      expect(stage.askedRanges.includes(FIRST_PART)).toBe(file === 'minutes.mp4');
      expect(played.length).toBeGreaterThan(5);
      expect(await stage.call('slowFrames')).toBe(0);
      expect(await stage.call('liveDecoders')).toBeLessThanOrEqual(1);
      await stage.call('close');
      expect(await stage.call('liveDecoders')).toBe(0);
    });
  }

  it('says which frames of a damaged video are lost, and shows the others and the other panes', async () => {
    copyFileSync(stage.file('g30.mp4'), stage.file('damaged.mp4'));
    // The index lies at the end of the file: pictures of the middle alone are hit.
    damage(stage.file('damaged.mp4'), 0.45, 0.6);
    await stage.open([{ id: 'damaged.mp4' }, { id: 'g30.mp4' }], 150);
    expect((await stage.seek(10)).numbers).toEqual([10, 10]);
    expect((await stage.seek(80)).numbers).toEqual([null, 80]);
    const lost = /^Frame 80 of damaged\.mp4 cannot be decoded: /;
    expect(await stage.call('texts')).toEqual([expect.stringMatching(lost), '']);
    expect((await stage.seek(140)).numbers).toEqual([140, 140]);
  });

  it('says what is missing, and comes back when it is there', async () => {
    await stage.open([{ id: 'missing.mp4' }, { id: 'g30.mp4' }], 150);
    expect((await stage.seek(20)).numbers).toEqual([null, 20]);
    expect(await stage.call('texts')).toEqual([
      expect.stringContaining('missing.mp4 is not there: put the video back beside its data.'),
      '',
    ]);
    copyFileSync(stage.file('g30.mp4'), stage.file('missing.mp4'));
    await stage.call('retry', 'missing.mp4');
    expect((await stage.seek(21)).numbers).toEqual([21, 21]);
  });

  it('tells a codec that nothing here plays, and takes the copy once there is one', async () => {
    await encodePattern(stage.file('old.mp4'), { frames: 60, encode: ['-c:v', 'mpeg4', '-q:v', '3'] });
    await stage.open([{ id: 'old.mp4' }, { id: 'g30.mp4' }], 60);
    expect((await stage.seek(30)).numbers).toEqual([null, 30]);
    const [state] = (await stage.call('states')).map((text) => JSON.parse(text) as { kind: string; message: string });
    expect(state).toEqual({ kind: 'unplayable', message: expect.stringContaining('which nothing here decodes') });
    runFfmpeg('-i', stage.file('old.mp4'), ...closed(30), '-f', 'mp4', stage.file('old.mp4.proxy'));
    await stage.call('retry', 'old.mp4');
    expect((await stage.seek(31)).numbers).toEqual([31, 31]);
    expect(JSON.parse((await stage.call('states'))[0] as string)).toEqual({ kind: 'playing', form: 'proxy' });
  });

  it('shows of a copy with one more row and column what was recorded and no more', async () => {
    const [widthPx, heightPx] = [321, 241];
    const recorded = stage.file('odd.mkv');
    const orange = ['-f', 'lavfi', '-t', '1', '-i', 'color=c=orange:s=640x480:r=10'];
    runFfmpeg(...orange, '-vf', `scale=${widthPx}:${heightPx},setsar=1`, '-c:v', 'mpeg4', recorded);
    const media = createMedia({ workerDir: '', coreDir: '' });
    await media.transcode({ from: recorded, to: stage.file('copy.mp4') });
    renameSync(stage.file('copy.mp4'), `${recorded}.proxy`);
    await stage.open([{ id: 'odd.mkv', codecString: null, widthPx, heightPx }], 10);
    await stage.seek(5);
    const { size, rgb } = await stage.call('lastPixel', 0);
    expect(size).toEqual([widthPx, heightPx]);
    // Orange is 255, 165, 0: black beside it would have darkened it or taken its colour.
    for (const [at, value] of [255, 165, 0].entries()) expect(Math.abs((rgb[at] as number) - value)).toBeLessThan(12);
  });

  it('does not decode a file whose frames the workstation counts otherwise', async () => {
    copyFileSync(stage.file('g30.mp4'), stage.file('counted.mp4'));
    await stage.open([{ id: 'counted.mp4', codecString: null }], 60);
    expect((await stage.seek(5)).numbers).toEqual([null]);
    expect(JSON.parse((await stage.call('states'))[0] as string)).toMatchObject({ kind: 'unplayable' });
  });

  it('reads the colour of a pixel', async () => {
    await stage.open([{ id: 'g30.mp4' }], 150);
    await stage.seek(1);
    expect(await stage.call('readout', 0, 40, 40)).toMatch(/^40, 40 {2}≈ R 2[12]\d G 2[12]\d B 2[12]\d$/);
    expect(await stage.call('readout', 0, 120, 40)).toMatch(/^120, 40 {2}≈ R [34]?\d G [34]?\d B [34]?\d$/);
  });

  it('previews any frame while it plays, and of a video that no pane shows, by one decoder more', async () => {
    copyFileSync(stage.file('g30.mp4'), stage.file('beside.mp4'));
    await stage.open([{ id: 'g30.mp4' }, { id: 'beside.mp4' }], 150);
    expect((await stage.seek(3)).numbers).toEqual([3, 3]);
    const frames = [140, 77, 31, 5, 118];
    const { seen, painted } = await stage.call('peekInPlay', 'g30.mp4', frames);
    expect(seen).toEqual(frames);
    expect(painted.filter(({ tick, numbers }) => numbers.some((number) => number !== tick))).toEqual([]);
    expect(await stage.call('liveDecoders')).toBeLessThanOrEqual(3);
    await stage.call('hide', 1);
    // A moment that play did not come to: what is at hand is asked of nobody.
    expect((await stage.seek(146)).numbers[0]).toBe(146);
    for (const frame of [99, 12]) expect(await stage.call('peek', 'beside.mp4', frame)).toBe(frame);
    await expect.poll(() => stage.call('liveDecoders'), PATIENCE).toBeLessThanOrEqual(2);
    await stage.call('close');
    await expect.poll(() => stage.call('liveDecoders'), PATIENCE).toBe(0);
  });

  it('comes to rest at what was asked last, after any seeks, steps and play on a busy page', async () => {
    for (const copy of ['a.mp4', 'b.mp4']) copyFileSync(stage.file('g30.mp4'), stage.file(copy));
    await stage.open([{ id: 'g30.mp4' }, { id: 'a.mp4' }, { id: 'b.mp4' }], 150);
    for (const seed of [1, 2, 3]) expect(await stage.call('stress', seed, 12)).toEqual({ wrong: [], rested: 12 });
    expect(await stage.call('slowFrames')).toBe(0);
  });

  it('never mixes moments of several videos', async () => {
    for (const copy of ['a.mp4', 'b.mp4']) copyFileSync(stage.file('g30.mp4'), stage.file(copy));
    await stage.open([{ id: 'g30.mp4' }, { id: 'a.mp4' }, { id: 'b.mp4' }], 150);
    const random = seededRandom(3);
    const seen = [];
    for (let count = 0; count < 12; count += 1) seen.push(await stage.seek(Math.floor(random() * 150)));
    seen.push(...(await stage.call('play', 1500, 1)));
    expect(seen.filter(({ tick, numbers }) => numbers.some((number) => number !== tick))).toEqual([]);
    expect(await stage.call('liveDecoders')).toBeLessThanOrEqual(3);
  });
});
