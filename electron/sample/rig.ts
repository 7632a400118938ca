import type { CameraCalibration, SensorOffset } from '../../shared/geometry/calibration.ts';
import {
  aboutAxis,
  fromBasis,
  multiply,
  type QuaternionXyzw,
  rotate,
  type Vector3,
} from '../../shared/geometry/pose.ts';

/** What stands where in the synthetic rig. Millimetres in the motion-capture frame: y up, table top at y = 0. */

export const WIDTH_PX = 640;
export const HEIGHT_PX = 480;

export type Side = 'left' | 'right';
export const SIDES: readonly Side[] = ['left', 'right'];

export const CAMERA_SERIALS = ['143322063538', '104122062574', '217222066989'] as const;
export const GEL_SERIALS = ['2BGLKZNT', '2BKRDTAD'] as const;

const INTRINSICS = [
  { fx: 608.5476, fy: 606.7799, ppx: 314.882, ppy: 243.419 },
  { fx: 608.4557, fy: 608.1495, ppx: 316.0636, ppy: 224.6374 },
  { fx: 609.0601, fy: 608.2754, ppx: 332.4794, ppy: 239.3525 },
] as const;

/** Cameras in stream order: cam0 stands right, cam1 left, cam2 in the middle. */
export const CAMERAS: readonly CameraCalibration[] = [
  camera(0, 'right', [585, 455, 375], [15, 30, -25], 0.018),
  camera(1, 'left', [-605, 470, 350], [-10, 30, -20], -0.022),
  camera(2, 'middle', [12, 790, 330], [4, 0, 4], 0.006),
];

export const SENSOR_OFFSETS: Record<Side, SensorOffset> = {
  left: { side: 'left', track: 'sensor_left', gelCenterMm: [-42.603233, -36.562643, -34.213718] },
  right: { side: 'right', track: 'sensor_right', gelCenterMm: [3.168085, -53.986407, 47.297869] },
};

/**
 * The tool frame of a sensor: origin at the gel centre, x the pressing direction, y up the housing. This turns tool
 * vectors into the tracked rigid body's frame, such that the body's origin (its markers) sits behind and above the gel.
 */
export const TOOL_TO_RIGID: Record<Side, QuaternionXyzw> = {
  left: aligning([-40, 50, 15], negative(SENSOR_OFFSETS.left.gelCenterMm)),
  right: aligning([-42, 55, -18], negative(SENSOR_OFFSETS.right.gelCenterMm)),
};

/** Where the markers' origin lies in the tool frame, millimetres. */
export function rigidOriginInTool(side: Side): Vector3 {
  const [x, y, z, w] = TOOL_TO_RIGID[side];
  return rotate([-x, -y, -z, w], negative(SENSOR_OFFSETS[side].gelCenterMm));
}

/** Gel centre (mm) and tool rotation → the recorded pose: seven numbers, metres, quaternion scalar last. */
export function recordedSensorPose(side: Side, gelCenter: Vector3, tool: QuaternionXyzw): number[] {
  const [x, y, z, w] = TOOL_TO_RIGID[side];
  const rotation = multiply(tool, [-x, -y, -z, w]);
  const offset = rotate(rotation, SENSOR_OFFSETS[side].gelCenterMm as unknown as Vector3);
  return [...gelCenter.map((value, i) => (value - (offset[i] as number)) / 1000), ...rotation];
}

/** The frame of the moving piece: its left end face, yaw about y, tilt about its own z. Radians, millimetres. */
export interface PiecePose {
  leftEnd: Vector3;
  yaw: number;
  tilt: number;
}

/** From one end face to the other. */
export const PIECE_LENGTH_MM = 168;
export const PIECE_HEIGHT_MM = 22;
export const PIECE_DEPTH_MM = 104;

export function pieceRotation(piece: PiecePose): QuaternionXyzw {
  return multiply(aboutAxis([0, 1, 0], piece.yaw), aboutAxis([0, 0, 1], piece.tilt));
}

