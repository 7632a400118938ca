import type { Episode } from '../../shared/episode/episode.ts';
import { masterClockOf } from '../../shared/episode/episode.ts';
import type { TickRange } from '../../shared/time/ranges.ts';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import { FrameGate } from './frame-gate.ts';
import { PlayLoop } from './play-loop.ts';
import type { Player, PlayerState, ShownTick, WantedStream } from './player.ts';
import { RecentMedian } from './rate-meter.ts';
import { type AchievedRate, RateWatch } from './rate-watch.ts';
import { Retry } from './retry.ts';
import { SeekLoop } from './seek-loop.ts';
import { SeekTimer } from './seek-timer.ts';
import { SeenReport } from './seen-report.ts';
import { shownTickOf } from './shown-tick.ts';
import type { CachedTick } from './tick-cache.ts';
import { TickClient } from './tick-client.ts';
import { TickLoader, type TickSource } from './tick-loader.ts';
import { Timers } from './timers.ts';
import { VideoStreams, type VideoStreamsOptions } from './video/video-streams.ts';
import { VideoTicks } from './video/video-ticks.ts';
import { newView } from './view-name.ts';

export interface PlayerOptions {
  episode: Episode;
  /** Master clock of the episode, ns from start, ascending ("clock:<episode.masterClock>" of loadEpisodeArrays). */
  times: Float64Array;
  /** Bytes all caches of both sides may hold together; the player takes a quarter. */
  cacheBytes: number;
  startTick?: number;
  /** Called at most every 2 s with everything painted since the last call was made. */
  onSeen?(ranges: TickRange[]): void;
  /** Where ticks come from; default the workstation. */
  source?: TickSource;
  /** Decoded video comes as RGBA bytes besides: what a painter without a graphics processor draws. */
  convertsVideo?: boolean;
  /** Where video files come from; default the workstation. */
  videos?: Pick<VideoStreamsOptions, 'open'>;
}

const REST_MS = 150;
const SHARE_OF_CACHE = 0.25;
/** Of that, where every stream is a video: for frames around the moment and encoded bytes. Cached ticks have the rest. */
const SHARE_OF_VIDEO = 0.5;
const SPEEDS = { least: 0.1, most: 8 } as const;
const AT_REST: AchievedRate = { achievedTicksPerSecond: 0, wantedTicksPerSecond: 0, achievedSpeed: 0 };

export function createPlayer(options: PlayerOptions): Player {
  return new Engine(options);
}

class Engine implements Player {
  readonly episode: Episode;
  readonly times: Float64Array;
  readonly videos: VideoStreams | undefined;
  private readonly loader: TickLoader;
  private readonly loop: PlayLoop;
  private readonly seekLoop: SeekLoop;
  private readonly rate: RateWatch;
  private readonly paintMs = new RecentMedian();
  private readonly seekTimer = new SeekTimer();
  private readonly timers = new Timers();
  private readonly retry = new Retry(this.timers);
  private readonly frameGate = new FrameGate();
  private readonly seenReport: SeenReport;
  private readonly stateListeners = new Set<() => void>();
  private readonly shownListeners = new Set<(shown: ShownTick) => void>();
  private readonly commandedListeners = new Set<(tick: number) => void>();

  private current: PlayerState = {
    playing: false,
    speed: 1,
    ...AT_REST,
    loop: null,
    pixels: 'stored',
    fault: null,
  };
  private commanded: number;
  private shownTick: ShownTick | undefined;
  private shownEntry: CachedTick | undefined;
  /** What is on screen is from before a refresh or a change of streams. */
  private isShownOutdated = false;
  private restTimer: ReturnType<typeof setTimeout> | undefined;
  private isDisposed = false;

  constructor(private readonly options: PlayerOptions) {
    const { episode, times } = options;
    this.episode = episode;
    this.times = times;
    this.seenReport = new SeenReport(times.length, this.timers, options.onSeen);
    this.commanded = this.clamp(options.startTick ?? 0);
    const source = options.source ?? new TickClient((address, init) => fetch(address, init));
    const pictured = episode.streams.filter(({ encoding }) => encoding !== 'video');
    const ownBytes = options.cacheBytes * SHARE_OF_CACHE;
    let budgetBytes = 0;
    if (pictured.length < episode.streams.length) {
      budgetBytes = ownBytes * SHARE_OF_VIDEO * (1 - pictured.length / episode.streams.length);
      this.videos = new VideoStreams({ episode, budgetBytes, onReady: () => this.refresh(), ...options.videos });
    }
    this.loader = new TickLoader({
      episode: episode.id,
      view: newView('player'),
      times,
      storedSizes: new Map(pictured.map(({ id, width, height }) => [id, { width, height }])),
      cacheBytes: ownBytes - budgetBytes,
      source: this.videos ? new VideoTicks(source, this.videos, options.convertsVideo) : source,
      onTick: (entry) => this.arrived(entry),
      onMissed: (_tick, fault) => this.missed(fault),
    });
    this.seekLoop = new SeekLoop({
      loader: this.loader,
      ticks: times.length,
      commanded: () => this.commanded,
      isOnScreen: (entry) => this.shownEntry === entry && !this.isShownOutdated,
      paint: (entry) => this.paintInFrame(entry),
    });
    const periodNs = masterClockOf(episode).medianPeriodNs ?? 1e9 / 30;
    this.rate = new RateWatch(1e9 / periodNs);
    this.loop = new PlayLoop({
      times,
      periodNs,
      loader: this.loader,
      form: () => (this.loader.canScale() ? this.rate.form() : 'stored'),
      paint: (entry) => this.paint(entry),
      onDue: (tick) => this.command(tick),
      onEnded: () => this.pause(),
      onFrame: (nowMs, passedNs) => this.watchRate(nowMs, passedNs),
    });
  }

