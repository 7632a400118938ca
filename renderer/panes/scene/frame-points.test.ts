import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { framePoints } from './frame-points.ts';

/** A path to one side of the origin, and one body at rest. */
const points = [
  ...Array.from({ length: 40 }, (_, index) => new Vector3(-0.4 + index / 40, 0.1 + (index % 7) / 30, (index % 5) / 20)),
  new Vector3(0.1, 0, -0.1),
];

describe('framing points', () => {
  for (const [aspect, upAxis] of [
    [4, 'y'],
    [0.6, 'y'],
    [2.4, 'z'],
  ] as const) {
    it(`fills a picture of aspect ${aspect}, ${upAxis} up, in its middle, and cuts nothing off`, () => {
      const camera = new PerspectiveCamera(45, aspect, 0.01, 50);
      framePoints(camera, points, upAxis);
      camera.updateMatrixWorld();
      const seen = points.map((point) => point.clone().project(camera));
      const ends = (axis: 'x' | 'y') => {
        const values = seen.map((point) => point[axis]);
        return [Math.min(...values), Math.max(...values)] as const;
      };
      const most = Math.max(...ends('x').map(Math.abs), ...ends('y').map(Math.abs));
      expect(most).toBeLessThan(1);
      expect(most).toBeGreaterThan(0.6);
      for (const axis of ['x', 'y'] as const) expect(Math.abs(ends(axis)[0] + ends(axis)[1])).toBeLessThan(0.1);
    });
  }
});
