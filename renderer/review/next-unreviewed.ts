import { api } from '../app/api.ts';
import { shownOrder } from '../app/episode-order.ts';
import { openEpisode } from '../app/episodes.ts';
import { attempt, notify } from '../app/notices.ts';
import { type Session, useSession } from '../app/session.ts';

/** What is told of a recording without opening it, as far as it matters here. */
export interface Told {
  episode: string;
  /** Why it cannot be opened; null where it can. */
  fault: string | null;
  review: { own: { outcome: unknown } } | null;
}

/**
 * The first episode after one, in the order given and round its end, that can be opened and has no outcome of this
 * person's. `told` answers what is known of the recordings that lie beside one; each place is asked for once.
 */
export async function firstUnreviewed(
  order: readonly string[],
  after: string | null,
  entries: Pick<Session, 'entries'>['entries'],
  told: (task: string, date: string) => Promise<readonly Told[]>,
): Promise<string | null> {
  const at = after === null ? -1 : order.indexOf(after);
  const settled = new Set<string>();
  const asked = new Set<string>();
  for (const id of [...order.slice(at + 1), ...order.slice(0, Math.max(0, at))]) {
    const entry = entries.get(id);
    if (!entry || entry.listsOthers) continue;
    const place = JSON.stringify([entry.task, entry.date]);
    if (!asked.has(place)) {
      asked.add(place);
      for (const { episode, fault, review } of await told(entry.task, entry.date))
        if (fault !== null || review?.own.outcome) settled.add(episode);
    }
    if (!settled.has(id)) return id;
  }
  return null;
}

/** Opens the next episode of the library, as it is sorted and filtered, that this person said no outcome of. */
export async function openNextUnreviewed(): Promise<void> {
  const { open, root, entries } = useSession.getState();
  if (!root) return;
  const next = await attempt(() => firstUnreviewed(shownOrder(), open?.episode.id ?? null, entries, toldOf(root)));
  if (next) await openEpisode(next);
  else if (next === null) notify('good', 'Every other episode of the list has an outcome.');
}

function toldOf(root: string): (task: string, date: string) => Promise<Told[]> {
  return async (task, date) => {
    const all: Told[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const page: { recordings: Told[]; next: number | null } = await api.outputs.list({ root, task, date, from });
      all.push(...page.recordings);
      from = page.next;
    }
    return all;
  };
}
