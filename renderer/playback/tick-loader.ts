import type { TickRequest, TickStreamRequest } from '../../shared/api/tick.ts';
import type { PixelForm } from './pixel-scale.ts';
import type { WantedStream } from './player.ts';
import { RecentMedian } from './rate-meter.ts';
import { type CachedTick, TickCache } from './tick-cache.ts';
import { type ReceivedTick, TickFault } from './tick-client.ts';

export interface TickSource {
  fetch(request: TickRequest): Promise<ReceivedTick | undefined>;
  release(tick: ReceivedTick): void;
  /** Nothing is asked for any more. */
  dispose?(): void;
}

export interface TickLoaderOptions {
  episode: string;
  view: string;
  /** Master clock, ns: the moment of a tick that has no pictures. */
  times: ArrayLike<number>;
  /** Stored size by stream id: a pane at least that large is never sent scaled. */
  storedSizes: ReadonlyMap<string, { width: number; height: number }>;
  cacheBytes: number;
  source: TickSource;
  onTick(entry: CachedTick): void;
  /** A request failed (sentence) or was superseded (undefined); a slot is free again either way. */
  onMissed(tick: number, fault: string | undefined): void;
}

interface InFlight {
  tick: number;
  form: PixelForm;
  epoch: number;
  sentMs: number;
}

/** What a tick without pictures counts in the cache, so that an hour of them is bounded too. */
const PLAIN_TICK_BYTES = 1024;

/** Which ticks are here, which are on their way; knows nothing of clocks, seeks or play. */
export class TickLoader {
  private readonly cache: TickCache;
  private readonly inFlight = new Set<InFlight>();
  private readonly latency = new RecentMedian(9);
  /** Undefined until the panes said what they show; empty where they show numbers alone. */
  private streams: readonly WantedStream[] | undefined;
  /** What the panes will most likely show, asked for before they say so. */
  private expected: readonly WantedStream[] = [];
  private sequence = 1;
  /** Grows when what a tick must hold changed: answers to older requests are then of no use. */
  private epoch = 0;
  private disposed = false;

  readonly decodeMs = new RecentMedian();
  readonly workstationMs = new RecentMedian();
  readonly transportMs = new RecentMedian();

  constructor(private readonly options: TickLoaderOptions) {
    this.cache = new TickCache(options.cacheBytes, (received) => this.release(received));
  }

  /** Answers true when ticks held so far lack a stream that is wanted now. */
  setStreams(streams: readonly WantedStream[]): boolean {
    const known = this.streams ?? this.expected;
    const isFirst = this.streams === undefined;
    const before = new Set(known.map(({ stream }) => stream));
    const sizes = new Map(known.map((wanted) => [wanted.stream, `${wanted.widthPx}x${wanted.heightPx}`]));
    this.streams = streams;
    if (streams.some(({ stream }) => !before.has(stream))) {
      this.forget();
      return true;
    }
    if (streams.some((wanted) => sizes.get(wanted.stream) !== `${wanted.widthPx}x${wanted.heightPx}`)) {
      this.cache.clear('scaled');
    }
    return isFirst;
  }

  /**
   * Asks for one moment before the panes said what they show, so that it is here when they stand. Nothing is handed out
   * until they did, and it is dropped where they want another stream.
   */
  askAhead(streams: readonly string[], tick: number): void {
    if (this.isTold() || streams.length === 0) return;
    this.expected = streams.map((stream) => ({ stream, widthPx: 0, heightPx: 0 }));
    this.send(this.expected, tick, 'stored', 0);
  }

  /** Whether the panes said what they show. */
  isTold(): boolean {
    return this.streams !== undefined;
  }

  /** Everything held or on its way is of no use any more; pixels on screen stay valid. */
  forget(): void {
    this.epoch += 1;
    this.sequence += 1;
    this.cache.clear();
  }

  /** Whether asking for scaled pixels would send fewer bytes at all. */
  canScale(): boolean {
    return this.streams?.some((wanted) => this.requestOf(wanted, 'scaled').maxWidth !== undefined) ?? false;
  }

  get(tick: number, form: PixelForm): CachedTick | undefined {
    return this.isTold() ? this.cache.get(tick, form) : undefined;
  }

  has(tick: number, form: PixelForm): boolean {
    return this.isTold() && this.cache.has(tick, form);
  }

