import { RecentMedian } from './rate-meter.ts';

const MEASURE = 'seek-to-paint';
const KEPT_MEASURES = 5000;

/** Leaves a User Timing measure per painted seek: from the input to the end of the frame that shows its last pane. */
export class SeekTimer {
  private readonly begun = new Map<number, number>();
  private readonly recent = new RecentMedian();
  private measures = 0;

  begin(tick: number, inputAtMs: number): void {
    // Many targets of a drag are never painted; theirs are forgotten.
    if (this.begun.size > 100) this.begun.clear();
    this.begun.set(tick, inputAtMs);
  }

  painted(tick: number): void {
    const start = this.begun.get(tick);
    if (start === undefined) return;
    this.begun.delete(tick);
    afterFrame((end) => {
      if (this.measures >= KEPT_MEASURES) performance.clearMeasures(MEASURE);
      this.measures = (this.measures % KEPT_MEASURES) + 1;
      performance.measure(MEASURE, { start: Math.min(start, end), end, detail: { tick } });
      this.recent.add(end - start);
    });
  }

  medianMs(): number | undefined {
    return this.recent.median();
  }
}

/** Runs once the next frame has been drawn: a message posted in an animation frame is heard after that frame's painting. */
function afterFrame(run: (nowMs: number) => void): void {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      run(performance.now());
    };
    channel.port2.postMessage(undefined);
  });
}
