/** Whether ticks are asked for as stored, or area-averaged to their panes' size. */
export type PixelForm = 'stored' | 'scaled';

export interface RateObservation {
  nowMs: number;
  /** Ticks painted a second over the last second, a whole second in this form and at this speed having been watched. */
  achievedPerSecond: number;
  /** Ticks a second that the speed asks for. */
  demandedPerSecond: number;
}

/** No screen of a workstation shows more: beyond it ticks are dropped by choice, not for want of speed. */
const FRAMES_PER_SECOND = 60;
const HELD = 0.85;
const WORTH_IT = 1.15;
const FIRST_RETRY_MS = 8000;
const LONGEST_RETRY_MS = 120_000;

/**
 * Stored pixels are the rule. Only where play was watched for a second and did not hold its rate do ticks come scaled, and
 * only as long as that shows clearly more of them (it spares the link, but costs the workstation the averaging). The other
 * form is tried again after a while, less often each time that was in vain.
 */
export class PixelScale {
  private form: PixelForm = 'stored';
  private storedPerSecond = 0;
  private scaledSinceMs = 0;
  private notScaledBeforeMs = 0;
  private retryMs = FIRST_RETRY_MS;

  current(): PixelForm {
    return this.form;
  }

  /** Play began or its speed changed: what was measured before does not hold for it. */
  restart(): void {
    this.form = 'stored';
    this.retryMs = FIRST_RETRY_MS;
    this.notScaledBeforeMs = 0;
  }

  /** Answers true when the form changed (the caller then watches anew). */
  observe({ nowMs, achievedPerSecond, demandedPerSecond }: RateObservation): boolean {
    const wanted = HELD * Math.min(demandedPerSecond, FRAMES_PER_SECOND);
    if (this.form === 'scaled') {
      const isWorthIt = achievedPerSecond >= WORTH_IT * this.storedPerSecond;
      if (isWorthIt && nowMs - this.scaledSinceMs < this.retryMs) return false;
      this.form = 'stored';
      this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
      this.notScaledBeforeMs = isWorthIt ? 0 : nowMs + this.retryMs;
      return true;
    }
    if (achievedPerSecond >= wanted || nowMs < this.notScaledBeforeMs) return false;
    this.form = 'scaled';
    this.storedPerSecond = achievedPerSecond;
    this.scaledSinceMs = nowMs;
    return true;
  }
}
