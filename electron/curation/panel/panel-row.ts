import type { PanelEvent, PanelSource } from './panel-source.ts';
import type { PictureThread } from './picture-thread.ts';

/** Panels in the making at once: enough for decoding, drawing and encoding to go on side by side. */
const AHEAD = 4;
/** Panels that come back from the encoder and are written again. */
const MOST_SPARE = AHEAD + 2;

/** The panels of a row of ticks, made ahead of who takes them. */
export class PanelRow {
  readonly #spare: ArrayBuffer[] = [];

  constructor(
    private readonly source: PanelSource,
    private readonly thread: PictureThread,
    private readonly ticks: Iterable<number>,
    private readonly eventAt?: (tick: number) => PanelEvent,
  ) {}

  /** RGB, in the order of the ticks; each is the taker's own. */
  async *panels(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    const making: Promise<Uint8Array<ArrayBuffer> | null>[] = [];
    const ticks = this.ticks[Symbol.iterator]();
    const begin = () => {
      const { value: tick, done } = ticks.next();
      if (done) return;
      const event = this.eventAt?.(tick);
      const panel = this.source.panel(this.thread, tick, { into: this.#spare.pop(), ...(event ? { event } : {}) });
      // One that fails while nobody waits for it yet is heard of when its turn comes.
      panel.catch(() => undefined);
      making.push(panel);
    };
    try {
      await this.source.begin(this.thread);
      for (let at = 0; at < AHEAD; at += 1) begin();
      for (let next = making.shift(); next; next = making.shift()) {
        const panel = await next;
        begin();
        if (panel) yield panel;
      }
    } finally {
      await Promise.allSettled(making);
    }
  }

  /** Gives back a panel that nobody reads any more. */
  giveBack({ buffer }: Uint8Array): void {
    if (this.#spare.length < MOST_SPARE) this.#spare.push(buffer as ArrayBuffer);
  }
}
