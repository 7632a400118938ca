import { ORPCError } from '@orpc/client';
import { create } from 'zustand';
import type { Review } from '../../shared/review/review.ts';
import { api } from '../app/api.ts';
import { attempt, notify, sentenceOf } from '../app/notices.ts';
import { isOfOpenRecording, useSession } from '../app/session.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import { announce } from '../design/live-region.ts';
import type { Gesture } from './gestures.ts';
import { type NoteDraft, readDraft, writeDraft } from './note-draft.ts';
import { Outbox } from './outbox.ts';
import { knowReview, reviewAfter } from './told-reviews.ts';

/** What a person says of the open episode, on its way to the journal. The review itself is `session.review`. */
export interface ReviewState {
  /** Key of the recording in this browser's storage; null while none is open that can be reviewed. */
  recording: string | null;
  unsent: readonly Gesture[];
  draft: NoteDraft | null;
  isEditing: boolean;
}

const NOTHING: ReviewState = { recording: null, unsent: [], draft: null, isEditing: false };

export const useReviewState = create<ReviewState>(() => NOTHING);

/** Answers that will be the same at every try: by a rule of reviews, or because the gesture does not fit the contract. */
const REFUSALS: ReadonlySet<string> = new Set(['REFUSED', 'BAD_REQUEST']);

let outbox: Outbox | null = null;
let episodeInHand = '';

/** Follows the open episode and the connection for as long as the window lives. Answers the way to stop. */
export function followReview(): () => void {
  const follow = () => {
    const { open } = useSession.getState();
    const recording = open?.fingerprint ?? null;
    const id = open?.episode.id ?? '';
    // Two files may hold the same recording: gestures go by the one that is open.
    if (recording === useReviewState.getState().recording && id === episodeInHand) return;
    begin(recording, id);
  };
  follow();
  let connection = useSession.getState().connection;
  const stop = useSession.subscribe((session) => {
    follow();
    const isBack = session.connection === 'live' && (connection === 'lost' || connection === 'locked');
    connection = session.connection;
    if (isBack) void retry();
  });
  return () => {
    stop();
    begin(null, '');
  };
}

function begin(recording: string | null, episode: string): void {
  episodeInHand = episode;
  if (recording === null) {
    outbox = null;
    useReviewState.setState(NOTHING);
    return;
  }
  const mine: Outbox = new Outbox({
    send: async ({ id, name, patch }) =>
      accept(
        episode,
        await reviewAfter(episode, await api.review.gesture({ episode, recording, id, name, patch: [...patch] })),
      ),
    isRefused: (error) => error instanceof ORPCError && REFUSALS.has(error.code),
    onRefused: (gesture, sentence) =>
      notify('bad', sentence.includes(gesture.name) ? sentence : `"${gesture.name}" was not kept: ${sentence}`),
    keep: (text) => keepText(`unsent.${recording}`, text),
    kept: keptText(`unsent.${recording}`),
    sentenceOf,
    onChange: () => {
      if (outbox === mine) show(mine);
    },
  });
  outbox = mine;
  const draft = readDraft(keptText(`draft.${recording}`));
  useReviewState.setState({ recording, unsent: mine.unsent, draft, isEditing: false });
  if (mine.state !== 'idle') useSession.setState({ saveState: mine.state });
}

function show(from: Outbox): void {
  const before = useSession.getState().saveState;
  useReviewState.setState({ unsent: from.unsent });
  useSession.setState({ saveState: from.state });
  if (typeof from.state === 'object' && typeof before !== 'object') {
    announce(`Not saved: ${from.state.fault}`, 'assertive');
  }
  commandsMayHaveChanged();
}

function accept(episode: string, review: Review): void {
  if (isOfOpenRecording(episode, review)) useSession.setState({ review });
}

/** Whether the open episode can be reviewed now. */
export function canReview(): boolean {
  return outbox !== null && useSession.getState().review !== null;
}

/** Shown at once, kept as soon as the workstation has it; what cannot be kept stays here and is said. */
export async function perform(gesture: Gesture): Promise<void> {
  if (!outbox) return;
  const mine = outbox;
  const fate = await mine.push(gesture);
  if (mine === outbox && fate === 'kept') announce(gesture.name);
}

export async function retry(): Promise<void> {
  if (outbox && outbox.unsent.length > 0) await outbox.flush();
}

/** Drops what is unsent. Some of it may have arrived without an answer, so the review is read anew. */
export async function discardUnsent(): Promise<void> {
  outbox?.discard();
  const { open } = useSession.getState();
  if (!open) return;
  const { id } = open.episode;
  const review = await attempt(() => api.review.get({ episode: id }));
  if (review) accept(id, knowReview(review));
}

export const undo = (): Promise<void> => stepThroughHistory('undo');
export const redo = (): Promise<void> => stepThroughHistory('redo');

/**
 * What is on its way is waited for, so that it is undone like any other and can be had again. What cannot be sent is taken
 * back here; the rest is the workstation's, on this person's layer alone. What was sent without an answer may be there
 * already: it is sent again first, and then undone.
 */
async function stepThroughHistory(direction: 'undo' | 'redo'): Promise<void> {
  const { open } = useSession.getState();
  if (!open || !useSession.getState().review) return;
  const mine = outbox;
  if (mine?.state === 'saving') await mine.rest();
  if (mine !== outbox) return;
  const taken = direction === 'undo' ? outbox?.takeBack() : undefined;
  if (taken) {
    if (outbox) show(outbox);
    announce(`Taken back: ${taken.name}`);
    return;
  }
  if (outbox && typeof outbox.state === 'object' && (await outbox.settle()) !== 'kept') return;
  const name = useSession.getState().review?.[direction].name;
  const episode = open.episode.id;
  const recording = open.fingerprint ?? undefined;
  const answer = await attempt(async () => reviewAfter(episode, await api.review[direction]({ episode, recording })));
  if (!answer) return;
  accept(episode, answer);
  announce(name ? `${direction === 'undo' ? 'Undone' : 'Redone'}: ${name}` : 'Nothing to change');
}

/** Keeps the note being written; null lets it go. */
export function keepDraft(draft: NoteDraft | null, isEditing = draft !== null): void {
  const { recording } = useReviewState.getState();
  if (recording) keepText(`draft.${recording}`, writeDraft(draft));
  useReviewState.setState({ draft, isEditing });
}

const PREFIX = 'regrasp.review.';

/** What this browser keeps of a recording's review until the workstation has it: "unsent.<fingerprint>", "draft.<fingerprint>". */
export function keptText(key: string): string {
  try {
    return localStorage.getItem(PREFIX + key) ?? '';
  } catch {
    return '';
  }
}

/** Empty text removes. */
export function keepText(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, text);
  } catch {
    // No storage here: it lives as long as the page, as everything else then.
  }
}
