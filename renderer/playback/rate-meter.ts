/** Events over the last window, by wall clock in milliseconds. */
export class RateMeter {
  private readonly stamps: number[] = [];
  private startedMs: number | undefined;

  constructor(private readonly windowMs = 1000) {}

  /** Starts counting anew: what came before (a rest, another speed) says nothing of the rate now. */
  restart(nowMs: number): void {
    this.stamps.length = 0;
    this.startedMs = nowMs;
  }

  add(nowMs: number): void {
    this.startedMs ??= nowMs;
    this.stamps.push(nowMs);
    this.trim(nowMs);
  }

  /** Events a second over the window, or over the time since the start while that is shorter; 0 before any. */
  perSecond(nowMs: number): number {
    this.trim(nowMs);
    if (this.startedMs === undefined) return 0;
    const spanMs = Math.min(nowMs - this.startedMs, this.windowMs);
    return spanMs < 1 ? 0 : (this.stamps.length * 1000) / spanMs;
  }

  /** Whether a whole window has been watched. */
  isFull(nowMs: number): boolean {
    return this.startedMs !== undefined && nowMs - this.startedMs >= this.windowMs;
  }

  private trim(nowMs: number): void {
    let old = 0;
    while (old < this.stamps.length && (this.stamps[old] as number) <= nowMs - this.windowMs) old += 1;
    if (old > 0) this.stamps.splice(0, old);
  }
}

/** Median of the last values; undefined before the first. */
export class RecentMedian {
  private readonly values: number[] = [];
  private next = 0;

  constructor(private readonly size = 31) {}

  add(value: number): void {
    this.values[this.next] = value;
    this.next = (this.next + 1) % this.size;
  }

  median(): number | undefined {
    if (this.values.length === 0) return undefined;
    return [...this.values].sort((a, b) => a - b)[this.values.length >> 1];
  }
}
