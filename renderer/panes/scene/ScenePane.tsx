import { useEffect, useMemo, useRef, useState } from 'react';
import type { MenuEntry } from '../../design/index.ts';
import { useChosenCalibration } from '../calibration-choice.ts';
import { bodyTracks } from '../overlay/tracks.ts';
import { PaneFrame } from '../PaneFrame.tsx';
import { useStage } from '../stage-context.ts';
import styles from './ScenePane.module.css';
import { SceneView } from './scene-view.ts';

/** Bodies, trails, axes, grid and camera frusta in three dimensions; drag turns, wheel zooms, right drag moves. */
export function ScenePane({ pane, menu }: { pane: string; menu: readonly MenuEntry[] }) {
  const { open } = useStage();
  const calibration = useChosenCalibration(open);
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<SceneView | null>(null);
  const hasPoses = useMemo(() => bodyTracks(open).some(({ times }) => times.length > 0), [open]);
  const subject = useMemo(() => ({ tracks: bodyTracks(open).map(({ id }) => id) }), [open]);

  useEffect(() => {
    if (!host.current) return;
    const made = new SceneView(host.current, open.player, bodyTracks(open));
    setView(made);
    return () => made.remove();
  }, [open]);

  useEffect(() => view?.setCalibration(calibration), [view, calibration]);

  return (
    <PaneFrame
      pane={pane}
      title="3D scene"
      subject={subject}
      menu={[{ label: 'Reset the view', onSelect: () => view?.resetView() }, 'separator', ...menu]}
    >
      <div ref={host} className={styles.area} role="img" aria-label="Tracked bodies and cameras in three dimensions" />
      {hasPoses ? null : <p className={styles.nothing}>No poses can be shown.</p>}
    </PaneFrame>
  );
}
