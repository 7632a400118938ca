import { commonTicks } from '../../shared/detect/ticks.ts';
import type { Episode } from '../../shared/episode/episode.ts';
import type { QueueEvent } from './queue.ts';

/** Whether a recording tells left from right. */
export function hasSides({ streams, tracks }: Pick<Episode, 'streams' | 'tracks'>): boolean {
  return (
    streams.some(({ position }) => position === 'left' || position === 'right') ||
    tracks.some(({ id }) => /left|right/.test(id))
  );
}

/** What an event of these ticks may be: as others that lie there agree; null where they do not, or none is. */
export function guessFor(
  events: readonly QueueEvent[],
  ticks: readonly [number, number],
  episode: Pick<Episode, 'streams' | 'tracks'>,
): { class: string | null; side: 'left' | 'right' | 'none' | null } {
  const there = events.filter((event) => commonTicks(event.ticks, ticks) > 0);
  const only = <Value>(values: readonly Value[]): Value | null => {
    const distinct = [...new Set(values)];
    return distinct.length === 1 ? (distinct[0] as Value) : null;
  };
  const side = only(there.map((event) => event.side ?? 'none'));
  return { class: only(there.map((event) => event.class)), side: hasSides(episode) ? side : 'none' };
}
