import type { Stream } from '../../shared/episode/episode.ts';
import { FrameCache } from './frame-cache.ts';
import { FrameLeases } from './frame-leases.ts';
import type { DecodedFrame, DecodePool, EpisodeForTicks } from './frame-source.ts';
import { loadSample } from './samples.ts';

/** One frame somebody waits for: of which stream, which sample, and how large at most (0 = stored). */
export interface FrameWish {
  episode: EpisodeForTicks;
  stream: Stream;
  index: number;
  maxWidth: number;
  maxHeight: number;
  priority: number;
  isWanted: () => boolean;
}

interface Loading {
  frame: Promise<DecodedFrame>;
  wishes: FrameWish[];
}

/**
 * Frames from the cache, or decoded once however many wait for them: a read-ahead that a person catches up with gains
 * their priority, and is dropped only when nobody wants it any more.
 */
export class FrameLoader {
  readonly cache: FrameCache;
  readonly leases: FrameLeases;
  readonly #loading = new Map<string, Loading>();
  decodedFrames = 0;

  constructor(
    private readonly pool: DecodePool,
    limitBytes: number,
  ) {
    this.leases = new FrameLeases((bytes) => pool.recycle?.(bytes));
    this.cache = new FrameCache(limitBytes, this.leases);
  }

  get queued(): number {
    return this.#loading.size;
  }

  has(wish: FrameWish): boolean {
    const key = keyOf(wish);
    return this.#loading.has(key) || this.cache.has(key);
  }

  /** Each frame that comes is held for the caller, who lets it go through `leases`. */
  load(wish: FrameWish): Promise<DecodedFrame> {
    const key = keyOf(wish);
    const cached = this.cache.get(key);
    if (cached) {
      this.leases.hold(cached);
      return Promise.resolve(cached);
    }
    const loading = this.#loading.get(key);
    // One whose every wish was given up may be dropped at any moment: a fresh one takes its place.
    if (loading?.wishes.some(({ isWanted }) => isWanted())) {
      loading.wishes.push(wish);
      return loading.frame;
    }
    return this.#begin(key, wish);
  }

  forget(episodeId: string): void {
    const prefix = `${episodeId}\n`;
    this.cache.forget(prefix);
    for (const key of [...this.#loading.keys()]) if (key.startsWith(prefix)) this.#loading.delete(key);
  }

  #begin(key: string, wish: FrameWish): Promise<DecodedFrame> {
    const { episode, stream, index, maxWidth, maxHeight } = wish;
    const wishes = [wish];
    const pixels = loadSample(this.pool, episode.opened, stream, index, {
      maxWidth,
      maxHeight,
      priority: () => Math.max(...wishes.filter(({ isWanted }) => isWanted()).map(({ priority }) => priority)),
      isWanted: () => wishes.some(({ isWanted }) => isWanted()),
    });
    const loading: Loading = { frame: pixels, wishes };
    this.#loading.set(key, loading);
    loading.frame = this.#finish(key, loading, pixels);
    return loading.frame;
  }

  async #finish(key: string, loading: Loading, pixels: Promise<DecodedFrame>): Promise<DecodedFrame> {
    try {
      const decoded = await pixels;
      this.decodedFrames++;
      // Before the cache, which may let it go again at once.
      for (const _ of loading.wishes) this.leases.hold(decoded);
      // Forgotten meanwhile (the file was replaced): the pixels still answer who asked, and are not kept.
      if (this.#loading.get(key) === loading) this.cache.set(key, decoded);
      return decoded;
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    }
  }
}

function keyOf({ episode, stream, index, maxWidth, maxHeight }: FrameWish): string {
  // Of an encoded picture only its header knows the size.
  const [width, height] = stream.encoding === 'pixels' ? [stream.width, stream.height] : [Infinity, Infinity];
  const fits = (maxWidth === 0 || maxWidth >= width) && (maxHeight === 0 || maxHeight >= height);
  const size = fits ? 'stored' : `${maxWidth}x${maxHeight}`;
  return `${episode.opened.episode.id}\n${episode.revision}\n${stream.id}\n${index}\n${size}`;
}
