import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTrackedAt, poseAt } from './pose.ts';

const unit = 1 / Math.sqrt(2);
const tracked = [0.1, 0.2, 0.3, 0, unit, 0, unit];

describe('poses of a recording', () => {
  it('reads the sample asked for, its quaternion normalised', () => {
    const poses = [...tracked, 1, 2, 3, 3, 0, 0, 4];
    expect(poseAt(poses, 1)).toEqual({ position: [1, 2, 3], rotation: [0.6, 0, 0, 0.8] });
    expect(poseAt(poses, 0)?.rotation[1]).toBeCloseTo(unit, 12);
  });

  it.each([
    ['all zero', [0, 0, 0, 0, 0, 0, 0]],
    ['without rotation', [1, 2, 3, 0, 0, 0, 0]],
    ['a place that is no number', [Number.NaN, 2, 3, 0, 0, 0, 1]],
    ['a rotation that is not finite', [1, 2, 3, 0, Number.POSITIVE_INFINITY, 0, 1]],
    ['cut short', [1, 2, 3, 0, 0, 0]],
  ])('has no pose where the row is %s', (_what, row) => {
    expect(poseAt(row)).toBeUndefined();
    expect(isTrackedAt(row, 0)).toBe(false);
  });

  it('has none outside the recording', () => {
    for (const index of [-1, 1]) {
      expect(poseAt(tracked, index)).toBeUndefined();
      expect(isTrackedAt(tracked, index)).toBe(false);
    }
  });

  it('says of every row whether it is tracked as reading it does', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(0, 1, -1, 1e-10));
    fc.assert(
      fc.property(fc.array(value, { minLength: 7, maxLength: 21 }), fc.integer({ min: -1, max: 3 }), (poses, index) => {
        expect(isTrackedAt(poses, index)).toBe(poseAt(poses, index) !== undefined);
      }),
    );
  });
});
