import { describe, expect, it } from 'vitest';
import { drawLinks, linksOf } from './links.ts';
import { othersLanes, ownLanes, type SegmentsContent } from './mark-lanes.ts';
import { failureOf, marksOf, recoveryOf, ticksOf } from './testing.ts';

const times = ticksOf(900);
const marks = marksOf({
  failures: { f: failureOf(), g: failureOf({ event: 700, window: [600, 800] }) },
  recoveries: {
    r: recoveryOf(),
    s: recoveryOf({ ticks: [500, 520] }),
    t: recoveryOf({ failure: 'g', ticks: [710, 730] }),
  },
});
let top = 0;
const lanes = [...ownLanes(marks, times), ...othersLanes([{ annotator: 'Ada', ...marks }], times)].map((lane) => {
  const { rowPx, segments } = lane.content as SegmentsContent;
  const placed = { lane, topPx: top, rowPx, segments };
  top += lane.heightPx;
  return placed;
});
const linked = (map: 'failures' | 'recoveries', id: string) =>
  linksOf(lanes, new Map(), { map, id }).map(({ fromTick, toTick }) => [fromTick, toTick]);

describe('links', () => {
  it('go from the failure in hand, or that of the recovery in hand, to each of its recoveries', () => {
    expect(linked('failures', 'f')).toEqual([
      [300, 340],
      [300, 500],
    ]);
    expect(linked('recoveries', 's')).toEqual(linked('failures', 'f'));
    expect(linked('recoveries', 't')).toEqual([[700, 710]]);
    expect(linksOf(lanes, new Map(), null)).toEqual([]);
    expect(linked('failures', 'gone')).toEqual([]);
  });

  it('are drawn from under the event to the top of the recovery', () => {
    const [link] = linksOf(lanes, new Map(), { map: 'recoveries', id: 't' });
    expect(link && link.toY > link.fromY).toBe(true);
    expect(drawLinks(link ? [link] : [], { xOf: (tick) => tick })).toMatch(/^M700\.5 \d+C.* 710\.5 \d+$/);
  });
});
