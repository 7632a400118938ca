import { create } from 'zustand';
import { notify } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { newId } from '../review/new-id.ts';
import { perform, retry } from '../review/review-actions.ts';
import { keepTogether } from '../review/together.ts';
import { bulkName, partsOf } from './bulk.ts';
import { currentQueue, eventInHand } from './current-queue.ts';
import { useFindings } from './findings-state.ts';
import { settleMove } from './moving-edge.ts';
import { classInSentence } from './queue.ts';
import { type BulkTarget, bulkTarget } from './scope.ts';
import { useScope } from './scope-state.ts';

/** A verdict on many at once that is being confirmed. */
export interface BulkState {
  asked: { target: BulkTarget; value: 'keep' | 'cut' } | null;
  isSaving: boolean;
}

export const useBulk = create<BulkState>(() => ({ asked: null, isSaving: false }));

/** The class that a verdict on many would fall on: that of the event in hand, else the only one that is undecided. */
function bulkClass(): string | null {
  const { shown } = currentQueue();
  const inHand = eventInHand();
  if (inHand) return bulkTarget(shown, inHand.class).events.length > 0 ? inHand.class : null;
  const classes = new Set(shown.filter(({ decision }) => decision === null).map((event) => event.class));
  return classes.size === 1 ? ([...classes][0] as string) : null;
}

/** Asks, with the count, before anything is decided. */
export function askBulk(value: 'keep' | 'cut', of = bulkClass()): void {
  if (of === null) {
    const inHand = eventInHand();
    const sentence = inHand
      ? `No ${classInSentence(inHand.class)} that is shown is undecided.`
      : 'Choose a finding first: all undecided ones of its class are decided at once.';
    notify('info', sentence);
    return;
  }
  const target = bulkTarget(currentQueue().shown, of);
  if (target.events.length > 0) useBulk.setState({ asked: { target, value } });
}

/** What was asked, with a note on each ("" for none): one step, whatever the number of recordings. */
export async function decideBulk(note: string): Promise<void> {
  const { asked } = useBulk.getState();
  const { open } = useSession.getState();
  if (!asked || !open) return;
  const { target, value } = asked;
  const { all } = currentQueue();
  const name = bulkName(target, value);
  const parts = partsOf(target, value, { name, note: note.trim(), all });
  await settleMove();
  const [only] = parts;
  if (parts.length === 1 && only?.episode === open.episode.id) {
    useBulk.setState({ asked: null });
    await perform({ name, patch: only.patch });
    notify('good', `${name}.`);
    return;
  }
  useBulk.setState({ isSaving: true });
  const isKept = await decideTogether(open.episode.root, name, parts);
  useBulk.setState({ isSaving: false, ...(isKept ? { asked: null } : {}) });
  useFindings.setState(({ selected }) => ({ focusOn: selected }));
}

async function decideTogether(root: string, name: string, parts: ReturnType<typeof partsOf>): Promise<boolean> {
  // What is on its way was said before this.
  await retry();
  const { open } = useSession.getState();
  const { recordings } = useScope.getState();
  const fingerprintOf = (episode: string) =>
    episode === open?.episode.id ? open.fingerprint : recordings.get(episode)?.detected.fingerprint;
  const known = parts.flatMap(({ episode, patch }) => {
    const recording = fingerprintOf(episode);
    return recording ? [{ recording, id: newId(), patch: [...patch] }] : [];
  });
  return keepTogether({ root, name, parts: known });
}