  hold(entry: CachedTick): void {
    this.cache.hold(entry);
  }

  isOnItsWay(tick: number, form: PixelForm): boolean {
    for (const entry of this.inFlight) {
      if (entry.tick === tick && entry.form === form && entry.epoch === this.epoch) return true;
    }
    return false;
  }

  /** Requests on their way, those of an earlier epoch included: they hold connections too. */
  pending(): number {
    return this.inFlight.size;
  }

  /** Milliseconds the oldest request has been on its way; 0 when none is. */
  oldestMs(nowMs: number): number {
    let oldest = nowMs;
    for (const entry of this.inFlight) oldest = Math.min(oldest, entry.sentMs);
    return nowMs - oldest;
  }

  /** Usual time from sending to arrival. */
  latencyMs(): number {
    return this.latency.median() ?? 30;
  }

  /** Of cached ticks, without the pictures of videos. */
  bufferBytes(): number {
    return this.cache.bufferBytes();
  }

  cachedTicks(): number {
    return this.cache.count();
  }

  /** Requests sent from now on make the workstation drop those sent before that it has not begun. */
  supersede(): void {
    this.sequence += 1;
  }

  ask(tick: number, form: PixelForm, direction: number): void {
    if (this.streams !== undefined) this.send(this.streams, tick, form, direction);
  }

  private send(wantedStreams: readonly WantedStream[], tick: number, form: PixelForm, direction: number): void {
    if (this.disposed) return;
    const entry: InFlight = { tick, form, epoch: this.epoch, sentMs: performance.now() };
    this.inFlight.add(entry);
    const { episode, view, source, onMissed } = this.options;
    const streams = wantedStreams.map((wanted) => this.requestOf(wanted, form));
    const request = { episode, tick, streams, view, sequence: this.sequence, direction };
    const answer = streams.length === 0 ? Promise.resolve(this.withoutPictures(request)) : source.fetch(request);
    answer.then(
      (received) => this.arrived(entry, received),
      (error: unknown) => {
        this.inFlight.delete(entry);
        if (this.disposed) return;
        const isOutdated = entry.epoch !== this.epoch;
        const fault = error instanceof TickFault ? error.message : `A tick could not be read (${String(error)}).`;
        // What failed is of no use any more, but its place is free: somebody may wait for that.
        onMissed(tick, isOutdated ? undefined : fault);
      },
    );
  }

  dispose(): void {
    this.disposed = true;
    this.cache.dispose();
    this.options.source.dispose?.();
  }

  private arrived(entry: InFlight, received: ReceivedTick | undefined): void {
    this.inFlight.delete(entry);
    if (this.disposed || entry.epoch !== this.epoch || !received) {
      if (received) this.release(received);
      if (!this.disposed) this.options.onMissed(entry.tick, undefined);
      return;
    }
    this.latency.add(performance.now() - entry.sentMs);
    this.decodeMs.add(received.header.decodeMs);
    this.workstationMs.add(received.header.totalMs);
    this.transportMs.add(received.transportMs);
    const cached = { tick: entry.tick, form: entry.form, received };
    this.cache.add(cached);
    this.options.onTick(cached);
  }

  /** A tick of numbers alone: they are here already, so nobody has to be asked. */
  private withoutPictures({ episode, tick, view, sequence }: TickRequest): ReceivedTick {
    const timeNs = this.options.times[tick] ?? 0;
    const header = { episode, tick, timeNs, view, sequence, samples: [], totalMs: 0, decodeMs: 0, revision: '' };
    return { header, buffer: new ArrayBuffer(PLAIN_TICK_BYTES), bodyOffset: 0, transportMs: 0 };
  }

  /** What came without pictures has no buffer that anybody lent. */
  private release(received: ReceivedTick): void {
    if (received.header.samples.length > 0) this.options.source.release(received);
  }

  private requestOf({ stream, widthPx, heightPx }: WantedStream, form: PixelForm): TickStreamRequest {
    const stored = this.options.storedSizes.get(stream);
    if (form === 'stored' || !stored || widthPx < 8 || heightPx < 8) return { stream };
    if (widthPx >= stored.width || heightPx >= stored.height) return { stream };
    return { stream, maxWidth: Math.ceil(widthPx), maxHeight: Math.ceil(heightPx) };
  }
}
