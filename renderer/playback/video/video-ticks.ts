import type { TickRequest, TickSample } from '../../../shared/api/tick.ts';
import { BufferPool } from '../buffer-pool.ts';
import type { ReceivedTick } from '../tick-client.ts';
import type { TickSource } from '../tick-loader.ts';
import type { Picture } from './picture.ts';
import type { VideoStreams } from './video-streams.ts';

/**
 * Ticks whose video samples have their pictures: a tick is there when the last of them is. What a stream lacks becomes its
 * own fault, and the other streams go on. Pictures are held until the tick is released.
 */
export class VideoTicks implements TickSource {
  /** Newest sequence asked for: ticks of older ones are answered, but nothing more is decoded for them. */
  private newest = 0;
  private readonly pool = new BufferPool();
  private readonly guesses = new Map<string, FrameGuess>();

  constructor(
    private readonly inner: TickSource,
    private readonly videos: VideoStreams,
    /** Whether ticks come with their pictures' bytes. */
    private readonly converts = false,
  ) {}

  async fetch(request: TickRequest): Promise<ReceivedTick | undefined> {
    this.newest = Math.max(this.newest, request.sequence);
    if (request.sequence === this.newest) this.videos.setVisible(request.streams.map(({ stream }) => stream));
    const begun = this.begin(request);
    try {
      return await this.complete(request, await this.inner.fetch(request));
    } finally {
      void begun.then((held) => {
        for (const picture of held) picture?.letGo();
      });
    }
  }

  private async complete(request: TickRequest, received: ReceivedTick | undefined): Promise<ReceivedTick | undefined> {
    if (!received?.header.samples.some(isVideo)) return received;
    const startedAt = performance.now();
    const pictures = new Map<string, Picture>();
    const converted = new Map<string, Uint8Array<ArrayBuffer>>();
    const samples = await Promise.all(
      received.header.samples.map((sample) =>
        isVideo(sample) ? this.resolve(sample, request, received.header.revision, pictures) : sample,
      ),
    );
    if (this.converts && !samples.includes(undefined)) {
      await Promise.all([...pictures].map(([stream, picture]) => this.convert(stream, picture, converted)));
    }
    if (samples.includes(undefined)) {
      this.release({ ...received, pictures, converted });
      return undefined;
    }
    const decodeMs = received.header.decodeMs + performance.now() - startedAt;
    return {
      ...received,
      header: { ...received.header, decodeMs, samples: samples as TickSample[] },
      pictures,
      converted,
    };
  }

  release(tick: ReceivedTick): void {
    for (const picture of tick.pictures?.values() ?? []) picture.letGo();
    for (const { buffer } of tick.converted?.values() ?? []) this.pool.give(buffer);
    this.inner.release(tick);
  }

  dispose(): void {
    this.videos.dispose();
    this.inner.dispose?.();
  }

  /**
   * A browser that draws a frame in software turns it to RGBA first and keeps that: 1.2 MB for each of the last few
   * hundred pictures of 640×480, which no budget of ours sees. These bytes are ours.
   */
  private async convert(stream: string, picture: Picture, into: Map<string, Uint8Array<ArrayBuffer>>): Promise<void> {
    const { image, width, height } = picture;
    if (!('visibleRect' in image) || image.visibleRect?.width !== width || image.visibleRect.height !== height) return;
    const bytes = width * height * 4;
    const pixels = new Uint8Array(this.pool.take(bytes), 0, bytes);
    try {
      await image.copyTo(pixels, { format: 'RGBA' });
      into.set(stream, pixels);
    } catch {
      // A browser that cannot do it: the picture itself is drawn.
      this.pool.give(pixels.buffer);
    }
  }

  /**
   * Decoding need not wait for the answer where the frame can be told: streams on the master clock advance with it.
   * Answers what was decoded so, held; the answer says what it was good for.
   */
  private begin({ tick, streams, sequence, direction }: TickRequest): Promise<(Picture | undefined)[]> {
    return Promise.all(
      streams.map(async ({ stream }) => {
        const guess = this.guesses.get(stream);
        if (!guess?.isSteady || !this.videos.isTicking(stream)) return undefined;
        const wish = { frame: tick + guess.offset, ...this.wishOf({ sequence, direction }) };
        return this.videos.get(stream, guess.revision, wish).catch(() => undefined);
      }),
    );
  }

  private wishOf({ sequence, direction }: Pick<TickRequest, 'sequence' | 'direction'>) {
    const isWanted = () => sequence >= this.newest;
    return { direction: Math.sign(direction) as -1 | 0 | 1, sequence, isWanted };
  }

  /** Remembers by how much frames lead ticks; twice the same is taken for a rule, until it is broken. */
  private learn({ stream }: TickSample, tick: number, frame: number, revision: string): void {
    const before = this.guesses.get(stream);
    const offset = frame - tick;
    if (before?.revision === revision && before.offset === offset && before.tick === tick) return;
    const isSteady = before?.revision === revision && before.offset === offset;
    this.guesses.set(stream, { offset, tick, revision, isSteady });
  }

  /** Undefined when a newer request superseded this one. */
  private async resolve(
    sample: TickSample,
    request: TickRequest,
    revision: string,
    pictures: Map<string, Picture>,
  ): Promise<TickSample | undefined> {
    try {
      const frame = sample.videoFrame ?? sample.index;
      this.learn(sample, request.tick, frame, revision);
      const picture = await this.videos.get(sample.stream, revision, { frame, ...this.wishOf(request) });
      if (!picture) return undefined;
      pictures.set(sample.stream, picture);
      const { width, height } = picture;
      return { ...sample, width, height, storedWidth: width, storedHeight: height };
    } catch (error) {
      return { ...sample, state: 'fault', message: error instanceof Error ? error.message : String(error) };
    }
  }
}

interface FrameGuess {
  /** Presented frame less tick. */
  offset: number;
  /** Tick it was seen at. */
  tick: number;
  revision: string;
  isSteady: boolean;
}

function isVideo({ state, format }: TickSample): boolean {
  return state === 'shown' && format === 'video';
}