  state(): PlayerState {
    return this.current;
  }

  subscribe(listener: () => void): () => void {
    return added(this.stateListeners, listener);
  }

  shown(): ShownTick | undefined {
    return this.shownTick;
  }

  onShown(listener: (shown: ShownTick) => void): () => void {
    return added(this.shownListeners, listener);
  }

  commandedTick(): number {
    return this.commanded;
  }

  onCommanded(listener: (tick: number) => void): () => void {
    return added(this.commandedListeners, listener);
  }

  seek(tick: number, inputAt = performance.now()): void {
    const target = this.clamp(tick);
    this.seekLoop.moved(target - this.commanded);
    this.command(target);
    this.seekTimer.begin(target, inputAt);
    if (this.current.playing) {
      this.loader.supersede();
      this.loop.moveTo(target);
    }
    if (this.shownTick?.header.tick === target && !this.isShownOutdated) this.seekTimer.painted(target);
    this.restartRest();
    this.showOrAsk();
  }

  seekTime(ns: number, inputAt?: number): void {
    this.seek(Math.max(latestAtOrBefore(this.times, ns), 0), inputAt);
  }

  step(ticks: number, inputAt?: number): void {
    this.seek(this.commanded + ticks, inputAt);
  }

  stepTime(ns: number, inputAt?: number): void {
    const target = latestAtOrBefore(this.times, (this.times[this.commanded] ?? 0) + ns);
    // Where the recording has a gap, a step of a second must still lead somewhere else.
    const moved = target === this.commanded ? target + Math.sign(ns) : target;
    this.seek(moved, inputAt);
  }

  play(): void {
    if (this.current.playing || this.times.length === 0 || this.isDisposed) return;
    const { speed, loop } = this.current;
    const direction = speed < 0 ? -1 : 1;
    const isAtEnd = direction > 0 ? this.commanded >= this.times.length - 1 : this.commanded <= 0;
    const isOutside = loop !== null && (this.commanded < loop[0] || this.commanded > loop[1]);
    if (isOutside) this.command(direction > 0 ? loop[0] : loop[1]);
    else if (isAtEnd && !loop) this.command(direction > 0 ? 0 : this.times.length - 1);
    this.loader.supersede();
    this.seekLoop.clear();
    this.rate.restart(performance.now());
    this.update({ playing: true });
    this.loop.start(this.commanded, speed, loop);
  }

  pause(): void {
    if (!this.current.playing) return;
    this.loop.stop();
    this.loader.supersede();
    this.update({ playing: false, ...AT_REST });
    // Where one jumped to while playing is still to come on screen.
    if (this.shownTick?.header.tick !== this.commanded) this.showOrAsk();
    this.restartRest();
    this.seenReport.flush();
  }

  toggle(): void {
    if (this.current.playing) this.pause();
    else this.play();
  }

  shuttle(direction: -1 | 0 | 1): void {
    if (direction === 0) {
      this.pause();
      this.setSpeed(1);
      return;
    }
    const { playing, speed } = this.current;
    const isSameWay = playing && Math.sign(speed) === direction;
    this.setSpeed(isSameWay ? speed * 2 : direction);
    this.play();
  }

  setSpeed(speed: number): void {
    if (!Number.isFinite(speed) || speed === 0) return;
    const size = Math.min(Math.max(Math.abs(speed), SPEEDS.least), SPEEDS.most);
    const bounded = Math.sign(speed) * size;
    if (bounded === this.current.speed) return;
    this.update({ speed: bounded });
    if (!this.current.playing) return;
    this.rate.restart(performance.now());
    this.loop.start(this.commanded, bounded, this.current.loop);
  }

  setLoop(range: TickRange | null): void {
    const loop = range && ([this.clamp(Math.min(...range)), this.clamp(Math.max(...range))] as const);
    this.update({ loop });
    if (!this.current.playing) return;
    const isInside = !loop || (this.commanded >= loop[0] && this.commanded <= loop[1]);
    this.loop.start(isInside ? this.commanded : loop[0], this.current.speed, loop);
  }

  prepare(streams: readonly string[]): void {
    if (this.times.length > 0) this.loader.askAhead(streams, this.commanded);
  }

