import 'uplot/dist/uPlot.min.css';
import { useEffect, useMemo, useRef } from 'react';
import { formatTime } from '../../../shared/time/nanoseconds.ts';
import type { MenuEntry } from '../../design/index.ts';
import type { PlotQuantity } from '../layout/layout-model.ts';
import { bodyTracks } from '../overlay/tracks.ts';
import { PaneFrame } from '../PaneFrame.tsx';
import { useStage } from '../stage-context.ts';
import { bodyLines, letterOf, valuesAt } from './body-lines.ts';
import styles from './PlotPane.module.css';
import { positionCurves, speedCurves } from './plot-data.ts';
import { PlotView, showWhole } from './plot-view.ts';
import { aroundValues, fromZero } from './ranges.ts';

const QUANTITIES = {
  position: { title: 'Position', unit: 'm', curves: positionCurves, isFromZero: false, components: ['x', 'y', 'z'] },
  speed: { title: 'Speed', unit: 'm/s', curves: speedCurves, isFromZero: true, components: [] },
} as const;

/** Position or speed of the tracked bodies over the recording, with the playhead; a click seeks, drag and wheel zoom. */
export function PlotPane({
  pane,
  quantity,
  menu,
}: {
  pane: string;
  quantity: PlotQuantity;
  menu: readonly MenuEntry[];
}) {
  const { open } = useStage();
  const { title, unit, curves: makeCurves, isFromZero, components } = QUANTITIES[quantity];
  const host = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  const tracks = useMemo(() => bodyTracks(open).filter(({ times }) => times.length > 0), [open]);

  const subject = useMemo(() => ({ tracks: tracks.map(({ id }) => id) }), [tracks]);

  useEffect(() => {
    const words = readout.current;
    if (!host.current || !words) return;
    const curves = makeCurves(tracks);
    const made = new PlotView({
      host: host.current,
      title,
      player: open.player,
      lines: bodyLines(curves),
      range: isFromZero ? fromZero(curves) : aroundValues,
      onMoment: (timeNs) => {
        words.hidden = timeNs === null;
        if (timeNs !== null) words.textContent = [formatTime(timeNs), ...valuesAt(curves, timeNs)].join('   ');
      },
    });
    return () => made.remove();
  }, [open, tracks, makeCurves, title, isFromZero]);

  return (
    <PaneFrame
      pane={pane}
      title={title}
      unit={unit}
      subject={subject}
      keepsBodyFree
      menu={[{ label: 'Show the whole recording', onSelect: showWhole }, 'separator', ...menu]}
      extra={
        <>
          <span ref={readout} className={styles.readout} hidden />
          <span className={styles.legend}>
            {tracks.map((body) => (
              <span key={body.id} className={styles.key} data-side={body.side ?? 'none'} title={body.name}>
                <span className={styles.line} /> {letterOf(body)}
              </span>
            ))}
            {components.length > 0 ? <span className={styles.divider} /> : null}
            {components.map((component) => (
              <span key={component} className={`${styles.key} ${styles.component}`}>
                <span className={styles.line} data-component={component} /> {component}
              </span>
            ))}
          </span>
        </>
      }
    >
      <div ref={host} role="img" className={styles.area} />
      {tracks.length === 0 ? <p className={styles.nothing}>No poses can be shown.</p> : null}
    </PaneFrame>
  );
}
