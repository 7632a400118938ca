import { describe, expect, it } from 'vitest';
import type { Lane } from '../lanes.ts';
import { othersLanes, ownLanes, type SegmentsContent } from './mark-lanes.ts';
import { type SnapSources, snap, snapTargets, snapWhole } from './snapping.ts';
import { failureOf, marksOf, recoveryOf, ticksOf } from './testing.ts';

const times = ticksOf(900);
const findings: Lane = {
  ...{ id: 'findings', label: 'Findings', detail: '', side: null, heightPx: 16 },
  content: { kind: 'marks', marks: [{ ticks: [200, 240], text: '', shape: 'problem', tone: 'warning' }] },
};
const own = ownLanes(
  marksOf({
    failures: { f: failureOf({ handOff: 330 }) },
    recoveries: { r: recoveryOf(), s: recoveryOf({ ticks: [500, 600] }) },
  }),
  times,
);
const sources: SnapSources = { lanes: [...own, findings], playhead: 350, selection: [10, 20], lastTick: 899 };
const segment = (id: string) => {
  const all = own.flatMap(({ content }) => (content as SegmentsContent).segments);
  return all.find((candidate) => candidate.id === id) as (typeof all)[number];
};
const ticks = (part: Parameters<typeof snapTargets>[0], id: string, from = sources) =>
  snapTargets(part, segment(id), from).map(({ tick }) => tick);

describe('an edge', () => {
  it('snaps to the playhead, the selection, findings and neighbours, a start behind what ends and an end before what starts', () => {
    expect(ticks('start', 's')).toEqual([350, 10, 21, 96, 493, 300, 330, 340, 421, 200, 241]);
    expect(ticks('end', 'r')).toEqual([350, 9, 20, 95, 492, 300, 330, 499, 600, 199, 240]);
    expect(ticks('event', 'f')).toEqual([350, 10, 20, 330, 340, 420, 500, 600, 200, 240]);
  });

  it('never snaps to where it is, and not to the playhead that stands there', () => {
    expect(ticks('start', 'r', { ...sources, playhead: 340 })).not.toContain(340);
    expect(ticks('handOff', 'f')).toContain(300);
    expect(ticks('handOff', 'f', { ...sources, playhead: 330 })).not.toContain(330);
  });

  it('is not led by what somebody else marked', () => {
    const [ada] = othersLanes(
      [{ annotator: 'Ada', ...marksOf({ failures: { f: failureOf({ event: 111 }) } }) }],
      times,
    );
    expect(ticks('start', 's', { ...sources, lanes: [ada as Lane], selection: null })).toEqual([350]);
  });

  it('holds on to the nearest within reach and says what it is', () => {
    const targets = snapTargets('start', segment('s'), sources);
    expect(snap(203, targets, 5)).toEqual({ tick: 200, what: 'Findings' });
    expect(snap(495, targets, 5)).toEqual({ tick: 493, what: 'F1' });
    expect(snap(332, targets, 5)).toEqual({ tick: 330, what: 'F1, hand-off' });
    expect(snap(203, targets, 2)).toEqual({ tick: 203, what: null });
    expect(snap(203, [], 5)).toEqual({ tick: 203, what: null });
  });
});

describe('a whole segment', () => {
  it('snaps by whichever end is nearer, and keeps its length', () => {
    const start = [{ tick: 100, what: 'a' }];
    const end = [{ tick: 161, what: 'b' }];
    expect(snapWhole([98, 158], { start, end }, 5)).toEqual({ tick: 100, what: 'a' });
    expect(snapWhole([98, 160], { start, end }, 5)).toEqual({ tick: 99, what: 'b' });
    expect(snapWhole([90, 150], { start, end }, 5)).toEqual({ tick: 90, what: null });
    expect(snapWhole([90, 160], { start, end }, 5)).toEqual({ tick: 91, what: 'b' });
  });
});
