import { Fault } from '../../fault.ts';
import { GIF_SCALES, paletteSizes } from '../gif/limits.ts';
import type { PanelEvent, PanelSource } from './panel-source.ts';
import type { PictureThread } from './picture-thread.ts';

export interface TicksGif {
  /** Shown one after the other. */
  ticks: readonly number[];
  /** How long each stays, hundredths of a second. */
  delaysCs: readonly number[];
  maxKib: number;
  /** Entries of the palette to begin with. */
  colors: number;
  eventAt?(tick: number): PanelEvent;
  /** Ticks that the GIF is there for: their colours are kept although they are few. */
  eventTicks?: readonly [number, number];
  /** For the sentence where it cannot be made small enough: what a person may do. */
  remedy: string;
  onFrame?(done: number, of: number): void;
}

export interface MadeGif {
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
  colors: number;
  scale: number;
  frames: number;
}

/** Each panel in the making holds five pictures. */
const AT_ONCE = 4;

/**
 * A GIF of these ticks' panels, after `begin` and whatever references the gels are shown against. Rejects with Fault where
 * even the smallest allowed picture is larger than `maxKib`.
 */
export async function gifOfTicks(source: PanelSource, thread: PictureThread, gif: TicksGif): Promise<MadeGif> {
  const { ticks, maxKib, colors } = gif;
  const making: Promise<unknown>[] = [];
  let done = 0;
  try {
    for (const tick of ticks) {
      const event = gif.eventAt?.(tick);
      const panel = source.panel(thread, tick, { keep: true, ...(event ? { event } : {}) });
      making.push(panel.then(() => gif.onFrame?.(++done, ticks.length)));
      if (making.length >= AT_ONCE) await making.shift();
    }
    await Promise.all(making);
  } finally {
    await Promise.allSettled(making);
  }
  const [first, last] = gif.eventTicks ?? [0, -1];
  const eventFrames = ticks.flatMap((tick, at) => (tick >= first && tick <= last ? [at] : []));
  const weighted = source.plan.tiles.filter(({ image }) => source.plan.images[image]?.kind === 'tactile');
  const { lastBytes, ...made } = await thread.ask({
    op: 'gif',
    order: {
      ...{ maxBytes: maxKib * 1024, scales: GIF_SCALES, palettes: paletteSizes(colors) },
      ...{ delaysCs: gif.delaysCs, weighted: weighted.map(({ area }) => area), eventFrames },
    },
  });
  if (made.bytes.length > 0) return { ...made, frames: ticks.length };
  const smallest = `${made.width}×${made.height} with ${made.colors} colours (${Math.ceil(lastBytes / 1024)} KiB)`;
  throw new Fault('UNUSABLE', `its GIF does not fit into ${maxKib} KiB even at ${smallest}: ${gif.remedy}.`);
}
