import { describe, expect, it } from 'vitest';
import type { TickRequest } from '../../shared/api/tick.ts';
import type { Episode, Stream } from '../../shared/episode/episode.ts';
import type { OpenedEpisode } from '../sources/source.ts';
import { Superseded } from './decode-pool.ts';
import type { DecodedFrame, DecodePool, EpisodeForTicks } from './frame-source.ts';
import { createTickService } from './tick-service.ts';

const PERIOD = 33_000_000;

interface Asked {
  stream: string;
  index: number;
  priority: () => number;
  isWanted: () => boolean;
  /** Answers with a 2 × 2 picture full of the sample's index. */
  answer: () => void;
  fail: (error: Error) => void;
}

/** A pool that answers when the test says so, or at once. */
function fakePool({ atOnce = true, bytes = 4 } = {}) {
  const asked: Asked[] = [];
  const frame: DecodePool['frame'] = (_location, stream, index, options = {}) => {
    const { priority = 0, isWanted = () => true } = options;
    return new Promise<DecodedFrame>((resolve, reject) => {
      const pixels = new Uint8Array(bytes).fill(index);
      const job: Asked = {
        stream: stream.id,
        index,
        priority: typeof priority === 'function' ? priority : () => priority,
        isWanted,
        answer: () => resolve({ width: bytes / 2, height: 2, channels: 1, format: 'u8', bytes: pixels, decodeMs: 1 }),
        fail: reject,
      };
      asked.push(job);
      if (atOnce) job.answer();
    });
  };
  const recycled: number[] = [];
  const recycle = (pixels: Uint8Array) => recycled.push(pixels[0] as number);
  return { pool: { frame, recycle } as unknown as DecodePool, asked, recycled };
}

function stream(id: string, more: Partial<Stream> = {}): Stream {
  return {
    ...{ id, name: id, kind: 'color', position: null, shape: [], dtype: 'uint8', width: 2, height: 2, channels: 1 },
    ...{ encoding: 'pixels', order: 'bgr', count: 100, clock: 'ticks', rule: 'latest', chunk: null, filter: 'none' },
    ...{ filters: [], serial: null, fault: null, ...more },
  } as Stream;
}

function episode(streams: Stream[], count = 100): EpisodeForTicks {
  const times = Float64Array.from({ length: count }, (_, i) => i * PERIOD);
  const clock = { id: 'ticks', count, medianPeriodNs: PERIOD };
  const model = { id: 'root/e', path: 'e.h5', masterClock: 'ticks', clocks: [clock], streams } as unknown as Episode;
  const opened = {
    episode: model,
    clocks: new Map([['ticks', times]]),
    locations: new Map(streams.map(({ id }) => [id, { kind: 'hdf5', file: 'f', dataset: 'd' }])),
  };
  return {
    opened: opened as unknown as OpenedEpisode,
    revision: 'r1',
    orderOf: ({ order }) => order,
    tactileOffset: () => 0,
    holdPeriods: () => 3,
  };
}

let sequence = 0;
function request(tick: number, streams: string[], more: Partial<TickRequest> = {}): TickRequest {
  const wanted = streams.map((each) => ({ stream: each }));
  return { episode: 'root/e', tick, streams: wanted, view: 'main', sequence: ++sequence, direction: 0, ...more };
}

