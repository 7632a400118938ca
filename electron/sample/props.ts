import type { Vector3 } from '../../shared/geometry/pose.ts';
import { aboutAxis, rotate } from '../../shared/geometry/pose.ts';
import { addBall, addBox, addPolygon, addTube, alongY, type Color, emptyMesh, type Mesh } from './mesh.ts';
import { PIECE_DEPTH_MM, PIECE_HEIGHT_MM, PIECE_LENGTH_MM, rigidOriginInTool, type Side } from './rig.ts';

/** What the cameras see: the room that never moves, the piece, and the two hand-held sensors. Millimetres. */

/** The gel faces carry a colour that nothing else in the scene has: orange left, blue right. */
export const GEL_COLORS: Record<Side, Color> = { left: [255, 150, 24], right: [36, 150, 255] };

const CHARCOAL: Color = [46, 49, 55];
const GLOVE: Color = [112, 128, 158];
const SLEEVE: Color = [214, 217, 222];

/** Floor, wall, table, mat, stand, tray and bins. */
export function roomMesh(): Mesh {
  const room = emptyMesh();
  addPolygon(
    room,
    [
      [-2600, -740, 2600],
      [2600, -740, 2600],
      [2600, -740, -1500],
      [-2600, -740, -1500],
    ],
    [92, 96, 102],
  );
  addPolygon(
    room,
    [
      [-2600, -740, -1500],
      [2600, -740, -1500],
      [2600, 1700, -1500],
      [-2600, 1700, -1500],
    ],
    [186, 190, 194],
  );
  addPolygon(
    room,
    [
      [-2600, -740, -1496],
      [2600, -740, -1496],
      [2600, -640, -1496],
      [-2600, -640, -1496],
    ],
    [120, 124, 130],
  );
  addPolygon(
    room,
    [
      [2400, -740, -1500],
      [2400, -740, 2600],
      [2400, 1700, 2600],
      [2400, 1700, -1500],
    ],
    [168, 172, 178],
  );
  addPolygon(
    room,
    [
      [-2400, -740, 2600],
      [-2400, -740, -1500],
      [-2400, 1700, -1500],
      [-2400, 1700, 2600],
    ],
    [168, 172, 178],
  );
  addBox(room, [-1150, -320, -1280], [760, 840, 320], [134, 142, 150]);
  for (const y of [-560, -300, -40]) addBox(room, [-1150, y, -1118], [700, 210, 10], [152, 160, 168]);
  addBox(room, [1000, -160, -1330], [900, 40, 260], [104, 84, 66]);
  for (const [x, height, color] of [
    [720, 240, [58, 92, 132]],
    [820, 200, [150, 74, 62]],
    [905, 260, [196, 160, 82]],
    [1040, 180, [70, 112, 96]],
    [1200, 150, [70, 74, 80]],
  ] as [number, number, Color][]) {
    addBox(room, [x, -140 + height / 2, -1330], [74, height, 150], color);
  }
  return room;
}

/** What shadows fall on besides being there: drawn after the room. */
export function tableMesh(): Mesh {
  const table = emptyMesh();
  addBox(table, [0, -18, 10], [1240, 36, 860], [206, 196, 180], { top: [214, 204, 188] });
  addPolygon(table, flat(-330, -215, 330, 235, 0.6), [44, 84, 92]);
  const line: Color = [72, 116, 122];
  for (let x = -200; x <= 200; x += 200) addPolygon(table, flat(x - 0.9, -205, x + 0.9, 225, 1), line);
  for (let z = -90; z <= 110; z += 200) addPolygon(table, flat(-320, z - 0.9, 320, z + 0.9, 1), line);
  for (const [x, z] of [
    [-322, -207],
    [322, -207],
    [-322, 227],
    [322, 227],
  ] as const) {
    addPolygon(table, flat(x - 3, z - 3, x + 3, z + 3, 1.2), [226, 226, 220]);
  }
  return table;
}

