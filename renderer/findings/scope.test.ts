import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withGestures } from '../review/gestures.ts';
import { guessFor } from './adding.ts';
import { bulkName, partsOf } from './bulk.ts';
import { isBorderline, marginText, placeText, recordingName, spokenEvent } from './event-words.ts';
import { countsOf, EVERYTHING, formatFilter, isShown, type QueueFilter, readFilter, toggled } from './filter.ts';
import { type QueueEvent, type QueueRecording, queueOf } from './queue.ts';
import { bulkTarget, countsText, scopedQueue } from './scope.ts';
import { findingAt, layerOf } from './testing.ts';
import { decide, join } from './verdict-gestures.ts';

const recording = (name: string, date = '2026-07-02'): QueueRecording => ({
  ...{ episode: `root/${name}.h5`, path: `data/task/${date}/${name}.h5`, task: 'task', date },
});
const [first, second] = [recording('episode_000'), recording('episode_001', '2026-07-03')];
const flicker = { detector: 'intensity-spike', class: 'led_flicker', side: 'right' as const };
const inFirst = [
  findingAt(10, 20, 0.3, { margin: 0.1 }),
  findingAt(40, 60, 0.8),
  findingAt(5, 6, 0.6, { ...flicker, margin: 3 }),
];
const inSecond = [findingAt(10, 20, 0.9), findingAt(30, 33, 0.1, { ...flicker, side: null })];

function queues(decideFirst: (events: readonly QueueEvent[]) => Parameters<typeof withGestures>[1] = () => []) {
  const before = queueOf(inFirst, { own: layerOf(), others: [] }, first);
  const own = withGestures(layerOf(), decideFirst(before.events));
  return [
    { recording: first, queue: queueOf(inFirst, { own, others: [] }, first) },
    { recording: second, queue: queueOf(inSecond, { own: layerOf(), others: [] }, second) },
  ];
}
const all = { filter: EVERYTHING, sort: 'worst' } as const;
const places = (events: readonly QueueEvent[]) =>
  events.map(({ recording: of, ticks }) => `${of === first ? 1 : 2}:${ticks[0]}`);

describe('a queue of several recordings', () => {
  it('has the worst of all first, and tells events of the same id apart', () => {
    const queue = scopedQueue(queues(), all);
    expect(places(queue.shown)).toEqual(['2:10', '1:40', '1:5', '1:10', '2:30']);
    expect(new Set(queue.shown.map(({ key }) => key)).size).toBe(5);
    expect(countsText(queue, 'date')).toBe('5 of 5 undecided, 2 recordings');
    expect(countsText(queue, 'episode')).toBe('5 of 5 undecided');
  });

  it('is also sorted by time, and by how near the limit things are', () => {
    expect(places(scopedQueue(queues(), { ...all, sort: 'time' }).shown)).toEqual([
      '1:5',
      '1:10',
      '1:40',
      '2:10',
      '2:30',
    ]);
    expect(places(scopedQueue(queues(), { ...all, sort: 'borderline' }).shown)[0]).toBe('1:10');
  });

  it('counts what is shown, and says how many the filter leaves out', () => {
    const filter = { ...EVERYTHING, class: ['led_flicker'] };
    const queue = scopedQueue(
      queues((events) => [decide(events[0] as QueueEvent, 'cut')]),
      { ...all, filter },
    );
    expect([queue.count, queue.undecided, queue.hidden, queue.recordings]).toEqual([2, 2, 3, 2]);
  });

  it('shows parts of a joined event when asked for, and counts them in none', () => {
    const joined = queues((events) => [join('j', events[0] as QueueEvent, events[2] as QueueEvent)]);
    expect(scopedQueue(joined, all).count).toBe(4);
    const asked = scopedQueue(joined, { ...all, filter: { ...EVERYTHING, decision: ['merge'] } });
    expect([asked.shown.length, asked.count]).toEqual([2, 0]);
  });
});

