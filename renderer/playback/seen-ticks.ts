import { normalizeRanges, type TickRange } from '../../shared/time/ranges.ts';

/** Which ticks were painted, one bit a tick, so that counting one costs nothing while playing. */
export class SeenTicks {
  private readonly bits: Uint8Array;
  private grown = 0;

  constructor(count: number) {
    this.bits = new Uint8Array((count + 7) >> 3);
  }

  add(tick: number): void {
    const bit = 1 << (tick & 7);
    const at = tick >> 3;
    if (((this.bits[at] ?? bit) & bit) !== 0) return;
    this.bits[at] = (this.bits[at] as number) | bit;
    this.grown += 1;
  }

  /** How many ticks were added so far. */
  count(): number {
    return this.grown;
  }

  ranges(): TickRange[] {
    const found: [number, number][] = [];
    for (let tick = 0; tick < this.bits.length * 8; tick += 1) {
      if (((this.bits[tick >> 3] as number) & (1 << (tick & 7))) === 0) continue;
      const last = found.at(-1);
      if (last && last[1] === tick - 1) last[1] = tick;
      else found.push([tick, tick]);
    }
    return normalizeRanges(found);
  }
}
