import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CameraCalibration } from '../../shared/geometry/calibration.ts';
import { conjugate, rotate, type Vector3 } from '../../shared/geometry/pose.ts';
import { toCameraMm } from '../../shared/geometry/projection.ts';
import { seededRandom, seedFor } from './random.ts';
import { CAMERAS, SENSOR_OFFSETS, type Shrink, SIDES, smallerCamera, staleCamera, TOOL_TO_RIGID } from './rig.ts';

/** The folder the pictures were drawn with, and an older one that only looks right. Below the root, with slashes. */
export const CALIBRATION_FOLDERS = { right: 'calibration/epoch_2026-07-01', stale: 'calibration/epoch_2026-06-18' };

const FIT_POINTS = 24;

/** Writes both calibration folders as the rig's own tools leave them: JSON and NumPy files. `shrink`: of the pictures. */
export async function writeCalibrations(root: string, seed: number, shrink: Shrink = 1): Promise<void> {
  for (const [kind, cameras] of [
    ['right', CAMERAS],
    ['stale', CAMERAS.map(staleCamera)],
  ] as const) {
    const folder = path.join(root, ...CALIBRATION_FOLDERS[kind].split('/'));
    await mkdir(folder, { recursive: true });
    for (const camera of cameras) {
      const name = path.join(folder, `T_mocap_to_cam_${camera.position}`);
      await writeFile(`${name}.json`, `${JSON.stringify(cameraFile(smallerCamera(camera, shrink), seed), null, 2)}\n`);
      await writeFile(`${name}.npy`, matrixFile(camera.mocapToCamera));
    }
    for (const side of SIDES) {
      const file = path.join(folder, `T_gel_to_rigid_${side}.json`);
      await writeFile(file, `${JSON.stringify(sensorFile(side), null, 2)}\n`);
    }
  }
}

function cameraFile(camera: CameraCalibration, seed: number) {
  const random = seededRandom(seedFor(seed, `fit-${camera.position}-${camera.createdAt}`));
  const rmse = camera.rmse?.value ?? 1;
  const points = Array.from({ length: FIT_POINTS }, () => {
    const mocap: Vector3 = [random.between(-220, 220), random.between(20, 220), random.between(-160, 180)];
    const error = [0, 1, 2].map(() => random.normal(rmse / Math.sqrt(3)));
    const seen = toCameraMm(mocap, camera).map((value, i) => value + (error[i] as number));
    return { mocap, seen, residual: Math.hypot(...error) };
  });
  const m = camera.mocapToCamera;
  return {
    description: 'maps OptiTrack (mm) -> camera frame (mm)',
    T_mocap_to_cam: [0, 4, 8, 12].map((row) => m.slice(row, row + 4)),
    camera_serial: camera.serial,
    intrinsics: {
      fx: camera.fx,
      fy: camera.fy,
      ppx: camera.ppx,
      ppy: camera.ppy,
      width: camera.width,
      height: camera.height,
      model: 'inverse_brown_conrady',
      coeffs: [0, 0, 0, 0, 0],
    },
    mocap_scale: 1000,
    num_points: FIT_POINTS,
    rmse_mm: Math.sqrt(points.reduce((sum, { residual }) => sum + residual ** 2, 0) / FIT_POINTS),
    residuals_mm: points.map(({ residual }) => residual),
    points_mocap_mm: points.map(({ mocap }) => mocap),
    points_cam_mm: points.map(({ seen }) => seen),
    created_at: camera.createdAt,
  };
}

function sensorFile(side: 'left' | 'right') {
  const offset = SENSOR_OFFSETS[side].gelCenterMm;
  const axis = rotate(TOOL_TO_RIGID[side], [1, 0, 0]);
  const depth = side === 'left' ? -5 : 0;
  const ball = offset.map((value, i) => value - depth * (axis[i] as number));
  const distance = Math.hypot(...rotate(conjugate(TOOL_TO_RIGID[side]), ball as unknown as Vector3));
  return {
    gel_center_in_rigid_mm: offset,
    gel_axis_in_rigid: axis,
    gelball_center_in_rigid_mm: ball,
    gel_distance_mm: distance,
    depth_offset_mm: depth,
    mocap_scale: 1000,
    method: 'dual_ball_multi_pose',
  };
}

/** A 4×4 float64 array as a NumPy file. */
function matrixFile(values: readonly number[]): Uint8Array {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 4), }";
  const bytes = new Uint8Array(128 + 16 * 8).fill(0x20, 0, 128);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes[127] = 0x0a;
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat64(128 + 8 * i, value, true);
  return bytes;
}