describe('a filter', () => {
  const { all: events } = scopedQueue(
    queues((list) => [decide(list[0] as QueueEvent, 'cut')]),
    all,
  );

  it('counts what each value would show beside what is chosen of the other facets', () => {
    const counted = (filter: QueueFilter) =>
      Object.fromEntries(
        countsOf(events, filter).map(({ facet, values }) => [
          facet,
          Object.fromEntries(values.map((each) => [each.value, each.count])),
        ]),
      );
    expect(counted(EVERYTHING)).toEqual({
      class: { ot_loss: 3, led_flicker: 2 },
      detector: { 'pose-freeze': 3, 'intensity-spike': 2 },
      side: { left: 3, right: 1, none: 1 },
      decision: { undecided: 4, cut: 1 },
    });
    const left = toggled(EVERYTHING, 'side', 'left');
    expect(counted(left).class).toEqual({ ot_loss: 3 });
    expect(counted(toggled(left, 'decision', 'keep')).decision).toEqual({ undecided: 2, cut: 1, keep: 0 });
    expect(toggled(left, 'side', 'left')).toEqual(EVERYTHING);
  });

  it('shows what its counts say, whatever is chosen', () => {
    const value = fc.subarray(['ot_loss', 'led_flicker', 'left', 'none', 'cut', 'undecided', 'pose-freeze']);
    fc.assert(
      fc.property(value, value, value, (classes, sides, decisions) => {
        const filter = { class: classes, detector: [], side: sides, decision: decisions };
        for (const { facet, values } of countsOf(events, filter))
          for (const { value: each, count } of values)
            expect(events.filter((event) => isShown(event, { ...filter, [facet]: [each] })).length).toBe(count);
      }),
    );
  });

  it('is remembered as a word, as far as there is room', () => {
    const filter = { class: ['ot_loss', 'led_flicker'], detector: [], side: ['left'], decision: ['undecided'] };
    expect(readFilter(formatFilter(filter))).toEqual(filter);
    expect(readFilter('side:left nonsense colour:red side:left class:')).toEqual({ ...EVERYTHING, side: ['left'] });
    const many = { ...EVERYTHING, class: Array.from({ length: 40 }, (_, index) => `class_${index}`) };
    expect(formatFilter(many).length).toBeLessThanOrEqual(200);
    expect(readFilter(formatFilter(many)).class.length).toBeGreaterThan(10);
  });
});

describe('a verdict on many', () => {
  it('falls on the undecided of a class among what is shown, in a part for each recording', () => {
    const queue = scopedQueue(
      queues((events) => [decide(events[0] as QueueEvent, 'keep')]),
      all,
    );
    const target = bulkTarget(queue.shown, 'ot_loss');
    expect([target.events.length, target.decided, target.recordings]).toEqual([2, 1, 2]);
    const name = bulkName(target, 'cut');
    expect(name).toBe('Cut 2 × OptiTrack loss in 2 recordings');
    const parts = partsOf(target, 'cut', { name, note: 'n', all: queue.all });
    expect(parts.map(({ episode, patch }) => [episode, patch.map(({ id }) => id)])).toEqual([
      [second.episode, ['pose-freeze:left:10-20']],
      [first.episode, ['pose-freeze:left:10-20']],
    ]);
    expect(parts[0]?.patch[0]?.value).toMatchObject({ value: 'cut', note: 'n' });
    expect(bulkTarget(queue.shown, 'jump').events).toEqual([]);
  });
});

describe('words', () => {
  const [event] = queueOf([findingAt(10, 20, 0.3, { margin: 0.1 })], { own: layerOf(), others: [] }, second).events;
  it('say where an event is, of which recording, and how near its limit', () => {
    const times = Float64Array.from({ length: 30 }, (_, tick) => tick * 1e8);
    expect(placeText(event as QueueEvent, times)).toMatch(/ticks 10–20, 1\.00 s$/);
    expect(placeText(event as QueueEvent, null)).toMatch(/ticks 10–20, 0\.10 s$/);
    expect([recordingName(second, 'date'), recordingName(second, 'task')]).toEqual([
      'episode_001',
      '2026-07-03, episode_001',
    ]);
    expect([isBorderline(event as QueueEvent), marginText(0.1), marginText(2), marginText(40)]).toEqual([
      ...[true, '1.10 × its limit', '3.0 × its limit', '41 × its limit'],
    ]);
    expect(spokenEvent(event as QueueEvent, times, 'date')).toMatch(
      /^OptiTrack loss, left, episode_001, .*ticks 10–20.*, borderline, undecided$/,
    );
  });

  it('guess class and side from what lies there, where that agrees', () => {
    const sided = { streams: [{ position: 'left' }], tracks: [] } as never;
    const { events } = queueOf(inFirst, { own: layerOf(), others: [] }, first);
    expect(guessFor(events, [15, 45], sided)).toEqual({ class: 'ot_loss', side: 'left' });
    expect(guessFor(events, [5, 45], sided)).toEqual({ class: null, side: null });
    expect(guessFor([], [5, 45], { streams: [], tracks: [] })).toEqual({ class: null, side: 'none' });
  });
});
