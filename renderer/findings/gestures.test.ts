import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/review/finding.ts';
import { isReplaced } from '../../shared/review/matching.ts';
import { checkChange } from '../../shared/review/records.ts';
import type { Layer } from '../../shared/review/review.ts';
import { type Gesture, withGestures } from '../review/gestures.ts';
import { addByHand, nudged, reshape, split, splitAt } from './edge-gestures.ts';
import { neighbourOf, type Queue, type QueueEvent, queueOf } from './queue.ts';
import { findingAt, layerOf } from './testing.ts';
import { decide, decideAll, join, noteOf, noteOn, removeMade } from './verdict-gestures.ts';

const freeze = findingAt(40, 60, 0.9);
const later = findingAt(70, 90, 0.5);
const me = { annotator: 'ada' };

const queue = (own: Layer, findings: readonly Finding[] = [freeze, later], others: Layer[] = []) =>
  queueOf(findings, { own, others });
const eventOf = (from: Queue, id: string) =>
  [...from.events, ...from.merged].find((each) => each.id === id) as QueueEvent;
const withSaid = (own: Layer, ...gestures: Gesture[]) => withGestures(own, gestures);

describe('a note', () => {
  it('stands with the verdict, stays with another one, and goes when it is emptied', () => {
    const cut = withSaid(layerOf(), decide(eventOf(queue(layerOf()), freeze.id), 'cut', { note: 'hands crossed' }));
    expect(cut.verdicts[freeze.id]).toMatchObject({ value: 'cut', note: 'hands crossed' });
    const kept = withSaid(cut, decide(eventOf(queue(cut), freeze.id), 'keep'));
    expect(kept.verdicts[freeze.id]).toMatchObject({ value: 'keep', note: 'hands crossed' });
    const event = eventOf(queue(kept), freeze.id);
    expect(noteOf(event)).toBe('hands crossed');
    const gone = withSaid(kept, noteOn(event, ''));
    expect(gone.verdicts[freeze.id]).not.toHaveProperty('note');
    expect(() => noteOn(eventOf(queue(layerOf()), freeze.id), 'x')).toThrow(/with a verdict/);
  });
});

describe('an edge', () => {
  it('moves within the recording, and never past the other one', () => {
    expect(nudged([40, 60], 'start', -10, 99)).toEqual([30, 60]);
    expect(nudged([40, 60], 'start', -100, 99)).toEqual([0, 60]);
    expect(nudged([40, 60], 'start', 100, 99)).toEqual([60, 60]);
    expect(nudged([40, 60], 'end', 100, 99)).toEqual([40, 99]);
    expect(nudged([40, 60], 'end', -100, 99)).toEqual([40, 40]);
  });

  it('makes an event that stands for what was detected, and takes the verdict along', () => {
    const cut = withSaid(layerOf(), decide(eventOf(queue(layerOf()), freeze.id), 'cut', { note: 'late' }));
    const moved = reshape(eventOf(queue(cut), freeze.id), [44, 60], { id: 'h', ...me });
    expect(moved.name).toBe('Move the start of OptiTrack loss');
    const own = withSaid(cut, moved);
    expect(own.findings.h).toMatchObject({ ticks: [44, 60], replaces: [freeze.id], class: 'ot_loss' });
    expect(own.verdicts).toMatchObject({
      [freeze.id]: { value: 'merge', mergedInto: 'h', note: 'late' },
      h: { value: 'cut', note: 'late', of: { detector: 'hand', ticks: [44, 60] } },
    });
    const { events, merged, undecided } = queue(own);
    expect(events.map(({ id }) => id)).toEqual([later.id, 'h']);
    expect([merged.map(({ id }) => id), undecided]).toEqual([[freeze.id], 1]);
    expect(eventOf(queue(own), 'h')).toMatchObject({ origin: { id: freeze.id }, severity: 0.9, detector: 'hand' });
    // Moved again it stays the same event, and its verdict is not one that has to be looked at again.
    const again = withSaid(own, reshape(eventOf(queue(own), 'h'), [44, 66], { id: 'other', ...me }));
    expect(Object.keys(again.findings)).toEqual(['h']);
    expect(eventOf(queue(again), 'h')).toMatchObject({ ticks: [44, 66], decision: { movedFrom: null } });
  });

  it('moves beside an event that somebody else made', () => {
    const theirs = withSaid(layerOf('bob'), addByHand('b', { class: 'jump', side: null, ticks: [1, 5], text: '' }));
    const mine = withSaid(layerOf(), reshape(eventOf(queue(layerOf(), [], [theirs]), 'b'), [1, 9], { id: 'h', ...me }));
    expect(mine.findings.h).toMatchObject({ ticks: [1, 9], replaces: ['b'], text: 'Jump, added by hand.' });
    expect(queue(mine, [], [theirs]).events.map(({ id, maker }) => [id, maker])).toEqual([['h', 'ada']]);
    expect(queue(mine, [], [theirs]).unmatched).toEqual([]);
  });
});

