import type { TickRange } from '../../shared/time/ranges.ts';
import { SeenTicks } from './seen-ticks.ts';
import type { Timers } from './timers.ts';

const EVERY_MS = 2000;

/** Remembers what was painted and tells of it when it grew, at most every two seconds. */
export class SeenReport {
  private readonly ticks: SeenTicks;
  private reported = 0;
  private isWaiting = false;

  constructor(
    count: number,
    private readonly timers: Timers,
    private readonly onSeen?: (ranges: TickRange[]) => void,
  ) {
    this.ticks = new SeenTicks(count);
  }

  add(tick: number): void {
    this.ticks.add(tick);
    if (this.isWaiting || !this.onSeen) return;
    this.isWaiting = true;
    this.timers.after(EVERY_MS, () => {
      this.isWaiting = false;
      this.flush();
    });
  }

  ranges(): TickRange[] {
    return this.ticks.ranges();
  }

  /** Tells now, if there is anything new. */
  flush(): void {
    if (this.ticks.count() === this.reported) return;
    this.reported = this.ticks.count();
    this.onSeen?.(this.ticks.ranges());
  }
}
