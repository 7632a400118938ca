import { fromBasis, type QuaternionXyzw, rotate, type Vector3 } from '../../shared/geometry/pose.ts';
import { cross, dot, unit } from './rig.ts';

export type Color = readonly [red: number, green: number, blue: number];

/** Convex flat faces, millimetres; counter-clockwise seen from outside. */
export interface Mesh {
  positions: number[];
  faces: { corners: number[]; color: Color }[];
}

export const emptyMesh = (): Mesh => ({ positions: [], faces: [] });

function vertex(mesh: Mesh, v: Vector3): number {
  mesh.positions.push(...v);
  return mesh.positions.length / 3 - 1;
}

export function addPolygon(mesh: Mesh, corners: readonly Vector3[], color: Color): void {
  mesh.faces.push({ corners: corners.map((corner) => vertex(mesh, corner)), color });
}

/** A box with its long edges bevelled by `bevel`, centred, optionally turned. */
export function addBox(
  mesh: Mesh,
  center: Vector3,
  size: Vector3,
  color: Color,
  options: { bevel?: number; rotation?: QuaternionXyzw; top?: Color } = {},
): void {
  const { bevel = 0, rotation = [0, 0, 0, 1] } = options;
  const [hx, hy, hz] = [size[0] / 2, size[1] / 2, size[2] / 2];
  const place = (v: Vector3): Vector3 => {
    const turned = rotate(rotation, v);
    return [turned[0] + center[0], turned[1] + center[1], turned[2] + center[2]];
  };
  // An octagon (or rectangle) in the x–z plane, extruded along y.
  const outline: [number, number][] =
    bevel > 0
      ? [
          [hx, -hz + bevel],
          [hx - bevel, -hz],
          [-hx + bevel, -hz],
          [-hx, -hz + bevel],
          [-hx, hz - bevel],
          [-hx + bevel, hz],
          [hx - bevel, hz],
          [hx, hz - bevel],
        ]
      : [
          [hx, -hz],
          [-hx, -hz],
          [-hx, hz],
          [hx, hz],
        ];
  const count = outline.length;
  const inset = Math.min(bevel * 0.6, hy * 0.6);
  const ring = (y: number, shrink: number) =>
    outline.map(([x, z]) =>
      vertex(mesh, place([x * (1 - shrink / Math.max(hx, 1)), y, z * (1 - shrink / Math.max(hz, 1))])),
    );
  const rings =
    inset > 0
      ? [ring(-hy, inset), ring(-hy + inset, 0), ring(hy - inset, 0), ring(hy, inset)]
      : [ring(-hy, 0), ring(hy, 0)];
  for (let r = 0; r + 1 < rings.length; r++) {
    const [low, high] = [rings[r] as number[], rings[r + 1] as number[]];
    for (let i = 0; i < count; i++) {
      const j = (i + 1) % count;
      mesh.faces.push({ corners: [low[i]!, low[j]!, high[j]!, high[i]!], color });
    }
  }
  mesh.faces.push({ corners: [...(rings[rings.length - 1] as number[])], color: options.top ?? color });
  mesh.faces.push({ corners: [...(rings[0] as number[])].reverse(), color });
}

/** A cone stub from one point to another, with flat caps. */
export function addTube(
  mesh: Mesh,
  from: Vector3,
  to: Vector3,
  radii: readonly [number, number],
  color: Color,
  sides = 12,
): void {
  const along = unit([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
  const helper: Vector3 = Math.abs(along[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0];
  const a = unit(cross(along, helper));
  const b = cross(along, a);
  const ring = (center: Vector3, radius: number) =>
    Array.from({ length: sides }, (_, i) => {
      const angle = (2 * Math.PI * i) / sides;
      const [c, s] = [Math.cos(angle) * radius, Math.sin(angle) * radius];
      return vertex(mesh, [
        center[0] + a[0] * c + b[0] * s,
        center[1] + a[1] * c + b[1] * s,
        center[2] + a[2] * c + b[2] * s,
      ]);
    });
  const [low, high] = [ring(from, radii[0]), ring(to, radii[1])];
  for (let i = 0; i < sides; i++) {
    const j = (i + 1) % sides;
    mesh.faces.push({ corners: [low[i]!, low[j]!, high[j]!, high[i]!], color });
  }
  mesh.faces.push({ corners: high, color });
  mesh.faces.push({ corners: [...low].reverse(), color });
}

/** A ball; stretched along its own axes when `radii` differ. */
export function addBall(
  mesh: Mesh,
  center: Vector3,
  radii: Vector3 | number,
  color: Color,
  options: { around?: number; rows?: number; rotation?: QuaternionXyzw } = {},
): void {
  const { around = 10, rows = 6, rotation = [0, 0, 0, 1] } = options;
  const [rx, ry, rz] = typeof radii === 'number' ? [radii, radii, radii] : radii;
  const grid = Array.from({ length: rows + 1 }, (_, row) => {
    const polar = (Math.PI * row) / rows;
    return Array.from({ length: around }, (_, column) => {
      const angle = (2 * Math.PI * column) / around;
      const v = rotate(rotation, [
        rx * Math.sin(polar) * Math.cos(angle),
        ry * Math.cos(polar),
        rz * Math.sin(polar) * Math.sin(angle),
      ]);
      return vertex(mesh, [v[0] + center[0], v[1] + center[1], v[2] + center[2]]);
    });
  });
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < around; column++) {
      const next = (column + 1) % around;
      const [low, high] = [grid[row] as number[], grid[row + 1] as number[]];
      const corners = [low[column]!, low[next]!, high[next]!, high[column]!];
      if (row === 0) corners.splice(1, 1);
      if (row === rows - 1) corners.splice(2, 1);
      mesh.faces.push({ corners, color });
    }
  }
}

/** Lit colour of every face for a mesh turned by `rotation`: one light from above and a weak fill. */
const LIGHT = unit([-0.38, 1, 0.42]);
const FILL = unit([0.8, 0.25, 0.5]);

/** Unit vector towards the light. */
export const LIGHT_DIRECTION: Vector3 = LIGHT;

export function litColor(color: Color, normal: Vector3): number {
  const shade = 0.46 + 0.5 * Math.max(0, dot(normal, LIGHT)) + 0.14 * Math.max(0, dot(normal, FILL));
  return packed(color[0] * shade, color[1] * shade, color[2] * shade);
}

/** Blue in the low byte: written out byte by byte this is BGR, as the cameras record. */
export function packed(red: number, green: number, blue: number): number {
  const byte = (value: number) => Math.max(0, Math.min(255, Math.round(value)));
  return (byte(blue) | (byte(green) << 8) | (byte(red) << 16)) >>> 0;
}

/** The tilt that lays a direction onto y: for boxes built along y. */
export function alongY(direction: Vector3): QuaternionXyzw {
  const y = unit(direction);
  const helper: Vector3 = Math.abs(y[0]) < 0.9 ? [1, 0, 0] : [0, 0, 1];
  const z = unit(cross(helper, y));
  return fromBasis(cross(y, z), y, z);
}
