import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { eulerOfQuaternion, quaternionOfEuler } from './euler.ts';

describe('Euler angles about fixed axes', () => {
  it('come back from their quaternion', () => {
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    const pitch = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(angle, pitch, angle, (roll, tilt, yaw) => {
        const back = eulerOfQuaternion(...quaternionOfEuler(roll, tilt, yaw));
        [roll, tilt, yaw].forEach((value, at) => {
          expect(back[at]).toBeCloseTo(value, 6);
        });
      }),
    );
  });

  it(`turn as three matrices do, x first (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
    const script = `
import json, numpy as np
a, b, c = 0.3, -0.7, 2.1
def about(axis, t):
    m = np.eye(3); i, j = [(1, 2), (2, 0), (0, 1)][axis]
    m[i, i] = m[j, j] = np.cos(t); m[j, i] = np.sin(t); m[i, j] = -np.sin(t); return m
print(json.dumps((about(2, c) @ about(1, b) @ about(0, a) @ np.array([1., 2, 3])).tolist()))`;
    const [x, y, z, w] = quaternionOfEuler(0.3, -0.7, 2.1);
    const [vx, vy, vz] = [1, 2, 3];
    const cross = [y * vz - z * vy, z * vx - x * vz, x * vy - y * vx].map((value) => 2 * value) as number[];
    const [tx = 0, ty = 0, tz = 0] = cross;
    const turned = [vx + w * tx + y * tz - z * ty, vy + w * ty + z * tx - x * tz, vz + w * tz + x * ty - y * tx];
    (JSON.parse(runPython(script)) as number[]).forEach((value, at) => {
      expect(turned[at]).toBeCloseTo(value, 9);
    });
  });
});
