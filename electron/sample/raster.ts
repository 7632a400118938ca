/**
 * A software rasteriser for one camera: convex flat polygons into a buffer of twice the picture's width and height,
 * averaged down afterwards, so that edges are smooth. Only rows that something moved through are drawn again.
 */
import type { CameraCalibration } from '../../shared/geometry/calibration.ts';
import { type QuaternionXyzw, rotate, type Vector3 } from '../../shared/geometry/pose.ts';
import { LIGHT_DIRECTION, litColor, type Mesh } from './mesh.ts';

/** Subpixels a pixel has in each direction. */
const FINE = 2;
const NEAR_MM = 60;
/** Height of the plane that shadows fall on, just above the table and what lies flat on it. */
const SHADOW_PLANE_MM = 1.4;

export interface Placed {
  mesh: Mesh;
  position: Vector3;
  rotation: QuaternionXyzw;
}

type Normal = [x: number, y: number, z: number];

/** Rows of fine pixels that hold something: first and last column touched; last < first means nothing. */
interface Touched {
  first: Int16Array;
  last: Int16Array;
}

export class Raster {
  readonly fineWidth: number;
  readonly fineHeight: number;
  readonly color: Uint32Array;
  /** 1 / depth in mm; 0 = nothing there. */
  readonly nearness: Float32Array;
  readonly touched: Touched;
  private readonly screen = new Float64Array(3 * 64);
  private readonly camera: CameraCalibration;
  private readonly matrix: Float64Array;
  private world = new Float64Array(0);
  private seen = new Float64Array(0);
  /** Of the face in hand: a vector of its own for each would be most of what a picture costs. */
  private readonly normal: Normal = [0, 0, 0];

  constructor(camera: CameraCalibration) {
    this.camera = camera;
    this.matrix = Float64Array.from(camera.mocapToCamera);
    this.fineWidth = camera.width * FINE;
    this.fineHeight = camera.height * FINE;
    this.color = new Uint32Array(this.fineWidth * this.fineHeight);
    this.nearness = new Float32Array(this.fineWidth * this.fineHeight);
    this.touched = {
      first: new Int16Array(this.fineHeight).fill(this.fineWidth),
      last: new Int16Array(this.fineHeight).fill(-1),
    };
  }

  clearTouched(): void {
    this.touched.first.fill(this.fineWidth);
    this.touched.last.fill(-1);
  }

  /** Draws the faces of a mesh that look at the camera, with depth test. */
  draw({ mesh, position, rotation }: Placed): void {
    const { world, seen } = this.place(mesh, position, rotation);
    const { normal } = this;
    for (const { corners, color } of mesh.faces) {
      if (!looksAtOrigin(seen, corners, normal)) continue;
      setNormal(normal, world, corners);
      this.fillPolygon(seen, corners, litColor(color, normal), undefined);
    }
  }

  /** Darkens the ground where a mesh keeps the light away: copies those fine pixels from `dark`. Draw before the objects. */
  castShadow({ mesh, position, rotation }: Placed, dark: Uint32Array): void {
    const { world, seen } = this.place(mesh, position, rotation);
    const [lx, ly, lz] = LIGHT_DIRECTION;
    for (let i = 0; i < mesh.positions.length; i += 3) {
      const along = Math.max(0, world[i + 1]! - SHADOW_PLANE_MM) / ly;
      this.toCamera(world[i]! - lx * along, SHADOW_PLANE_MM, world[i + 2]! - lz * along, seen, i);
    }
    // The faces that look at the light cover all that the mesh covers.
    const { normal } = this;
    for (const { corners } of mesh.faces) {
      setNormal(normal, world, corners);
      if (normal[0] * lx + normal[1] * ly + normal[2] * lz > 0) this.fillPolygon(seen, corners, 0, dark);
    }
  }

  private place(mesh: Mesh, position: Vector3, rotation: QuaternionXyzw): { world: Float64Array; seen: Float64Array } {
    const length = mesh.positions.length;
    if (this.world.length < length) {
      this.world = new Float64Array(length);
      this.seen = new Float64Array(length);
    }
    const { world, seen } = this;
    const [ax, ay, az] = rotate(rotation, [1, 0, 0]);
    const [bx, by, bz] = rotate(rotation, [0, 1, 0]);
    const [cx, cy, cz] = rotate(rotation, [0, 0, 1]);
    for (let i = 0; i < length; i += 3) {
      const x = mesh.positions[i]!;
      const y = mesh.positions[i + 1]!;
      const z = mesh.positions[i + 2]!;
      world[i] = ax * x + bx * y + cx * z + position[0];
      world[i + 1] = ay * x + by * y + cy * z + position[1];
      world[i + 2] = az * x + bz * y + cz * z + position[2];
      this.toCamera(world[i]!, world[i + 1]!, world[i + 2]!, seen, i);
    }
    return { world, seen };
  }

  private toCamera(x: number, y: number, z: number, into: Float64Array, at: number): void {
    const m = this.matrix;
    into[at] = m[0]! * x + m[1]! * y + m[2]! * z + m[3]!;
    into[at + 1] = m[4]! * x + m[5]! * y + m[6]! * z + m[7]!;
    into[at + 2] = m[8]! * x + m[9]! * y + m[10]! * z + m[11]!;
  }