/** Things that stand on the table and throw shadows once. */
export function fixtureMesh(): Mesh {
  const fixtures = emptyMesh();
  const pad = (center: Vector3, yaw: number, size: Vector3, color: Color) =>
    addBox(fixtures, center, size, color, { rotation: aboutAxis([0, 1, 0], yaw), bevel: 4 });
  pad([-84, 4, 48], 0.16, [104, 8, 64], [54, 56, 62]);
  pad([102, 4, -57], -0.1, [104, 8, 64], [196, 88, 60]);
  // The target's two guide rails.
  for (const side of [-1, 1]) {
    const offset = rotate(aboutAxis([0, 1, 0], -0.1), [0, 0, side * 64]);
    pad([103 + offset[0], 9, -57 + offset[2]], -0.1, [126, 18, 9], [176, 180, 186]);
  }
  bin(fixtures, [-258, 0, -118], [112, 46, 82], [60, 104, 156]);
  bin(fixtures, [-262, 0, -10], [96, 40, 74], [198, 152, 62]);
  for (const [x, z] of [
    [-276, -112],
    [-258, -128],
    [-244, -104],
    [-268, -94],
  ] as const) {
    addTube(fixtures, [x, 6, z], [x + 14, 14, z + 6], [5, 5], [198, 202, 206], 8);
  }
  for (const [x, z] of [
    [-270, -4],
    [-250, -18],
    [-262, 8],
  ] as const) {
    addBox(fixtures, [x, 10, z], [16, 8, 12], [74, 128, 88]);
  }
  addTube(fixtures, [232, 7, 176], [306, 7, 150], [7.5, 6.5], [206, 70, 58], 10);
  addTube(fixtures, [306, 7, 150], [378, 6, 125], [2.4, 2.4], [176, 180, 186], 8);
  addTube(fixtures, [268, 0, -152], [268, 62, -152], [24, 24], [228, 230, 232], 16);
  addTube(fixtures, [268, 62, -152], [268, 72, -152], [25, 22], [58, 62, 70], 16);
  return fixtures;
}

/** The moving piece: a module with a circuit board on top and a ribbed knob at each end. Origin at its centre. */
export function pieceMesh(): Mesh {
  const piece = emptyMesh();
  const [half, high, deep] = [PIECE_LENGTH_MM / 2, PIECE_HEIGHT_MM / 2, PIECE_DEPTH_MM];
  addBox(piece, [0, -2, 0], [PIECE_LENGTH_MM - 16, 2 * high - 4, deep], [150, 156, 164], { bevel: 6 });
  const top = high - 2.8;
  addBox(piece, [0, top, 0], [PIECE_LENGTH_MM - 26, 2.4, deep - 10], [26, 104, 66]);
  const part = (x: number, z: number, size: Vector3, color: Color, lid?: Color) =>
    addBox(piece, [x, top + 1.2 + size[1] / 2, z], size, color, lid ? { top: lid } : {});
  part(-22, -4, [38, 5, 38], [196, 200, 204], [208, 212, 216]);
  part(-22, -4, [26, 6.4, 26], [120, 126, 132], [138, 144, 150]);
  for (const [i, color] of (
    [
      [34, 36, 40],
      [38, 62, 110],
      [34, 36, 40],
      [38, 62, 110],
    ] as Color[]
  ).entries()) {
    part(20 + i * 9, -6, [5, 9, 70], color);
  }
  part(-56, 30, [18, 9, 22], [70, 72, 78]);
  part(-56, -28, [18, 12, 26], [222, 222, 216]);
  part(-14, 36, [52, 4, 9], [30, 32, 36]);
  for (const x of [-44, -34, -24, -14]) addTube(piece, [x, top, -38], [x, top + 9, -38], [3.4, 3.4], [48, 50, 58], 8);
  part(60, 26, [12, 4, 12], [24, 26, 30]);
  part(60, -30, [10, 3, 18], [214, 176, 66]);
  for (const side of [-1, 1]) {
    addBox(piece, [side * (half - 4.2), 0, 0], [8.4, 10, 16], [88, 92, 98], { bevel: 2 });
    for (const z of [-4.5, 0, 4.5]) addBox(piece, [side * (half - 0.6), 0, z], [1.2, 9, 2.2], [58, 62, 68]);
  }
  for (const [x, z, height] of [
    [-68, -44, 16],
    [-68, 44, 10],
    [66, 44, 18],
    [6, -44, 12],
  ] as const) {
    addTube(piece, [x, high - 6, z], [x, high + height - 5, z], [1.3, 1.3], CHARCOAL, 6);
    addBall(piece, [x, high + height, z], 5.2, [232, 232, 226]);
  }
  return piece;
}

