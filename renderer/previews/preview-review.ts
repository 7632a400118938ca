import { ORPCError } from '@orpc/client';
import { create } from 'zustand';
import type { Review } from '../../shared/review/review.ts';
import { api } from '../app/api.ts';
import { attempt, notify, sentenceOf } from '../app/notices.ts';
import { isOfOpenRecording, useSession } from '../app/session.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import { announce } from '../design/live-region.ts';
import type { Gesture } from '../review/gestures.ts';
import { newId } from '../review/new-id.ts';
import { keepText, keptText } from '../review/review-actions.ts';
import { reviewAfter } from '../review/told-reviews.ts';
import { putReview } from './outputs-state.ts';
import { currentRecording, useWatching } from './preview-state.ts';

/**
 * Gestures of the recording whose preview is in hand, although it is not the open episode. They go straight to its
 * journal; those that could not be kept stay here, each under its own id, until they are sent again.
 */
export interface PreviewReviewState {
  /** Gestures on their way. */
  saving: number;
  unsent: readonly UnsentGesture[];
  /** Why the last one could not be kept. */
  fault: string | null;
}

interface UnsentGesture extends Gesture {
  readonly id: string;
  readonly episode: string;
  readonly recording: string;
}

export const usePreviewReview = create<PreviewReviewState>(() => ({ saving: 0, unsent: [], fault: null }));

/** Whether something can be said of the preview in hand: its recording can be told from others. */
export function canFlag(): boolean {
  const { opened, current } = useWatching.getState();
  return opened !== null && opened.episode === current && opened.fingerprint !== null && currentReview() !== null;
}

export function currentReview(): Review | null {
  return currentRecording()?.review ?? null;
}

/** Keeps a gesture of the recording in hand. Answers whether it was kept. */
export async function say(gesture: Gesture): Promise<boolean> {
  const { opened } = useWatching.getState();
  if (!opened?.fingerprint) return false;
  const { episode, fingerprint: recording } = opened;
  return send({ ...gesture, id: newId(), episode, recording });
}

/** Sends what could not be kept, in the order in which it was said; stops at the first that fails again. */
export async function sayAgain(): Promise<void> {
  for (const gesture of usePreviewReview.getState().unsent) if (!(await send(gesture))) return;
}

/** Kept where the review of the recording looks for what was not sent, so that a closed page loses nothing. */
function keepUnsent(unsent: readonly UnsentGesture[], changed: UnsentGesture): void {
  usePreviewReview.setState({ unsent });
  const { recording } = changed;
  const mine = unsent.filter((each) => each.recording === recording);
  const isMine = new Set([changed, ...mine].map(({ id }) => id));
  // Others may wait there too: what was said of the episode while it was open.
  const gestures = [
    ...keptBefore(recording).filter(({ id }) => id === undefined || !isMine.has(id)),
    ...mine.map(({ id, name, patch }) => ({ id, name, patch })),
  ];
  keepText(`unsent.${recording}`, gestures.length === 0 ? '' : JSON.stringify(gestures));
}

function keptBefore(recording: string): readonly { id?: string }[] {
  try {
    const kept: unknown = JSON.parse(keptText(`unsent.${recording}`));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

async function send(gesture: UnsentGesture): Promise<boolean> {
  const { id, episode, recording, name, patch } = gesture;
  const others = () => usePreviewReview.getState().unsent.filter((each) => each.id !== id);
  usePreviewReview.setState(({ saving }) => ({ saving: saving + 1, fault: null }));
  try {
    accept(
      episode,
      await reviewAfter(episode, await api.review.gesture({ episode, recording, id, name, patch: [...patch] })),
    );
    if (usePreviewReview.getState().unsent.includes(gesture)) keepUnsent(others(), gesture);
    announce(name);
    return true;
  } catch (error) {
    const sentence = sentenceOf(error);
    // What is refused will be refused again.
    const isFinal = error instanceof ORPCError && (error.code === 'REFUSED' || error.code === 'BAD_REQUEST');
    if (isFinal) notify('bad', sentence);
    const { unsent } = usePreviewReview.getState();
    const waiting = unsent.includes(gesture) ? unsent : [...unsent, gesture];
    keepUnsent(isFinal ? others() : waiting, gesture);
    usePreviewReview.setState({ fault: isFinal ? null : sentence });
    return false;
  } finally {
    usePreviewReview.setState(({ saving }) => ({ saving: saving - 1 }));
  }
}

export const undoFlag = (): Promise<void> => step('undo');
export const redoFlag = (): Promise<void> => step('redo');

async function step(direction: 'undo' | 'redo'): Promise<void> {
  const { opened } = useWatching.getState();
  const name = currentReview()?.[direction].name;
  if (!opened?.fingerprint) return;
  const { episode, fingerprint: recording } = opened;
  const review = await attempt(async () => reviewAfter(episode, await api.review[direction]({ episode, recording })));
  if (!review) return;
  accept(episode, review);
  announce(`${direction === 'undo' ? 'Undone' : 'Redone'}: ${name ?? 'a step'}`);
}

function accept(episode: string, review: Review): void {
  putReview(episode, review);
  if (isOfOpenRecording(episode, review)) useSession.setState({ review });
  commandsMayHaveChanged();
}
