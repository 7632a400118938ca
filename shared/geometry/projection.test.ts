import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CameraCalibration, SensorOffset } from './calibration.ts';
import type { QuaternionXyzw, Vector3 } from './pose.ts';
import { aboutAxis, angleBetween, changeUpAxis, conjugate, fromBasis, multiply, poseAt, rotate } from './pose.ts';
import { projectOrigin, projectPoint, projectSensor, residualPx } from './projection.ts';

const middle: CameraCalibration = {
  position: 'middle',
  serial: '217222066989',
  stream: 'realsense/cam2/color',
  mocapToCamera: [
    0.9987689323, 0.0129201617, -0.0478924764, -394.4763993, 0.0482642135, -0.0301839508, 0.9983784327, -270.4934432,
    0.0114536266, -0.9994608539, -0.0307703738, 826.0198095, 0, 0, 0, 1,
  ],
  fx: 609.0601,
  fy: 608.2754,
  ppx: 332.4794,
  ppy: 239.3525,
  width: 640,
  height: 480,
  upAxis: 'y',
  rmse: { value: 5.3, unit: 'mm' },
  createdAt: null,
};
const left: SensorOffset = { side: 'left', track: 'sensor_left', gelCenterMm: [-42.603233, -36.562643, -34.213718] };

const unit = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
  )
  .filter((q) => Math.hypot(...q) > 0.05)
  .map((q) => {
    const length = Math.hypot(...q);
    return q.map((c) => c / length) as unknown as QuaternionXyzw;
  });
const vector = fc
  .tuple(
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  )
  .map((v) => v as unknown as Vector3);
const closeTo = (a: readonly number[], b: readonly number[], within: number) => {
  for (const [i, value] of a.entries()) expect(Math.abs(value - (b[i] as number))).toBeLessThan(within);
};

describe('projection of a tracked sensor', () => {
  it('puts the published pose on the published pixels', () => {
    const projected = projectSensor([0.3, 0.05, 0.15, 0, 0, 0, 1], middle, left);
    expect(projected?.center.u).toBeCloseTo(225.389, 2);
    expect(projected?.center.v).toBeCloseTo(132.319, 2);
    const tips = [projected?.axes.x, projected?.axes.y, projected?.axes.z].map((tip) => [tip?.u, tip?.v]);
    for (const [i, [u, v]] of [
      [315.32, 136.83],
      [208.19, 110.59],
      [220.57, 221.99],
    ].entries()) {
      expect(Math.abs((tips[i]?.[0] ?? 0) - u!)).toBeLessThan(0.01);
      expect(Math.abs((tips[i]?.[1] ?? 0) - v!)).toBeLessThan(0.01);
    }
  });

  it('reads the quaternion scalar last', () => {
    const pose = poseAt([0.209704, 0.067296, 0.2887, -0.03045, 0.5291786, 0.72056156, 0.447052])!;
    const fromBody: Vector3 = [247.768 - 209.704, 13.64 - 67.296, 265.487 - 288.7];
    const [x, y, z] = rotate(conjugate(pose.rotation), fromBody);
    closeTo([x, y, z], [-43.6161, -40.6596, -36.2092], 0.01);
  });

  it('draws nothing for a body that was never tracked', () => {
    expect(projectSensor([0, 0, 0, 0, 0, 0, 0], middle, left)).toBeUndefined();
    expect(projectSensor([0.3, Number.NaN, 0.1, 0, 0, 0, 1], middle, left)).toBeUndefined();
    expect(projectSensor([0.3, 0.05, 0.15, 0, 0, 0, Number.POSITIVE_INFINITY], middle, left)).toBeUndefined();
    expect(projectSensor([0.3, 0.05], middle, left)).toBeUndefined();
    expect(poseAt([1, 2, 3, 0, 0, 0, 1], 1)).toBeUndefined();
  });

  it('normalises a quaternion of another length', () => {
    const once = projectSensor([0.3, 0.05, 0.15, 0.1, 0.2, 0.3, 0.9], middle, left);
    const twice = projectSensor([0.3, 0.05, 0.15, 0.2, 0.4, 0.6, 1.8], middle, left);
    expect(twice!.center.u).toBeCloseTo(once!.center.u, 9);
  });

  it('draws nothing when the centre lies behind the camera, and leaves out a tip that does', () => {
    expect(projectSensor([0.3, 1.2, 0.15, 0, 0, 0, 1], middle, left)).toBeUndefined();
    const near = projectSensor([0.3, 0.78, 0.15, 0, 0, 0, 1], middle, left);
    expect(near).toBeDefined();
    expect(near?.axes.y).toBeUndefined();
    expect(near?.axes.x).toBeDefined();
  });

  it('keeps pixels beside the picture and says they are not visible', () => {
    const beside = projectSensor([3, 0.05, 0.15, 0, 0, 0, 1], middle, left);
    expect(beside!.center.u).toBeGreaterThan(640);
    expect(beside!.center.visible).toBe(false);
  });

  it('projects a body without an offset at its origin, like the point itself', () => {
    const body = projectOrigin([0.3, 0.05, 0.15, 0.5, 0.5, 0.5, 0.5], middle);
    const point = projectPoint([0.3, 0.05, 0.15], middle);
    closeTo([body!.center.u, body!.center.v], [point!.u, point!.v], 1e-9);
  });

  it('gives the same pixels for the same pose told with the other axis up', () => {
    const turn = aboutAxis([1, 0, 0], Math.PI / 2);
    fc.assert(
      fc.property(unit, fc.double({ min: -0.2, max: 0.6, noNaN: true }), (q, x) => {
        const position: Vector3 = [x, 0.05, 0.15];
        const asY = projectSensor([...position, ...q], middle, left, 'y')!;
        const asZ = projectSensor([...changeUpAxis(position, 'y', 'z'), ...multiply(turn, q)], middle, left, 'z')!;
        closeTo([asZ.center.u, asZ.center.v], [asY.center.u, asY.center.v], 1e-6);
      }),
    );
  });

  it('measures a residual in pixels', () => {
    expect(residualPx({ u: 3, v: 0 }, { u: 0, v: 4 })).toBe(5);
  });
});

