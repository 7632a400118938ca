import { type BufferGeometry, Line, LineSegments, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { type BodyTrack, runStarts } from '../../../shared/geometry/body-track.ts';
import type { Calibration } from '../../../shared/geometry/calibration.ts';
import { changePoseUpAxis, poseAt, type UpAxis } from '../../../shared/geometry/pose.ts';
import { SceneModel } from './scene-model.ts';

const COLORS = { grid: '#111', text: '#222', left: '#333', right: '#444', other: '#555', bad: '#666' };
const COUNT = 400;
const PERIOD_NS = 1e7;

/** A body that winds away from the origin at 100 Hz; `lostAt`: samples without a pose. */
function track(upAxis: UpAxis, lostAt: readonly number[] = []): BodyTrack {
  const poses = new Float64Array(COUNT * 7);
  for (let index = 0; index < COUNT; index += 1) {
    if (lostAt.includes(index)) continue;
    poses.set([index / 1000, Math.sin(index / 20), Math.cos(index / 30), 0, 0, 0, 1], index * 7);
  }
  const times = Float64Array.from({ length: COUNT }, (_, index) => index * PERIOD_NS);
  const runStart = runStarts(poses, COUNT);
  return { id: upAxis, name: upAxis, side: null, upAxis, projected: true, rule: 'nearest', times, poses, runStart };
}

/** Every body's trail in the scene's own frame, newest place first. */
function trailsOf(model: SceneModel): Vector3[][] {
  const trails: Vector3[][] = [];
  model.scene.updateMatrixWorld();
  model.scene.traverse((object) => {
    if (!(object instanceof Line) || object instanceof LineSegments) return;
    const geometry = object.geometry as BufferGeometry;
    const positions = geometry.getAttribute('position');
    const { count } = geometry.drawRange;
    trails.push(
      Array.from({ length: count }, (_, at) =>
        new Vector3().fromBufferAttribute(positions, at).applyMatrix4(object.matrixWorld),
      ),
    );
  });
  return trails;
}

describe('trails', () => {
  it('lead through the places of the last two seconds, in the frame of the scene', () => {
    const tracks = [track('y'), track('z')];
    const model = new SceneModel(tracks, COLORS);
    model.moveTo(300 * PERIOD_NS);
    const trails = trailsOf(model);
    expect(trails.length).toBe(2);
    for (const [body, trail] of trails.entries()) {
      const { poses, upAxis } = tracks[body] as BodyTrack;
      expect(trail.length).toBeGreaterThan(60);
      for (const [at, place] of trail.entries()) {
        const index = 300 - at * 3;
        const pose = changePoseUpAxis(poseAt(poses, index)!, upAxis, model.upAxis);
        expect(place.distanceTo(new Vector3(...pose.position))).toBeLessThan(1e-5);
      }
      expect(300 - (trail.length - 1) * 3).toBeGreaterThanOrEqual(100);
    }
  });

  it('end where the body was lost', () => {
    const model = new SceneModel([track('y', [288])], COLORS);
    model.moveTo(300 * PERIOD_NS);
    expect(trailsOf(model)[0]?.length).toBe(4);
  });
});

describe('a body that no camera shows', () => {
  /** Ends of all faint lines: what is neither grid, box nor axis. */
  const pathOf = (body: BodyTrack) => {
    const model = new SceneModel([body], COLORS);
    const found: number[] = [];
    model.scene.traverse((object) => {
      if (!(object instanceof LineSegments) || object.material.transparent !== true) return;
      found.push(object.geometry.getAttribute('position').count);
    });
    return found;
  };

  it('leaves its whole way in the scene, with a hole where it was lost', () => {
    expect(pathOf({ ...track('z'), projected: false })).toEqual([(COUNT - 1) * 2]);
    expect(pathOf({ ...track('z', [200]), projected: false })).toEqual([(COUNT - 3) * 2]);
    expect(pathOf(track('y'))).toEqual([]);
  });
});

describe('what a view shows', () => {
  const camera = (position: 'left' | 'right', awayMm: number) => ({
    ...{ position, width: 640, height: 480, fx: 600, fy: 600, ppx: 320, ppy: 240, upAxis: 'y' as const },
    mocapToCamera: [1, 0, 0, awayMm, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  });

  it('is with the cameras around the bodies, and without one that stands far off', () => {
    const model = new SceneModel([track('y')], COLORS);
    const bodies = model.places(true).length;
    const cameras = [camera('left', -800), camera('right', -9000)] as unknown as Calibration['cameras'];
    model.setCalibration({ cameras } as Calibration);
    expect(model.places(false).length).toBe(bodies);
    expect(model.places(true).length).toBe(bodies + 5);
    expect(model.places(true)[bodies]?.x).toBeCloseTo(0.8);
    model.setCalibration(undefined);
    expect(model.places(true).length).toBe(bodies);
  });
});
