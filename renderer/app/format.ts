/** Numbers as people read them. */

/** "256 MB", "1.4 GB": decimal units, three figures at most. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 1 && value < 99.95 ? (value < 9.95 ? 1 : 0) : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : plural}`;
}

/**
 * Samples a second over all of a clock, "30.0 Hz"; "–" when there are too few stamps. A median step would mislead: stamps
 * that come in bursts lie close together, whatever the rate.
 */
export function formatRate({
  count,
  firstNs,
  lastNs,
}: {
  count: number;
  firstNs: number | null;
  lastNs: number | null;
}): string {
  const spanNs = (lastNs ?? 0) - (firstNs ?? 0);
  return count < 2 || spanNs <= 0 ? '–' : `${(((count - 1) * 1e9) / spanNs).toFixed(1)} Hz`;
}

/** A gap in milliseconds under ten seconds, else seconds. */
export function formatGap(ns: number | null): string {
  if (ns === null) return '–';
  const milliseconds = ns / 1e6;
  return milliseconds < 10_000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A recorded date as it stands where it is no date we can read. */
export function formatDate(text: string | null): string {
  if (text === null) return '–';
  const date = new Date(text);
  return Number.isNaN(date.getTime())
    ? text
    : date.toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
}

/** A name out of a file as words: "environment.lighting_mode" is "Environment lighting mode". */
export function inWords(name: string): string {
  const words = name.replaceAll(/[_.]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
