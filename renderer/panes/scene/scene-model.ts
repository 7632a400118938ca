import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  Group,
  Line,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Scene,
  Vector3,
} from 'three';
import { type BodyTrack, bodyAt } from '../../../shared/geometry/body-track.ts';
import type { Calibration, CameraCalibration } from '../../../shared/geometry/calibration.ts';
import {
  changePoseUpAxis,
  isTrackedAt,
  POSE_COMPONENTS,
  type Pose,
  poseAt,
  type UpAxis,
} from '../../../shared/geometry/pose.ts';

/** Colours of lines as CSS colours. */
export interface SceneColors {
  grid: string;
  text: string;
  left: string;
  right: string;
  other: string;
  bad: string;
}

export interface SceneLabel {
  text: string;
  position: Vector3;
  color: string;
}

const TRAIL_NS = 2e9;
const TRAIL_POINTS = 80;
const AT_ORIGIN: Pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] };
const PATH_POINTS = 1500;
const PATH_OPACITY = 0.35;
const AXIS_M = 0.06;
const RARE_SHARE = 0.01;
const FRUSTUM_M = 0.14;
const NEARBY_M = 2;
const BODY_M = 0.022;
const AXIS_COLORS = ['#ff3b30', '#34c759', '#4aa8ff'] as const;

interface Body {
  track: BodyTrack;
  group: Group;
  box: LineSegments<BufferGeometry, LineBasicMaterial>;
  trail: Line<BufferGeometry, LineBasicMaterial>;
  color: string;
  label: SceneLabel;
  drawnIndex: number;
  isFrozen: boolean;
}

/** Bodies with axes and trails, the floor's grid and the cameras' frusta: all lines, so that any renderer can draw them. */
export class SceneModel {
  readonly scene = new Scene();
  readonly upAxis: UpAxis;
  private readonly bodies: Body[];
  private readonly cameras = new Group();
  private cameraLabels: SceneLabel[] = [];
  private cameraPoints: Vector3[] = [];

  constructor(
    tracks: readonly BodyTrack[],
    private readonly colors: SceneColors,
  ) {
    this.upAxis = tracks[0]?.upAxis ?? 'y';
    this.bodies = tracks.map((track) => this.makeBody(track));
    this.scene.add(this.cameras, this.makeGrid());
  }

  /** Where the bodies were over the whole recording but for its rarest places (a jump of the tracking), metres. */
  bounds(): Box3 {
    const box = new Box3();
    for (const { track } of this.bodies) {
      const points = this.placesOf(track);
      if (points.length === 0) continue;
      const along = (['x', 'y', 'z'] as const).map((axis) => points.map((point) => point[axis]).sort((a, b) => a - b));
      const at = (share: number) => {
        const [x = 0, y = 0, z = 0] = along.map((values) => values[Math.round(share * (values.length - 1))]);
        return new Vector3(x, y, z);
      };
      box.expandByPoint(at(RARE_SHARE)).expandByPoint(at(1 - RARE_SHARE));
    }
    return box.isEmpty() ? new Box3(new Vector3(-0.3, 0, -0.3), new Vector3(0.3, 0.3, 0.3)) : box;
  }

  /**
   * Places inside the bounds, metres: what a view has to show; with the cameras that stand around them, but for one that
   * a wrong calibration puts far away.
   */
  places(withCameras: boolean): Vector3[] {
    const bounds = this.bounds();
    const points = this.bodies.flatMap(({ track }) =>
      this.placesOf(track).filter((point) => bounds.containsPoint(point)),
    );
    const cameras = this.cameraPoints.filter((point) => withCameras && bounds.distanceToPoint(point) < NEARBY_M);
    return [...(points.length > 0 ? points : [bounds.min, bounds.max]), ...cameras];
  }

  private placesOf(track: BodyTrack): Vector3[] {
    const stride = Math.max(1, Math.floor(track.times.length / 500));
    const points: Vector3[] = [];
    for (let index = 0; index < track.times.length; index += stride) {
      const pose = this.poseOf(track, index);
      if (pose) points.push(new Vector3(...pose.position));
    }
    return points;
  }

