import { procedures } from './implementer.ts';

export const taxonomyProcedures = {
  get: procedures.taxonomy.get.handler(({ context, input }) => context.taxonomy(input.root)),
};
