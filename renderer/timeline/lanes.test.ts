import { describe, expect, it } from 'vitest';
import type { Clock, Episode, Stream, Track } from '../../shared/episode/episode.ts';
import { emptyHistory, layerOf } from '../../shared/review/fold.ts';
import type { Layer, Review } from '../../shared/review/review.ts';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import type { EpisodeArrays } from '../app/session.ts';
import { buildTimeline, noteLanes, problemLane } from './lanes.ts';
import { describeUnder } from './under-pointer.ts';

const ms = 1e6;

/** 30 Hz for ten seconds with three ticks lost at 5 s; a body at 100 Hz, lost from 2 to 3 s and frozen from 7 to 8 s. */
function episode() {
  const ticks = Array.from({ length: 300 }, (_, tick) => tick * 33 * ms).filter((_, tick) => tick < 150 || tick > 152);
  const stamps = Array.from({ length: 990 }, (_, index) => index * 10 * ms).filter(
    (ns) => ns <= 2000 * ms || ns >= 3000 * ms,
  );
  const poses = stamps.flatMap((ns) => [
    (ns >= 7000 * ms && ns <= 8000 * ms ? 7000 * ms : ns) / 1e10,
    0,
    0,
    0,
    0,
    0,
    1,
  ]);
  // The tactile sensor has stamps of its own, a little before each tick.
  const touch = ticks.map((ns) => Math.max(0, ns - 12 * ms));
  const clock = (id: string, times: number[], medianPeriodNs: number): Clock => ({
    id,
    name: id,
    count: times.length,
    basis: 'recorded',
    firstNs: times[0] ?? null,
    lastNs: times.at(-1) ?? null,
    medianPeriodNs,
    worstGapNs: null,
    ascending: true,
  });
  const stream = (id: string, clockId: string, more: Partial<Stream> = {}) =>
    ({
      id,
      name: id,
      kind: 'color',
      position: null,
      count: ticks.length,
      clock: clockId,
      fault: null,
      ...more,
    }) as Stream;
  const made = {
    id: 'e',
    masterClock: 'master',
    clocks: [clock('master', ticks, 33 * ms), clock('body', stamps, 10 * ms), clock('touch', touch, 33 * ms)],
    streams: [
      stream('camera', 'master'),
      stream('short', 'master', { count: 200 }),
      stream('broken', 'master', { fault: 'Its filter is unknown.' }),
      stream('touch', 'touch', { kind: 'tactile', position: 'left' }),
    ],
    tracks: [{ id: 'hand', name: 'Hand', side: 'right', count: stamps.length, clock: 'body' } as Track],
    series: [],
    problems: [],
  } as unknown as Episode;
  const numbers = (times: number[], values: number[] = []): EpisodeArrays => ({
    times: Float64Array.from(times),
    values: Float64Array.from(values),
    width: 7,
  });
  const arrays = new Map([
    ['clock:master', numbers(ticks)],
    ['clock:touch', numbers(touch)],
    ['track:hand', numbers(stamps, poses)],
  ]);
  return { episode: made, arrays };
}

describe('the lanes of an episode', () => {
  const opened = episode();
  const model = buildTimeline(opened, 3);
  const lane = (id: string) => {
    const found = model.lanes.find((candidate) => candidate.id === id);
    if (found?.content.kind !== 'samples') throw new Error(id);
    return found.content;
  };

  it('show where the recorder stood still', () => {
    expect(model.gaps).toEqual([{ before: 149, startNs: 149 * 33 * ms, endNs: 153 * 33 * ms }]);
    expect(lane('stream:camera').losses).toHaveLength(1);
  });

  it('show a body that was lost and one that was frozen', () => {
    expect(lane('track:hand').losses).toEqual([{ before: 200, startNs: 2000 * ms, endNs: 3000 * ms }]);
    expect(lane('track:hand').holds).toMatchObject([{ startNs: 7000 * ms, endNs: 8000 * ms }]);
    expect(lane('track:hand').curve?.signal.values[500]).toBeCloseTo(0.1);
  });

  it('say of a body that has no place in time that it cannot be shown, not that it was not recorded', () => {
    const arrays = new Map([...opened.arrays].filter(([id]) => id !== 'track:hand'));
    const [found] = buildTimeline({ ...opened, arrays }, 3).lanes.filter(({ id }) => id === 'track:hand');
    expect(found?.content).toMatchObject({ fault: 'No samples can be shown.' });
  });

  it('show a stream that ends early, and say what is wrong with a broken one', () => {
    expect(lane('stream:short').losses.at(-1)).toMatchObject({ before: 199, endNs: model.endNs });
    expect(lane('stream:broken')).toMatchObject({ fault: 'Its filter is unknown.', losses: [] });
  });

  it('tell a stand-still of the recorder once among the problems, and everything else by its own tick', () => {
    const tickOf = (ns: number) => Math.max(0, latestAtOrBefore(model.times, ns));
    const problems = problemLane(model, opened.episode, tickOf);
    if (problems?.content.kind !== 'marks') throw new Error('no marks');
    expect(problems.content.marks.map((mark) => [mark.ticks, mark.text])).toEqual([
      [[60, 90], 'Hand: nothing for 1.00 s'],
      [[149, 150], 'Gap of 0.13 s in the recording'],
      [[199, 296], 'short: nothing for 3.20 s'],
      [[209, 239], 'Hand: pose unchanged for 1.00 s'],
    ]);
  });

  it('say what lies under the pointer', () => {
    const under = (seconds: number, laneY: number) =>
      describeUnder({ ns: seconds * 1e9, tick: 0, laneY }, model.lanes, model);
    const handY = 20;
    expect(under(2.5, handY)).toBe('Hand: nothing for 1.00 s');
    expect(under(1.5, handY)).toMatch(/^Hand 0\.100 m\/s$/);
    expect(under(4.95, -1)).toBe('Gap of 132 ms in the recording');
    expect(under(1.5, -1)).toBe('');
  });
});

describe('lanes of notes', () => {
  const layer = (annotator: string, notes: Layer['notes']): Layer => ({
    ...layerOf(emptyHistory(annotator)),
    notes,
  });
  const review = (own: Layer, others: Layer[]) => ({ own, others }) as Review;

  it('keep people apart and leave out who has none at a moment', () => {
    const lanes = noteLanes(
      review(layer('ada', { a: { text: 'late', ticks: [5, 5] }, b: { text: 'whole' } }), [
        layer('bob', { c: { text: 'early', ticks: [2, 900] } }),
        layer('eve', { d: { text: 'whole' } }),
      ]),
      99,
    );
    expect(lanes.map((lane) => lane.label)).toEqual(['Notes', 'Notes, bob']);
    expect(lanes.map((lane) => lane.content.kind === 'marks' && lane.content.marks)).toEqual([
      [{ ticks: [5, 5], text: 'late', shape: 'note', tone: 'accent' }],
      [{ ticks: [2, 99], text: 'early', shape: 'note', tone: 'muted' }],
    ]);
    expect(noteLanes(null, 99)).toEqual([]);
  });
});