describe('a split', () => {
  it('makes two of one, both as it was decided, and is undone by removing the parts', () => {
    expect(splitAt([40, 60], 40)).toBeNull();
    expect(splitAt([40, 60], 61)).toBeNull();
    const cut = withSaid(layerOf(), decide(eventOf(queue(layerOf()), freeze.id), 'cut'));
    const own = withSaid(cut, split(eventOf(queue(cut), freeze.id), 50, { ids: ['a', 'b'], ...me }) as Gesture);
    const { events, merged } = queue(own);
    expect(
      events.filter(({ hand }) => hand).map(({ id, ticks, decision }) => [id, ticks, decision?.verdict.value]),
    ).toEqual([
      ['a', [40, 49], 'cut'],
      ['b', [50, 60], 'cut'],
    ]);
    expect(merged.map(({ id }) => id)).toEqual([freeze.id]);
    const one = withSaid(own, removeMade(eventOf(queue(own), 'a'), own));
    expect(one.verdicts[freeze.id]).toMatchObject({ mergedInto: 'b' });
    expect(queue(one).events.map(({ id }) => id)).toEqual([later.id, 'b']);
    const none = withSaid(one, removeMade(eventOf(queue(one), 'b'), one));
    expect([none.findings, none.verdicts]).toEqual([{}, {}]);
    expect(queue(none).events.map(({ id }) => id)).toEqual([freeze.id, later.id]);
  });
});

describe('a verdict that went with its event', () => {
  const before = findingAt(100, 140);
  const [a, b] = [findingAt(100, 115), findingAt(120, 140)];
  const given = withSaid(layerOf(), decide(eventOf(queue(layerOf(), [before]), before.id), 'cut', { note: 'n' }));

  it('is taken back where it lies', () => {
    const moved = findingAt(101, 141);
    const event = eventOf(queue(given, [moved]), moved.id);
    expect(event.decision).toMatchObject({ id: before.id, movedFrom: { ticks: [100, 140] } });
    expect(withSaid(given, decide(event, null)).verdicts).toEqual({});
  });

  it('stays with the other part when one is decided anew, and leaves nothing over', () => {
    const parts = queue(given, [a, b]);
    const own = withSaid(given, decide(eventOf(parts, a.id), 'keep', { events: parts.events }));
    const now = queue(own, [a, b]);
    expect(eventOf(now, a.id).decision?.verdict).toMatchObject({ value: 'keep', note: 'n' });
    expect(eventOf(now, b.id).decision).toMatchObject({ verdict: { value: 'cut' }, movedFrom: { ticks: [100, 140] } });
    expect(now.unmatched).toEqual([]);
  });
});

it('of what was merged into an event that is gone, everything is undecided again', () => {
  const own = withSaid(layerOf(), join('j', eventOf(queue(layerOf()), freeze.id), eventOf(queue(layerOf()), later.id)));
  const { findings: _, ...rest } = own;
  const { events, undecided } = queue({ ...rest, findings: {} });
  expect([undecided, events.map(({ isLeftOver }) => isLeftOver)]).toEqual([2, [true, true]]);
});

