import { recordKey } from '../../shared/review/records.ts';
import type { Review } from '../../shared/review/review.ts';
import { type Gesture, withGestures } from '../review/gestures.ts';

let lastReview: Review | undefined;
let lastGestures: readonly Gesture[] | undefined;
let lastAnswer: Review | undefined;

/** A review with what this person just said and is not yet known to be kept. The same one for the same two, last asked. */
export function withUnsent(review: Review, gestures: readonly Gesture[], now = () => new Date()): Review {
  if (gestures.length === 0) return review;
  if (review === lastReview && gestures === lastGestures && lastAnswer) return lastAnswer;
  const own = withGestures(review.own, gestures);
  const said = { ...own.said };
  const at = now().toISOString();
  // The latest verdict on an event is in force, whoever gave it: this one is the latest.
  for (const { map, id } of gestures.flatMap(({ patch }) => patch)) {
    const key = recordKey(map, id);
    said[key] = { at, firstAt: said[key]?.firstAt ?? at };
  }
  lastReview = review;
  lastGestures = gestures;
  lastAnswer = { ...review, own: { ...own, said } };
  return lastAnswer;
}