export function pieceCenter(piece: PiecePose): Vector3 {
  const half = rotate(pieceRotation(piece), [PIECE_LENGTH_MM / 2, 0, 0]);
  return [piece.leftEnd[0] + half[0], piece.leftEnd[1] + half[1], piece.leftEnd[2] + half[2]];
}

/** A calibration that looks right and is not: cameras as they stood before somebody moved the tripods. */
export function staleCamera(camera: CameraCalibration): CameraCalibration {
  const m = camera.mocapToCamera;
  const shift = { left: [38, -21, 14], middle: [-41, 27, 9], right: [33, 29, -17] }[camera.position];
  const turn = aboutAxis([0.3, 1, 0.2], camera.position === 'middle' ? 0.021 : -0.017);
  const columns = [0, 1, 2, 3].map((c) => rotate(turn, [m[c] as number, m[c + 4] as number, m[c + 8] as number]));
  const rows = [0, 1, 2].flatMap((r) => [
    ...columns.slice(0, 3).map((column) => column[r] as number),
    (columns[3]?.[r] as number) + (shift[r] as number),
  ]);
  return {
    ...camera,
    mocapToCamera: [...rows, 0, 0, 0, 1],
    createdAt: '2026-06-18T16:40:11',
    rmse: rmseOf(camera, 4.4),
  };
}

function camera(
  index: 0 | 1 | 2,
  position: CameraCalibration['position'],
  from: Vector3,
  to: Vector3,
  roll: number,
): CameraCalibration {
  const forward = unit([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
  const level = unit(cross(forward, [0, 1, 0]));
  const right = rotate(aboutAxis(forward, roll), level);
  const down = cross(forward, right);
  const rows = [right, down, forward].flatMap((axis) => [...axis, -dot(axis, from)]);
  const made: CameraCalibration = {
    position,
    serial: CAMERA_SERIALS[index],
    stream: `realsense/cam${index}/color`,
    mocapToCamera: [...rows, 0, 0, 0, 1],
    ...INTRINSICS[index],
    width: WIDTH_PX,
    height: HEIGHT_PX,
    upAxis: 'y',
    rmse: null,
    createdAt: '2026-07-01T18:22:47',
  };
  return { ...made, rmse: rmseOf(made, 0.9) };
}

function rmseOf(camera: Pick<CameraCalibration, 'position'>, base: number): { value: number; unit: 'mm' } {
  return { value: base + { left: 0.12, middle: 0.31, right: 0.55 }[camera.position], unit: 'mm' };
}

/** The same camera with a sensor of so many times fewer pixels in each direction. */
export function smallerCamera(camera: CameraCalibration, shrink: number): CameraCalibration {
  if (shrink === 1) return camera;
  const { fx, fy, ppx, ppy, width, height } = camera;
  return {
    ...camera,
    ...{ fx: fx / shrink, fy: fy / shrink, width: width / shrink, height: height / shrink },
    // A pixel's centre has whole coordinates.
    ...{ ppx: (ppx + 0.5) / shrink - 0.5, ppy: (ppy + 0.5) / shrink - 0.5 },
  };
}

/**
 * How many times smaller pictures can be drawn in each direction: whole blocks of depth have to fit, and a gel's middle
 * stays larger than the square of 128 pixels that contact is told from.
 */
export type Shrink = 1 | 2.5;

/** The least turn that brings one direction onto another. */
function aligning(from: Vector3, to: Vector3): QuaternionXyzw {
  const [a, b] = [unit(from), unit(to)];
  const axis = cross(a, b);
  return Math.hypot(...axis) < 1e-9 ? [0, 0, 0, 1] : aboutAxis(axis, Math.acos(dot(a, b)));
}

/** Tool rotation whose x axis points along `press` (horizontal) and whose y axis is up. */
export function toolFacing(press: Vector3): QuaternionXyzw {
  const x = unit(press);
  const z = unit(cross(x, [0, 1, 0]));
  return fromBasis(x, cross(z, x), z);
}

function negative(v: readonly number[]): Vector3 {
  return [-(v[0] as number), -(v[1] as number), -(v[2] as number)];
}
export function unit(v: Vector3): Vector3 {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}
export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
