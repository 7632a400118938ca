import { Fragment, type ReactNode, useLayoutEffect, useMemo, useRef } from 'react';
import { Group, type GroupImperativeHandle, Panel, Separator } from 'react-resizable-panels';
import type { Episode } from '../../../shared/episode/episode.ts';
import styles from '../Panes.module.css';
import { type Area, type AspectOf, fitLayout } from './fit-layout.ts';
import { type PaneLayout, type PaneSpec, resizePanes, resizeRows } from './layout-model.ts';
import type { LayoutInUse } from './use-layout.ts';

/** Header and a strip of the picture: less is of no use to anybody. */
const LEAST_ROW = '46px';
/** A side, three letters and the menu. */
const LEAST_PANE = '64px';

/** Rows of panes with separators to take hold of. Sizes follow the window until a person takes hold of one. */
export function PaneRows({
  inUse: { layout, change },
  episode,
  area,
  content,
}: {
  inUse: LayoutInUse;
  episode: Episode;
  /** Room there is at first, so that the first picture is shown in its size. */
  area: Area;
  content(spec: PaneSpec): ReactNode;
}) {
  const host = useRef<HTMLDivElement>(null);
  const rowsGroup = useRef<GroupImperativeHandle>(null);
  const paneGroups = useRef(new Map<string, GroupImperativeHandle>());
  /** What is on screen: the layout, in sizes fitted to the window while nobody chose others. */
  const shown = useRef<PaneLayout>(layout);
  if (!layout.isFitted) shown.current = layout;

  useLayoutEffect(() => {
    const element = host.current;
    if (!layout.isFitted || !element) return;
    const follow = () => {
      const room = { widthPx: element.clientWidth, heightPx: element.clientHeight };
      shown.current = fitLayout(layout, room, aspectsOf(episode));
      rowsGroup.current?.setLayout(sizesOf(shown.current.rows, 'height'));
      for (const row of shown.current.rows) paneGroups.current.get(row.id)?.setLayout(sizesOf(row.panes, 'width'));
    };
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    return () => observer.disconnect();
  }, [layout, episode]);

  // Sizes are the library's while a person drags; a group starts anew only when its panes are others.
  const shape = layout.rows.map((row) => `${row.id}:${row.panes.map(({ id }) => id).join(',')}`).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a start layout counts only when the shape changes
  const starts = useMemo(() => {
    const { rows } = layout.isFitted ? fitLayout(layout, area, aspectsOf(episode)) : layout;
    return {
      rows: sizesOf(rows, 'height'),
      panes: Object.fromEntries(rows.map((row) => [row.id, sizesOf(row.panes, 'width')])),
    };
  }, [shape]);
  return (
    <div ref={host} className={styles.rows}>
      <Group
        key={shape}
        groupRef={rowsGroup}
        orientation="vertical"
        defaultLayout={starts.rows}
        onLayoutChanged={(sizes, { isUserInteraction }) =>
          isUserInteraction && change(resizeRows(shown.current, sizes))
        }
      >
        {layout.rows.map((row, rowIndex) => (
          <Fragment key={row.id}>
            {rowIndex > 0 ? <Separator className={styles.separator} aria-label="Height of the panes above" /> : null}
            <Panel id={row.id} minSize={LEAST_ROW}>
              <Group
                groupRef={(group) => {
                  if (group) paneGroups.current.set(row.id, group);
                  else paneGroups.current.delete(row.id);
                }}
                orientation="horizontal"
                defaultLayout={starts.panes[row.id]}
                onLayoutChanged={(sizes, { isUserInteraction }) =>
                  isUserInteraction && change(resizePanes(shown.current, sizes))
                }
              >
                {row.panes.map((spec, index) => (
                  <Fragment key={spec.id}>
                    {index > 0 ? (
                      <Separator className={styles.separator} aria-label="Width of the pane before" />
                    ) : null}
                    <Panel id={spec.id} minSize={LEAST_PANE}>
                      {content(spec)}
                    </Panel>
                  </Fragment>
                ))}
              </Group>
            </Panel>
          </Fragment>
        ))}
      </Group>
    </div>
  );
}

function aspectsOf(episode: Episode): AspectOf {
  return (view) => {
    if (view.kind !== 'image') return undefined;
    const stream = episode.streams.find(({ id }) => id === view.stream);
    return stream && stream.width > 0 && stream.height > 0 ? stream.width / stream.height : 4 / 3;
  };
}

function sizesOf<Name extends 'height' | 'width'>(
  items: readonly ({ id: string } & Record<Name, number>)[],
  name: Name,
): Record<string, number> {
  return Object.fromEntries(items.map((item) => [item.id, item[name]]));
}
