import { expect, it } from 'vitest';
import { featuresHeld, firstDifference } from './compatible.ts';

it('names a remedy that a recipe has: streams are chosen, numbers and poses go along', () => {
  const holding = (...names: string[]) => new Map(names.map((name) => [name, 'same']));
  const told = (name: string) =>
    firstDifference({ path: 'a.h5', features: holding('rate', name) }, { path: 'b.h5', features: holding('rate') });
  expect(told('stream cam1')).toBe(
    'a.h5 has the stream cam1 and b.h5 has not: choose the streams in the recipe, or export them apart.',
  );
  expect(told('track board')).toBe('a.h5 has the track board and b.h5 has not: export them apart.');
  expect(
    firstDifference({ path: 'a', features: holding('track x') }, { path: 'b', features: holding('track x') }),
  ).toBeNull();
});

it('takes recordings of one file for alike whose arrays differ in the name of the recording alone', () => {
  const held = (inner: string) => {
    const track = { id: `data/${inner}/obs/eef`, quaternionOrder: 'xyzw', upAxis: 'z', count: 3 };
    const holds = { streams: [], series: [], tracks: [track] } as unknown as Parameters<typeof featuresHeld>[0];
    const recipe = { streams: { ids: [], widthAtMostPx: null }, rate: 'native' as const };
    return [...featuresHeld(holds, 1e9, recipe, `can/demo.hdf5::${inner}`).keys()];
  };
  expect(held('demo_0')).toEqual(['track obs/eef', 'rate']);
  expect(held('demo_10')).toEqual(held('demo_0'));
});
