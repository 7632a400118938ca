import type { QueueEvent } from '../../../shared/review/queue.ts';
import { countTicks, normalizeRanges, type TickRange } from '../../../shared/time/ranges.ts';

/** What became of the events of one failure mode, and of the frames they cover; frames count once, whatever shares them. */
export interface ModeCounts {
  class: string;
  events: { all: number; undecided: number; keep: number; cut: number };
  frames: { all: number; undecided: number; keep: number; cut: number };
}

export interface Counters {
  recordings: number;
  /** Recordings in which nothing was looked for yet, or that cannot be opened. */
  notDetected: number;
  durationNs: number;
  frames: number;
  undecided: number;
  /** Frames that some event cuts, and those left. */
  cutFrames: number;
  /** By failure mode, most frames first. */
  modes: ModeCounts[];
}

/** What is counted of one recording. */
export interface Counted {
  ticks: number | null;
  durationNs: number | null;
  /** Null where nothing was looked for. */
  events: readonly Pick<QueueEvent, 'class' | 'ticks' | 'decision'>[] | null;
}

export function countersOf(recordings: readonly Counted[]): Counters {
  const modes = new Map<string, ModeCounts>();
  let [cutFrames, undecided] = [0, 0];
  for (const { events } of recordings) {
    for (const of of new Set((events ?? []).map((event) => event.class))) {
      const mine = (events ?? []).filter((event) => event.class === of);
      const counts = modes.get(of) ?? { class: of, events: none(), frames: none() };
      modes.set(of, counts);
      for (const state of ['all', 'undecided', 'keep', 'cut'] as const) {
        const those = mine.filter((event) => state === 'all' || stateOf(event) === state);
        counts.events[state] += those.length;
        counts.frames[state] += framesOf(those);
      }
      undecided += mine.filter((event) => stateOf(event) === 'undecided').length;
    }
    cutFrames += framesOf((events ?? []).filter((event) => stateOf(event) === 'cut'));
  }
  return {
    recordings: recordings.length,
    notDetected: recordings.filter(({ events }) => events === null).length,
    durationNs: recordings.reduce((sum, { durationNs }) => sum + (durationNs ?? 0), 0),
    frames: recordings.reduce((sum, { ticks }) => sum + (ticks ?? 0), 0),
    ...{ undecided, cutFrames },
    modes: [...modes.values()].sort((a, b) => b.frames.all - a.frames.all || (a.class < b.class ? -1 : 1)),
  };
}

export function stateOf({ decision }: Pick<QueueEvent, 'decision'>): 'undecided' | 'keep' | 'cut' {
  const value = decision?.verdict.value;
  return value === 'keep' || value === 'cut' ? value : 'undecided';
}

const none = () => ({ all: 0, undecided: 0, keep: 0, cut: 0 });
const framesOf = (events: readonly { ticks: TickRange }[]) =>
  countTicks(normalizeRanges(events.map(({ ticks }) => ticks)));
