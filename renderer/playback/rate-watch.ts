import { type PixelForm, PixelScale } from './pixel-scale.ts';
import { RateMeter } from './rate-meter.ts';

const EVERY_MS = 500;

export interface AchievedRate {
  achievedTicksPerSecond: number;
  wantedTicksPerSecond: number;
  achievedSpeed: number;
}

/** Watches how fast play really goes and how many ticks a second it paints, and picks stored or scaled pixels by these. */
export class RateWatch {
  private readonly rate = new RateMeter();
  private readonly scale = new PixelScale();
  private lastMs = 0;
  private passedNs = 0;
  private passedSinceMs = 0;

  /** `ticksPerSecond`: what the recording asks for at speed 1. */
  constructor(private readonly ticksPerSecond: number) {}

  form(): PixelForm {
    return this.scale.current();
  }

  /** Play begins, or goes on at another speed. */
  restart(nowMs: number): void {
    this.scale.restart();
    this.rate.restart(nowMs);
    this.passedNs = 0;
    this.passedSinceMs = nowMs;
  }

  painted(nowMs: number): void {
    this.rate.add(nowMs);
  }

  /** After every frame, with the recorded time it went on by; twice a second the rate achieved, undefined between. */
  watch(
    nowMs: number,
    { passedNs, speed, canScale }: { passedNs: number; speed: number; canScale: boolean },
  ): AchievedRate | undefined {
    this.passedNs += passedNs;
    if (nowMs - this.lastMs < EVERY_MS) return undefined;
    this.lastMs = nowMs;
    const achievedSpeed = this.passedNs / 1e6 / Math.max(1, nowMs - this.passedSinceMs);
    this.passedNs = 0;
    this.passedSinceMs = nowMs;
    const achievedPerSecond = this.rate.perSecond(nowMs);
    const demandedPerSecond = Math.abs(speed) * this.ticksPerSecond;
    if (canScale && this.rate.isFull(nowMs)) {
      if (this.scale.observe({ nowMs, achievedPerSecond, demandedPerSecond })) this.rate.restart(nowMs);
    }
    return { achievedTicksPerSecond: achievedPerSecond, wantedTicksPerSecond: demandedPerSecond, achievedSpeed };
  }
}
