import { NS_PER_SECOND } from '../../shared/time/nanoseconds.ts';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';

export type GoTo =
  | { kind: 'tick'; tick: number }
  | { kind: 'ticks-by'; ticks: number }
  | { kind: 'time'; ns: number }
  | { kind: 'time-by'; ns: number }
  | { kind: 'share'; share: number };

const NUMBER = /^\d+(\.\d+)?$/;

/**
 * What a person may type to go somewhere: "372" a tick, "12.4s" a time, "1:02.4" minutes and seconds, "1:00:00" hours,
 * "+5s" or "-30" from here, "50%" of the recording. Undefined when it says nothing.
 */
export function parseGoTo(text: string): GoTo | undefined {
  const compact = text.trim().toLowerCase().replaceAll('−', '-').replaceAll(',', '.').replace(/\s+/g, '');
  const sign = compact.startsWith('+') ? 1 : compact.startsWith('-') ? -1 : 0;
  const body = sign === 0 ? compact : compact.slice(1);
  if (body.endsWith('%')) {
    const share = body.slice(0, -1);
    if (sign !== 0 || !NUMBER.test(share)) return undefined;
    return { kind: 'share', share: Math.min(1, Number(share) / 100) };
  }
  const seconds = parseSeconds(body);
  if (seconds !== undefined) {
    const ns = Math.round(seconds * NS_PER_SECOND);
    return sign === 0 ? { kind: 'time', ns } : { kind: 'time-by', ns: sign * ns };
  }
  if (!/^\d{1,12}$/.test(body)) return undefined;
  return sign === 0 ? { kind: 'tick', tick: Number(body) } : { kind: 'ticks-by', ticks: sign * Number(body) };
}

/** "12.4s", "300ms", "2min", "1:02.4", "1:00:02": seconds; undefined for anything else, plain numbers too. */
function parseSeconds(text: string): number | undefined {
  const unit = /^([\d.]+)(ms|s|sec|m|min|h)$/.exec(text);
  if (unit) {
    const [, value = '', name = ''] = unit;
    if (!NUMBER.test(value)) return undefined;
    return Number(value) * ({ ms: 0.001, s: 1, sec: 1, m: 60, min: 60, h: 3600 }[name] ?? Number.NaN);
  }
  const clock = /^(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d+)?)s?$/.exec(text);
  if (!clock) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = clock;
  if (Number(seconds) >= 60 || (clock[1] !== undefined && Number(minutes) >= 60)) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** The tick meant, from the one commanded now; times name the tick at or before them. Clamped to the recording. */
export function resolveGoTo(target: GoTo, times: ArrayLike<number>, current: number): number {
  const last = Math.max(0, times.length - 1);
  const clamp = (tick: number) => Math.min(last, Math.max(0, tick));
  const atTime = (ns: number) => clamp(latestAtOrBefore(times, ns));
  switch (target.kind) {
    case 'tick':
      return clamp(target.tick);
    case 'ticks-by':
      return clamp(current + target.ticks);
    case 'time':
      return atTime(target.ns);
    case 'time-by':
      return atTime((times[clamp(current)] ?? 0) + target.ns);
    case 'share':
      return clamp(Math.round(target.share * last));
  }
}
