import { procedures } from './implementer.ts';

export const jobProcedures = {
  list: procedures.jobs.list.handler(({ context }) => context.jobs.list()),
  start: procedures.jobs.start.handler(({ context, input }) => context.jobs.start(input.kind, input.options)),
  cancel: procedures.jobs.cancel.handler(async ({ context, input }) => {
    await context.jobs.cancel(input.job);
    return {};
  }),
  resume: procedures.jobs.resume.handler(({ context, input }) => context.jobs.resume(input.job)),
  dismiss: procedures.jobs.dismiss.handler(async ({ context, input }) => {
    await context.jobs.dismiss(input.job);
    return {};
  }),
  log: procedures.jobs.log.handler(async ({ context, input }) => ({ text: await context.jobs.log(input.job) })),
};
