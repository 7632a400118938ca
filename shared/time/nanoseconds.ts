/**
 * Time inside Regrasp: integer nanoseconds from the episode's start, held in a JavaScript number.
 * Safe integers reach 104 days, far beyond any recording.
 */
export const NS_PER_SECOND = 1_000_000_000;

/** Seconds to integer nanoseconds, rounded to nearest. */
export function secondsToNs(seconds: number): number {
  return Math.round(seconds * NS_PER_SECOND);
}

export function nsToSeconds(ns: number): number {
  return ns / NS_PER_SECOND;
}

/** "12.40 s" under a minute, "1:02.40" above: what a person reads beside the playhead. */
export function formatTime(ns: number): string {
  const sign = ns < 0 ? '−' : '';
  const centiseconds = Math.round(Math.abs(ns) / 1e7);
  const minutes = Math.floor(centiseconds / 6000);
  const seconds = ((centiseconds % 6000) / 100).toFixed(2);
  return minutes === 0 ? `${sign}${seconds} s` : `${sign}${minutes}:${seconds.padStart(5, '0')}`;
}
