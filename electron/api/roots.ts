import { procedures } from './implementer.ts';

export const rootProcedures = {
  list: procedures.roots.list.handler(({ context }) => context.roots.list()),
  open: procedures.roots.open.handler(async ({ context, input }) => (await context.roots.openGrant(input.grant))[0]),
  close: procedures.roots.close.handler(async ({ context, input }) => {
    await context.closeRoot(input.root);
    return {};
  }),
};

export const libraryProcedures = {
  get: procedures.library.get.handler(({ context, input }) => context.roots.page(input.root, input.from)),
  rescan: procedures.library.rescan.handler(({ context, input }) => {
    context.roots.rescan(input.root);
    return {};
  }),
};