describe('rotations', () => {
  it('keep lengths and angles', () => {
    fc.assert(
      fc.property(unit, vector, vector, (q, a, b) => {
        const [ra, rb] = [rotate(q, a), rotate(q, b)];
        expect(Math.hypot(...ra)).toBeCloseTo(Math.hypot(...a), 6);
        const dot = (u: Vector3, v: Vector3) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
        expect(Math.abs(dot(ra, rb) - dot(a, b))).toBeLessThan(1e-5 * (1 + Math.abs(dot(a, b))) + 1e-4);
      }),
    );
  });

  it('compose, and are undone by the conjugate', () => {
    fc.assert(
      fc.property(unit, unit, vector, (a, b, v) => {
        closeTo(rotate(multiply(a, b), v), rotate(a, rotate(b, v)), 1e-6);
        closeTo(rotate(conjugate(a), rotate(a, v)), v, 1e-6);
      }),
    );
  });

  it('come back from their basis, up to sign', () => {
    fc.assert(
      fc.property(unit, (q) => {
        const back = fromBasis(rotate(q, [1, 0, 0]), rotate(q, [0, 1, 0]), rotate(q, [0, 0, 1]));
        expect(angleBetween(q, back)).toBeLessThan(1e-6);
      }),
    );
  });

  it('turn by the angle asked for', () => {
    expect(angleBetween([0, 0, 0, 1], aboutAxis([0, 3, 0], 0.5))).toBeCloseTo(0.5, 9);
    closeTo(rotate(aboutAxis([0, 0, 1], Math.PI / 2), [1, 0, 0]), [0, 1, 0], 1e-12);
    closeTo(changeUpAxis(changeUpAxis([1, 2, 3], 'y', 'z'), 'z', 'y'), [1, 2, 3], 1e-12);
    closeTo(changeUpAxis([0, 1, 0], 'y', 'z'), [0, 0, 1], 1e-12);
  });
});
