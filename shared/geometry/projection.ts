import type { CameraCalibration, SensorOffset } from './calibration.ts';
import { changePoseUpAxis, type Pose, poseAt, rotate, type UpAxis, type Vector3 } from './pose.ts';

/**
 * The projection chain of the recording pipeline: body pose (metres) → gel centre (millimetres) → camera frame
 * (x right, y down, z forward) → native pixels. Pixels are unclipped: a point beside the picture keeps its place.
 */

/** How far each axis tip stands from the gel centre. */
export const AXIS_LENGTH_MM = 120;

const METRES_TO_MM = 1000;

export interface ProjectedPoint {
  /** Native pixels of the camera, from the left and the top edge; may lie outside the picture. */
  u: number;
  v: number;
  /** Inside the picture. */
  visible: boolean;
}

export interface ProjectedSensor {
  center: ProjectedPoint;
  /** Tips of the body's x, y and z axes from the gel centre; undefined where a tip lies behind the camera. */
  axes: { x: ProjectedPoint | undefined; y: ProjectedPoint | undefined; z: ProjectedPoint | undefined };
}

/** A point of the camera's own motion-capture frame, millimetres → pixels. Undefined when behind the camera or not finite. */
export function projectMillimetres(point: Vector3, camera: CameraCalibration): ProjectedPoint | undefined {
  const inCamera = toCameraMm(point, camera);
  if (!(inCamera[2] > 0)) return undefined;
  const u = (camera.fx * inCamera[0]) / inCamera[2] + camera.ppx;
  const v = (camera.fy * inCamera[1]) / inCamera[2] + camera.ppy;
  if (!Number.isFinite(u) || !Number.isFinite(v)) return undefined;
  return { u, v, visible: u >= 0 && v >= 0 && u < camera.width && v < camera.height };
}

/** Millimetres of the motion-capture frame → millimetres in the camera's optical frame; the third is the depth. */
export function toCameraMm(point: Vector3, camera: CameraCalibration): Vector3 {
  const m = camera.mocapToCamera as number[];
  const row = (start: number) =>
    m[start]! * point[0] + m[start + 1]! * point[1] + m[start + 2]! * point[2] + m[start + 3]!;
  return [row(0), row(4), row(8)];
}

/**
 * Where a tracked sensor's gel centre and axis tips fall. `pose` holds x y z qx qy qz qw in metres; `upAxis` is the
 * pose's own frame, turned into the camera's where they differ. Undefined when there is nothing to draw: the body was
 * never tracked (zero or non-finite pose) or its gel centre lies behind the camera.
 */
export function projectSensor(
  pose: ArrayLike<number>,
  camera: CameraCalibration,
  sensor: SensorOffset,
  upAxis: UpAxis = camera.upAxis,
): ProjectedSensor | undefined {
  return projectBody(pose, camera, sensor.gelCenterMm as unknown as Vector3, upAxis);
}

/** The same for a body without a sensor offset: its own origin, and its axes. */
export function projectOrigin(
  pose: ArrayLike<number>,
  camera: CameraCalibration,
  upAxis: UpAxis = camera.upAxis,
): ProjectedSensor | undefined {
  return projectBody(pose, camera, [0, 0, 0], upAxis);
}

/**
 * A point in metres of a frame whose up axis is `upAxis`. Undefined when it lies behind the camera or is not finite.
 */
export function projectPoint(
  pointM: Vector3,
  camera: CameraCalibration,
  upAxis: UpAxis = camera.upAxis,
): ProjectedPoint | undefined {
  const { position } = changePoseUpAxis({ position: pointM, rotation: [0, 0, 0, 1] }, upAxis, camera.upAxis);
  return projectMillimetres(scaled(position, METRES_TO_MM), camera);
}

/** Gel centre in millimetres of the pose's own frame: p + R · offset. */
export function gelCenterMm(pose: Pose, offsetMm: Vector3): Vector3 {
  return sum(scaled(pose.position, METRES_TO_MM), rotate(pose.rotation, offsetMm));
}

/** Distance in pixels between where a person clicked and where a calibration puts the sensor. */
export function residualPx(click: { u: number; v: number }, projected: { u: number; v: number }): number {
  return Math.hypot(click.u - projected.u, click.v - projected.v);
}

function projectBody(
  values: ArrayLike<number>,
  camera: CameraCalibration,
  offsetMm: Vector3,
  upAxis: UpAxis,
): ProjectedSensor | undefined {
  const recorded = poseAt(values);
  if (!recorded) return undefined;
  const pose = changePoseUpAxis(recorded, upAxis, camera.upAxis);
  const centerMm = gelCenterMm(pose, offsetMm);
  const center = projectMillimetres(centerMm, camera);
  if (!center) return undefined;
  const tip = (axis: Vector3) => projectMillimetres(sum(centerMm, rotate(pose.rotation, axis)), camera);
  return {
    center,
    axes: { x: tip([AXIS_LENGTH_MM, 0, 0]), y: tip([0, AXIS_LENGTH_MM, 0]), z: tip([0, 0, AXIS_LENGTH_MM]) },
  };
}

function sum(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function scaled(v: Vector3, by: number): Vector3 {
  return [v[0] * by, v[1] * by, v[2] * by];
}
