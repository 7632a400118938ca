import type { Property } from '../../shared/review/review.ts';

/** What labs tell conditions apart by: offered where nobody used a key yet. */
export const COMMON_KEYS: readonly string[] = [
  'checkpoint_id',
  'scene',
  'software_version',
  'site',
  'operator',
  'lighting',
];

/** A number or yes and no only where the text is exactly what one is written as: "0012" is an id and stays one. */
export function propertyOf(text: string): Property {
  const trimmed = text.trim();
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  const number = Number(trimmed);
  return trimmed !== '' && Number.isFinite(number) && String(number) === trimmed ? number : trimmed;
}

/** "Checkpoint ID " as "checkpoint_id": keys that differ by writing alone would be two conditions. */
export function keyOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
    .slice(0, 100);
}

/** Keys to offer, each once: those used in the dataset, those the recording has, the common ones; without those said. */
export function keysToOffer(
  said: Readonly<Record<string, Property>>,
  used: readonly string[],
  recorded: readonly string[],
): string[] {
  const keys = new Set([...used, ...recorded, ...COMMON_KEYS]);
  return [...keys].filter((key) => !Object.hasOwn(said, key));
}
