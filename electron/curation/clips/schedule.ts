/** What of an event one clip shows: inclusive ticks, every tick or some of them. */
export interface Clip {
  /** "full", "onset", "mid1" …, "offset". */
  label: string;
  ticks: number[];
}

/** Ticks before and after an event. */
const LEAD = 30;
/** Ticks of the longest event that one clip shows whole, and of each part of a longer one. */
const PART = 150;
/** Ticks of an event from which its middle is shown too. */
const LONG = 450;
/** A clip that shows an event whole has about so many frames. */
export const SHORT_FRAMES = 60;

export type Schedule = 'short' | 'inspect';

/**
 * "short": one clip of about sixty frames from a second before an event to a second after it. "inspect": every tick; of an
 * event longer than five seconds its beginning and its end, of one longer than fifteen some of its middle as well.
 */
export function scheduleClips([a, b]: readonly [number, number], ticks: number, schedule: Schedule): Clip[] {
  const range = (from: number, to: number): number[] => {
    const first = Math.max(0, from);
    const last = Math.min(ticks - 1, to);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  };
  const whole = range(a - LEAD, b + LEAD);
  if (schedule === 'short') return [{ label: 'full', ticks: thinned(whole, SHORT_FRAMES) }];
  const length = b - a + 1;
  if (length <= PART) return [{ label: 'full', ticks: whole }];
  const onset = { label: 'onset', ticks: range(a - LEAD, a + PART - LEAD - 1) };
  const offset = { label: 'offset', ticks: range(b - PART + LEAD + 1, b + LEAD) };
  if (length <= LONG) return [onset, offset];
  const count = Math.min(6, Math.max(2, Math.round(length / 60)));
  const [first, last] = [a + PART - LEAD, b - PART + LEAD + 1 - PART];
  const mid = Array.from({ length: count }, (_, at) => {
    const start = Math.trunc(first + (at * (last - first)) / (count - 1));
    return { label: `mid${at + 1}`, ticks: range(start, start + PART - 1) };
  });
  return [onset, ...mid, offset];
}

/** A few more are shown all: a flicker of one tick between its leads must not be the one that is left out. */
const ABOUT = 1.25;

/** About `most` of them, evenly, the first and the last included. */
function thinned(ticks: readonly number[], most: number): number[] {
  if (ticks.length <= ABOUT * most) return [...ticks];
  return Array.from({ length: most }, (_, at) => ticks[Math.trunc((at * (ticks.length - 1)) / (most - 1))] as number);
}
