import type { Timers } from './timers.ts';

const WAITS_MS = [250, 500, 1000, 2000, 4000] as const;

/** Tries again after a failure, more patiently each time, one attempt waiting at most. */
export class Retry {
  private failures = 0;
  private isWaiting = false;

  constructor(private readonly timers: Timers) {}

  after(again: () => void): void {
    if (this.isWaiting) return;
    const waitMs = WAITS_MS[Math.min(this.failures, WAITS_MS.length - 1)] as number;
    this.failures += 1;
    this.isWaiting = true;
    this.timers.after(waitMs, () => {
      this.isWaiting = false;
      again();
    });
  }

  succeeded(): void {
    this.failures = 0;
  }
}
