import { procedures } from './implementer.ts';

export const settingsProcedures = {
  user: procedures.settings.user.handler(({ context }) => context.settings.user()),
  patchUser: procedures.settings.patchUser.handler(({ context, input }) => context.patchUserSettings(input)),
  dataset: procedures.settings.dataset.handler(({ context, input }) => context.settings.dataset(input.root)),
  patchDataset: procedures.settings.patchDataset.handler(({ context, input }) =>
    context.patchDatasetSettings(input.root, input.patch),
  ),
};
