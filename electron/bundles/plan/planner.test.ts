import { expect, it } from 'vitest';
import type { StageSinks } from '../../curation/run-stage.ts';
import { Planner } from './planner.ts';

it('has one plan a view in the making, the newest, and tells how far that is', async () => {
  const runs: { sinks: StageSinks; end(): void }[] = [];
  const planner = new Planner(
    (_, sinks) =>
      new Promise((resolve, reject) => {
        sinks.signal.addEventListener('abort', () => reject(sinks.signal.reason));
        runs.push({ sinks, end: () => resolve({ message: '', result: { plan: runs.length } }) });
      }),
  );
  const ask = (view: string) => planner.plan({ root: 'lab', recipe: {}, view });
  expect(planner.looked('a')).toBeNull();
  const first = ask('a');
  runs[0]?.sinks.progress({ done: 3, total: 9 });
  expect([planner.looked('a'), planner.looked('b')]).toEqual([{ done: 3, total: 9 }, null]);
  const second = ask('a');
  await expect(first).rejects.toThrow('A newer plan was asked for.');
  expect(planner.looked('a')).toBeNull();
  runs[1]?.sinks.progress({ message: 'no count' });
  runs[1]?.sinks.progress({ done: 1, total: 2 });
  expect(planner.looked('a')).toEqual({ done: 1, total: 2 });
  runs[1]?.end();
  expect(await second).toBe(2);
  expect(planner.looked('a')).toBeNull();
});
