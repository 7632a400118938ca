import type { TickRequest, TickSample } from '../../../shared/api/tick.ts';
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

  constructor(
    private readonly inner: TickSource,
    private readonly videos: VideoStreams,
  ) {}

  async fetch(request: TickRequest): Promise<ReceivedTick | undefined> {
    this.newest = Math.max(this.newest, request.sequence);
    if (request.sequence === this.newest) this.videos.setVisible(request.streams.map(({ stream }) => stream));
    const received = await this.inner.fetch(request);
    if (!received?.header.samples.some(isVideo)) return received;
    const startedAt = performance.now();
    const pictures = new Map<string, Picture>();
    const samples = await Promise.all(
      received.header.samples.map((sample) =>
        isVideo(sample) ? this.resolve(sample, request, received.header.revision, pictures) : sample,
      ),
    );
    if (samples.includes(undefined)) {
      for (const picture of pictures.values()) picture.letGo();
      this.inner.release(received);
      return undefined;
    }
    const decodeMs = received.header.decodeMs + performance.now() - startedAt;
    return { ...received, header: { ...received.header, decodeMs, samples: samples as TickSample[] }, pictures };
  }

  release(tick: ReceivedTick): void {
    for (const picture of tick.pictures?.values() ?? []) picture.letGo();
    this.inner.release(tick);
  }

  dispose(): void {
    this.videos.dispose();
    this.inner.dispose?.();
  }

  /** Undefined when a newer request superseded this one. */
  private async resolve(
    sample: TickSample,
    { sequence, direction }: TickRequest,
    revision: string,
    pictures: Map<string, Picture>,
  ): Promise<TickSample | undefined> {
    try {
      const picture = await this.videos.get(sample.stream, revision, {
        frame: sample.videoFrame ?? sample.index,
        direction: direction < 0 ? -1 : direction > 0 ? 1 : 0,
        sequence,
        isWanted: () => sequence >= this.newest,
      });
      if (!picture) return undefined;
      pictures.set(sample.stream, picture);
      const { width, height } = picture;
      return { ...sample, width, height, storedWidth: width, storedHeight: height };
    } catch (error) {
      return { ...sample, state: 'fault', message: error instanceof Error ? error.message : String(error) };
    }
  }
}

function isVideo({ state, format }: TickSample): boolean {
  return state === 'shown' && format === 'video';
}
