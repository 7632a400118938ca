/**
 * A held arrow key shows every tick, one after the other, at the pace of the recording. The system's key repeat only says
 * that the key is still down: it may be slower than the recording (every tick must come all the same) or faster (nothing
 * may queue up). So the first repeat starts this loop, and letting go ends it.
 */
export interface HeldStepsOptions {
  /** Takes one step. `inputAt` is performance.now() of the moment that asks for it. */
  step(direction: -1 | 1, inputAt: number): void;
  /** Whether what was asked for is on screen: the next step waits for it. */
  isCaughtUp(): boolean;
  /** Milliseconds between steps, if the screen keeps up. */
  intervalMs: number;
  now(): number;
  requestFrame(callback: () => void): number;
  cancelFrame(handle: number): void;
}

/** Where ticks cannot be had at all, stepping goes on this often, so that the playhead still moves. */
const PATIENCE_MS = 400;
/** No repeat for this long: the key came up where we could not hear it. */
const LOST_KEY_MS = 2000;
/** Frames come every 16.7 ms: a step due within this much of a frame is taken in it, or the pace would fall behind. */
const FRAME_SLACK_MS = 9;

export class HeldSteps {
  private direction: -1 | 0 | 1 = 0;
  private frame = 0;
  private lastStepAt = 0;
  /** When the next step is due: kept apart from when the last was taken, so that late frames do not add up. */
  private dueAt = 0;
  private lastRepeatAt = 0;

  constructor(private readonly options: HeldStepsOptions) {}

  get isHeld(): boolean {
    return this.direction !== 0;
  }

  /** A repeat of the key came in. */
  repeat(direction: -1 | 1): void {
    const now = this.options.now();
    this.lastRepeatAt = now;
    if (this.direction === direction) return;
    this.direction = direction;
    this.dueAt = now;
    this.lastStepAt = Number.NEGATIVE_INFINITY;
    if (this.frame === 0) this.onFrame();
  }

  /** The key came up, or the window lost it. */
  release(): void {
    this.direction = 0;
    this.options.cancelFrame(this.frame);
    this.frame = 0;
  }

  private onFrame(): void {
    this.frame = 0;
    const { direction } = this;
    if (direction === 0) return;
    const now = this.options.now();
    if (now - this.lastRepeatAt > LOST_KEY_MS) {
      this.release();
      return;
    }
    const isDue = now >= this.dueAt - FRAME_SLACK_MS;
    if (isDue && (this.options.isCaughtUp() || now - this.lastStepAt > PATIENCE_MS)) {
      this.dueAt = Math.max(this.dueAt, now - this.options.intervalMs) + this.options.intervalMs;
      this.lastStepAt = now;
      this.options.step(direction, now);
    }
    this.frame = this.options.requestFrame(() => this.onFrame());
  }
}
