import type { TickRange } from '../time/ranges.ts';
import { nearest } from '../time/sampling.ts';
import type { RecipeRate } from './recipe.ts';

/** The frames of a unit: what is exported as frame i, and how true that is to the recording. */
export interface Grid {
  /** Tick of the recording behind each frame, ascending; a tick may stand behind several frames. */
  readonly ticks: Int32Array;
  /** Frames a second that the bundle states. */
  readonly fps: number;
  /** How far a frame's stated time (i / fps from the first) lies from its tick's recorded time at most. */
  readonly worstErrorNs: number;
  /** Ticks that stand behind more than one frame, and ticks of the range behind none. */
  readonly repeated: number;
  readonly skipped: number;
}

/**
 * Native: every tick is a frame, and the rate is that of the median period. Else frames at k / fps from the first tick as
 * far as the last one, each the tick whose recorded time is nearest, the earlier of two as near.
 *
 * @param times the recording's ticks, ns, ascending
 * @param range ticks of the unit, inclusive
 * @param medianPeriodNs of the recording's clock: the rate is the same for all units of it
 */
export function gridOf(times: Float64Array, range: TickRange, rate: RecipeRate, medianPeriodNs: number): Grid {
  const [first, last] = range;
  const fps = rate === 'native' ? 1e9 / medianPeriodNs : rate.numerator / rate.denominator;
  const startNs = times[first] as number;
  const own = times.subarray(first, last + 1);
  const count =
    rate === 'native' ? own.length : Math.floor((((times[last] as number) - startNs) / 1e9) * fps + 1e-9) + 1;
  const ticks = new Int32Array(count);
  let worstErrorNs = 0;
  let repeated = 0;
  let different = 0;
  for (let frame = 0; frame < count; frame++) {
    const at = startNs + (frame * 1e9) / fps;
    const tick = rate === 'native' ? first + frame : first + nearest(own, at);
    ticks[frame] = tick;
    worstErrorNs = Math.max(worstErrorNs, Math.abs((times[tick] as number) - at));
    if (frame > 0 && ticks[frame - 1] === tick) repeated++;
    else different++;
  }
  return { ticks, fps, worstErrorNs, repeated, skipped: own.length - different };
}
