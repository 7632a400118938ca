import { create } from 'zustand';
import type { Change } from '../../shared/review/review.ts';
import { api } from '../app/api.ts';
import { formatCount } from '../app/format.ts';
import { notify, sentenceOf } from '../app/notices.ts';
import { newId } from '../review/new-id.ts';
import { retry } from '../review/review-actions.ts';
import { keepTogether, type TogetherPart } from '../review/together.ts';

/** What is being said of many episodes at once: how many of them were looked up so far. Null while nothing is. */
export const useSaying = create<{ progress: { done: number; total: number } | null }>(() => ({ progress: null }));

/** Recordings that nobody opened yet have to be read to tell them apart: some at once, so that it can be followed and stopped. */
const AT_ONCE = 10;
/** As many as one step may hold. */
export const MOST_AT_ONCE = 10_000;
let run = 0;

/**
 * The same said of all of these episodes of a root, as one step with one undo. Those that cannot be told apart are left
 * out and told; where it is so already nothing is written.
 */
export async function sayOfMany(
  root: string,
  episodes: readonly string[],
  { name, patch }: { name: string; patch: readonly Change[] },
): Promise<void> {
  if (episodes.length > MOST_AT_ONCE) {
    notify('bad', `Choose at most ${MOST_AT_ONCE.toLocaleString('en-US')} episodes at once.`);
    return;
  }
  const mine = ++run;
  // What is on its way was said before this.
  await retry();
  const parts = new Map<string, TogetherPart>();
  const faults: string[] = [];
  try {
    for (let from = 0; from < episodes.length; from += AT_ONCE) {
      useSaying.setState({ progress: { done: from, total: episodes.length } });
      const found = await api.review.recordings({ root, episodes: episodes.slice(from, from + AT_ONCE) });
      if (mine !== run) return;
      for (const { episode, recording, fault } of found) {
        if (recording === null) faults.push(fault ?? `${episode} cannot be reviewed.`);
        // Two copies of one recording have one review.
        else if (!parts.has(recording)) parts.set(recording, { recording, episode, id: newId(), patch: [...patch] });
      }
    }
    for (const sentence of faultsInShort(faults)) notify('bad', sentence);
    if (parts.size === 0) return;
    const whole = `${name} in ${formatCount(parts.size, 'recording')}`;
    await keepTogether({ root, name: whole.slice(0, 200), parts: [...parts.values()] });
  } catch (error) {
    if (mine === run) notify('bad', sentenceOf(error));
  } finally {
    if (mine === run) useSaying.setState({ progress: null });
  }
}

/** Before anything is written. */
export function stopSaying(): void {
  run++;
  useSaying.setState({ progress: null });
}

/** One fault in full; of more, the first and how many there are. */
export function faultsInShort(faults: readonly string[]): string[] {
  const [first] = faults;
  if (first === undefined) return [];
  return faults.length === 1 ? [first] : [`${faults.length} episodes were left out. The first: ${first}`];
}
