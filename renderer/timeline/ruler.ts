import { NS_PER_SECOND } from '../../shared/time/nanoseconds.ts';
import type { TimeWindow } from './zoom.ts';

export interface RulerMark {
  readonly ns: number;
  /** Undefined on the small marks between. */
  readonly label: string | undefined;
}

/** Distances a person counts in, with the number of small marks that divide each evenly. */
const STEPS: readonly (readonly [seconds: number, parts: number])[] = [
  [0.001, 5],
  [0.002, 4],
  [0.005, 5],
  [0.01, 5],
  [0.02, 4],
  [0.05, 5],
  [0.1, 5],
  [0.2, 4],
  [0.5, 5],
  [1, 5],
  [2, 4],
  [5, 5],
  [10, 5],
  [15, 3],
  [30, 3],
  [60, 4],
  [120, 4],
  [300, 5],
  [600, 5],
  [900, 3],
  [1800, 3],
  [3600, 4],
  [7200, 4],
  [21600, 6],
  [86400, 4],
];

/** Marks of the ruler in the window, labels at least `labelPx` apart. */
export function rulerMarks(window: TimeWindow, widthPx: number, labelPx = 76): RulerMark[] {
  const lengthSeconds = (window.endNs - window.startNs) / NS_PER_SECOND;
  const perLabel = lengthSeconds / Math.max(1, widthPx / labelPx);
  const [seconds, parts] = STEPS.find(([candidate]) => candidate >= perLabel) ?? (STEPS.at(-1) as [number, number]);
  const smallNs = (seconds * NS_PER_SECOND) / parts;
  const marks: RulerMark[] = [];
  const from = Math.ceil(window.startNs / smallNs - 1e-9);
  const to = Math.floor(window.endNs / smallNs + 1e-9);
  for (let count = from; count <= to; count++) {
    const ns = Math.round(count * smallNs);
    marks.push({ ns, label: count % parts === 0 ? rulerLabel(ns, seconds) : undefined });
  }
  return marks;
}

/** "12.5 s", "1:05", "1:02:00": as many decimals as the distance between labels needs. */
export function rulerLabel(ns: number, stepSeconds: number): string {
  const decimals = stepSeconds >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(stepSeconds) - 1e-9));
  const scale = 10 ** decimals;
  const units = Math.round((Math.abs(ns) / NS_PER_SECOND) * scale);
  const sign = ns < 0 && units > 0 ? '−' : '';
  const whole = Math.floor(units / scale);
  const fraction = decimals > 0 ? `.${String(units % scale).padStart(decimals, '0')}` : '';
  if (whole < 60) return `${sign}${whole}${fraction} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const tail = `${pad(whole % 60)}${fraction}`;
  return hours > 0 ? `${sign}${hours}:${pad(minutes % 60)}:${tail}` : `${sign}${minutes}:${tail}`;
}

/** One line for every tick, where they stand at least `leastPx` apart; else none. Indices from..to inclusive. */
export function tickLinesVisible(ticksInWindow: number, widthPx: number, leastPx = 5): boolean {
  return ticksInWindow > 0 && widthPx / ticksInWindow >= leastPx;
}
