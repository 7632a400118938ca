import type { TickRange } from '../../shared/time/ranges.ts';
import type { PixelForm } from './pixel-scale.ts';
import { createPlayOrder, type PlayOrder } from './play-order.ts';
import { nextToAsk, pickToPaint } from './read-ahead.ts';
import type { CachedTick } from './tick-cache.ts';
import type { TickLoader } from './tick-loader.ts';

export interface PlayLoopOptions {
  times: Float64Array;
  /** Median period of the master clock. */
  periodNs: number;
  loader: TickLoader;
  form(): PixelForm;
  paint(entry: CachedTick): void;
  /** The tick the clock has reached. */
  onDue(tick: number): void;
  /** The last tick of the recording has been painted. */
  onEnded(): void;
  /** `passedNs`: recorded time that the clock went through since the frame before. */
  onFrame(nowMs: number, passedNs: number): void;
}

const IN_FLIGHT = 3;
const DEPTH = 3;
/** When nothing due has come for this long the clock waits: play goes on from where it stuck, it does not leap. */
const STALL_MS = 500;

/** Plays by the wall clock against recorded times: which tick is due follows from the time, never from a frame rate. */
export class PlayLoop {
  private order: PlayOrder;
  private direction: 1 | -1 = 1;
  private nsPerMs = 1e6;
  private anchorMs = 0;
  private anchorNs = 0;
  private shown = 0;
  private lastAsked: number | undefined;
  private readonly asked = new Set<number>();
  private frame: number | undefined;
  private lastFrameMs = 0;
  private lastClockNs = 0;
  private frameMs = 1000 / 60;

  constructor(private readonly options: PlayLoopOptions) {
    this.order = createPlayOrder(options.times, null, options.periodNs);
  }

  start(tick: number, speed: number, loop: TickRange | null): void {
    this.order = createPlayOrder(this.options.times, loop, this.options.periodNs);
    this.direction = speed < 0 ? -1 : 1;
    this.nsPerMs = speed * 1e6;
    this.moveTo(tick);
    if (this.frame === undefined) this.schedule();
  }

  /** Goes on from another tick. */
  moveTo(tick: number): void {
    this.anchorMs = performance.now();
    this.anchorNs = this.order.timeOf(tick);
    this.lastClockNs = this.anchorNs;
    this.lastFrameMs = this.anchorMs;
    // One before, so that the tick itself is painted first.
    this.shown = tick - this.direction;
    this.lastAsked = undefined;
    this.asked.clear();
    this.readAhead();
  }

  stop(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }

  arrived(): void {
    if (this.frame !== undefined) this.readAhead();
  }

  /** A request came to nothing: it is asked again if its moment has not passed. */
  missed(): void {
    if (this.frame === undefined) return;
    const form = this.options.form();
    const { loader } = this.options;
    for (const place of this.asked) {
      const tick = this.order.tickOf(place);
      if (!loader.has(tick, form) && !loader.isOnItsWay(tick, form)) this.asked.delete(place);
    }
    this.lastAsked = this.asked.size > 0 ? this.farthest() : undefined;
    this.readAhead();
  }

  private schedule(): void {
    this.frame = requestAnimationFrame(() => {
      this.schedule();
      this.run(performance.now());
    });
  }

  private run(nowMs: number): void {
    const sinceFrameMs = nowMs - this.lastFrameMs;
    this.lastFrameMs = nowMs;
    if (sinceFrameMs < 100) this.frameMs += (sinceFrameMs - this.frameMs) * 0.1;
    this.holdBackWhenStalled(nowMs);
    const clockNs = this.clockNs(nowMs);
    const passedNs = Math.max(0, (clockNs - this.lastClockNs) * this.direction);
    this.lastClockNs = clockNs;
    const due = this.order.dueAt(clockNs, this.direction);
    const ticksPerFrame = (Math.abs(this.nsPerMs) * this.frameMs) / this.options.periodNs;
    const place = pickToPaint({
      ready: this.ready(),
      shown: this.shown,
      due,
      direction: this.direction,
      ticksPerFrame,
    });
    if (place !== undefined) this.show(place);
    if (this.frame === undefined) return;
    this.options.onFrame(nowMs, passedNs);
    this.readAhead();
  }

  private show(place: number): void {
    const tick = this.order.tickOf(place);
    const { loader, form } = this.options;
    const entry = loader.get(tick, form()) ?? loader.get(tick, 'stored') ?? loader.get(tick, 'scaled');
    if (!entry) return;
    this.shown = place;
    for (const old of this.asked) if ((old - place) * this.direction <= 0) this.asked.delete(old);
    this.options.onDue(tick);
    this.options.paint(entry);
    if (place === (this.direction > 0 ? this.order.last : this.order.first)) this.options.onEnded();
  }

  private *ready(): Generator<number> {
    const { loader } = this.options;
    for (const place of this.asked) {
      const tick = this.order.tickOf(place);
      if (loader.has(tick, 'stored') || loader.has(tick, 'scaled')) yield place;
    }
  }

  private readAhead(): void {
    const { loader } = this.options;
    const form = this.options.form();
    const nowMs = performance.now();
    this.holdBackWhenStalled(nowMs);
    while (loader.pending() < IN_FLIGHT) {
      const place = nextToAsk({
        order: this.order,
        direction: this.direction,
        lastAsked: this.lastAsked,
        shown: this.shown,
        clockNs: this.clockNs(nowMs),
        // The clock will not run farther than that without a picture: what is due later would never be painted.
        latencyMs: Math.min(loader.latencyMs(), Math.max(0, STALL_MS - this.lateMs(nowMs))),
        nsPerMs: this.nsPerMs,
        depth: DEPTH,
      });
      if (place === undefined) return;
      // Reading ahead helps the workstation only where every tick is asked for; else it would decode what nobody asks.
      const isNext = this.lastAsked === undefined || place === this.lastAsked + this.direction;
      this.lastAsked = place;
      this.asked.add(place);
      const tick = this.order.tickOf(place);
      if (loader.has(tick, 'stored') || loader.has(tick, form) || loader.isOnItsWay(tick, form)) continue;
      loader.ask(tick, form, isNext ? this.direction : 0);
    }
  }

  private clockNs(nowMs: number): number {
    return this.anchorNs + (nowMs - this.anchorMs) * this.nsPerMs;
  }

  /** How long the tick after the one on screen has been due; negative while it is not. */
  private lateMs(nowMs: number): number {
    const next = this.shown + this.direction;
    const hasNext = next >= this.order.first && next <= this.order.last;
    return hasNext ? (this.clockNs(nowMs) - this.order.timeOf(next)) / this.nsPerMs : Number.NEGATIVE_INFINITY;
  }

  /** Keeps the clock within reach of what is on screen while ticks do not come. Gaps of the recording are no stall. */
  private holdBackWhenStalled(nowMs: number): void {
    if (this.lateMs(nowMs) <= STALL_MS) return;
    this.anchorNs = this.order.timeOf(this.shown + this.direction) + STALL_MS * this.nsPerMs;
    this.anchorMs = nowMs;
  }

  private farthest(): number {
    return this.direction > 0 ? Math.max(...this.asked) : Math.min(...this.asked);
  }
}
