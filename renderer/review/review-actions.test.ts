import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Review } from '../../shared/review/review.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { setOutcome } from './gestures.ts';
import { followReview, perform, undo, useReviewState } from './review-actions.ts';

const review = vi.hoisted(() => ({ get: vi.fn(), gesture: vi.fn(), undo: vi.fn(), redo: vi.fn() }));
vi.mock('../app/api.ts', () => ({ api: { review } }));
vi.mock('../design/live-region.ts', () => ({ announce: vi.fn() }));
vi.stubGlobal('window', globalThis);

const FIRST = 'a'.repeat(64);
const SECOND = 'b'.repeat(64);
const reviewOf = (fingerprint: string) => ({ fingerprint, undo: { name: 'x' }, redo: { name: 'x' } }) as Review;
const opened = (fingerprint: string) => ({ episode: { id: 'root/a.h5' }, fingerprint }) as OpenEpisode;

let stop: () => void;
beforeEach(() => {
  vi.resetAllMocks();
  useSession.setState({ open: opened(FIRST), review: reviewOf(FIRST), saveState: 'idle' });
  stop = followReview();
});
afterEach(() => stop());

describe('what a person says while the file under the episode is replaced', () => {
  it('names the recording that was on screen, to the end', async () => {
    let answer = (_: Review) => {};
    review.gesture.mockImplementation(() => new Promise<Review>((resolve) => (answer = resolve)));
    const performing = perform(setOutcome('success'));
    expect(review.gesture).toHaveBeenCalledWith(expect.objectContaining({ episode: 'root/a.h5', recording: FIRST }));

    useSession.setState({ open: opened(SECOND), review: reviewOf(SECOND) });
    expect(useReviewState.getState()).toMatchObject({ recording: SECOND, unsent: [] });
    answer(reviewOf(FIRST));
    await performing;
    // What was answered for the one is never shown beside the pictures of the other.
    expect(useSession.getState().review?.fingerprint).toBe(SECOND);

    review.gesture.mockResolvedValue(reviewOf(SECOND));
    await perform(setOutcome('failure'));
    expect(review.gesture).toHaveBeenLastCalledWith(expect.objectContaining({ recording: SECOND }));
  });

  it('is undone where it was said', async () => {
    review.undo.mockResolvedValue(reviewOf(FIRST));
    await undo();
    expect(review.undo).toHaveBeenCalledWith({ episode: 'root/a.h5', recording: FIRST });
  });
});
