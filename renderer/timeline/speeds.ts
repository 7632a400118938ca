/** Speeds the stepper and the menu offer; the shuttle doubles freely between the ends. */
export const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8] as const;

/** The next speed that way, keeping the direction of play; the same where there is none. */
export function nextSpeed(speed: number, by: -1 | 1): number {
  const size = Math.abs(speed);
  const sign = speed < 0 ? -1 : 1;
  const next =
    by > 0
      ? SPEEDS.find((candidate) => candidate > size + 1e-9)
      : SPEEDS.findLast((candidate) => candidate < size - 1e-9);
  return sign * (next ?? size);
}

/** "1×", "0.25×", "−2×". */
export function formatSpeed(speed: number): string {
  const size = Math.abs(speed);
  return `${speed < 0 ? '−' : ''}${size >= 10 ? size.toFixed(0) : Number(size.toFixed(2))}×`;
}

/** The speed really reached, to be told; undefined while it is what was asked for, to what a person can tell. */
export function shortfall(wanted: number, achieved: number): string | undefined {
  return isShort(Math.abs(wanted), achieved) ? formatSpeed(achieved) : undefined;
}

/** Ticks shown each second, and how many were wanted where that is more: "30.0/s", "37.0 of 120/s". */
export function formatRate(wanted: number, achieved: number): string {
  if (!(achieved > 0)) return '';
  return `${achieved.toFixed(1)}${isShort(wanted, achieved) ? ` of ${wanted.toFixed(0)}` : ''}/s`;
}

/** By more than a person can tell. */
export function isShort(wanted: number, achieved: number): boolean {
  return achieved > 0 && achieved < wanted * 0.95;
}
