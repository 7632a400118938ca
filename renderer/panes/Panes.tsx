import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useFirstPicture } from '../app/first-picture.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { CalibrationCard } from './CalibrationCard.tsx';
import { ImagePane } from './ImagePane.tsx';
import type { Area } from './layout/fit-layout.ts';
import { changeView, type PaneSpec, panesOf } from './layout/layout-model.ts';
import { PaneRows } from './layout/PaneRows.tsx';
import { paneMenu } from './layout/pane-menu.ts';
import { type LayoutInUse, useLayout } from './layout/use-layout.ts';
import styles from './Panes.module.css';
import { PerformanceReadout } from './PerformanceReadout.tsx';
import { PaneStage } from './pane-stage.ts';
import { usePaneState } from './pane-state.ts';
import { PlotPane } from './plots/PlotPane.tsx';
import { ScenePane } from './scene/ScenePane.tsx';
import { SeriesPane } from './series/SeriesPane.tsx';
import { type Stage, StageContext } from './stage-context.ts';
import { TactileReference } from './tactile-reference.ts';
import { usePaneCommands } from './use-pane-commands.ts';

/** All panes of the open episode; nothing while none is open. */
export function Panes() {
  const open = useSession((session) => session.open);
  return open ? <EpisodePanes open={open} /> : null;
}

function EpisodePanes({ open }: { open: OpenEpisode }) {
  const root = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<Stage | null>(null);
  const [area, setArea] = useState<Area>({ widthPx: 0, heightPx: 0 });
  const layout = useLayout(open);
  usePaneCommands(open, layout, stage);

  useLayoutEffect(() => {
    if (!root.current) return;
    const made = new PaneStage(open.player, root.current);
    const reference = new TactileReference(open.episode, () => made.repaint());
    usePaneState.setState({ measurement: null, referenceTick: 0 });
    setStage({ open, stage: made, reference });
    setArea({ widthPx: root.current.clientWidth, heightPx: root.current.clientHeight });
    return () => made.dispose();
  }, [open]);

  // After the panes have said theirs: without a picture among them nobody else would say that there is none.
  useEffect(() => stage?.stage.changed(), [stage]);

  const offset = useSession((session) => session.datasetSettings?.tactileOffsets[open.episode.path]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another offset is another sample at the reference tick
  useEffect(() => stage?.reference.setTick(usePaneState.getState().referenceTick), [stage, offset]);

  return (
    <div ref={root} className={styles.panes}>
      {/* A stage of the episode before must not be painted on by panes of this one. */}
      {stage?.open === open ? (
        <StageContext value={stage}>
          <Shown layout={layout} open={open} area={area} />
        </StageContext>
      ) : null}
      <CalibrationCard open={open} />
      <PerformanceReadout player={open.player} />
    </div>
  );
}

function Shown({ layout: inUse, open, area }: { layout: LayoutInUse; open: OpenEpisode; area: Area }) {
  const { layout, change } = inUse;
  const maximized = usePaneState((state) => state.maximizedPane);
  const isPictured = useFirstPicture(open.player);
  const alone = panesOf(layout).find(({ id }) => id === maximized);
  const content = (spec: PaneSpec) =>
    isPictured || spec.view.kind === 'image' ? (
      <PaneContent
        spec={spec}
        menu={paneMenu(open.episode, layout, spec, change)}
        onView={(view) => change(changeView(layout, spec.id, view))}
        key={viewKey(spec)}
      />
    ) : (
      <div className={styles.coming} key={viewKey(spec)} />
    );
  if (alone) return <div className={styles.single}>{content(alone)}</div>;
  return <PaneRows inUse={inUse} episode={open.episode} area={area} content={content} />;
}

function PaneContent({
  spec,
  menu,
  onView,
}: {
  spec: PaneSpec;
  menu: ReturnType<typeof paneMenu>;
  onView(view: PaneSpec['view']): void;
}) {
  const { view } = spec;
  if (view.kind === 'image') return <ImagePane pane={spec.id} stream={view.stream} mode={view.mode} menu={menu} />;
  if (view.kind === 'scene') return <ScenePane pane={spec.id} menu={menu} />;
  if (view.kind === 'series') {
    const { groups, hidden } = view;
    return (
      <SeriesPane
        {...{ pane: spec.id, groups, hidden, menu }}
        onHide={(nowHidden) => onView({ ...view, hidden: nowHidden })}
      />
    );
  }
  return <PlotPane pane={spec.id} quantity={view.quantity} menu={menu} />;
}

/** A pane starts anew with another view; what is hidden of a plot changes within it. */
function viewKey({ id, view }: PaneSpec): string {
  return `${id} ${JSON.stringify(view.kind === 'series' ? view.groups : view)}`;
}
