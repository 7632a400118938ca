import { procedures } from './implementer.ts';

export const memoryProcedures = {
  place: procedures.memory.place.handler(async ({ context, input }) => {
    if (input.tick !== undefined) await context.memory.rememberPlace(input.episode, input.tick);
    return { tick: await context.memory.place(input.episode) };
  }),
  view: procedures.memory.view.handler(async ({ context, input }) => {
    if (input.view) await context.memory.rememberView(input.view);
    return context.memory.view();
  }),
  filters: procedures.memory.filters.handler(async ({ context, input }) => {
    if (input.filters) await context.memory.rememberFilters(input.root, input.filters);
    return { filters: await context.memory.filters(input.root) };
  }),
};