  setStreams(streams: readonly WantedStream[]): void {
    const isFirst = !this.loader.isTold();
    if (this.loader.setStreams(streams)) this.isShownOutdated = true;
    // Nothing could be asked for before: play begins now.
    if (isFirst && this.current.playing) this.loop.moveTo(this.commanded);
    this.showOrAsk();
  }

  refresh(): void {
    this.loader.forget();
    this.isShownOutdated = true;
    this.showOrAsk();
  }

  seen(): TickRange[] {
    return this.seenReport.ranges();
  }

  statistics() {
    return {
      decodeMs: this.loader.decodeMs.median(),
      workstationMs: this.loader.workstationMs.median(),
      transportMs: this.loader.transportMs.median(),
      paintMs: this.paintMs.median(),
      seekToPaintMs: this.seekTimer.medianMs(),
      cacheBytes: this.loader.bufferBytes() + (this.videos?.heldBytes() ?? 0),
      cacheLimitBytes: this.options.cacheBytes * SHARE_OF_CACHE,
      cachedTicks: this.loader.cachedTicks(),
      requestsInFlight: this.loader.pending(),
    };
  }

  dispose(): void {
    this.seenReport.flush();
    this.isDisposed = true;
    this.loop.stop();
    this.loader.dispose();
    this.timers.clear();
    this.stateListeners.clear();
    this.shownListeners.clear();
    this.commandedListeners.clear();
  }

  private showOrAsk(): void {
    if (this.isDisposed || this.current.playing || this.times.length === 0 || !this.loader.isTold()) return;
    this.seekLoop.showOrAsk();
  }

  private arrived(entry: CachedTick): void {
    this.retry.succeeded();
    if (!this.loader.isTold()) return;
    if (this.current.fault !== null) this.update({ fault: null });
    if (this.current.playing) {
      this.loop.arrived();
      return;
    }
    if (this.seekLoop.isProgress(entry)) this.paintInFrame(entry);
    this.showOrAsk();
  }

  private missed(fault: string | undefined): void {
    // Asked ahead and in vain: the panes will ask for themselves.
    if (!this.loader.isTold()) return;
    const again = () => {
      if (this.current.playing) this.loop.missed();
      else this.showOrAsk();
    };
    if (fault === undefined) {
      again();
      return;
    }
    this.update({ fault });
    this.retry.after(again);
  }

  private paintInFrame(entry: CachedTick): void {
    this.frameGate.pass(
      () => this.paint(entry),
      () => this.showOrAsk(),
    );
  }

  private paint(entry: CachedTick): void {
    if (this.isDisposed) return;
    this.frameGate.close();
    const startedAt = performance.now();
    const shown = shownTickOf(entry.received);
    this.loader.hold(entry);
    this.shownEntry = entry;
    this.shownTick = shown;
    this.isShownOutdated = false;
    for (const listener of this.shownListeners) listener(shown);
    const paintedAt = performance.now();
    this.paintMs.add(paintedAt - startedAt);
    this.seenReport.add(entry.tick);
    this.rate.painted(paintedAt);
    this.seekLoop.painted(entry.tick, paintedAt);
    this.seekTimer.painted(entry.tick);
    const pixels = pixelsOf(shown);
    if (pixels !== this.current.pixels) this.update({ pixels });
  }

  private command(tick: number): void {
    if (tick === this.commanded) return;
    this.commanded = tick;
    for (const listener of this.commandedListeners) listener(tick);
  }

  /** Stored pixels replace scaled ones once a person has rested on a moment. */
  private restartRest(): void {
    this.timers.cancel(this.restTimer);
    this.restTimer = this.timers.after(REST_MS, () => this.showOrAsk());
  }

  private watchRate(nowMs: number, passedNs: number): void {
    const { speed } = this.current;
    const achieved = this.rate.watch(nowMs, { passedNs, speed, canScale: this.loader.canScale() });
    if (achieved) this.update(achieved);
  }

  private update(change: Partial<PlayerState>): void {
    const isSame = Object.entries(change).every(([key, value]) => this.current[key as keyof PlayerState] === value);
    if (isSame) return;
    this.current = { ...this.current, ...change };
    for (const listener of this.stateListeners) listener();
  }

  private clamp(tick: number): number {
    return Math.min(Math.max(Math.round(tick), 0), Math.max(this.times.length - 1, 0));
  }
}

/** Scaled pixels are told before all else: they are what falls short. */
function pixelsOf({ header }: ShownTick): PlayerState['pixels'] {
  const samples = header.samples.filter(({ state }) => state === 'shown');
  if (samples.some(isScaled)) return 'scaled';
  const videos = samples.filter(({ format }) => format === 'video').length;
  if (videos === 0) return 'stored';
  return videos === samples.length ? 'decoded' : 'mixed';
}

function isScaled(sample: { state: string; width: number; storedWidth: number }): boolean {
  return sample.state === 'shown' && sample.width !== sample.storedWidth;
}

function added<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => set.delete(listener);
}
