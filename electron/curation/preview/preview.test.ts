import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noFfmpeg } from '../../../test/support/bit-pattern-video.ts';
import { tickIn, writePatternRecording } from '../../../test/support/pattern-recording.ts';
import { openStageBench, type StageBench } from '../../../test/support/stage-bench.ts';
import { PANEL_HEIGHT, PANEL_WIDTH } from '../panel/layout.ts';

/** The machine may be busy with other suites. */
const SLOW_MS = 240_000;
const TICKS = 45;
const BELOW = 'data/pattern/2026-07-02/episode_000.h5';
/** Two ticks are lost after tick 20. */
const secondsOf = (tick: number): number => (tick + (tick > 20 ? 6 : 0)) / 25;

let root: string;
let bench: StageBench;
beforeAll(async () => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-preview-')));
  await writePatternRecording(root, BELOW, {
    ticks: TICKS,
    secondsOf,
    without: ['gelsight/right/frames'],
    lostBody: 'sensor_left',
  });
  bench = await openStageBench(root);
}, SLOW_MS);
afterAll(async () => {
  await bench?.close();
  rmSync(root, { recursive: true, force: true });
}, SLOW_MS);

const video = () => path.join(root, 'data/pattern/2026-07-02/episode_000.mp4');

function framesOf(file: string): Buffer[] {
  const raw = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-vsync', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    { maxBuffer: 2 ** 29 },
  );
  const bytes = PANEL_WIDTH * PANEL_HEIGHT * 3;
  return Array.from({ length: raw.length / bytes }, (_, at) => raw.subarray(at * bytes, (at + 1) * bytes));
}

const factsOf = (file: string) =>
  execFileSync(
    'ffprobe',
    ['-v', 'error', '-show_entries', 'stream=codec_name,pix_fmt,r_frame_rate,width,height', '-of', 'csv=p=0', file],
    { encoding: 'utf8' },
  ).trim();

/** The tick in each camera's tile. */
function ticksIn(frame: Buffer): number[] {
  return [0, 320, 640].map((left) =>
    tickIn((x, y) => frame[(Math.floor(y * 240) * PANEL_WIDTH + left + Math.floor(x * 320)) * 3] ?? 0),
  );
}

describe.skipIf(noFfmpeg !== undefined)(
  'previews (need the machine’s ffmpeg to be judged by)',
  { timeout: SLOW_MS },
  () => {
    it('show tick i as frame i, at the recorded rate, in true colours', async () => {
      const { end, failures, lines } = await bench.run('preview');
      expect(failures).toEqual([]);
      expect(end.result).toMatchObject({
        made: 1,
        fresh: 0,
        failed: 0,
        videos: [{ frames: TICKS, rate: { numerator: 25, denominator: 1 }, damaged: [] }],
      });
      expect((end.result as { videos: { worstDriftS: number }[] }).videos[0]?.worstDriftS).toBeCloseTo(6 / 25, 6);
      expect(lines.join('\n')).toContain('came unevenly');
      expect(factsOf(video())).toBe('h264,1280,480,yuv444p,25/1');
      const frames = framesOf(video());
      expect(frames.map(ticksIn)).toEqual(Array.from({ length: TICKS }, (_, tick) => [tick, tick, tick]));
      const colorAt = (tick: number, x: number, y: number) => [
        ...(frames[tick] as Buffer).subarray((y * PANEL_WIDTH + x) * 3, (y * PANEL_WIDTH + x) * 3 + 3),
      ];
      const near = (color: number[], wanted: number[]) => {
        for (const [at, value] of color.entries()) expect(Math.abs(value - (wanted[at] as number))).toBeLessThan(9);
      };
      // The gel is blue at its left edge; ten ticks on it is brighter in red by ten; the other gel was not recorded.
      near(colorAt(0, 20, 400), [15, 90, 185]);
      near(colorAt(0, 260, 400), [128, 128, 128]);
      near(colorAt(10, 260, 400), [138, 128, 128]);
      near(colorAt(10, 500, 400), [128, 128, 128]);
    });

    it('are left alone while they are fresh, by content, and made again when they are not', async () => {
      const first = statSync(video()).mtimeMs;
      const again = await bench.run('preview');
      expect(again.end.result).toMatchObject({ made: 0, fresh: 1 });
      utimesSync(video(), 5, 5);
      expect((await bench.run('preview')).end.result).toMatchObject({ made: 0, fresh: 1 });
      expect(first).toBeGreaterThan(0);
      expect(
        (await bench.run('preview', { options: { asLive: true, chroma: '420', preset: 'ultrafast' } })).end.result,
      ).toMatchObject({ made: 1 });
      expect(factsOf(video())).toBe('h264,1280,480,yuv420p,25/1');
      const [frame] = framesOf(video());
      const at = (400 * PANEL_WIDTH + 20) * 3;
      // The recorder's window takes the gel's RGB for BGR.
      expect((frame as Buffer)[at] as number).toBeGreaterThan(150);
      writeFileSync(video(), 'not what was made');
      expect(
        (await bench.run('preview', { options: { asLive: true, chroma: '420', preset: 'ultrafast' } })).end.result,
      ).toMatchObject({ made: 1 });
      expect(factsOf(video())).toContain('h264');
    });

    it('are the same ticks by the embedded encoder', async () => {
      const out = path.join(root, 'embedded');
      const embedded = await openStageBench(root, { ffmpeg: 'embedded' });
      try {
        const { end, failures } = await embedded.run('preview', { out, options: { preset: 'ultrafast' } });
        expect(failures).toEqual([]);
        expect(String(end.result?.engine)).toContain('wasm');
      } finally {
        await embedded.close();
      }
      const file = path.join(out, 'pattern/2026-07-02/episode_000.mp4');
      expect(factsOf(file)).toBe('h264,1280,480,yuv444p,25/1');
      expect(framesOf(file).map(ticksIn)).toEqual(Array.from({ length: TICKS }, (_, tick) => [tick, tick, tick]));
    });

    it('leave nothing behind when they are cancelled, and are made by the next run', async () => {
      const out = path.join(root, 'cancelled');
      const stop = new AbortController();
      const run = bench.run('preview', {
        out,
        signal: stop.signal,
        onProgress: () => stop.abort(new Error('Cancelled.')),
      });
      await expect(run).rejects.toThrow('Cancelled.');
      const folder = path.join(out, 'pattern/2026-07-02');
      expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
      const { end } = await bench.run('preview', { out, options: { preset: 'ultrafast' } });
      expect(end.result).toMatchObject({ made: 1 });
      expect(readdirSync(folder)).toEqual(['episode_000.mp4']);
    });

    it('do not follow a folder that leads out, and say so of that recording', async () => {
      const out = path.join(root, 'linked');
      const outside = mkdtempSync(path.join(os.tmpdir(), 'regrasp-elsewhere-'));
      try {
        await bench.run('preview', { out, options: { preset: 'ultrafast' } });
        rmSync(path.join(out, 'pattern'), { recursive: true });
        symlinkSync(outside, path.join(out, 'pattern'));
        const { failures } = await bench.run('preview', { out, options: { preset: 'ultrafast', force: true } });
        expect(failures).toHaveLength(1);
        expect(failures[0]?.message).toContain('is a link out of');
        expect(readdirSync(outside)).toEqual([]);
      } finally {
        unlinkSync(path.join(out, 'pattern'));
        rmSync(outside, { recursive: true, force: true });
      }
    });
  },
);