describe('ticks', () => {
  it('answer every stream at one moment, bodies in order and eight-aligned', async () => {
    const { pool } = fakePool();
    const ticks = createTickService({ pool });
    const answer = await ticks.tick(episode([stream('a'), stream('b')]), request(7, ['a', 'b']));
    expect(answer?.header).toMatchObject({ tick: 7, timeNs: 7 * PERIOD, revision: 'r1', decodeMs: 2 });
    expect(answer?.header.samples).toMatchObject([
      { stream: 'a', state: 'shown', index: 7, ageNs: 0, order: 'bgr', offset: 0, bytes: 4, width: 2, height: 2 },
      { stream: 'b', state: 'shown', index: 7, offset: 8, bytes: 4 },
    ]);
    expect(answer?.bodies.map((body) => body[0])).toEqual([7, 7]);
  });

  it('are not spoiled by one bad stream', async () => {
    const { pool, asked } = fakePool({ atOnce: false });
    const streams = [
      stream('good'),
      stream('corrupt'),
      stream('refused', { fault: 'no filter' }),
      stream('short', { count: 3 }),
    ];
    const pending = createTickService({ pool }).tick(
      episode(streams),
      request(5, ['good', 'corrupt', 'refused', 'short', 'unknown']),
    );
    asked.find((job) => job.stream === 'corrupt')?.fail(new Error('sample 5 is damaged'));
    asked.find((job) => job.stream === 'good')?.answer();
    const answer = await pending;
    expect(answer?.header.samples).toMatchObject([
      { state: 'shown' },
      { state: 'fault', message: 'sample 5 is damaged', index: 5, bytes: 0 },
      { state: 'fault', message: 'no filter' },
      { state: 'ended', index: 2 },
      { state: 'fault', message: 'e.h5 has no stream unknown.' },
    ]);
    expect(answer?.bodies).toHaveLength(1);
  });

  it('take the size of a JPEG from the picture, not from what the recording states', async () => {
    const frame: DecodePool['frame'] = async (_location, _stream, _index, { maxWidth = 0 } = {}) => {
      const width = maxWidth || 640;
      const about = { width, height: width / 2, storedWidth: 640, storedHeight: 320, channels: 1, decodeMs: 1 };
      return { ...about, format: 'u8', bytes: new Uint8Array(4) };
    };
    const ticks = createTickService({ pool: { frame } as unknown as DecodePool });
    const sizes = async (stated: number, maxWidth: number) => {
      const one = stream(`s${stated}`, { encoding: 'jpeg', width: stated, height: stated });
      const answer = await ticks.tick(episode([one]), request(1, [], { streams: [{ stream: one.id, maxWidth }] }));
      const { width, storedWidth, storedHeight } = answer!.header.samples[0]!;
      return [width, storedWidth, storedHeight];
    };
    for (const stated of [0, 64, 4000]) {
      // The small one is not kept in the place of the stored one.
      expect(await sizes(stated, 160)).toEqual([160, 640, 320]);
      expect(await sizes(stated, 0)).toEqual([640, 640, 320]);
    }
  });

  it('are given up for a newer request of the same view, and of no other', async () => {
    const { pool, asked } = fakePool({ atOnce: false });
    const ticks = createTickService({ pool });
    const one = episode([stream('a')]);
    const old = ticks.tick(one, request(1, ['a']));
    const hover = ticks.tick(one, request(50, ['a'], { view: 'hover' }));
    const late = request(9, ['a'], { sequence: 0 });
    const fresh = ticks.tick(one, request(2, ['a']));
    expect(await ticks.tick(one, late)).toBeUndefined();
    expect(asked.map(({ index, isWanted }) => [index, isWanted()])).toEqual([
      [1, false],
      [50, true],
      [2, true],
    ]);
    asked[0]?.fail(new Superseded());
    asked[1]?.answer();
    asked[2]?.answer();
    expect(await old).toBeUndefined();
    expect((await hover)?.header.tick).toBe(50);
    expect((await fresh)?.header.tick).toBe(2);
  });

  it('are answered late as nothing even when the pixels came', async () => {
    const { pool, asked } = fakePool({ atOnce: false });
    const ticks = createTickService({ pool });
    const one = episode([stream('a')]);
    const old = ticks.tick(one, request(1, ['a']));
    const fresh = ticks.tick(one, request(2, ['a']));
    for (const job of asked) job.answer();
    expect([await old, (await fresh)?.header.tick]).toEqual([undefined, 2]);
  });

  it('read ahead the way play runs, behind what is asked for, and stop when it turns', async () => {
    const { pool, asked } = fakePool({ atOnce: false });
    const ticks = createTickService({ pool });
    const one = episode([stream('a')]);
    void ticks.tick(one, request(10, ['a'], { direction: 2 }));
    expect(asked.map(({ index, priority }) => [index, priority()])).toEqual([
      [10, 0],
      [12, -1],
      [14, -2],
      [16, -3],
    ]);
    void ticks.tick(one, request(12, ['a'], { direction: 2 }));
    expect(asked.map(({ index }) => index)).toEqual([10, 12, 14, 16, 18]);
    expect(asked[1]?.priority()).toBe(0);
    expect(asked.map(({ isWanted }) => isWanted())).toEqual([false, true, true, true, true]);
    void ticks.tick(one, request(12, ['a'], { direction: -1 }));
    expect(asked.slice(2, 5).map(({ isWanted }) => isWanted())).toEqual([false, false, false]);
  });

  it('decode a frame once, however many ask for it and how often', async () => {
    const { pool, asked } = fakePool({ atOnce: false });
    const ticks = createTickService({ pool });
    const one = episode([stream('a')]);
    const both = [ticks.tick(one, request(3, ['a'])), ticks.tick(one, request(3, ['a'], { view: 'second' }))];
    asked[0]?.answer();
    expect((await Promise.all(both)).map((answer) => answer?.bodies[0]?.[0])).toEqual([3, 3]);
    await ticks.tick(one, request(3, ['a']));
    expect(asked).toHaveLength(1);
    expect(ticks.statistics()).toMatchObject({ cacheBytes: 4, decodedFrames: 1, queued: 0 });
  });

  it('keep no more than the limit, and nothing of a forgotten episode', async () => {
    const { pool } = fakePool({ bytes: 100 });
    const ticks = createTickService({ pool, cacheLimitBytes: 350 });
    const one = episode([stream('a')]);
    for (let tick = 0; tick < 9; tick++) await ticks.tick(one, request(tick, ['a']));
    expect(ticks.statistics().cacheBytes).toBe(300);
    ticks.setCacheLimit(100);
    expect(ticks.statistics().cacheBytes).toBe(100);
    ticks.forget('root/e');
    expect(ticks.statistics().cacheBytes).toBe(0);
  });

  it('do not keep pixels of a file that was replaced while they were decoded', async () => {
    const { pool, asked } = fakePool({ atOnce: false });
    const ticks = createTickService({ pool });
    const pending = ticks.tick(episode([stream('a')]), request(1, ['a']));
    ticks.forget('root/e');
    asked[0]?.answer();
    await pending;
    expect(ticks.statistics()).toMatchObject({ cacheBytes: 0, queued: 0 });
  });

  it('give a buffer back once neither the cache nor any answer needs it', async () => {
    const { pool, recycled } = fakePool({ bytes: 100 });
    const ticks = createTickService({ pool, cacheLimitBytes: 100 });
    const one = episode([stream('a')]);
    const [first, again] = [await ticks.tick(one, request(1, ['a'])), await ticks.tick(one, request(1, ['a']))];
    const second = await ticks.tick(one, request(2, ['a']));
    expect(recycled).toEqual([]);
    first?.release();
    first?.release();
    expect(recycled).toEqual([]);
    again?.release();
    expect(recycled).toEqual([1]);
    second?.release();
    expect(recycled).toEqual([1]);
    ticks.forget('root/e');
    expect(recycled).toEqual([1, 2]);
  });

  it('give back what was decoded for nobody: superseded, or read ahead and not kept', async () => {
    const { pool, asked, recycled } = fakePool({ atOnce: false, bytes: 100 });
    const ticks = createTickService({ pool, cacheLimitBytes: 100 });
    const one = episode([stream('a')]);
    const old = ticks.tick(one, request(1, ['a']));
    const fresh = ticks.tick(one, request(5, ['a'], { direction: 1 }));
    for (const job of asked) job.answer();
    await old;
    (await fresh)?.release();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked.map(({ index }) => index)).toEqual([1, 5, 6, 7, 8]);
    expect(recycled.sort()).toEqual([1, 5, 6, 7]);
  });

  it('survive a transport that takes a buffer away', async () => {
    const { pool, asked } = fakePool();
    const ticks = createTickService({ pool });
    const one = episode([stream('a')]);
    const first = await ticks.tick(one, request(1, ['a']));
    const buffer = first?.bodies[0]?.buffer as ArrayBuffer;
    structuredClone(buffer, { transfer: [buffer] });
    expect((await ticks.tick(one, request(1, ['a'])))?.bodies[0]).toEqual(Uint8Array.of(1, 1, 1, 1));
    expect(asked).toHaveLength(2);
  });

  it('past the end are the last one, and say so', async () => {
    const { pool } = fakePool();
    const answer = await createTickService({ pool }).tick(episode([stream('a')]), request(5000, ['a']));
    expect(answer?.header).toMatchObject({ tick: 99, timeNs: 99 * PERIOD, samples: [{ state: 'shown', index: 99 }] });
  });

  it('of an episode without ticks show empty panes', async () => {
    const { pool } = fakePool();
    const answer = await createTickService({ pool }).tick(episode([stream('a', { count: 0 })], 0), request(0, ['a']));
    expect(answer?.header).toMatchObject({ timeNs: 0, samples: [{ state: 'none', index: -1 }] });
  });
});
