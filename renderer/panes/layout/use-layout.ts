import { useCallback, useMemo } from 'react';
import { create } from 'zustand';
import { api } from '../../app/api.ts';
import { createLatestSaver, type LatestSaver } from '../../app/latest-saver.ts';
import { onLeaving } from '../../app/leaving.ts';
import { attempt } from '../../app/notices.ts';
import { type OpenEpisode, useSession } from '../../app/session.ts';
import { defaultLayout, type PaneLayout, parseLayout } from './layout-model.ts';

/** What was changed in this window, by root, until and beside what is saved. "default" means reset. */
const useChanged = create<Record<string, PaneLayout | 'default'>>(() => ({}));

const savers = new Map<string, LatestSaver<PaneLayout | null>>();

export interface LayoutInUse {
  layout: PaneLayout;
  change(next: PaneLayout): void;
  reset(): void;
}

/** The layout of the open dataset: what this window changed, else what is saved, else the default for the episode. */
export function useLayout({ episode }: OpenEpisode): LayoutInUse {
  const { root } = episode;
  const changed = useChanged((all) => all[root]);
  const saved = useSession((session) => (session.root === root ? session.datasetSettings?.layouts.default : undefined));
  const layout = useMemo(() => {
    if (changed !== undefined) return changed === 'default' ? defaultLayout(episode) : changed;
    return parseLayout(saved) ?? defaultLayout(episode);
  }, [changed, saved, episode]);
  const change = useCallback(
    (next: PaneLayout) => {
      useChanged.setState({ [root]: next });
      saverOf(root).save(next);
    },
    [root],
  );
  const reset = useCallback(() => {
    useChanged.setState({ [root]: 'default' });
    saverOf(root).save(null);
  }, [root]);
  return { layout, change, reset };
}

function saverOf(root: string): LatestSaver<PaneLayout | null> {
  const known = savers.get(root);
  if (known) return known;
  const saver = createLatestSaver<PaneLayout | null>((layout) =>
    attempt(() => api.settings.patchDataset({ root, patch: { layouts: { default: layout } } })),
  );
  savers.set(root, saver);
  onLeaving(saver.flush);
  return saver;
}
