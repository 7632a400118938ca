import type { MarkPart } from '../../marks/move-gestures.ts';
import type { PlacedSegment, SegmentsContent } from './mark-lanes.ts';
import { LANE_PADDING_PX } from './mark-lanes.ts';

/** What of a segment a pointer can take. */
export type Part = MarkPart | 'whole';

export interface Hit {
  readonly segment: PlacedSegment;
  readonly part: Part;
}

/** A sign is reached from this far to either side. */
const REACH_PX = 7;
/** An edge is reached from this far outside of its segment, be it as narrow as it may. */
const OUTSIDE_PX = 10;
/** An edge is reached from this far inside, less where the segment is narrow: something of its body is always left. */
const INSIDE_PX = 5;
/** At the very same place the pointer's side decides: outside of an edge the edge, inside of it the sign. */
const NUDGE_PX = 0.5;

/**
 * What lies under a pointer at (x, y) of the lane, px; null for nothing. Of several things the nearest, of several segments
 * as near the one in hand, then the shorter one. `xOf` tells where a tick lies.
 */
export function hitAt(
  { segments, rowPx }: SegmentsContent,
  x: number,
  y: number,
  xOf: (tick: number) => number,
  inHand: string | null = null,
): Hit | null {
  const row = rowAt({ rowPx }, y);
  let best: { hit: Hit; away: number; rank: number } | null = null;
  for (const segment of segments) {
    if (segment.row !== row) continue;
    const found = partAt(segment, x, xOf);
    if (!found) continue;
    const rank = segment.key === inHand ? -1 : segment.last - segment.first;
    if (best && (found.away > best.away || (found.away === best.away && rank >= best.rank))) continue;
    best = { hit: { segment, part: found.part }, away: found.away, rank };
  }
  return best?.hit ?? null;
}

/** The row that lies so many pixels below the top of its lane. */
export function rowAt({ rowPx }: Pick<SegmentsContent, 'rowPx'>, y: number): number {
  return Math.floor((y - LANE_PADDING_PX) / rowPx);
}

/** A body is away as far as an edge's reach: every edge and sign in reach comes before it. */
function partAt(segment: PlacedSegment, x: number, xOf: (tick: number) => number): { part: Part; away: number } | null {
  const [start, end] = [xOf(segment.first), xOf(segment.last)];
  const found: { part: Part; away: number }[] = [];
  if (x >= start && x <= end) found.push({ part: 'whole', away: OUTSIDE_PX + 1 });
  if (segment.by === null) {
    const inside = Math.min(INSIDE_PX, (end - start) / 4);
    if (x >= start - OUTSIDE_PX && x <= start + inside)
      found.push({ part: 'start', away: Math.abs(x - start) + (x < start ? 0 : NUDGE_PX) });
    if (x <= end + OUTSIDE_PX && x >= end - inside)
      found.push({ part: 'end', away: Math.abs(x - end) + (x > end ? 0 : NUDGE_PX) });
    for (const [part, tick] of [['event', segment.event] as const, ['handOff', segment.handOff] as const]) {
      if (tick === null) continue;
      const away = Math.abs(x - xOf(tick)) + NUDGE_PX / 2;
      if (away <= REACH_PX) found.push({ part, away });
    }
  } else if (x >= start - REACH_PX && x <= end + REACH_PX) found.push({ part: 'whole', away: OUTSIDE_PX + 2 });
  return found.sort((a, b) => a.away - b.away)[0] ?? null;
}
