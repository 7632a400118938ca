import { procedures } from './implementer.ts';

export const reviewProcedures = {
  get: procedures.review.get.handler(async ({ context, input }) =>
    context.reviews.get(await context.episodes.open(input.episode)),
  ),
  gesture: procedures.review.gesture.handler(async ({ context, input }) =>
    context.reviews.gesture(await context.episodes.open(input.episode), input.name, input.patch),
  ),
  undo: procedures.review.undo.handler(async ({ context, input }) =>
    context.reviews.undo(await context.episodes.open(input.episode)),
  ),
  redo: procedures.review.redo.handler(async ({ context, input }) =>
    context.reviews.redo(await context.episodes.open(input.episode)),
  ),
};
