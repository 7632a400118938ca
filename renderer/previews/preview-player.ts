import { formatTime } from '../../shared/time/nanoseconds.ts';
import { type FrameClock, positionOf, tickAt, tickWithin } from './frame-time.ts';

/** Speeds of a preview: slower to look, up to eight times to get through a date. */
export const PREVIEW_SPEEDS = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8] as const;

export interface PreviewState {
  readonly isPlaying: boolean;
  readonly speed: number;
  /** A file was given. */
  readonly isLoaded: boolean;
  /** The first frame is there. */
  readonly isReady: boolean;
  /** What the browser said when it could not go on; null while it can. */
  readonly fault: 'decode' | 'network' | 'unsupported' | null;
}

/**
 * A video element played by ticks. What is on screen is told by the frame that was really presented, never by the clock of
 * the player; a step goes by what was asked for last, so that held keys add up while frames are on their way.
 */
export class PreviewPlayer {
  private video: HTMLVideoElement | null = null;
  private ticks = 0;
  private shown = 0;
  private wanted: number | null = null;
  private waiting: number | null = null;
  private current: PreviewState = { isPlaying: false, speed: 1, isLoaded: false, isReady: false, fault: null };
  private startAt = 0;
  private playsOn = false;
  private readonly tickListeners = new Set<() => void>();
  private readonly stateListeners = new Set<() => void>();
  private readonly endListeners = new Set<() => void>();
  private stopListening = () => {};

  state = (): PreviewState => this.current;

  /** Follows an element until it is given another one, or none. */
  attach(video: HTMLVideoElement | null): void {
    this.stopListening();
    this.video = video;
    if (!video) return;
    const on = <Name extends keyof HTMLMediaElementEventMap>(name: Name, run: () => void) => {
      video.addEventListener(name, run);
      return () => video.removeEventListener(name, run);
    };
    let isFollowing = true;
    const onFrame: VideoFrameRequestCallback = (_now, { mediaTime }) => {
      if (!isFollowing) return;
      // While a seek is under way the frame before may be told once more.
      if (this.wanted === null) this.show(tickAt(this.clock(), mediaTime));
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback?.(onFrame);
    const stops = [
      on('loadeddata', () => this.begin()),
      on('seeked', () => this.arrive()),
      on('play', () => this.change({ isPlaying: true })),
      on('pause', () => this.change({ isPlaying: false })),
      on('ended', () => {
        this.show(this.ticks - 1);
        for (const listener of this.endListeners) listener();
      }),
      on('error', () => this.fail()),
    ];
    this.stopListening = () => {
      isFollowing = false;
      for (const stop of stops) stop();
    };
  }

  /** Another file, from a tick on. An empty address is none. */
  load(address: string, ticks: number, { at = 0, plays = false } = {}): void {
    const { video } = this;
    this.ticks = ticks;
    this.startAt = at;
    this.playsOn = plays;
    this.wanted = null;
    this.waiting = null;
    this.shown = at;
    this.change({ isPlaying: false, isLoaded: address !== '', isReady: false, fault: null });
    this.tell();
    if (!video) return;
    if (address === '') {
      video.removeAttribute('src');
      video.load();
      return;
    }
    video.src = address;
    video.load();
  }

  /** Tick of the frame on screen; of the frame that was asked for while it is on its way. */
  tick(): number {
    return this.wanted ?? this.shown;
  }

  length(): number {
    return this.ticks;
  }

  toggle(): void {
    const { isPlaying, isReady } = this.current;
    if (isPlaying || (this.playsOn && !isReady)) this.pause();
    else this.play();
  }

  play(): void {
    const { video } = this;
    this.playsOn = this.current.isLoaded;
    if (!video || !this.current.isReady) return;
    if (this.tick() >= this.ticks - 1) this.seek(0);
    video.playbackRate = this.current.speed;
    // Taken back at once by a pause or another file: nothing to tell.
    void video.play().catch(() => undefined);
  }

  pause(): void {
    this.playsOn = false;
    this.video?.pause();
  }

  seek(tick: number): void {
    const { video } = this;
    if (!video || !this.current.isLoaded) return;
    const target = Math.min(this.ticks - 1, Math.max(0, Math.round(tick)));
    if (!this.current.isReady) {
      // Where it will begin, then.
      this.startAt = target;
      this.show(target);
      return;
    }
    if (this.wanted !== null) {
      // One seek at a time: the last one asked for follows.
      this.waiting = target;
      this.wanted = target;
      this.tell();
      return;
    }
    this.wanted = target;
    video.currentTime = positionOf(this.clock(), target);
    this.tell();
  }

  /** Frame by frame is a look at a picture: play ends. */
  step(by: number): void {
    this.pause();
    this.seek(this.tick() + by);
  }

  stepSeconds(by: number): void {
    const { durationS } = this.clock();
    if (durationS > 0) this.seek(this.tick() + (by * this.ticks) / durationS);
  }

  setSpeed(speed: number): void {
    if (this.video) this.video.playbackRate = speed;
    this.change({ speed });
  }

  nextSpeed(by: 1 | -1): void {
    const { speed } = this.current;
    const next = by > 0 ? PREVIEW_SPEEDS.find((each) => each > speed) : PREVIEW_SPEEDS.findLast((each) => each < speed);
    if (next !== undefined) this.setSpeed(next);
  }

  /** Seconds of the file at a tick, null where there is no file; the recorded time stands in the picture. */
  secondsAt(tick: number): number | null {
    const { durationS } = this.clock();
    return durationS > 0 && this.ticks > 0 ? (tick * durationS) / this.ticks : null;
  }

  /** "2.00 s"; of a file that is not there no time is told. */
  timeText(tick: number): string {
    const seconds = this.secondsAt(tick);
    return seconds === null ? '–' : formatTime(seconds * 1e9);
  }

  onTick(listener: () => void): () => void {
    this.tickListeners.add(listener);
    return () => this.tickListeners.delete(listener);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  };

  onEnded(listener: () => void): () => void {
    this.endListeners.add(listener);
    return () => this.endListeners.delete(listener);
  }

  private clock(): FrameClock {
    const duration = this.video?.duration ?? 0;
    return { ticks: this.ticks, durationS: Number.isFinite(duration) ? duration : 0 };
  }

  private begin(): void {
    if (this.current.isReady) return;
    this.change({ isReady: true });
    if (this.video) this.video.playbackRate = this.current.speed;
    if (this.startAt > 0) this.seek(this.startAt);
    else this.show(0);
    if (this.playsOn) this.play();
  }

  private arrive(): void {
    const { waiting, video } = this;
    this.waiting = null;
    this.wanted = null;
    if (waiting !== null) this.seek(waiting);
    else if (video) this.show(tickWithin(this.clock(), video.currentTime));
  }

  private show(tick: number): void {
    this.shown = tick;
    this.tell();
  }

  private fail(): void {
    const { video } = this;
    if (!video?.hasAttribute('src')) return;
    const code = video.error?.code;
    const fault =
      code === MediaError.MEDIA_ERR_DECODE
        ? 'decode'
        : code === MediaError.MEDIA_ERR_NETWORK
          ? 'network'
          : 'unsupported';
    this.change({ fault, isPlaying: false, isLoaded: false, isReady: false });
  }

  private tell(): void {
    for (const listener of this.tickListeners) listener();
  }

  private change(part: Partial<PreviewState>): void {
    this.current = { ...this.current, ...part };
    for (const listener of this.stateListeners) listener();
  }
}
