import { z } from 'zod';
import { EPISODE_RECORD, sameValue } from '../records.ts';
import { type Change, changeSchema, type Layer } from '../review.ts';
import type { Said } from './words.ts';

/** What publishing a review into its recording would do, for a person to read before it is done. */
export const publicationSchema = z.object({
  /**
   * ready: something is to be written. unchanged: the file says it already. nothing: there is no review and no other
   * instruction. refused: `reason` says why it cannot be.
   */
  state: z.enum(['ready', 'unchanged', 'nothing', 'refused']),
  reason: z.string().nullable(),
  /** Whose group it is. */
  annotator: z.string(),
  instruction: z.string(),
  changes: z.array(
    z.object({
      /** Group of the file; "/" is the whole. */
      group: z.string(),
      /** "" is the group itself. */
      attribute: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  /** One sentence each. */
  notes: z.array(z.string()),
  /** What the file says under this name, and the review does not: a patch of the own layer. Nothing is taken out by it. */
  takeOver: z.array(changeSchema),
});
export type Publication = z.infer<typeof publicationSchema>;

/** What of `inFile` the layer does not say, or says otherwise. */
export function takeOverOf(layer: Layer, inFile: Said): Change[] {
  const changes: Change[] = [];
  for (const map of ['outcome', 'description'] as const) {
    const value = inFile[map];
    if (value !== null && !sameValue(value, layer[map])) changes.push({ map, id: EPISODE_RECORD, value });
  }
  for (const map of ['notes', 'properties', 'failures', 'recoveries', 'taskMarks'] as const) {
    for (const [id, value] of Object.entries(inFile[map])) {
      if (!sameValue(value, Object.hasOwn(layer[map], id) ? layer[map][id] : null)) changes.push({ map, id, value });
    }
  }
  return changes;
}
