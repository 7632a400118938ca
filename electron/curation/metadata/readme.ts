import { Fault } from '../../fault.ts';

export const COUNTERS_BEGIN = '<!-- regrasp:counters -->';
export const COUNTERS_END = '<!-- /regrasp:counters -->';

export interface Counters {
  episodes: number;
  frames: number;
  seconds: number;
  tasks: number;
  dates: number;
}

/**
 * The text with its counters between the markers made anew; null where there are no markers. Throws Fault for markers that
 * do not come as one pair.
 */
export function withCounters(text: string, counters: Counters, file: string): string | null {
  const [begins, ends] = [COUNTERS_BEGIN, COUNTERS_END].map((marker) => text.split(marker).length - 1);
  if (begins === 0 && ends === 0) return null;
  const begin = text.indexOf(COUNTERS_BEGIN) + COUNTERS_BEGIN.length;
  const end = text.indexOf(COUNTERS_END);
  if (begins !== 1 || ends !== 1 || end < begin)
    throw new Fault(
      'REFUSED',
      `${file} was left alone: it needs ${COUNTERS_BEGIN} once, and ${COUNTERS_END} once behind it.`,
    );
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text.slice(0, begin)}${eol}${tableOf(counters).join(eol)}${eol}${text.slice(end)}`;
}

function tableOf({ episodes, frames, seconds, tasks, dates }: Counters): string[] {
  const grouped = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
  return [
    '| | |',
    '|---|---|',
    `| Episodes | ${grouped(episodes)} |`,
    `| Frames | ${grouped(frames)} |`,
    `| Duration | ${durationOf(seconds)} |`,
    `| Tasks, dates | ${tasks}, ${dates} |`,
  ];
}

function durationOf(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
