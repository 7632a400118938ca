import { useLayoutEffect, useRef } from 'react';
import { xOfTick } from '../pointer.ts';
import type { TimelineSurface } from '../surface.ts';
import { useDragged } from './dragged.ts';
import styles from './Marks.module.css';
import type { PlacedLane } from './MarksLayer.tsx';
import { LANE_PADDING_PX } from './mark-lanes.ts';

/** From what is dragged to the words beside it. */
const BESIDE_PX = 12;

/** Where the thing that is dragged is now and what holds it there, beside it, with a line through all lanes. */
export function DraggedLabel({ surface, lanes }: { surface: TimelineSurface; lanes: readonly PlacedLane[] }) {
  const dragged = useDragged((state) => state.dragged);
  const label = useRef<HTMLDivElement>(null);
  const guide = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!dragged || !label.current || !guide.current) return;
    const x = xOfTick(surface, dragged.tick);
    const width = label.current.offsetWidth;
    const left = x + BESIDE_PX + width > surface.widthPx ? x - BESIDE_PX - width : x + BESIDE_PX;
    label.current.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${topOf(dragged.key, lanes)}px)`;
    guide.current.style.transform = `translateX(${Math.round(x)}px)`;
  });
  if (!dragged) return null;
  return (
    <>
      <div ref={guide} className={styles.guide} data-snapped={dragged.snappedTo !== null || undefined} />
      <div ref={label} className={styles.dragged} data-testid="dragged">
        {dragged.words}
        {dragged.snappedTo === null ? null : <small>at {dragged.snappedTo} · Alt lets go</small>}
      </div>
    </>
  );
}

function topOf(key: string, lanes: readonly PlacedLane[]): number {
  for (const { topPx, rowPx, segments } of lanes) {
    const segment = segments.find((candidate) => candidate.key === key);
    if (segment) return topPx + LANE_PADDING_PX + segment.row * rowPx;
  }
  return 0;
}
