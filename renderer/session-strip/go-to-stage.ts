import type { Layer } from '../../shared/review/review.ts';
import type { OpenEpisode } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { markInHand, selectMark } from '../marks/marks-state.ts';
import type { Stage } from './stages.ts';

/** A press on a stage: what it is about comes into hand and into sight; pressed again, the next of its kind. Export asks for a bundle of it. */
export function goToStage(stage: Stage['id'], open: OpenEpisode, own: Layer | null, inputAt: number): void {
  if (stage === 'capture') {
    useView.setState({ isInspectorShown: true, inspectorTab: 'episode' });
    return;
  }
  if (stage === 'export') {
    void exportOpened(open);
    return;
  }
  useView.setState({ isInspectorShown: true, inspectorTab: 'marks' });
  if (!own) return;
  const map = stage === 'failure' ? 'failures' : 'recoveries';
  const places: [id: string, tick: number][] =
    map === 'failures'
      ? Object.entries(own.failures).map(([id, { event }]) => [id, event])
      : Object.entries(own.recoveries).map(([id, { ticks }]) => [id, ticks[0]]);
  places.sort(([, a], [, b]) => a - b);
  const inHand = markInHand();
  const at = inHand?.map === map ? places.findIndex(([id]) => id === inHand.id) : -1;
  const next = places[(at + 1) % places.length];
  if (!next) return;
  selectMark(map, next[0]);
  open.player.pause();
  open.player.seek(next[1], inputAt);
}

/** Its code comes when it is asked for. */
async function exportOpened({ episode: { root, path } }: OpenEpisode): Promise<void> {
  const { showExport } = await import('../bundles/export-actions.ts');
  await showExport(root, path);
}
