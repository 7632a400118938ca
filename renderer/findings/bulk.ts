import type { Change } from '../../shared/review/review.ts';
import { classInSentence, type QueueEvent } from './queue.ts';
import type { BulkTarget } from './scope.ts';
import { decideAll } from './verdict-gestures.ts';

export interface BulkPart {
  episode: string;
  patch: readonly Change[];
}

/** "Cut 12 findings of pose teleport in 3 recordings": name of the step, and what is asked before it. */
export function bulkName({ class: of, events, recordings }: BulkTarget, value: 'keep' | 'cut'): string {
  const verb = value === 'keep' ? 'Keep' : 'Cut';
  const what = `${verb} ${events.length.toLocaleString('en-US')} × ${classInSentence(of)}`;
  return recordings > 1 ? `${what} in ${recordings} recordings` : what;
}

/** What is written for each recording. `all` are the events of all of them. */
export function partsOf(
  { events }: BulkTarget,
  value: 'keep' | 'cut',
  { name, note, all }: { name: string; note: string; all: readonly QueueEvent[] },
): BulkPart[] {
  const episodes = new Set(events.map(({ recording }) => recording.episode));
  return [...episodes].map((episode) => {
    const chosen = events.filter(({ recording }) => recording.episode === episode);
    const there = all.filter(({ recording }) => recording.episode === episode);
    return { episode, patch: decideAll(name, chosen, value, { events: there, note }).patch };
  });
}
