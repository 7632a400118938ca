import type { Episode } from '../../../shared/episode/episode.ts';
import type { MenuEntry } from '../../design/index.ts';
import {
  addPane,
  addRow,
  changeView,
  closePane,
  hasDifference,
  type PaneLayout,
  type PaneSpec,
  type PaneView,
  panesOf,
} from './layout-model.ts';

/** What a pane may show instead, and what can be done to it. */
export function paneMenu(
  episode: Episode,
  layout: PaneLayout,
  pane: PaneSpec,
  change: (next: PaneLayout) => void,
): MenuEntry[] {
  return [
    { heading: 'Show here' },
    ...choices(episode).map(({ label, view }) => ({
      label,
      checked: isSame(view, pane.view),
      onSelect: () => change(changeView(layout, pane.id, view)),
    })),
    'separator',
    { label: 'Split: add a pane beside', onSelect: () => change(addPane(layout, pane.id, pane.view)) },
    { label: 'Add a row below', onSelect: () => change(addRow(layout, pane.view)) },
    {
      label: 'Close this pane',
      disabled: panesOf(layout).length <= 1,
      onSelect: () => change(closePane(layout, pane.id)),
    },
  ];
}

function choices(episode: Episode): { label: string; view: PaneView }[] {
  const images = episode.streams.flatMap((stream): { label: string; view: PaneView }[] => {
    const picture = { label: stream.name, view: { kind: 'image', stream: stream.id, mode: 'picture' } as const };
    if (!hasDifference(stream)) return [picture];
    return [
      picture,
      { label: `${stream.name} difference`, view: { kind: 'image', stream: stream.id, mode: 'difference' } },
    ];
  });
  const motion: { label: string; view: PaneView }[] =
    episode.tracks.length === 0
      ? []
      : [
          { label: '3D scene', view: { kind: 'scene' } },
          { label: 'Position plot', view: { kind: 'plot', quantity: 'position' } },
          { label: 'Speed plot', view: { kind: 'plot', quantity: 'speed' } },
        ];
  return [...images, ...motion];
}

function isSame(a: PaneView, b: PaneView): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
