import { bundleProcedures } from './bundles.ts';
import { episodeProcedures } from './episodes.ts';
import { findingsProcedures } from './findings.ts';
import { procedures } from './implementer.ts';
import { jobProcedures } from './jobs.ts';
import { memoryProcedures } from './memory.ts';
import { outputProcedures } from './outputs.ts';
import { reviewProcedures } from './review.ts';
import { libraryProcedures, rootProcedures } from './roots.ts';
import { settingsProcedures } from './settings.ts';
import { taxonomyProcedures } from './taxonomy.ts';

export const router = procedures.router({
  roots: rootProcedures,
  library: libraryProcedures,
  episodes: episodeProcedures,
  review: reviewProcedures,
  taxonomy: taxonomyProcedures,
  findings: findingsProcedures,
  outputs: outputProcedures,
  bundles: bundleProcedures,
  memory: memoryProcedures,
  settings: settingsProcedures,
  jobs: jobProcedures,
  workstation: {
    about: procedures.workstation.about.handler(({ context }) => ({
      version: context.version,
      door: context.door,
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      processMemoryBytes: process.memoryUsage.rss(),
    })),
    doctor: procedures.workstation.doctor.handler(({ context }) => context.doctor()),
  },
  events: procedures.events.handler(({ context, signal }) =>
    context.hub.stream(
      { type: 'hello', jobs: context.jobs.list(), roots: context.roots.list(), formats: context.formats },
      signal,
    ),
  ),
});
