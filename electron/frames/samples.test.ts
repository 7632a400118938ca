import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blankEpisode, type Episode, type Stream } from '../../shared/episode/episode.ts';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { createSampleTools } from '../../test/support/sample-tools.ts';
import type { SampleTools } from '../sources/sample-tools.ts';
import type { OpenedEpisode, SampleLocation, SampleReader } from '../sources/source.ts';
import { createDecodePool } from './decode-pool.ts';
import type { DecodePool } from './frame-source.ts';
import { loadSample } from './samples.ts';
import { createTickService } from './tick-service.ts';

const [WIDTH, HEIGHT, COUNT] = [64, 48, 5];

describe('a sample', () => {
  let folder: string;
  let pool: DecodePool;
  let tools: SampleTools;
  let picture: Uint8Array;
  let jpeg: Uint8Array;
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-samples-')));
    pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
    tools = await createSampleTools();
    picture = tools.scene.picture('front', 1, WIDTH);
    jpeg = await tools.jpeg(picture, WIDTH, HEIGHT);
  }, 120_000);
  afterAll(async () => {
    await pool?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function stream(encoding: Stream['encoding'], more: Partial<Stream> = {}): Stream {
    return {
      ...{
        id: 'camera',
        name: 'Camera',
        kind: 'color',
        position: null,
        shape: [COUNT, HEIGHT, WIDTH, 3],
        dtype: 'uint8',
      },
      ...{
        width: WIDTH,
        height: HEIGHT,
        channels: 3,
        encoding,
        order: 'rgb',
        count: COUNT,
        clock: 'ticks',
        rule: 'latest',
      },
      ...{ chunk: null, filter: 'none', filters: [], serial: null, fault: null, video: null, ...more },
    } as Stream;
  }

  function opened(shown: Stream, location: SampleLocation, read?: SampleReader['read']): OpenedEpisode {
    const times = Float64Array.from({ length: COUNT }, (_, tick) => tick * 1e8);
    const clock = { id: 'ticks', name: 'Ticks', count: COUNT, basis: 'recorded' as const, ascending: true };
    const episode: Episode = {
      ...blankEpisode(),
      ...{
        id: 'r/e',
        root: 'r',
        path: 'lab/e.bin',
        format: 'x',
        name: 'e',
        task: '',
        date: '',
        sizeBytes: 1,
        modifiedMs: 1,
      },
      ...{ masterClock: 'ticks', streams: [shown] },
      clocks: [{ ...clock, firstNs: 0, lastNs: 4e8, medianPeriodNs: 1e8, worstGapNs: 1e8 }],
    };
    return {
      ...{ episode, clocks: new Map([['ticks', times]]), poses: new Map(), values: new Map() },
      locations: new Map([[shown.id, location]]),
      readers: new Map(read ? [[shown.id, { read }]] : []),
    };
  }

  const reader = { kind: 'reader' } as const;

  it('that a source answers is decoded by what it is, and scaled', async () => {
    const png = encode({ width: WIDTH, height: HEIGHT, channels: 3, depth: 8, data: picture });
    const padded = new Uint8Array(jpeg.length + 300);
    padded.set(jpeg);
    const surrounded = new Uint8Array(jpeg.length + 200);
    surrounded.set(jpeg, 100);
    const inside = surrounded.subarray(100, 100 + jpeg.length);
    for (const bytes of [picture, png]) {
      const shown = stream('png');
      const frame = await loadSample(
        pool,
        opened(shown, reader, async () => bytes.slice()),
        shown,
        2,
      );
      expect(frame).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3, format: 'u8' });
      expect(Buffer.from(frame.bytes)).toEqual(Buffer.from(picture));
    }
    for (const bytes of [jpeg, padded, inside]) {
      const shown = stream('jpeg');
      const { bytes: pixels } = await loadSample(
        pool,
        opened(shown, reader, async () => bytes),
        shown,
        2,
      );
      const error =
        picture.reduce((sum, value, i) => sum + Math.abs(value - (pixels[i] as number)), 0) / picture.length;
      expect(error).toBeLessThan(6);
    }
    const shown = stream('png');
    const half = await loadSample(
      pool,
      opened(shown, reader, async () => png),
      shown,
      2,
      { maxWidth: 32, maxHeight: 32 },
    );
    expect(half).toMatchObject({ width: 32, height: 24, storedWidth: WIDTH, storedHeight: HEIGHT });
    expect(half.bytes).toHaveLength(32 * 24 * 3);
  });

  it('of depth keeps its sixteen bits, in a PNG and raw', async () => {
    const depth = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => i * 13);
    const png = encode({ width: WIDTH, height: HEIGHT, channels: 1, depth: 16, data: depth });
    const shown = stream('png', { dtype: 'uint16', channels: 1, kind: 'depth', order: null });
    for (const bytes of [png, new Uint8Array(depth.buffer.slice(0))]) {
      const frame = await loadSample(
        pool,
        opened(shown, reader, async () => bytes),
        shown,
        0,
      );
      expect(frame.format).toBe('u16');
      expect(new Uint16Array(frame.bytes.slice().buffer)).toEqual(depth);
    }
  });

  it('that is no picture, or claims to be a huge one, costs one sentence', async () => {
    const shown = stream('jpeg');
    const hugePng = encode({ width: 8, height: 8, channels: 3, depth: 8, data: new Uint8Array(192) });
    new DataView(hugePng.buffer, hugePng.byteOffset).setUint32(16, 2 ** 31 - 1);
    const hugeJpeg = jpeg.slice();
    const frame = hugeJpeg.findIndex((byte, i) => byte === 0xff && [0xc0, 0xc2].includes(hugeJpeg[i + 1] as number));
    hugeJpeg.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    const bad = { 'no JPEG or PNG': Uint8Array.of(1, 2, 3), 'ends early': hugePng.slice(0, 12), claims: hugePng };
    for (const [what, bytes] of Object.entries({ ...bad, 'header claims': hugeJpeg })) {
      const answer = loadSample(
        pool,
        opened(shown, reader, async () => bytes),
        shown,
        3,
      );
      await expect(answer, what).rejects.toMatchObject({ code: 'corrupt-chunk' });
      await expect(answer).rejects.toThrow(new RegExp(`^e\\.bin: sample 3 of camera .*${what}.*\\.$`));
    }
    const fine = await loadSample(
      pool,
      opened(shown, reader, async () => jpeg),
      shown,
      3,
    );
    expect(fine.width).toBe(WIDTH);
  });

  it('in rows of JPEGs padded with zeros is read like any other', async () => {
    const file = path.join(folder, 'padded.h5');
    const room = jpeg.length + 500;
    const rows = new Uint8Array(COUNT * room);
    for (let row = 0; row < COUNT; row++) rows.set(row === 3 ? Uint8Array.of(1, 2, 3) : jpeg, row * room);
    await tools.writeHdf5(file, { datasets: { 'observations/images/top': { shape: [COUNT, room], data: rows } } });
    const dataset = 'observations/images/top';
    expect((await pool.inspect(file)).datasets[dataset]?.jpegSize).toEqual({ width: WIDTH, height: HEIGHT });
    const shown = stream('jpeg');
    const location = { kind: 'hdf5', file, dataset } as const;
    const frame = await loadSample(pool, opened(shown, location), shown, 4);
    expect(frame).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3 });
    await expect(loadSample(pool, opened(shown, location), shown, 3)).rejects.toMatchObject({ code: 'corrupt-chunk' });
  });

  it('of a video is named to the window and not decoded, and one from a reader sent as pixels', async () => {
    const ticks = createTickService({ pool });
    const rest = { revision: '1', orderOf: (of: Stream) => of.order, tactileOffset: () => 0, holdPeriods: () => 3 };
    const request = { episode: 'r/e', tick: 2, view: 'v', sequence: 1, direction: 1, streams: [{ stream: 'camera' }] };
    const video = stream('video', { video: { codec: 'h264', codecString: 'avc1.64001e', notes: [] } });
    const location = { kind: 'video', file: '/lab/camera.mp4', firstFrame: 40 } as const;
    const answer = await ticks.tick({ opened: opened(video, location), ...rest }, request);
    expect(answer?.header.samples).toMatchObject([
      {
        state: 'shown',
        format: 'video',
        videoFrame: 42,
        index: 2,
        bytes: 0,
        width: WIDTH,
        height: HEIGHT,
        order: 'rgb',
      },
    ]);
    expect(answer?.bodies).toEqual([]);
    await expect(loadSample(pool, opened(video, location), video, 2)).rejects.toMatchObject({ code: 'video' });

    const shown = stream('jpeg');
    const asked: number[] = [];
    const read = async (index: number) => {
      asked.push(index);
      return jpeg;
    };
    const pixels = await ticks.tick({ opened: opened(shown, reader, read), ...rest }, { ...request, view: 'w' });
    expect(pixels?.header.samples).toMatchObject([
      { state: 'shown', format: 'u8', index: 2, bytes: WIDTH * HEIGHT * 3 },
    ]);
    expect(asked[0]).toBe(2);
  });
});
