import { Fault } from '../fault.ts';
import type { OpenEpisode } from '../library/open-episodes.ts';
import { procedures } from './implementer.ts';
import type { Services } from './services.ts';

export const reviewProcedures = {
  get: procedures.review.get.handler(async ({ context, input }) =>
    context.reviews.get(await context.episodes.open(input.episode)),
  ),
  gesture: procedures.review.gesture.handler(async ({ context, input }) =>
    context.reviews.gesture(await openToWrite(context, input.episode), input.name, input.patch, input),
  ),
  undo: procedures.review.undo.handler(async ({ context, input }) =>
    context.reviews.undo(await context.episodes.open(input.episode), input.recording),
  ),
  redo: procedures.review.redo.handler(async ({ context, input }) =>
    context.reviews.redo(await context.episodes.open(input.episode), input.recording),
  ),
};

/** A window drops a gesture that is refused: an episode that is only out of reach for now must not answer with that. */
async function openToWrite(context: Services, id: string): Promise<OpenEpisode> {
  try {
    return await context.episodes.open(id);
  } catch (error) {
    if (error instanceof Fault && error.code === 'REFUSED') throw new Fault('UNUSABLE', error.message);
    throw error;
  }
}