  private fillPolygon(
    points: Float64Array,
    corners: readonly number[],
    color: number,
    copyFrom: Uint32Array | undefined,
  ): void {
    let isNear = false;
    for (let i = 0; i < corners.length; i++) isNear ||= points[3 * corners[i]! + 2]! < NEAR_MM;
    if (isNear) {
      const clipped = clipNear(points, corners);
      for (const [i, [x, y, z]] of clipped.entries()) this.toScreen(x, y, z, i);
      for (let i = 2; i < clipped.length; i++) this.fillTriangle(0, i - 1, i, color, copyFrom);
      return;
    }
    for (let i = 0; i < corners.length; i++) {
      const at = 3 * corners[i]!;
      this.toScreen(points[at]!, points[at + 1]!, points[at + 2]!, i);
    }
    for (let i = 2; i < corners.length; i++) this.fillTriangle(0, i - 1, i, color, copyFrom);
  }

  private toScreen(x: number, y: number, z: number, index: number): void {
    const { fx, fy, ppx, ppy } = this.camera;
    // A pixel's centre has whole coordinates; a fine pixel's has halves.
    this.screen[3 * index] = ((fx * x) / z + ppx + 0.5) * FINE;
    this.screen[3 * index + 1] = ((fy * y) / z + ppy + 0.5) * FINE;
    this.screen[3 * index + 2] = 1 / z;
  }

  private fillTriangle(a: number, b: number, c: number, color: number, copyFrom: Uint32Array | undefined): void {
    const s = this.screen;
    const ax = s[3 * a]!;
    const ay = s[3 * a + 1]!;
    const az = s[3 * a + 2]!;
    const bx = s[3 * b]!;
    const by = s[3 * b + 1]!;
    const bz = s[3 * b + 2]!;
    const cx = s[3 * c]!;
    const cy = s[3 * c + 1]!;
    const cz = s[3 * c + 2]!;
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (Math.abs(area) < 1e-9) return;
    const width = this.fineWidth;
    // Whole numbers from here on: a ceiling of -0 would have all of this compiled anew, again and again.
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5) | 0);
    const bottom = Math.min(this.fineHeight - 1, (Math.ceil(Math.max(ay, by, cy) - 0.5) | 0) - 1);
    const dzdx = ((bz - az) * (cy - ay) - (cz - az) * (by - ay)) / area;
    const dzdy = ((cz - az) * (bx - ax) - (bz - az) * (cx - ax)) / area;
    const { first, last } = this.touched;
    for (let y = top; y <= bottom; y++) {
      const at = y + 0.5;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      if (ay <= at !== by <= at) {
        const x = ax + ((at - ay) / (by - ay)) * (bx - ax);
        if (x < low) low = x;
        if (x > high) high = x;
      }
      if (by <= at !== cy <= at) {
        const x = bx + ((at - by) / (cy - by)) * (cx - bx);
        if (x < low) low = x;
        if (x > high) high = x;
      }
      if (cy <= at !== ay <= at) {
        const x = cx + ((at - cy) / (ay - cy)) * (ax - cx);
        if (x < low) low = x;
        if (x > high) high = x;
      }
      const from = Math.max(0, Math.ceil(low - 0.5) | 0);
      const to = Math.min(width - 1, (Math.ceil(high - 0.5) | 0) - 1);
      if (to < from) continue;
      if (from < first[y]!) first[y] = from;
      if (to > last[y]!) last[y] = to;
      const row = y * width;
      if (copyFrom) {
        for (let i = row + from; i <= row + to; i++) this.color[i] = copyFrom[i]!;
        continue;
      }
      let z = az + dzdx * (from + 0.5 - ax) + dzdy * (at - ay);
      for (let i = row + from; i <= row + to; i++, z += dzdx) {
        if (z > this.nearness[i]!) {
          this.nearness[i] = z;
          this.color[i] = color;
        }
      }
    }
  }
}

/** Writes a face's normal, of length one. */
function setNormal(normal: Normal, points: Float64Array, corners: readonly number[]): void {
  const a = 3 * corners[0]!;
  const b = 3 * corners[1]!;
  const c = 3 * corners[2]!;
  const ux = points[b]! - points[a]!;
  const uy = points[b + 1]! - points[a + 1]!;
  const uz = points[b + 2]! - points[a + 2]!;
  const vx = points[c]! - points[a]!;
  const vy = points[c + 1]! - points[a + 1]!;
  const vz = points[c + 2]! - points[a + 2]!;
  const x = uy * vz - uz * vy;
  const y = uz * vx - ux * vz;
  const z = ux * vy - uy * vx;
  const length = Math.sqrt(x * x + y * y + z * z);
  const isFlat = length < 1e-12;
  normal[0] = isFlat ? 0 : x / length;
  normal[1] = isFlat ? 1 : y / length;
  normal[2] = isFlat ? 0 : z / length;
}

/** Whether a face looks at the camera, which sits at the origin of its own frame. */
function looksAtOrigin(points: Float64Array, corners: readonly number[], normal: Normal): boolean {
  const a = 3 * corners[0]!;
  setNormal(normal, points, corners);
  return normal[0] * points[a]! + normal[1] * points[a + 1]! + normal[2] * points[a + 2]! < 0;
}

function clipNear(points: Float64Array, corners: readonly number[]): Vector3[] {
  const at = (corner: number): Vector3 => [points[3 * corner]!, points[3 * corner + 1]!, points[3 * corner + 2]!];
  const kept: Vector3[] = [];
  for (const [i, corner] of corners.entries()) {
    const current = at(corner);
    const next = at(corners[(i + 1) % corners.length]!);
    if (current[2] >= NEAR_MM) kept.push(current);
    if (current[2] >= NEAR_MM !== next[2] >= NEAR_MM) {
      const share = (NEAR_MM - current[2]) / (next[2] - current[2]);
      kept.push([current[0] + (next[0] - current[0]) * share, current[1] + (next[1] - current[1]) * share, NEAR_MM]);
    }
  }
  return kept;
}
