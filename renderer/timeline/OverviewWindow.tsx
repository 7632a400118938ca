import type { KeyboardEvent, Ref } from 'react';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { setTimelineWindow, useTimeline } from './selection.ts';
import styles from './Timeline.module.css';
import { panBy, resizeWindow } from './zoom.ts';

/** The part of the recording that the lanes show, over the strip of all of it: dragged to move, its ends to zoom. */
export function OverviewWindow({ ref }: { ref: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} className={styles.overviewWindow}>
      <Edge edge="start" />
      <Edge edge="end" />
    </div>
  );
}

function Edge({ edge }: { edge: 'start' | 'end' }) {
  const { window, bounds } = useTimeline();
  const ns = edge === 'start' ? window.startNs : window.endNs;
  return (
    <div
      role="slider"
      tabIndex={0}
      data-edge={edge}
      aria-label={edge === 'start' ? 'Start of the part shown' : 'End of the part shown'}
      aria-orientation="horizontal"
      aria-valuemin={Math.round(bounds.startNs / 1e6)}
      aria-valuemax={Math.round(bounds.endNs / 1e6)}
      aria-valuenow={Math.round(ns / 1e6)}
      aria-valuetext={formatTime(ns)}
      className={styles.overviewEdge}
      onKeyDown={(event) => onKey(event, edge)}
    />
  );
}

/** Arrows move the end by a twentieth of the part shown, with Shift the whole part; Home and End go to the ends. */
function onKey(event: KeyboardEvent, edge: 'start' | 'end'): void {
  const { window, bounds } = useTimeline.getState();
  const ns = edge === 'start' ? window.startNs : window.endNs;
  const step = (window.endNs - window.startNs) / 20;
  const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step }[event.code];
  const to = by !== undefined ? ns + by : { Home: bounds.startNs, End: bounds.endNs }[event.code];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  setTimelineWindow(
    event.shiftKey && by !== undefined ? panBy(window, bounds, by) : resizeWindow(window, bounds, edge, to),
  );
}
