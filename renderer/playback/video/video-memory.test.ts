import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TickHeader, TickRequest } from '../../../shared/api/tick.ts';
import type { Episode } from '../../../shared/episode/episode.ts';
import { createPlayer } from '../engine.ts';
import { FrameIndex } from './frame-index.ts';
import type { OpenVideo } from './open-video.ts';
import { Picture } from './picture.ts';

const [FRAMES, FRAME_BYTES, ANSWER_BYTES] = [200, 1000, 10];
const STREAMS = ['a', 'b'];
const episode = {
  id: 'root/e',
  masterClock: 'master',
  clocks: [{ id: 'master', medianPeriodNs: 33_333_333 }],
  streams: STREAMS.map((id) => ({ id, name: id, encoding: 'video', clock: 'master', video: { codecString: 'avc1' } })),
} as unknown as Episode;

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (run: (ms: number) => void) => setTimeout(() => run(performance.now()), 1));
  vi.stubGlobal('cancelAnimationFrame', (handle: ReturnType<typeof setTimeout>) => clearTimeout(handle));
});
afterEach(() => vi.unstubAllGlobals());

/** Every image that was made, with how often it was closed. No decoder here: each frame comes by the slow way. */
function stage(cacheBytes: number) {
  const images: { closed: number }[] = [];
  const open = async () =>
    ({
      index: new FrameIndex({
        seconds: Float64Array.from({ length: FRAMES }, (_, at) => at / 30),
        keys: new Uint8Array(FRAMES).fill(1),
      }),
      packets: { at: () => ({}), load: async () => ({}), prepare: () => undefined, heldBytes: () => 7 },
      config: { codec: 'avc1' },
      decodeAlone: async () => {
        const image = {
          closed: 0,
          close: () => {
            image.closed += 1;
          },
        };
        images.push(image);
        return new Picture(image as unknown as ImageBitmap, 8, 6, FRAME_BYTES);
      },
      close: () => undefined,
    }) as unknown as OpenVideo;
  const player = createPlayer({
    ...{ episode, cacheBytes, times: Float64Array.from({ length: FRAMES }, (_, tick) => tick * 33_333_333) },
    source: {
      fetch: async ({ tick, streams, sequence }: TickRequest) => {
        const samples = streams.map(({ stream }) => ({
          stream,
          state: 'shown',
          format: 'video',
          index: tick,
          bytes: 0,
        }));
        const header = { tick, sequence, samples, decodeMs: 0, totalMs: 0, revision: 'r' } as unknown as TickHeader;
        return { header, buffer: new ArrayBuffer(ANSWER_BYTES), bodyOffset: 0, transportMs: 0 };
      },
      release: () => undefined,
    },
    videos: { open },
  });
  player.setStreams(STREAMS.map((stream) => ({ stream, widthPx: 8, heightPx: 6 })));
  return { player, images, open: () => images.filter(({ closed }) => closed === 0).length };
}

it('keeps cached ticks and decoded frames within one budget, counts a frame once, and closes each once', async () => {
  const { player, images, open } = stage(160_000);
  for (let tick = 0; tick < FRAMES; tick += 1) {
    player.seek((tick * 37) % FRAMES);
    await expect.poll(() => player.shown()?.header.tick, { interval: 1 }).toBe(player.commandedTick());
    const { cacheBytes, cacheLimitBytes, cachedTicks } = player.statistics();
    expect(cacheLimitBytes).toBe(40_000);
    // What is on screen or on its way to it is held besides.
    expect(open() * FRAME_BYTES).toBeLessThanOrEqual(cacheLimitBytes);
    expect(cacheBytes).toBe(open() * FRAME_BYTES + cachedTicks * ANSWER_BYTES + 7 * STREAMS.length);
  }
  expect(images.length).toBeGreaterThan(FRAMES);
  player.dispose();
  expect(images.map(({ closed }) => closed)).toEqual(images.map(() => 1));
});