/** A hand-held sensor in its tool frame: the gel face at the origin, looking along x; the operator's glove on its grip. */
export function sensorMesh(side: Side): Mesh {
  const sensor = emptyMesh();
  const out = side === 'left' ? 1 : -1;
  const band = GEL_COLORS[side];
  const turned = alongY([1, 0, 0]);
  // Built along y and laid onto x: sizes are (across z, along x, along y) after the turn.
  const block = (x: number, length: number, tall: number, wide: number, color: Color, bevel: number) =>
    addBox(sensor, [x, 0, 0], sizeFor(turned, [length, tall, wide]), color, { rotation: turned, bevel });
  block(-2.5, 5, 22, 26, band, 2);
  block(-9, 8, 30, 34, [72, 76, 84], 4);
  block(-26, 26, 32, 36, CHARCOAL, 5);
  block(-40.5, 3, 33, 37, darker(band), 5);
  block(-56, 28, 28, 32, CHARCOAL, 6);
  // Grip: leans back and outwards, towards the operator.
  const gripFoot: Vector3 = [-56, 4, out * 10];
  const gripEnd: Vector3 = [-84, 34, out * 104];
  addTube(sensor, gripFoot, gripEnd, [13, 12], [64, 67, 74], 12);
  glove(sensor, gripFoot, gripEnd, out);
  // Marker tree: its centre is the tracked origin.
  const origin = rigidOriginInTool(side);
  addTube(sensor, [-40, 12, 0], [origin[0], origin[1] - 6, origin[2]], [4, 3], [92, 96, 104], 8);
  const arms: Vector3[] = [
    [26, 8, 4],
    [-22, 10, 14 * out],
    [-6, 12, -26 * out],
    [4, 30, 6 * out],
  ];
  for (const arm of arms) {
    const tip: Vector3 = [origin[0] + arm[0], origin[1] + arm[1], origin[2] + arm[2]];
    addTube(sensor, [origin[0], origin[1] - 4, origin[2]], tip, [2.2, 1.8], [92, 96, 104], 6);
    addBall(sensor, tip, 6.4, [236, 236, 230]);
  }
  return sensor;
}

function glove(mesh: Mesh, foot: Vector3, end: Vector3, out: number): void {
  const along = (share: number, aside: Vector3 = [0, 0, 0]): Vector3 => [
    foot[0] + (end[0] - foot[0]) * share + aside[0],
    foot[1] + (end[1] - foot[1]) * share + aside[1],
    foot[2] + (end[2] - foot[2]) * share + aside[2],
  ];
  addBall(mesh, along(0.62, [-17, 8, 0]), [21, 24, 38], GLOVE, {
    around: 12,
    rows: 8,
    rotation: aboutAxis([1, 0, 0], -0.28 * out),
  });
  for (const [i, share] of [0.34, 0.53, 0.72, 0.9].entries()) {
    const knuckle = along(share, [-12, 20 - i, 0]);
    const middle = along(share, [13, 12 - i, 2 * out]);
    const tip = along(share, [10, -11, 0]);
    addTube(mesh, knuckle, middle, [9.2, 8.4], GLOVE, 8);
    addBall(mesh, middle, 8.5, GLOVE, { around: 8, rows: 5 });
    addTube(mesh, middle, tip, [8.4, 6.8], [104, 120, 150], 8);
    addBall(mesh, knuckle, 9.4, GLOVE, { around: 8, rows: 5 });
  }
  addTube(mesh, along(0.46, [-18, 14, 0]), along(0.12, [-6, 17, 0]), [9, 7], [104, 120, 150], 8);
  addBall(mesh, along(0.12, [-6, 17, 0]), 7.2, GLOVE, { around: 8, rows: 5 });
  const wrist = along(1, [-22, 10, 6 * out]);
  const cuff: Vector3 = [wrist[0] - 26, wrist[1] + 14, wrist[2] + out * 46];
  const elbow: Vector3 = [cuff[0] - 150, cuff[1] + 104, cuff[2] + out * 330];
  addTube(mesh, along(0.74, [-19, 9, 0]), cuff, [23, 24], GLOVE, 12);
  addTube(mesh, cuff, elbow, [31, 50], SLEEVE, 10);
}

function bin(mesh: Mesh, at: Vector3, size: Vector3, color: Color): void {
  const [x, , z] = at;
  const [w, h, d] = size;
  const wall = 3;
  addBox(mesh, [x, 2, z], [w, 4, d], darker(color));
  addBox(mesh, [x, h / 2, z - d / 2], [w, h, wall], color);
  addBox(mesh, [x, h / 2.6, z + d / 2], [w, h / 1.3, wall], color);
  addBox(mesh, [x - w / 2, h / 2, z], [wall, h, d], color);
  addBox(mesh, [x + w / 2, h / 2, z], [wall, h, d], color);
}

/** Sizes along x, y and z of the placed box → sizes along its own axes before the turn. */
function sizeFor(turn: readonly [number, number, number, number], size: Vector3): Vector3 {
  const own = rotate([-turn[0], -turn[1], -turn[2], turn[3]], size);
  return [Math.abs(own[0]), Math.abs(own[1]), Math.abs(own[2])];
}

function flat(x0: number, z0: number, x1: number, z1: number, y: number): Vector3[] {
  return [
    [x0, y, z1],
    [x1, y, z1],
    [x1, y, z0],
    [x0, y, z0],
  ];
}

function darker([r, g, b]: Color): Color {
  return [r * 0.6, g * 0.6, b * 0.6];
}