  /** Moves everything to a moment. Answers whether anything looks different now. */
  moveTo(timeNs: number): boolean {
    let isChanged = false;
    for (const body of this.bodies) {
      const at = bodyAt(body.track, timeNs);
      const index = at?.index ?? -1;
      const isFrozen = at?.frozenSinceNs != null;
      if (index === body.drawnIndex && isFrozen === body.isFrozen) continue;
      isChanged = true;
      body.drawnIndex = index;
      body.isFrozen = isFrozen;
      const pose = index < 0 ? undefined : this.poseOf(body.track, index);
      body.group.visible = pose !== undefined;
      body.trail.visible = pose !== undefined;
      body.label.text = pose ? `${letterOf(body.track)}${isFrozen ? ' frozen' : ''}` : '';
      if (!pose) continue;
      body.group.position.set(...pose.position);
      body.group.quaternion.set(...pose.rotation);
      body.label.position.set(...pose.position);
      const hue = isFrozen ? this.colors.bad : body.color;
      // Words need more contrast than lines.
      body.label.color = isFrozen || body.track.side ? hue : this.colors.text;
      body.box.material.color.set(hue);
      this.moveTrail(body, timeNs);
    }
    return isChanged;
  }

  setCalibration(calibration: Calibration | undefined): void {
    this.cameras.clear();
    this.cameraLabels = [];
    this.cameraPoints = [];
    for (const camera of calibration?.cameras ?? []) {
      const lines = frustum(camera, this.upAxis);
      if (!lines) continue;
      this.cameras.add(segments(lines.points, this.colors.text));
      this.cameraPoints.push(lines.eye, ...lines.corners);
      this.cameraLabels.push({ text: camera.position, position: lines.eye, color: this.colors.text });
    }
  }

  labels(): SceneLabel[] {
    return [...this.bodies.map(({ label }) => label), ...this.cameraLabels].filter(({ text }) => text !== '');
  }

  private makeBody(track: BodyTrack): Body {
    const color = track.side ? this.colors[track.side] : this.colors.other;
    const group = new Group();
    const axes = [0, 1, 2].map((axis) => {
      const tip: [number, number, number] = [0, 0, 0];
      tip[axis] = AXIS_M;
      return segments([0, 0, 0, ...tip], AXIS_COLORS[axis] as string);
    });
    const box = segments(boxEdges(BODY_M), color);
    group.add(box, ...axes);
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(new Float32Array(TRAIL_POINTS * 3), 3));
    geometry.setDrawRange(0, 0);
    const trail = new Line(geometry, new LineBasicMaterial({ color, transparent: true, opacity: 0.65 }));
    trail.frustumCulled = false;
    // The trail holds places as they are recorded, so that moving it is copying numbers: its line is turned as a whole.
    trail.quaternion.set(...changePoseUpAxis(AT_ORIGIN, track.upAxis, this.upAxis).rotation);
    this.scene.add(group, trail);
    // What no camera shows is told apart by where it goes: its whole way, faintly.
    if (!track.projected) {
      const path = segments(pathOf(track), color);
      path.material.transparent = true;
      path.material.opacity = PATH_OPACITY;
      path.quaternion.copy(trail.quaternion);
      this.scene.add(path);
    }
    const label = { text: letterOf(track), position: new Vector3(), color };
    return { track, group, box, trail, color, label, drawnIndex: -2, isFrozen: false };
  }

  private moveTrail({ track, trail, drawnIndex }: Body, timeNs: number): void {
    const { times, poses } = track;
    const positions = trail.geometry.getAttribute('position') as BufferAttribute;
    const places = positions.array;
    let first = drawnIndex;
    while (first > 0 && (times[first - 1] as number) > timeNs - TRAIL_NS) first -= 1;
    const stride = Math.max(1, Math.ceil((drawnIndex - first + 1) / TRAIL_POINTS));
    let count = 0;
    for (let index = drawnIndex; index >= first && count < TRAIL_POINTS; index -= stride) {
      if (!isTrackedAt(poses, index)) break;
      for (let axis = 0; axis < 3; axis += 1)
        places[count * 3 + axis] = poses[index * POSE_COMPONENTS + axis] as number;
      count += 1;
    }
    positions.needsUpdate = true;
    trail.geometry.setDrawRange(0, count);
  }

  private poseOf(track: BodyTrack, index: number) {
    const pose = poseAt(track.poses, index);
    return pose && changePoseUpAxis(pose, track.upAxis, this.upAxis);
  }

  /** One metre across in steps of 10 cm, on the floor (zero height) under where the bodies move. */
  private makeGrid(): LineSegments {
    const center = this.bounds().getCenter(new Vector3());
    const points: number[] = [];
    const half = 0.5;
    const at = (a: number, b: number): [number, number, number] => (this.upAxis === 'y' ? [a, 0, b] : [a, b, 0]);
    const a0 = Math.round(center.x * 10) / 10;
    const b0 = Math.round((this.upAxis === 'y' ? center.z : center.y) * 10) / 10;
    for (let line = -5; line <= 5; line += 1) {
      const offset = line / 10;
      points.push(...at(a0 + offset, b0 - half), ...at(a0 + offset, b0 + half));
      points.push(...at(a0 - half, b0 + offset), ...at(a0 + half, b0 + offset));
    }
    return segments(points, this.colors.grid);
  }
}

