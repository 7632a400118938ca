import { describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/review/finding.ts';
import { withGestures } from '../review/gestures.ts';
import { findingsLane } from './findings-lane.ts';
import { neighbourOf, nextUndecided, type QueueEvent, queueOf, withLeadIn } from './queue.ts';
import { findingAt, layerOf } from './testing.ts';
import { decide, join } from './verdict-gestures.ts';

const mild = findingAt(10, 20, 0.2);
const worst = findingAt(40, 60, 0.9);
const middle = findingAt(70, 90, 0.5);
const other = findingAt(30, 31, 0.6, { detector: 'intensity-spike', class: 'led_flicker', side: 'right' });
const layer = layerOf();
const queue = (own = layer, findings = [mild, worst, middle, other]) => queueOf(findings, { own, others: [] });
const event = (of: Finding, own = layer) => queue(own).events.find(({ id }) => id === of.id) as QueueEvent;

describe('the queue', () => {
  it('has the worst undecided first, and what is decided behind, by time', () => {
    expect(queue().events.map(({ id }) => id)).toEqual([worst.id, other.id, middle.id, mild.id]);
    const own = withGestures(layer, [decide(event(worst), 'cut'), decide(event(mild), 'keep')]);
    const { events, undecided } = queue(own);
    expect(events.map(({ id }) => id)).toEqual([other.id, middle.id, mild.id, worst.id]);
    expect(undecided).toBe(2);
    expect(queue(withGestures(own, [decide(event(worst, own), null)])).undecided).toBe(3);
  });

  it('goes on to the next undecided, round its end', () => {
    const { events } = queue();
    expect(nextUndecided(events, null)?.id).toBe(worst.id);
    expect(nextUndecided(events, event(worst).key)?.id).toBe(other.id);
    expect(nextUndecided(events, event(mild).key)?.id).toBe(worst.id);
    const all = withGestures(
      layer,
      [mild, worst, middle, other].map((of) => decide(event(of), 'keep')),
    );
    expect(nextUndecided(queue(all).events, null)).toBeUndefined();
  });

  it('joins two of a kind and the gap between into one that is still to be decided', () => {
    expect(neighbourOf(event(worst), queue().events)?.id).toBe(middle.id);
    expect(neighbourOf(event(other), queue().events)).toBeUndefined();
    const own = withGestures(layer, [join('joined', event(worst), event(middle))]);
    expect(own.verdicts[worst.id]).toMatchObject({ value: 'merge', mergedInto: 'joined' });
    const { events, undecided } = queue(own);
    expect(undecided).toBe(3);
    expect(events.find(({ id }) => id === 'joined')?.ticks).toEqual([40, 90]);
    expect(events.some(({ id }) => id === worst.id || id === middle.id)).toBe(false);
    const again = withGestures(own, [
      join('larger', events.find(({ id }) => id === 'joined') as QueueEvent, event(mild, own)),
    ]);
    expect(queue(again).events.map(({ id, ticks }) => [id, ticks])).toEqual([
      ['larger', [10, 90]],
      [other.id, [30, 31]],
    ]);
  });

  it('keeps a verdict whose event is gone in sight', () => {
    const own = withGestures(layer, [decide(event(worst), 'cut')]);
    expect(queue(own, [mild]).unmatched).toMatchObject([{ id: worst.id, reason: 'gone' }]);
  });
});

it('leads into an event by a second, within the recording', () => {
  const times = Float64Array.from({ length: 100 }, (_, tick) => tick * 1e8);
  expect(withLeadIn([50, 52], times)).toEqual([40, 57]);
  expect(withLeadIn([3, 98], times)).toEqual([0, 99]);
});

it('tells on the lane by shape what became of each', () => {
  const own = withGestures(layer, [decide(event(worst), 'cut'), decide(event(mild), 'keep')]);
  const lane = findingsLane(queue(own));
  expect(lane?.content.kind === 'marks' && lane.content.marks.map(({ shape }) => shape)).toEqual([
    'recovery',
    'problem',
    'failure',
    'problem',
  ]);
  expect(findingsLane(null)).toBeNull();
});
