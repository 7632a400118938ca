import { type PixelForm, PixelScale } from './pixel-scale.ts';
import { RateMeter } from './rate-meter.ts';

const EVERY_MS = 500;

/** Watches how many ticks a second play really paints, and picks stored or scaled pixels by it. */
export class RateWatch {
  private readonly rate = new RateMeter();
  private readonly scale = new PixelScale();
  private lastMs = 0;

  /** `ticksPerSecond`: what the recording asks for at speed 1. */
  constructor(private readonly ticksPerSecond: number) {}

  form(): PixelForm {
    return this.scale.current();
  }

  /** Play begins, or goes on at another speed. */
  restart(nowMs: number): void {
    this.scale.restart();
    this.rate.restart(nowMs);
  }

  painted(nowMs: number): void {
    this.rate.add(nowMs);
  }

  /** Twice a second the rate achieved; undefined between. */
  watch(
    nowMs: number,
    { speed, canScale }: { speed: number; canScale: boolean },
  ): { achievedTicksPerSecond: number; achievedSpeed: number } | undefined {
    if (nowMs - this.lastMs < EVERY_MS) return undefined;
    this.lastMs = nowMs;
    const achievedPerSecond = this.rate.perSecond(nowMs);
    if (canScale && this.rate.isFull(nowMs)) {
      const demandedPerSecond = Math.abs(speed) * this.ticksPerSecond;
      if (this.scale.observe({ nowMs, achievedPerSecond, demandedPerSecond })) this.rate.restart(nowMs);
    }
    return { achievedTicksPerSecond: achievedPerSecond, achievedSpeed: achievedPerSecond / this.ticksPerSecond };
  }
}