/** Ends of the lines from each place to the next as recorded, metres; nothing across a loss. */
function pathOf({ poses, times }: BodyTrack): number[] {
  const points: number[] = [];
  const stride = Math.max(1, Math.ceil(times.length / PATH_POINTS));
  for (let index = stride; index < times.length; index += stride) {
    if (!isTrackedAt(poses, index) || !isTrackedAt(poses, index - stride)) continue;
    for (const at of [index - stride, index]) {
      for (let axis = 0; axis < 3; axis += 1) points.push(poses[at * POSE_COMPONENTS + axis] as number);
    }
  }
  return points;
}

function letterOf({ side, name }: BodyTrack): string {
  if (side) return side === 'left' ? 'L' : 'R';
  return name;
}

function segments(points: number[], color: string): LineSegments<BufferGeometry, LineBasicMaterial> {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(points), 3));
  return new LineSegments(geometry, new LineBasicMaterial({ color }));
}

function boxEdges(half: number): number[] {
  const points: number[] = [];
  for (let corner = 0; corner < 8; corner += 1) {
    for (const bit of [1, 2, 4]) {
      if ((corner & bit) !== 0) continue;
      for (const end of [corner, corner | bit]) {
        points.push(end & 1 ? half : -half, end & 2 ? half : -half, end & 4 ? half : -half);
      }
    }
  }
  return points;
}

/** Edges of what a camera sees, metres in the motion-capture frame; undefined when its transform cannot be inverted. */
function frustum(camera: CameraCalibration, upAxis: UpAxis) {
  const toCamera = new Matrix4().fromArray(camera.mocapToCamera).transpose();
  if (Math.abs(toCamera.determinant()) < 1e-9) return undefined;
  const toMocap = toCamera.invert();
  const place = (x: number, y: number, z: number): Vector3 => {
    const point = new Vector3(x, y, z).applyMatrix4(toMocap).multiplyScalar(0.001);
    if (camera.upAxis === upAxis) return point;
    return upAxis === 'y' ? new Vector3(point.x, point.z, -point.y) : new Vector3(point.x, -point.z, point.y);
  };
  const depth = FRUSTUM_M * 1000;
  const corner = (u: number, v: number): Vector3 =>
    place(((u - camera.ppx) / camera.fx) * depth, ((v - camera.ppy) / camera.fy) * depth, depth);
  const eye = place(0, 0, 0);
  const corners = [
    corner(0, 0),
    corner(camera.width, 0),
    corner(camera.width, camera.height),
    corner(0, camera.height),
  ];
  const points = corners.flatMap((point, index) => {
    const next = corners[(index + 1) % 4] as Vector3;
    return [...eye.toArray(), ...point.toArray(), ...point.toArray(), ...next.toArray()];
  });
  return { points, eye, corners };
}
