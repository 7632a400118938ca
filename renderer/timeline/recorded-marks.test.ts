import { expect, it } from 'vitest';
import type { RecordedMark } from '../../shared/episode/episode.ts';
import { placesToSee, setPlaces } from './places-to-see.ts';
import { describeMark, recordedLanes } from './recorded-marks.ts';

const mark = (
  kind: RecordedMark['kind'],
  by: string,
  start: number,
  end = start,
  name = '',
  text = '',
): RecordedMark => ({
  ...{ id: `${kind}-${start}`, kind, by, name, text },
  ...{ startNs: start * 1e9, endNs: end * 1e9 },
});
const MARKS = [
  mark('recovery', 'alice', 5, 6),
  mark('overrun', 'recorder', 2),
  mark('failure', 'alice', 3, 4, 'dropped', 'The block slipped.'),
  mark('overrun', 'recorder', 1),
];
const tickOf = (ns: number) => ns / 1e8;

it('stand in a lane an author, in order of time, each kind with a shape of its own', () => {
  const lanes = recordedLanes(MARKS, tickOf);
  expect(lanes.map(({ label }) => label)).toEqual(['alice', 'recorder']);
  const marks = lanes.map(({ content }) => (content.kind === 'marks' ? content.marks : []));
  expect(marks[0]?.map(({ shape, ticks }) => [shape, ...ticks])).toEqual([
    ['failure', 30, 40],
    ['recovery', 50, 60],
  ]);
  expect(lanes[1]?.detail).toContain('2 × Overrun');
  expect(recordedLanes([], tickOf)).toEqual([]);
});

it('are places that the keys go to, in one order over all authors', () => {
  setPlaces(recordedLanes(MARKS, tickOf));
  expect(placesToSee()).toEqual([10, 20, 30, 50]);
  setPlaces([]);
  expect(placesToSee()).toEqual([]);
});

it('are told in words, nothing twice', () => {
  expect(describeMark(MARKS[2] as RecordedMark)).toBe('Failure: dropped, 1.00 s. The block slipped.');
  expect(describeMark(mark('overrun', 'r', 1, 1, 'Overrun', ''))).toBe('Overrun');
  expect(describeMark(mark('task', 'r', 1, 1, 'Pick', 'Pick'))).toBe('Task: Pick');
});
