import { describe, expect, it } from 'vitest';
import type { TickHeader, TickRequest, TickSample } from '../../../shared/api/tick.ts';
import type { ReceivedTick } from '../tick-client.ts';
import { VideoFault } from './open-video.ts';
import { Picture } from './picture.ts';
import type { FrameWish } from './stream-frames.ts';
import type { VideoStreams } from './video-streams.ts';
import { VideoTicks } from './video-ticks.ts';

/** Streams "a" and "b" are videos, "c" is pixels; frame = tick + 100. */
function stage() {
  const asked: (FrameWish & { stream: string })[] = [];
  const pictures: Picture[] = [];
  let answer = Promise.resolve();
  const videos = {
    setVisible: () => undefined,
    isTicking: () => true,
    dispose: () => undefined,
    get: async (stream: string, _revision: string, wish: FrameWish) => {
      asked.push({ stream, ...wish });
      await answer;
      if (stream === 'b') throw new VideoFault('broken', 'b is broken.');
      if (!wish.isWanted()) return undefined;
      const picture = new Picture({ close: () => undefined } as unknown as ImageBitmap, 8, 6, 48);
      pictures.push(picture);
      return picture;
    },
  } as unknown as VideoStreams;
  const released: ReceivedTick[] = [];
  const ticks = new VideoTicks(
    {
      fetch: async ({ tick, streams, sequence }) => {
        const sample = (stream: string) =>
          ({
            stream,
            state: 'shown',
            index: tick,
            format: stream === 'c' ? 'u8' : 'video',
            videoFrame: tick + 100,
          }) as TickSample;
        const header = {
          tick,
          sequence,
          decodeMs: 1,
          revision: 'r',
          samples: streams.map(({ stream }) => sample(stream)),
        };
        return { header: header as unknown as TickHeader, buffer: new ArrayBuffer(8), bodyOffset: 0, transportMs: 1 };
      },
      release: (tick) => released.push(tick),
    },
    videos,
  );
  const request = (tick: number, sequence = 1, names = 'ac'): TickRequest => ({
    ...{ episode: 'e', tick, view: 'v', sequence, direction: 1 },
    streams: [...names].map((stream) => ({ stream })),
  });
  return { ticks, request, asked, pictures, released, hold: (until: Promise<void>) => (answer = until) };
}

describe('ticks with video', () => {
  it('have the picture of the frame the answer names, in its size, until they are released', async () => {
    const { ticks, request, asked, pictures, released } = stage();
    const tick = (await ticks.fetch(request(7))) as ReceivedTick;
    expect(asked).toMatchObject([{ stream: 'a', frame: 107, direction: 1, sequence: 1 }]);
    expect(tick.pictures?.get('a')).toBe(pictures[0]);
    expect(tick.header.samples[0]).toMatchObject({ width: 8, storedHeight: 6, state: 'shown' });
    expect(pictures[0]?.isOpen).toBe(true);
    ticks.release(tick);
    expect([pictures[0]?.isOpen, released]).toEqual([false, [tick]]);
  });

  it('turn what one stream lacks into its own fault', async () => {
    const { ticks, request } = stage();
    const tick = await ticks.fetch(request(7, 1, 'abc'));
    expect(tick?.header.samples.map(({ state }) => state)).toEqual(['shown', 'fault', 'shown']);
    expect(tick?.header.samples[1]?.message).toBe('b is broken.');
  });

  it('give up, and let go of everything, when a newer sequence came', async () => {
    const { ticks, request, pictures, released, hold } = stage();
    let go: () => void = () => undefined;
    hold(new Promise((resolve) => (go = resolve)));
    const older = ticks.fetch(request(7, 1));
    await Promise.resolve();
    const newer = ticks.fetch(request(9, 2));
    go();
    expect(await older).toBeUndefined();
    expect((await newer)?.header.tick).toBe(9);
    expect(released).toHaveLength(1);
    expect(pictures.filter(({ isOpen }) => isOpen)).toHaveLength(1);
  });

  it('begin to decode before the answer, once the frames have followed the ticks', async () => {
    const { ticks, request, asked, pictures } = stage();
    const held = [await ticks.fetch(request(7)), await ticks.fetch(request(50))];
    asked.length = 0;
    const third = ticks.fetch(request(300));
    expect(asked.map(({ frame }) => frame)).toEqual([400]);
    held.push(await third);
    expect(asked.map(({ frame }) => frame)).toEqual([400, 400]);
    for (const tick of held) if (tick) ticks.release(tick);
    await Promise.resolve();
    expect(pictures.every(({ isOpen }) => !isOpen)).toBe(true);
  });
});
