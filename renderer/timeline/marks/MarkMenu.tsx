import { type MouseEvent, type ReactElement, useState } from 'react';
import { titleOf } from '../../commands/CommandButton.tsx';
import { keyLabelOf } from '../../commands/keys.ts';
import { isCommandEnabled, runCommand } from '../../commands/registry.ts';
import { ContextMenu, type MenuEntry } from '../../design/index.ts';
import { selectMark } from '../../marks/marks-state.ts';
import type { MarkMap } from '../../marks/move-gestures.ts';
import { localX } from '../pointer.ts';
import type { TimelineSurface } from '../surface.ts';
import { segmentAt } from './hit-surface.ts';
import { focusSegment } from './segment-focus.ts';
import type { Segment } from './segments.ts';

/** What can be done with each kind of mark, by the commands of the table; null is a line between them. */
const COMMANDS_OF: Readonly<Record<MarkMap, readonly (string | null)[]>> = {
  failures: ['marks.code', 'marks.handOff', 'marks.recovery', null],
  recoveries: ['marks.code', null],
  taskMarks: [],
};
const COMMANDS_OF_ALL = ['play.loop', 'play.in', 'play.out', null, 'review.split', 'marks.join', null, 'marks.delete'];

/**
 * The lanes with a menu over what this person marked: by a secondary click, or by the menu key on the segment in focus. What it
 * was opened over is in hand, and what is chosen is the command of the same name.
 */
export function MarkMenu({ surface, children }: { surface: TimelineSurface | null; children: ReactElement }) {
  const [entries, setEntries] = useState<readonly MenuEntry[]>([]);
  const open = (event: MouseEvent<HTMLElement>) => {
    const segment = surface && segmentUnder(surface, event);
    if (!segment || segment.by !== null) {
      // Nothing to choose from: no menu of ours, and none of the browser's that knows nothing of lanes.
      event.preventDefault();
      return;
    }
    focusSegment(surface.elements.root, segment.key);
    selectMark(segment.map, segment.id);
    setEntries(entriesOf(segment.map));
  };
  return (
    <ContextMenu entries={entries} onContextMenu={open}>
      {children}
    </ContextMenu>
  );
}

/** That of the element the menu key was pressed on, else the one under the pointer: elements let the pointer through. */
function segmentUnder(surface: TimelineSurface, { target, nativeEvent }: MouseEvent<HTMLElement>): Segment | null {
  const key = (target as HTMLElement).closest<HTMLElement>('[data-segment]')?.dataset.segment;
  const { lanes } = surface.elements;
  if (key === undefined) return segmentAt(surface, localX(lanes, nativeEvent), nativeEvent.offsetY)?.segment ?? null;
  for (const { content } of surface.lanesShown())
    if (content.kind === 'segments') {
      const found = content.segments.find((segment) => segment.key === key);
      if (found) return found;
    }
  return null;
}

function entriesOf(map: MarkMap): MenuEntry[] {
  return [...COMMANDS_OF[map], ...COMMANDS_OF_ALL].map((id): MenuEntry => {
    if (id === null) return 'separator';
    const keyLabel = keyLabelOf(id);
    return {
      ...{ id, label: titleOf(id), disabled: !isCommandEnabled(id) },
      ...(keyLabel === '' ? {} : { keyLabel }),
      onSelect: () => runCommand(id),
    };
  });
}
