import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lane } from '../lanes.ts';
import { describeUnder } from '../under-pointer.ts';
import { hitAt } from './hit.ts';
import { othersLanes, ownLanes, type SegmentsContent } from './mark-lanes.ts';
import { rowsOf } from './rows.ts';
import { extentOf } from './segments.ts';
import { failureOf, marksOf, recoveryOf, ticksOf } from './testing.ts';

const range = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 80 }))
  .map(([first, length]): [number, number] => [first, first + length]);
const contentOf = (lane: Lane | undefined) => lane?.content as SegmentsContent;

describe('rows', () => {
  it('keep ranges apart, in no more rows than lie over one tick', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 40 }), (ranges) => {
        const rows = rowsOf(ranges, 100);
        for (const [a, first] of ranges.entries())
          for (const [b, second] of ranges.entries()) {
            const doOverlap = first[0] <= second[1] && second[0] <= first[1];
            if (a < b && doOverlap) expect(rows[a]).not.toBe(rows[b]);
          }
        const deepest = Math.max(...ranges.map(([at]) => ranges.filter(([from, to]) => from <= at && at <= to).length));
        expect(Math.max(...rows) + 1).toBe(deepest);
      }),
    );
  });

  it('are no more than there is room for, whatever overlaps', () => {
    const rows = rowsOf(
      Array.from({ length: 200 }, (_, index): [number, number] => [index, index + 300]),
      8,
    );
    expect(Math.max(...rows)).toBe(7);
    for (let row = 0; row < 8; row++) expect(rows.filter((at) => at === row)).toHaveLength(25);
  });
});

describe('lanes of marks', () => {
  const times = ticksOf(900);

  it('hold a kind each, and nothing where nothing is marked', () => {
    expect(ownLanes(marksOf(), times)).toEqual([]);
    expect(ownLanes(marksOf({ failures: { f: failureOf() } }), new Float64Array())).toEqual([]);
    const lanes = ownLanes(marksOf({ failures: { f: failureOf() }, recoveries: { r: recoveryOf() } }), times);
    expect(lanes.map(({ label }) => label)).toEqual(['Failures', 'Recoveries']);
    expect(lanes[0]?.detail).toMatch(/^1 failure\./);
  });

  it('grow with what overlaps, and stay within reach', () => {
    const lane = (count: number) =>
      ownLanes(
        marksOf({
          failures: Object.fromEntries(
            Array.from({ length: count }, (_, index) => [`f${index}`, failureOf({ event: 300 + (index % 50) })]),
          ),
        }),
        times,
      )[0] as Lane;
    expect(lane(2).heightPx).toBeGreaterThan(lane(1).heightPx);
    expect(lane(200).heightPx).toBe(lane(8).heightPx);
    for (const count of [1, 3, 8, 200]) {
      const { rowPx, segments } = contentOf(lane(count));
      expect(rowPx).toBeGreaterThanOrEqual(12);
      expect(segments).toHaveLength(count);
    }
  });

  it('know up to where words may stand beside a mark: the next one of its row', () => {
    const taskMarks = {
      late: { label: 'insert', ticks: [90, 90] as [number, number] },
      early: { label: 'grasp', ticks: [10, 10] as [number, number] },
      long: { label: 'carry', ticks: [20, 95] as [number, number] },
    };
    const [lane] = ownLanes(marksOf({ taskMarks }), times);
    const told = contentOf(lane).segments.map(({ text, row, until }) => [text, row, until]);
    expect(told.sort()).toEqual([
      ['carry', 0, null],
      ['grasp', 0, 20],
      ['insert', 1, null],
    ]);
  });

  it('show another person’s layer as one lane, to read', () => {
    const layer = { annotator: 'Ada', ...marksOf({ failures: { f: failureOf() }, recoveries: { r: recoveryOf() } }) };
    const [lane, ...rest] = othersLanes([layer, { annotator: 'Ben', ...marksOf() }], times);
    expect(rest).toEqual([]);
    expect(lane?.label).toBe('Marks, Ada');
    expect(lane?.detail).toBe('1 failure, 1 recovery by Ada: read-only.');
    expect(contentOf(lane).segments.map(({ row }) => row)).toEqual([0, 1]);
  });
});

