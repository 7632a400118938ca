import type { DatasetSettings, UserSettings } from '../../shared/api/settings.ts';
import { api } from './api.ts';
import { attempt } from './notices.ts';
import { useSession } from './session.ts';

/** Changes a person's settings; shown at once, and put back when they could not be kept. */
export async function patchUserSettings(patch: Partial<UserSettings>): Promise<void> {
  const before = useSession.getState().userSettings;
  useSession.setState({ userSettings: { ...before, ...patch } });
  const userSettings = await attempt(() => api.settings.patchUser(patch));
  useSession.setState({ userSettings: userSettings ?? before });
}

/** Changes settings of the dataset on screen, one level deep; null removes a key. */
export async function patchDatasetSettings(patch: Record<string, unknown>): Promise<void> {
  const { root } = useSession.getState();
  if (!root) return;
  const settings = await attempt(() => api.settings.patchDataset({ root, patch }));
  if (settings) acceptDatasetSettings(root, settings);
}

export async function loadDatasetSettings(root: string): Promise<void> {
  const settings = await attempt(() => api.settings.dataset({ root }));
  if (settings) acceptDatasetSettings(root, settings);
}

/** Takes settings over, and asks for the shown tick again where they change what a tick shows. */
export function acceptDatasetSettings(root: string, settings: DatasetSettings): void {
  const { root: shownRoot, datasetSettings: before, open } = useSession.getState();
  if (shownRoot !== root) return;
  useSession.setState({ datasetSettings: settings });
  if (before && open?.episode.root === root && ticksOf(before) !== ticksOf(settings)) open.player.refresh();
}

function ticksOf({ orders, tactileOffsets, holdPeriods }: DatasetSettings): string {
  return JSON.stringify([orders, tactileOffsets, holdPeriods]);
}
