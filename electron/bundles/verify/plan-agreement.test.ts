import { expect, it } from 'vitest';
import type { PlannedUnit } from '../../../shared/bundles/plan.ts';
import type { Bundle } from './bundle-files.ts';
import { planFaults } from './plan-agreement.ts';

const planned = (path: string) =>
  ({
    ...{ path, kind: 'rollout', ticks: [0, 9], failure: null, recovery: null, split: 'train', annotator: null },
    ...{ frames: 10, fingerprint: path },
  }) as unknown as PlannedUnit;
const listed = (path: string) =>
  ({
    ...{ id: path, kind: 'rollout', source: { path, fingerprint: path, ticks: [0, 9] }, labels: null, failure: null },
    ...{ recovery: null, split: 'train', frames: 10 },
  }) as unknown as Bundle['units'][number];
const damaged = { path: 'b.h5', kind: 'rollout' as const, ticks: [0, 9] as [number, number], reason: 'it is damaged' };

function told(onFault: 'refuse' | 'skip', leftOut: Bundle['left_out'], today: readonly PlannedUnit[]): string[] {
  const bundle = { units: [listed('a.h5')], left_out: leftOut, recipe: { onFault } } as unknown as Bundle;
  return planFaults(bundle, { units: today, leftOut: [] }).map(({ text }) => text);
}

it('lets a unit be missing that could not be made, where the recipe allows that and the bundle says so', () => {
  const both = [planned('a.h5'), planned('b.h5')];
  const missing = 'its recipe takes rollout b.h5 ticks 0–9 today, which is not in it.';
  expect(told('skip', [damaged], both)).toEqual([]);
  expect(told('skip', [], both)).toEqual([missing]);
  expect(told('refuse', [damaged], both)).toContain(missing);
  expect(told('skip', [damaged], [planned('a.h5')])).toEqual([
    'it leaves out rollout of b.h5 ticks 0–9: it is damaged, and its recipe does not today.',
  ]);
});
