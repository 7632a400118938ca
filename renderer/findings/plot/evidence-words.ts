import { formatTime } from '../../../shared/time/nanoseconds.ts';
import { type Evidence, type EvidenceLine, type EvidencePlot, short } from './evidence.ts';

/** One plot in words, for who cannot see it: what, where from and to, how far each line goes, its limits. */
export function plotInWords(
  { title, unit, lines, limits, repeats }: EvidencePlot,
  { window, event }: Pick<Evidence, 'window' | 'event'>,
): string {
  const named = unit === '' ? title : `${title} in ${unit}`;
  const from = `${named}, ${formatTime(window.startNs)} to ${formatTime(window.endNs)}`;
  const isOne = lines.length === 1;
  const said = lines.map((line) => {
    const found = extremesOf(line, event);
    const who = isOne ? '' : `${line.label}: `;
    if (!found) return `${who}nothing within the event`;
    return `${who}at most ${short(found.most)} at ${formatTime(found.mostNs)} and at least ${short(found.least)} within the event`;
  });
  const repeated = repeats
    .map(({ label, times }) => [label, times.filter((ns) => ns >= event.startNs && ns <= event.endNs).length] as const)
    .filter(([, count]) => count > 0)
    .map(([label, count]) => `${label} repeats ${count} picture${count === 1 ? '' : 's'}`);
  return [[from, ...said].join('; '), ...limits.map(({ label }) => label), ...repeated].join('. ');
}

function extremesOf(
  { times, values }: EvidenceLine,
  { startNs, endNs }: Evidence['event'],
): { least: number; most: number; mostNs: number } | null {
  let found: { least: number; most: number; mostNs: number } | null = null;
  for (let at = 0; at < times.length; at++) {
    const [ns, value] = [times[at] as number, values[at] as number];
    if (ns < startNs || ns > endNs || Number.isNaN(value)) continue;
    found ??= { least: value, most: value, mostNs: ns };
    if (value < found.least) found.least = value;
    if (value > found.most) Object.assign(found, { most: value, mostNs: ns });
  }
  return found;
}
