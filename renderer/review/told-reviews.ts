import type { Review } from '../../shared/review/review.ts';
import { afterStep, type ReviewStep } from '../../shared/review/step.ts';
import { api } from '../app/api.ts';

/**
 * The reviews this window knows, by recording. The workstation tells of changes alone: here they are put together to the
 * whole, and what does not follow from what is known is read anew.
 */
const known = new Map<string, Review>();
/** More than a window shows at once; each may be of thousands of records. */
const MOST_KNOWN = 8;

/** Answers the newer of what was read and what is known. */
export function knowReview(review: Review): Review {
  const before = known.get(review.fingerprint);
  const isOlder = before?.version.run === review.version.run && before.version.step > review.version.step;
  return isOlder && before.annotator === review.annotator ? before : keep(review);
}

/** The review of an episode after a step that was told. Rejects where it has to be read anew and cannot be. */
export async function reviewAfter(episode: string, step: ReviewStep): Promise<Review> {
  return reviewAtOnce(step) ?? knowReview(await api.review.get({ episode }));
}

/** The same where nothing has to be read; else null. */
export function reviewAtOnce(step: ReviewStep): Review | null {
  const before = known.get(step.fingerprint);
  const next = before ? afterStep(before, step) : null;
  return next && keep(next);
}

function keep(review: Review): Review {
  known.delete(review.fingerprint);
  known.set(review.fingerprint, review);
  for (const oldest of known.keys()) {
    if (known.size <= MOST_KNOWN) break;
    known.delete(oldest);
  }
  return review;
}
