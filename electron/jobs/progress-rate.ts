/** Over how much of the recent past a rate is told. */
const WINDOW_MS = 8000;
/** A rate from less than this is a guess, and a time left from it a lie. */
const LEAST_MS = 700;

/** Units a second over the recent past, and the time left that follows from it. */
export class ProgressRate {
  private readonly points: { atMs: number; done: number }[] = [];

  add(atMs: number, done: number): void {
    const last = this.points[this.points.length - 1];
    if (last && done < last.done) this.points.length = 0;
    this.points.push({ atMs, done });
    while (this.points.length > 2 && atMs - (this.points[1]?.atMs ?? atMs) >= WINDOW_MS) this.points.shift();
  }

  /** Null until enough was seen. */
  perSecond(): number | null {
    const first = this.points[0];
    const last = this.points[this.points.length - 1];
    if (!first || !last || last.atMs - first.atMs < LEAST_MS || last.done <= first.done) return null;
    return ((last.done - first.done) * 1000) / (last.atMs - first.atMs);
  }

  leftMs(done: number, total: number | null): number | null {
    const rate = this.perSecond();
    return rate === null || total === null ? null : Math.round((Math.max(0, total - done) / rate) * 1000);
  }
}
