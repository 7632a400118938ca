import type { Review } from '../../shared/review/review.ts';

/** "Saved 12:03:10" by this machine's clock, with the date where it was another day. */
export function savedAtText(savedAt: string, now: Date): string {
  const at = new Date(savedAt);
  if (Number.isNaN(at.getTime())) return 'Saved';
  const pad = (value: number) => String(value).padStart(2, '0');
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return at.toDateString() === now.toDateString() ? `Saved ${time}` : `Saved ${day} ${time}`;
}

/**
 * Whether a review that was told is from before the one that is shown: an answer may overtake what was told before it. What
 * is made next is made from what is shown, so that it must not go back.
 */
export function isFromBefore(told: Review, shown: Review | null): boolean {
  if (shown?.fingerprint !== told.fingerprint || shown.annotator !== told.annotator) return false;
  return shown.savedAt !== null && (told.savedAt ?? '') < shown.savedAt;
}
