import { z } from 'zod';
import { recipeSchema } from '../../shared/bundles/recipe.ts';
import { manifestSchema, sessionSchema } from '../sources/session/schema.ts';
import { failureStateFileSchema } from './regrasp/failure-state-schema.ts';
import { bundleSchema } from './verify/bundle-files.ts';

/** `bundle.json` with all that is written into it. */
export const bundleFileSchema = bundleSchema.extend({
  units: z
    .array(
      bundleSchema.shape.units.element.extend({
        /** How far a frame's stated time lies from its tick's at most. */
        worst_error_ms: z.number().nonnegative(),
        /** Ticks that stand behind more than one frame, and ticks of the range behind none. */
        repeated: z.int().nonnegative(),
        skipped: z.int().nonnegative(),
      }),
    )
    .min(1),
});

/** Documents that others read and write, by the name of their schema in docs/formats. */
const DOCUMENTS = {
  recipe: ['A recipe: what is exported of which recordings, and how', recipeSchema],
  bundle: ['bundle.json: what a bundle holds, and where each of it comes from', bundleFileSchema],
  session: ['session.json: a deployment session', sessionSchema],
  session_manifest: ['session_manifest.json: the files of a session, and the time of every sample', manifestSchema],
  failure_state: ['failure_state.json: the failure that a unit shows or recovers from', failureStateFileSchema],
} as const;

/** Each document's JSON Schema as a file's text, by name: what may be written; whoever reads fills in the defaults. */
export function jsonSchemas(): Map<string, string> {
  return new Map(
    Object.entries(DOCUMENTS).map(([name, [title, schema]]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
      return [name, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
    }),
  );
}
