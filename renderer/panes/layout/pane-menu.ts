import type { Episode } from '../../../shared/episode/episode.ts';
import type { MenuEntry } from '../../design/index.ts';
import { componentsOf, groupsOf } from '../series/series-curves.ts';
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
    ...overlays(episode, pane.view, (view) => change(changeView(layout, pane.id, view))),
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
  const numbers = groupsOf(episode).map((group): { label: string; view: PaneView } => ({
    label: group,
    view: { kind: 'series', groups: [group], hidden: [] },
  }));
  return [...images, ...numbers, ...motion];
}

/** Groups with the same components as the one shown: what was commanded over what was measured. */
function overlays(episode: Episode, view: PaneView, show: (view: PaneView) => void): MenuEntry[] {
  const [group, over] = view.kind === 'series' ? view.groups : [];
  if (view.kind !== 'series' || group === undefined) return [];
  const components = componentsOf(episode, group).join('\n');
  const others = groupsOf(episode).filter(
    (other) => other !== group && componentsOf(episode, other).join('\n') === components,
  );
  if (others.length === 0) return [];
  return [
    { heading: 'Lay over it' },
    ...others.map((other) => ({
      label: other,
      checked: over === other,
      onSelect: () => show({ ...view, groups: over === other ? [group] : [group, other] }),
    })),
  ];
}

/** What is hidden of a plot makes it no other plot. */
function isSame(a: PaneView, b: PaneView): boolean {
  if (a.kind === 'series' && b.kind === 'series') return a.groups[0] === b.groups[0];
  return JSON.stringify(a) === JSON.stringify(b);
}
