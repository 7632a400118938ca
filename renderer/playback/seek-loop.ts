import type { CachedTick } from './tick-cache.ts';
import type { TickLoader } from './tick-loader.ts';

export interface SeekLoopOptions {
  loader: TickLoader;
  /** Ticks of the recording. */
  ticks: number;
  /** Where the person is now. */
  commanded(): number;
  /** Whether these pixels are what is on screen, and still right. */
  isOnScreen(entry: CachedTick): boolean;
  paint(entry: CachedTick): void;
}

const IN_FLIGHT = 2;
const STEPS_AHEAD = 3;
/** A request this old is not waited for when a newer seek comes. */
const STALE_REQUEST_MS = 150;
/** While seeks keep coming something must be painted at least this often, so nothing is superseded. */
const STARVED_MS = 400;

/** Everything but play: brings the commanded tick to the screen, and reads ahead the way steps go. */
export class SeekLoop {
  private stepDirection: -1 | 0 | 1 = 0;
  /** Ticks asked for by seeks since the last paint of one: an arrival of one of them is progress and is shown. */
  private readonly sought = new Set<number>();
  private lastPaintMs = 0;

  constructor(private readonly options: SeekLoopOptions) {}

  /** The commanded tick moved by so many ticks: steps of one make a direction. */
  moved(distance: number): void {
    this.stepDirection = Math.abs(distance) === 1 ? (distance as -1 | 1) : 0;
  }

  /** Paints the commanded tick if it is here, else asks for it; then reads ahead. */
  showOrAsk(): void {
    const { loader, commanded, isOnScreen, paint } = this.options;
    const tick = commanded();
    const cached = loader.get(tick, 'stored');
    if (cached) {
      if (!isOnScreen(cached)) paint(cached);
      this.readAhead();
      return;
    }
    this.sought.add(tick);
    if (loader.isOnItsWay(tick, 'stored')) return;
    const nowMs = performance.now();
    const isStale = loader.oldestMs(nowMs) > STALE_REQUEST_MS && nowMs - this.lastPaintMs < STARVED_MS;
    if (this.stepDirection === 0 || isStale) this.supersedeReadAhead(isStale);
    if (loader.pending() < IN_FLIGHT || isStale) loader.ask(tick, 'stored', this.stepDirection);
  }

  /** Whether an arrival is to be shown: the tick itself, or an older target of a drag, which is closer to where the hand is than what is on screen. */
  isProgress({ tick, form }: CachedTick): boolean {
    return tick === this.options.commanded() || (form === 'stored' && this.sought.has(tick));
  }

  painted(tick: number, nowMs: number): void {
    this.lastPaintMs = nowMs;
    if (tick === this.options.commanded()) this.sought.clear();
    else this.sought.delete(tick);
  }

  /** Play takes over. */
  clear(): void {
    this.sought.clear();
  }

  /** A jump makes read-ahead worthless; seeks already on their way are let through, or a drag would show nothing. */
  private supersedeReadAhead(isStale: boolean): void {
    const { loader, commanded } = this.options;
    const isSeekOnItsWay = [...this.sought].some((tick) => tick !== commanded() && loader.isOnItsWay(tick, 'stored'));
    if (isStale || !isSeekOnItsWay) loader.supersede();
  }

  private readAhead(): void {
    if (this.stepDirection === 0) return;
    const { loader, commanded, ticks } = this.options;
    for (let ahead = 1; ahead <= STEPS_AHEAD && loader.pending() < IN_FLIGHT; ahead += 1) {
      const tick = commanded() + ahead * this.stepDirection;
      if (tick < 0 || tick >= ticks) return;
      if (loader.has(tick, 'stored') || loader.isOnItsWay(tick, 'stored')) continue;
      loader.ask(tick, 'stored', this.stepDirection);
    }
  }
}
