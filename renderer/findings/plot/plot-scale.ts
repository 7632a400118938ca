import type { EvidencePlot } from './evidence.ts';

const AIR = 1.1;
/** A limit keeps this share of the height below it at least, and what lies far beyond is cut off. */
const MOST_BEYOND = 5;

/** Bottom and top of a plot: its limits are always in sight, however far beyond them a value lies. */
export function scaleOf({ lines, limits, isFromZero }: EvidencePlot): [bottom: number, top: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of lines)
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  const marks = limits.map(({ value }) => value);
  if (!(high >= low)) [low, high] = [0, 1];
  if (isFromZero) {
    const limit = Math.max(0, ...marks);
    if (limit === 0) return [0, high > 0 ? high * AIR : 1];
    return [0, Math.min(Math.max(high * AIR, limit * 1.25), limit * MOST_BEYOND)];
  }
  // A limit far from what was recorded would flatten it: it is left out of sight then.
  const span = Math.max(high - low, Math.abs(high) * 1e-6, 1e-6);
  const near = marks.filter((mark) => mark >= low - 2 * span && mark <= high + 2 * span);
  const [least, most] = [Math.min(low, ...near), Math.max(high, ...near)];
  const air = (most - least || span) * 0.08;
  return [least - air, most + air];
}
