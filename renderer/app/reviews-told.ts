import type { Review } from '../../shared/review/review.ts';

/** What the workstation tells of reviews, for those who show more than the open recording's. */
export interface ReviewListener {
  onReview(episode: string, review: Review): void;
  /** Those of a root may have changed: which ones is not said. */
  onChanged(root: string): void;
}

const listeners = new Set<ReviewListener>();

/** Answers the way to stop. */
export function listenToReviews(listener: ReviewListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellReview(episode: string, review: Review): void {
  for (const { onReview } of listeners) onReview(episode, review);
}

export function tellReviewsChanged(root: string): void {
  for (const { onChanged } of listeners) onChanged(root);
}
