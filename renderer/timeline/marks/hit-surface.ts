import { useMarks } from '../../marks/marks-state.ts';
import { xOfTick } from '../pointer.ts';
import type { TimelineSurface } from '../surface.ts';
import { type Hit, hitAt } from './hit.ts';

/** What is marked at a point of the lanes, px from their top left; null for nothing. */
export function segmentAt(surface: TimelineSurface, x: number, y: number): Hit | null {
  let top = 0;
  for (const { content, heightPx } of surface.lanesShown()) {
    if (y >= top && y < top + heightPx) {
      if (content.kind !== 'segments') return null;
      const { selected } = useMarks.getState();
      const isInHand = ({ map, id, by }: Hit['segment']) => by === null && selected?.map === map && selected.id === id;
      const inHand = content.segments.find(isInHand)?.key ?? null;
      return hitAt(content, x, y - top, (tick) => xOfTick(surface, tick), inHand);
    }
    top += heightPx;
  }
  return null;
}
