import { useCallback, useMemo } from 'react';
import { create } from 'zustand';
import { api } from '../../app/api.ts';
import { createLatestSaver, type LatestSaver } from '../../app/latest-saver.ts';
import { onLeaving } from '../../app/leaving.ts';
import { attempt } from '../../app/notices.ts';
import { type OpenEpisode, useSession } from '../../app/session.ts';
import { defaultLayout, type PaneLayout, parseLayout, suits } from './layout-model.ts';

/** What was changed in this window, by root and layout's name, until and beside what is saved. "default" means reset. */
const useChanged = create<Record<string, PaneLayout | 'default'>>(() => ({}));

const savers = new Map<string, LatestSaver<PaneLayout | null>>();

export interface LayoutInUse {
  layout: PaneLayout;
  change(next: PaneLayout): void;
  reset(): void;
}

/**
 * The layout of the open dataset: what this window changed, else what is saved, else the default for the episode. Recordings
 * of different formats in one dataset have one each, and where nothing of it is in the recording the default is shown.
 */
export function useLayout({ episode }: OpenEpisode): LayoutInUse {
  const { root } = episode;
  const name = layoutName(episode);
  const key = `${root} ${name}`;
  const changed = useChanged((all) => all[key]);
  const saved = useSession((session) => (session.root === root ? session.datasetSettings?.layouts[name] : undefined));
  const layout = useMemo(() => {
    if (changed === 'default') return defaultLayout(episode);
    const kept = changed ?? parseLayout(saved);
    return kept && suits(kept, episode) ? kept : defaultLayout(episode);
  }, [changed, saved, episode]);
  const change = useCallback(
    (next: PaneLayout) => {
      useChanged.setState({ [key]: next });
      saverOf(root, name).save(next);
    },
    [root, name, key],
  );
  const reset = useCallback(() => {
    useChanged.setState({ [key]: 'default' });
    saverOf(root, name).save(null);
  }, [root, name, key]);
  return { layout, change, reset };
}

/** "default" was here before there were other formats. */
function layoutName({ format }: OpenEpisode['episode']): string {
  return format === 'react' ? 'default' : format;
}

function saverOf(root: string, name: string): LatestSaver<PaneLayout | null> {
  const key = `${root} ${name}`;
  const known = savers.get(key);
  if (known) return known;
  const saver = createLatestSaver<PaneLayout | null>((layout) =>
    attempt(() => api.settings.patchDataset({ root, patch: { layouts: { [name]: layout } } })),
  );
  savers.set(key, saver);
  onLeaving(saver.flush);
  return saver;
}
