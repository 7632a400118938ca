import { expect, it } from 'vitest';
import { SeenTicks } from './seen-ticks.ts';

it('joins painted ticks into ranges and counts each once', () => {
  const seen = new SeenTicks(21);
  for (const tick of [3, 4, 5, 4, 20, 0, 500]) seen.add(tick);
  expect(seen.ranges()).toEqual([
    [0, 0],
    [3, 5],
    [20, 20],
  ]);
  expect(seen.count()).toBe(5);
});
