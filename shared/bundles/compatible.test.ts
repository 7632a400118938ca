import { describe, expect, it } from 'vitest';
import { featuresHeld, firstDifference, type Holds } from './compatible.ts';
import { exportedStreams } from './exported.ts';

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

describe('recordings of one file, whose arrays differ in the name of the recording alone', () => {
  const holdsOf = (inner: string): Holds =>
    ({
      path: `can/demo.hdf5::${inner}`,
      streams: ['front', 'wrist'].map((name) => ({ id: `data/${inner}/obs/${name}`, kind: 'color', fault: null })),
      series: [],
      tracks: [{ id: `data/${inner}/obs/eef`, quaternionOrder: 'xyzw', upAxis: 'z', count: 3 }],
    }) as unknown as Holds;
  const held = (inner: string, ...ids: string[]) => [
    ...featuresHeld(holdsOf(inner), 1e9, { streams: { ids, widthAtMostPx: null }, rate: 'native' }).keys(),
  ];

  it('are alike', () => {
    expect(held('demo_0')).toEqual(['stream obs/front', 'stream obs/wrist', 'track obs/eef', 'rate']);
    expect(held('demo_10')).toEqual(held('demo_0'));
  });

  it('have a stream chosen by its name within each, or by its id in one', () => {
    for (const inner of ['demo_0', 'demo_10'])
      expect(held(inner, 'obs/wrist')).toEqual(['stream obs/wrist', 'track obs/eef', 'rate']);
    expect(exportedStreams(holdsOf('demo_0'), { ids: ['data/demo_0/obs/front'], widthAtMostPx: null })).toMatchObject([
      { id: 'data/demo_0/obs/front' },
    ]);
    expect(exportedStreams(holdsOf('demo_1'), { ids: ['data/demo_0/obs/front'], widthAtMostPx: null })).toBe(
      'can/demo.hdf5::demo_1 has no stream data/demo_0/obs/front, which the recipe asks for.',
    );
  });
});
