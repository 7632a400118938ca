import { formatTime } from '../../shared/time/nanoseconds.ts';
import { decisionOf } from './filter.ts';
import { classWord, type QueueEvent, type QueueRecording } from './queue.ts';
import type { QueueScope } from './scope.ts';

/** At most this far beyond its limit, as a share of it, an event is called borderline. */
export const BORDERLINE = 0.25;

const DECISION_WORDS: Readonly<Record<string, string>> = {
  undecided: 'Undecided',
  keep: 'Keep',
  cut: 'Cut',
  merge: 'Merged',
};

/** How a decision is called: "Undecided", "Cut", "Merged". */
export function decisionWord(value: string): string {
  return DECISION_WORDS[value] ?? value;
}

/** Start and end, where they are known: those of an event made by hand are so while its recording is open. */
export function spanOf(event: QueueEvent, times: Float64Array | null): { startNs: number; endNs: number } | null {
  const [first, last] = event.ticks;
  if (times) return { startNs: times[first] ?? 0, endNs: times[last] ?? 0 };
  return event.finding && { startNs: event.finding.startNs, endNs: event.finding.endNs };
}

/** "0:05.200, ticks 40–60, 0.67 s". */
export function placeText(event: QueueEvent, times: Float64Array | null): string {
  const [first, last] = event.ticks;
  const span = spanOf(event, times);
  const ticks = first === last ? `tick ${first}` : `ticks ${first}–${last}`;
  const lengthNs = span ? span.endNs - span.startNs : 0;
  return [span && formatTime(span.startNs), ticks, lengthNs > 0 ? `${(lengthNs / 1e9).toFixed(2)} s` : null]
    .filter(Boolean)
    .join(', ');
}

/** Which recording of a wider scope: "episode_003", "2026-07-02, episode_003". */
export function recordingName({ path, date }: Pick<QueueRecording, 'path' | 'date'>, scope: QueueScope): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z0-9]+$/i, '');
  return scope === 'task' && date !== '' ? `${date}, ${name}` : name;
}

export function isBorderline({ margin, hand }: QueueEvent): boolean {
  return margin !== null && margin <= BORDERLINE && hand === null;
}

/** "1.2 × its limit". */
export function marginText(margin: number): string {
  const times = 1 + margin;
  return `${times >= 10 ? Math.round(times) : times.toFixed(times < 2 ? 2 : 1)} × its limit`;
}

/** 0…1 of a bar: on the limit, half way at twice the limit, full far beyond. */
export function marginShare(margin: number): number {
  return margin / (1 + margin);
}

/** The whole row in words, for who hears it. */
export function spokenEvent(event: QueueEvent, times: Float64Array | null, scope: QueueScope): string {
  return [
    classWord(event.class),
    event.side,
    scope === 'episode' ? null : recordingName(event.recording, scope),
    placeText(event, times),
    isBorderline(event) ? 'borderline' : null,
    event.hand ? 'made by hand' : null,
    decisionWord(decisionOf(event)).toLowerCase(),
    event.decision?.movedFrom ? 'it has moved since' : null,
    event.decision?.verdict.note ? `note: ${event.decision.verdict.note}` : null,
  ]
    .filter(Boolean)
    .join(', ');
}
