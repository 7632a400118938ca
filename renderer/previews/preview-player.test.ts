import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PreviewPlayer } from './preview-player.ts';

/** A video element as far as the player uses it: seeks and frames come when the test says so. */
class VideoDouble extends EventTarget {
  src = '';
  duration = Number.NaN;
  playbackRate = 1;
  isPaused = true;
  error: { code: number } | null = null;
  readonly positions: number[] = [];
  private frame: VideoFrameRequestCallback = () => {};

  get currentTime(): number {
    return this.positions.at(-1) ?? 0;
  }
  set currentTime(seconds: number) {
    this.positions.push(seconds);
  }
  hasAttribute = (): boolean => this.src !== '';
  removeAttribute(): void {
    this.src = '';
  }
  load(): void {}
  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    this.frame = callback;
    return 1;
  }
  async play(): Promise<void> {
    this.isPaused = false;
    this.dispatchEvent(new Event('play'));
  }
  pause(): void {
    this.isPaused = true;
    this.dispatchEvent(new Event('pause'));
  }
  present(mediaTime: number): void {
    this.frame(0, { mediaTime } as VideoFrameCallbackMetadata);
  }
  loaded(): void {
    this.duration = 4;
    this.dispatchEvent(new Event('loadeddata'));
  }
  arrived(): void {
    this.dispatchEvent(new Event('seeked'));
  }
}

const TICKS = 120;
/** Of a tick's frame at 30 a second, and the position that shows it. */
const middleOf = (tick: number) => (tick + 0.5) / 30;

let video: VideoDouble;
let player: PreviewPlayer;
beforeEach(() => {
  video = new VideoDouble();
  player = new PreviewPlayer();
  player.attach(video as unknown as HTMLVideoElement);
});

afterEach(() => vi.unstubAllGlobals());

function load(options = {}): void {
  player.load('/preview', TICKS, options);
  video.loaded();
}

describe('a preview', () => {
  it('says the tick of the frame that was presented, while it plays', async () => {
    load();
    player.play();
    expect(player.state()).toMatchObject({ isPlaying: true, isReady: true });
    video.present(17 / 30);
    expect(player.tick()).toBe(17);
  });

  it('begins where one was, and at what was asked for while it was on its way', () => {
    load({ at: 40 });
    expect(video.positions).toEqual([middleOf(40)]);
    player.load('/other', TICKS, { at: 10 });
    player.seek(55);
    player.play();
    expect(player.tick()).toBe(55);
    expect(video.isPaused).toBe(true);
    video.loaded();
    expect(video.positions.at(-1)).toBeCloseTo(middleOf(55));
    expect(video.isPaused).toBe(false);
  });

  it('adds up steps while frames are on their way, one seek at a time', () => {
    load();
    for (let step = 0; step < 5; step++) player.step(1);
    expect(player.tick()).toBe(5);
    expect(video.positions).toEqual([middleOf(1)]);
    // The frame before may be told once more: it is not where one is.
    video.present(0);
    expect(player.tick()).toBe(5);
    video.arrived();
    expect(video.positions).toEqual([middleOf(1), middleOf(5)]);
    video.arrived();
    expect(player.tick()).toBe(5);
    player.step(-99);
    expect(player.tick()).toBe(0);
  });

  it('goes by its own time, and no further than its ends', () => {
    load();
    player.stepSeconds(2);
    video.arrived();
    expect([player.tick(), player.secondsAt(60), player.timeText(60)]).toEqual([60, 2, '2.00 s']);
    player.stepSeconds(9);
    expect(player.tick()).toBe(TICKS - 1);
  });

  it('tells its end, and begins anew when it is played after that', () => {
    let ends = 0;
    player.onEnded(() => ends++);
    load();
    video.dispatchEvent(new Event('ended'));
    expect([ends, player.tick()]).toEqual([1, TICKS - 1]);
    player.play();
    expect(player.tick()).toBe(0);
  });

  it('keeps its speed from one file to the next', () => {
    load();
    for (let step = 0; step < 9; step++) player.nextSpeed(1);
    expect([player.state().speed, video.playbackRate]).toEqual([8, 8]);
    video.playbackRate = 1;
    load();
    expect(video.playbackRate).toBe(8);
  });

  it('says why it cannot be played, and moves no more', () => {
    vi.stubGlobal('MediaError', { MEDIA_ERR_NETWORK: 2, MEDIA_ERR_DECODE: 3 });
    player.load('/preview', TICKS);
    video.src = '/preview';
    video.error = { code: 4 };
    video.dispatchEvent(new Event('error'));
    expect(player.state()).toMatchObject({ fault: 'unsupported', isLoaded: false });
    player.seek(9);
    expect(player.tick()).toBe(0);
    player.load('/another', TICKS);
    expect(player.state()).toMatchObject({ fault: null, isLoaded: true });
  });

  it('moves nothing where there is no file', () => {
    player.load('', 0);
    player.seek(5);
    player.play();
    expect([player.tick(), player.timeText(5), video.isPaused, video.positions]).toEqual([0, '–', true, []]);
  });
});