describe('what lies under the pointer', () => {
  const times = ticksOf(2000);
  const lanes = (more: Parameters<typeof failureOf>[0] = {}) =>
    ownLanes(marksOf({ failures: { f: failureOf(more) } }), times);
  /** A pixel a tick. */
  const at = (lane: Lane | undefined, x: number, y = 10, inHand: string | null = null) =>
    hitAt(contentOf(lane), x, y, (tick) => tick, inHand)?.part;

  it('is an edge, a sign or the whole', () => {
    const [lane] = lanes({ handOff: 400 });
    expect([90, 96, 100].map((x) => at(lane, x))).toEqual(['start', 'start', 'start']);
    expect([488, 492, 498].map((x) => at(lane, x))).toEqual(['end', 'end', 'end']);
    expect([295, 300, 306].map((x) => at(lane, x))).toEqual(['event', 'event', 'event']);
    expect(at(lane, 402)).toBe('handOff');
    expect([110, 200, 450].map((x) => at(lane, x))).toEqual(['whole', 'whole', 'whole']);
    expect([86, 510].map((x) => at(lane, x))).toEqual(['start', undefined]);
    expect(at(lane, 200, 40)).toBeUndefined();
  });

  it('gives every edge and sign ten pixels or more, and leaves some of the body', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (width) => {
        const [lane] = lanes({ event: 500, window: [500, 500 + width] });
        const parts = Array.from({ length: 2800 }, (_, step) => at(lane, 460 + step / 10));
        for (const part of ['start', 'end'] as const) {
          const reach = parts.filter((found) => found === part).length / 10;
          expect(reach, `${part} at ${width} px`).toBeGreaterThanOrEqual(10);
        }
        expect(parts.filter((found) => found === 'event').length).toBeGreaterThanOrEqual(width === 0 ? 0 : 1);
      }),
    );
  });

  it('is outside of an edge the edge, inside of it the event that stands there', () => {
    const [lane] = lanes({ event: 96 });
    expect([at(lane, 93), at(lane, 97), at(lane, 100)]).toEqual(['start', 'event', 'event']);
  });

  it('is what is in hand where several lie as near', () => {
    const marks = marksOf({
      recoveries: { a: recoveryOf({ ticks: [100, 200] }), b: recoveryOf({ ticks: [201, 300] }) },
    });
    const [lane] = ownLanes(marks, times);
    const hit = (inHand: string | null) => hitAt(contentOf(lane), 200.5, 10, (tick) => tick, inHand);
    const keys = contentOf(lane).segments.map(({ key }) => key) as [string, string];
    expect(hit(keys[0])?.segment.id).toBe('a');
    expect(hit(keys[1])?.segment.id).toBe('b');
  });

  it('is of another person the whole alone', () => {
    const [lane] = othersLanes([{ annotator: 'Ada', ...marksOf({ failures: { f: failureOf() } }) }], times);
    expect([90, 96, 300, 492].map((x) => at(lane, x))).toEqual(['whole', 'whole', 'whole', 'whole']);
  });

  it('is told in words, of the row under it alone', () => {
    const marks = marksOf({
      failures: { f: failureOf(), g: failureOf({ event: 310, window: [100, 400], code: 'MANIP_DROP' }) },
    });
    const [lane] = ownLanes(marks, times) as [Lane];
    const above: Lane = { ...lane, id: 'above', heightPx: 16, content: { kind: 'seen' } };
    const model = { startNs: 0, endNs: 1, times, gaps: [], lanes: [] };
    const told = (laneY: number) => describeUnder({ ns: 0, tick: 300, laneY }, [above, lane], model);
    expect(told(16 + 10)).toBe('Failure GRASP_SLIP, 3.20 s to 16.40 s, ticks 96 to 492');
    expect(told(16 + 28)).toMatch(/^Failure MANIP_DROP, [^\n]*$/);
  });

  it('takes the room that a hand-off needs', () => {
    const segments = contentOf(lanes({ handOff: 700 })[0]).segments;
    expect(segments.map(extentOf)).toEqual([[96, 700]]);
    expect(at(lanes({ handOff: 700 })[0], 705)).toBe('handOff');
  });
});
