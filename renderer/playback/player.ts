import type { TickHeader, TickSample } from '../../shared/api/tick.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import type { TickRange } from '../../shared/time/ranges.ts';
import type { Picture } from './video/picture.ts';
import type { VideoStreams } from './video/video-streams.ts';

/**
 * The playback engine: no React. Commanded and shown position are apart: a seek moves `commanded` at once, `shown` follows
 * when the whole tick is painted. While a tick loads the last complete one stays, with its own time; panes never mix moments.
 *
 * What a caller may assume: every method is safe at any time and clamps to the recording; `subscribe` fires on discrete
 * changes (play, speed, loop …), `onShown` once per painted tick and `onCommanded` once per commanded change. The latter two
 * never go through React state: paint from them directly.
 */
export interface Player {
  readonly episode: Episode;
  /** Master clock, ns from start, ascending. */
  readonly times: Float64Array;
  /** Undefined where the episode has none. */
  readonly videos: VideoStreams | undefined;
  state(): PlayerState;
  subscribe(listener: () => void): () => void;
  shown(): ShownTick | undefined;
  onShown(listener: (shown: ShownTick) => void): () => void;
  commandedTick(): number;
  onCommanded(listener: (tick: number) => void): () => void;

  /** `inputAt` is performance.now() of the input event, the start of the "seek-to-paint" measure. */
  seek(tick: number, inputAt?: number): void;
  /** By master-clock time: the tick at or before it. */
  seekTime(ns: number, inputAt?: number): void;
  step(ticks: number, inputAt?: number): void;
  stepTime(ns: number, inputAt?: number): void;
  play(): void;
  pause(): void;
  toggle(): void;
  /** J −1, K 0, L +1: repeated presses double the shuttle speed. */
  shuttle(direction: -1 | 0 | 1): void;
  setSpeed(speed: number): void;
  setLoop(range: TickRange | null): void;
  /** Asks for the first moment of these streams while panes are still being made; it is neither shown nor seen before `setStreams`. */
  prepare(streams: readonly string[]): void;
  /** Streams now visible with their panes' size in CSS pixels; decides what a tick asks for. */
  setStreams(streams: readonly WantedStream[]): void;
  /** Asks for the shown tick again (order switched, offset changed, file replaced). */
  refresh(): void;
  /** Ticks painted since the episode was opened, normal form (`onSeen` of createPlayer says when it grew). */
  seen(): TickRange[];
  /** What the performance read-out shows; cheap enough to ask twice a second. */
  statistics(): PlayerStatistics;
  dispose(): void;
}

/** Medians over the last ticks; undefined until there was one. */
export interface PlayerStatistics {
  /** Decoding and the whole answer as the workstation timed them, request to last byte here, and painting all panes. */
  decodeMs: number | undefined;
  workstationMs: number | undefined;
  transportMs: number | undefined;
  paintMs: number | undefined;
  /** Input to the frame after the last pane was painted, for the last seeks. */
  seekToPaintMs: number | undefined;
  cacheBytes: number;
  cacheLimitBytes: number;
  cachedTicks: number;
  requestsInFlight: number;
}

export interface WantedStream {
  stream: string;
  widthPx: number;
  heightPx: number;
}

export interface PlayerState {
  playing: boolean;
  /** Signed, 0.1–8 in size. */
  speed: number;
  /** Painted ticks a second over the last second, and how many the speed asks for. */
  achievedTicksPerSecond: number;
  wantedTicksPerSecond: number;
  /** How much recorded time went by in the time of a clock on the wall; without a sign. */
  achievedSpeed: number;
  loop: TickRange | null;
  /** What the last tick's pictures were: "decoded" of videos alone, "mixed" of videos beside stored pixels. */
  pixels: 'stored' | 'scaled' | 'decoded' | 'mixed';
  /** One sentence while ticks cannot be had. */
  fault: string | null;
}

export interface ShownTick {
  header: TickHeader;
  samples: ReadonlyMap<string, ShownSample>;
}

/** The pixels are valid until the next tick is shown: copy to keep. */
export interface ShownSample extends TickSample {
  pixels: Uint8Array | Uint16Array | undefined;
  /** In their place, of a video. */
  picture?: Picture | undefined;
  /** Of the picture, RGBA, where nothing but the processor paints. */
  converted?: Uint8Array | undefined;
}
