import type { PlacedLane } from './MarksLayer.tsx';
import { LANE_PADDING_PX } from './mark-lanes.ts';
import type { Axis } from './placing.ts';
import type { Segment } from './segments.ts';

/** From a failure's event down (or up) to where one of its recoveries begins. */
export interface Link {
  readonly fromTick: number;
  readonly fromY: number;
  readonly toTick: number;
  readonly toY: number;
}

/** Links between the mark in hand, or the failure it belongs to, and the recoveries of that failure. */
export function linksOf(
  lanes: readonly PlacedLane[],
  shown: ReadonlyMap<string, Segment>,
  inHand: { map: Segment['map']; id: string } | null,
): Link[] {
  const all = lanes.flatMap(({ segments, topPx, rowPx }) =>
    segments.map((segment) => {
      const top = topPx + LANE_PADDING_PX + segment.row * rowPx;
      return { segment: shown.get(segment.key) ?? segment, top, bottom: top + rowPx - 2 };
    }),
  );
  const held = all.find(
    ({ segment: { by, map, id } }) => by === null && map === inHand?.map && id === inHand.id,
  )?.segment;
  const key = held?.failure ?? held?.key;
  const failure = all.find(({ segment }) => segment.key === key && segment.event !== null);
  if (!failure) return [];
  return all
    .filter(({ segment }) => segment.failure === key)
    .map(({ segment, top }) => ({
      ...{ fromTick: failure.segment.event as number, fromY: failure.bottom },
      ...{ toTick: segment.first, toY: top },
    }));
}

/** As the path of one line that leaves the event straight and comes to the start straight. */
export function drawLinks(links: readonly Link[], { xOf }: Pick<Axis, 'xOf'>): string {
  return links
    .map(({ fromTick, fromY, toTick, toY }) => {
      const [from, to] = [Math.round(xOf(fromTick)) + 0.5, Math.round(xOf(toTick)) + 0.5];
      const middle = (fromY + toY) / 2;
      return `M${from} ${fromY}C${from} ${middle} ${to} ${middle} ${to} ${toY}`;
    })
    .join('');
}
