import { expect, it } from 'vitest';
import { placeLabels } from './place-labels.ts';

const PANE = { width: 200, height: 100 };
const label = (text: string, x: number, y: number) => ({ text, x, y });
const lines = (...labels: ReturnType<typeof label>[]) =>
  placeLabels(labels, (text) => text.length * 6, PANE).map(({ y }) => y);

it('writes no label over another, and moves none that has room', () => {
  expect(lines(label('End effector', 50, 40), label('Target', 54, 42))).toEqual([40, 52]);
  expect(lines(label('a', 0, 10), label('b', 100, 10), label('c', 0, 30))).toEqual([10, 10, 30]);
  expect(lines(label('aa', 0, 10), label('bb', 2, 12), label('cc', 4, 14))).toEqual([10, 22, 34]);
});

it('cuts no label off at the border of the pane', () => {
  const inside = (x: number, y: number) => {
    const [placed] = placeLabels([label('middle', x, y)], () => 36, PANE);
    return [placed?.x, placed?.y];
  };
  expect(inside(50, 2)).toEqual([50, 9]);
  expect(inside(190, 99)).toEqual([164, 97]);
  expect(inside(-5, 50)).toEqual([0, 50]);
});
