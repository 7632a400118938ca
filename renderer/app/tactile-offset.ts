import type { Episode } from '../../shared/episode/episode.ts';

/**
 * What to tell of the tactile offset while an episode is open: one that is set changes what is seen, and one that the date
 * of a recording suggests is easily missed, because frames half a second late look right. Null where there is neither.
 */
export function offsetToTell(offset: number, suggestion: Episode['suggestedTactileOffset']): string | null {
  if (offset === 0 && !suggestion) return null;
  const isTaken = !suggestion || suggestion.ticks === offset;
  return `Tactile offset ${offset}${isTaken ? '' : `, suggested ${suggestion.ticks}`}`;
}