it('decides many as one step, and leaves nothing over of what they were', () => {
  const { events } = queue(layerOf());
  const gesture = decideAll('Cut 2', events, 'cut', { events, note: 'all of them' });
  expect(gesture.patch).toHaveLength(2);
  expect(queue(withSaid(layerOf(), gesture)).undecided).toBe(0);
  expect(withSaid(layerOf(), gesture).verdicts[later.id]).toMatchObject({ value: 'cut', note: 'all of them' });
});

describe('whatever a person does', () => {
  const ranges = fc.uniqueArray(fc.tuple(fc.nat(80), fc.nat(12)), {
    selector: ([first]) => first,
    minLength: 1,
    maxLength: 6,
  });
  const step = fc.record({
    what: fc.constantFrom('keep', 'cut', 'none', 'nudge', 'split', 'join', 'remove', 'add', 'redetect'),
    at: fc.nat(20),
    by: fc.integer({ min: -6, max: 6 }),
  });

  it('every finding is in the queue, or part of what stands for it; no verdict is dropped; every step is one that can be kept', () => {
    fc.assert(
      fc.property(ranges, fc.array(step, { maxLength: 14 }), (spans, steps) => {
        let findings = spans.map(([first, more]) => findingAt(first, first + more));
        let own = layerOf();
        let count = 0;
        for (const { what, at, by } of steps) {
          const now = queue(own, findings);
          const event = now.events[at % Math.max(1, now.events.length)];
          if (what === 'redetect') {
            findings = findings.map(({ ticks: [first, last] }) =>
              findingAt(Math.max(0, first + by), Math.max(0, last + by)),
            );
            findings = [...new Map(findings.map((each) => [each.id, each])).values()];
            continue;
          }
          const gesture = gestureFor(what, event, now, own, by, `h${count++}`);
          if (!gesture) continue;
          for (const change of gesture.patch) expect(checkChange(change)).toBeTypeOf('object');
          own = withSaid(own, gesture);
        }
        check(queue(own, findings), findings, own);
      }),
    );
  });

  function gestureFor(
    what: string,
    event: QueueEvent | undefined,
    { events }: Queue,
    own: Layer,
    by: number,
    id: string,
  ): Gesture | undefined {
    if (what === 'add') return addByHand(id, { class: 'jump', side: null, ticks: [by + 6, by + 9], text: '' });
    if (!event) return undefined;
    if (what === 'keep' || what === 'cut') return decide(event, what, { events });
    if (what === 'none') return event.own.length > 0 ? decide(event, null, { events }) : undefined;
    if (what === 'nudge')
      return reshape(event, nudged(event.ticks, by < 0 ? 'start' : 'end', by, 120), { id, events, ...me });
    if (what === 'split') return split(event, event.ticks[0] + 1, { ids: [id, `${id}b`], events, ...me });
    if (what === 'remove') return event.hand ? removeMade(event, own) : undefined;
    const neighbour = neighbourOf(event, events);
    return neighbour && join(id, event, neighbour, events);
  }

  function check({ events, merged, unmatched }: Queue, findings: readonly Finding[], own: Layer): void {
    const shown = [...events, ...merged];
    expect(new Set(shown.map(({ key }) => key)).size).toBe(shown.length);
    const found = new Set(findings.map(({ id }) => id));
    for (const finding of findings)
      expect(shown.some((each) => each.id === finding.id) || isReplaced(finding, own.findings, found)).toBe(true);
    for (const id of Object.keys(own.findings)) expect(shown.some((each) => each.id === id)).toBe(true);
    const told = new Set([
      ...shown.flatMap((each) => each.own.map((decision) => decision.id)),
      ...unmatched.map((each) => each.id),
    ]);
    for (const [id, { value }] of Object.entries(own.verdicts)) if (value !== 'merge') expect(told).toContain(id);
  }
});
