import { type BuiltClock, describeClock } from '../common/clocks.ts';
import { recordedClock } from '../common/recorded-clock.ts';
import { type KeptStamps, keepStamps } from '../common/stamps.ts';

/** A message's own stamp is taken for sane where it lies this near to its log time. */
const SANE_SECONDS = 60;
/** Share of a topic's messages that must have a sane stamp for its stamps to be used. */
const SANE_SHARE = 0.9;

/** The stamps a topic is put on: Unix seconds of its messages' headers, or of the log. */
export interface TopicStamps {
  seconds: Float64Array;
  by: 'header stamps' | 'log times';
  kept: KeptStamps | null;
}

/** Header stamps where they are sane, which means on the clock of the log too; else the log's times. */
export function stampsOf(header: readonly number[], log: readonly number[]): TopicStamps {
  const sane = header.filter((stamp, i) => Math.abs(stamp - (log[i] as number)) <= SANE_SECONDS).length;
  if (sane > 0 && sane >= header.length * SANE_SHARE) {
    const seconds = Float64Array.from(header, (stamp, i) =>
      Math.abs(stamp - (log[i] as number)) <= SANE_SECONDS ? stamp : Number.NaN,
    );
    const kept = keepStamps(seconds);
    if (kept) return { seconds, by: 'header stamps', kept };
  }
  const seconds = Float64Array.from(log);
  return { seconds, by: 'log times', kept: keepStamps(seconds) };
}

/** The clock of a topic. Where the stamps say nothing all messages stand at the start, and a problem says so. */
export function clockOf(
  id: string,
  { seconds, by, kept }: TopicStamps,
  file: string,
  startSeconds: number,
): BuiltClock {
  const name = `${id} (${by})`;
  if (kept) {
    const where = `${file}: the clock of ${id}`;
    const built = recordedClock({ id, name, where, row: 'message' }, seconds, kept, startSeconds);
    return { ...built, problems: built.problems.map((problem) => ({ ...problem, stream: id })) };
  }
  const times = new Float64Array(seconds.length);
  const message = `${file}: the stamps of ${id} are all alike, so its ${seconds.length} messages stand at the start: record them with their times.`;
  const clock = describeClock(id, name, times, 'recorded', times.length < 2);
  return { clock, times, problems: [{ severity: 'error', code: 'no-timestamps', message, stream: id }] };
}
