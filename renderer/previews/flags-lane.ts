import { useMemo } from 'react';
import { flagsOf } from '../../shared/review/flags.ts';
import type { Review } from '../../shared/review/review.ts';
import { useSession } from '../app/session.ts';
import { withGestures } from '../review/gestures.ts';
import { useReviewState } from '../review/review-actions.ts';
import type { Lane, Mark } from '../timeline/lanes.ts';
import { flagTitle } from './flag-gestures.ts';

const HEIGHT_PX = 16;

/** What people flagged, everybody's on one lane; null where nothing was. */
export function flagsLane(review: Pick<Review, 'own' | 'others'> | null, lastTick: number): Lane | null {
  const flags = review ? flagsOf(review) : [];
  if (flags.length === 0) return null;
  const marks = flags.map(({ flag, isOwn, annotator }): Mark => {
    const words = [flagTitle(flag.kind), flag.side ?? ''].filter(Boolean).join(': ');
    const [first, last] = flag.ticks;
    return {
      ticks: [Math.min(first, lastTick), Math.min(last, lastTick)],
      text: [words, flag.text ?? '', isOwn ? '' : `by ${annotator}`].filter(Boolean).join(', '),
      shape: 'flag',
      tone: flag.kind === 'active_side' ? 'accent' : isOwn ? 'warning' : 'muted',
      label: words,
    };
  });
  return {
    id: 'flags',
    label: 'Flags',
    detail: `${marks.length} ${marks.length === 1 ? 'flag' : 'flags'} that people set: they go into the notes of the date.`,
    side: null,
    heightPx: HEIGHT_PX,
    content: { kind: 'marks', marks },
  };
}

/** The lane of the open episode, with what was just flagged. */
export function useFlagsLane(lastTick: number): Lane | null {
  const review = useSession((session) => session.review);
  const unsent = useReviewState((state) => state.unsent);
  return useMemo(
    () => flagsLane(review && { own: withGestures(review.own, unsent), others: review.others }, lastTick),
    [review, unsent, lastTick],
  );
}
