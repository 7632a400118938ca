import { aboutAxis, multiply, type QuaternionXyzw, rotate, type Vector3 } from '../../shared/geometry/pose.ts';
import { addBall, addBox, addTube, type Color, emptyMesh, type Mesh } from './mesh.ts';
import type { Placed } from './raster.ts';
import type { Side } from './rig.ts';

/**
 * A seven-jointed arm on the table. Joints: base yaw, shoulder, upper-arm roll, elbow, forearm roll, wrist, flange
 * roll; at zero the arm lies straight along its base's x axis. Millimetres, radians, y up.
 */
const SHOULDER_MM = 170;
const UPPER_MM = 270;
const FOREARM_MM = 250;
/** From the wrist to the point between the finger tips. */
const TOOL_MM = 150;
/** Between the fingers of a gripper that is wide open. */
const OPEN_MM = 84;

export interface ArmBase {
  at: Vector3;
  yaw: number;
}
export const BASES: Record<Side, ArmBase> = {
  left: { at: [-330, 0, -150], yaw: 0 },
  right: { at: [330, 0, -150], yaw: Math.PI },
};

export interface ArmFrames {
  shoulder: Vector3;
  elbow: Vector3;
  wrist: Vector3;
  /** Between the finger tips; its frame: x points out of the gripper, z from finger to finger. */
  tool: Vector3;
  turns: { base: QuaternionXyzw; upper: QuaternionXyzw; forearm: QuaternionXyzw; tool: QuaternionXyzw };
}

/** Where the parts of an arm are for its joints. */
export function framesOf(side: Side, joints: readonly number[]): ArmFrames {
  const [yaw, shoulderPitch, upperRoll, elbowPitch, forearmRoll, wristPitch, flangeRoll] = joints as number[];
  const { at, yaw: baseYaw } = BASES[side];
  const base = aboutAxis([0, 1, 0], baseYaw + (yaw as number));
  const upper = multiply(multiply(base, pitch(shoulderPitch)), roll(upperRoll));
  const forearm = multiply(multiply(upper, pitch(elbowPitch)), roll(forearmRoll));
  const tool = multiply(multiply(forearm, pitch(wristPitch)), roll(flangeRoll));
  const shoulder: Vector3 = [at[0], at[1] + SHOULDER_MM, at[2]];
  const elbow = along(shoulder, upper, UPPER_MM);
  const wrist = along(elbow, forearm, FOREARM_MM);
  return { shoulder, elbow, wrist, tool: along(wrist, tool, TOOL_MM), turns: { base, upper, forearm, tool } };
}

/** Joints that bring the finger tips to a point, gripper straight down, its fingers turned by `yaw` about the vertical. */
export function jointsReaching(side: Side, point: Vector3, yaw: number): number[] {
  const { at, yaw: baseYaw } = BASES[side];
  const [dx, dz] = [point[0] - at[0], point[2] - at[2]];
  const [out, up] = [Math.hypot(dx, dz), point[1] + TOOL_MM - at[1] - SHOULDER_MM];
  const reach = Math.min(Math.hypot(out, up), UPPER_MM + FOREARM_MM - 1);
  const inner = Math.acos((UPPER_MM ** 2 + reach ** 2 - FOREARM_MM ** 2) / (2 * UPPER_MM * reach));
  const shoulder = Math.atan2(up, out) + inner;
  const bend = Math.acos((UPPER_MM ** 2 + FOREARM_MM ** 2 - reach ** 2) / (2 * UPPER_MM * FOREARM_MM)) - Math.PI;
  const turn = wrapped(Math.atan2(-dz, dx) - baseYaw);
  return [turn, shoulder, 0, bend, 0, -Math.PI / 2 - shoulder - bend, wrapped(turn + baseYaw - yaw)];
}

const wrapped = (angle: number) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
const pitch = (angle = 0) => aboutAxis([0, 0, 1], angle);
const roll = (angle = 0) => aboutAxis([1, 0, 0], angle);

function along(from: Vector3, turn: QuaternionXyzw, length: number): Vector3 {
  const [x, y, z] = rotate(turn, [length, 0, 0]);
  return [from[0] + x, from[1] + y, from[2] + z];
}

export interface ArmMeshes {
  foot: Mesh;
  upper: Mesh;
  forearm: Mesh;
  hand: Mesh;
  finger: Mesh;
}

const SHELL: Color = [226, 228, 230];
const JOINT: Color = [70, 76, 86];
const RUBBER: Color = [38, 40, 44];

export function armMeshes(accent: Color): ArmMeshes {
  const link = (length: number, radii: readonly [number, number]) => {
    const mesh = emptyMesh();
    addBall(mesh, [0, 0, 0], radii[0] + 7, JOINT, { around: 12, rows: 8 });
    addTube(mesh, [18, 0, 0], [length - 16, 0, 0], radii, SHELL, 12);
    addTube(mesh, [length * 0.42, 0, 0], [length * 0.5, 0, 0], [radii[0] + 2, radii[0] + 1], accent, 12);
    return mesh;
  };
  const foot = emptyMesh();
  addTube(foot, [0, 0, 0], [0, 26, 0], [74, 66], JOINT, 16);
  addTube(foot, [0, 26, 0], [0, SHOULDER_MM - 26, 0], [48, 42], SHELL, 14);
  addTube(foot, [0, 70, 0], [0, 84, 0], [47, 46], accent, 14);
  addTube(foot, [0, SHOULDER_MM, -48], [0, SHOULDER_MM, 48], [40, 40], JOINT, 14);
  const hand = emptyMesh();
  addBall(hand, [0, 0, 0], 34, JOINT, { around: 12, rows: 8 });
  addTube(hand, [16, 0, 0], [58, 0, 0], [28, 26], SHELL, 12);
  addBox(hand, [74, 0, 0], [28, 46, 104], RUBBER, { bevel: 5 });
  addBox(hand, [58, 30, 0], [44, 16, 34], accent);
  const finger = emptyMesh();
  addBox(finger, [0, 0, 0], [64, 22, 10], JOINT);
  addBox(finger, [18, 0, 0], [30, 24, 12], accent);
  return { foot, upper: link(UPPER_MM, [33, 28]), forearm: link(FOREARM_MM, [27, 23]), hand, finger };
}

/** The parts of an arm where its joints put them. `grip` is 0 closed … 1 open. */
export function placedArm(side: Side, joints: readonly number[], grip: number, meshes: ArmMeshes): Placed[] {
  const { shoulder, elbow, wrist, turns } = framesOf(side, joints);
  const finger = (sign: number): Placed => {
    const [x, y, z] = rotate(turns.tool, [TOOL_MM - 34, 0, sign * (6 + (grip * OPEN_MM) / 2)]);
    return { mesh: meshes.finger, position: [wrist[0] + x, wrist[1] + y, wrist[2] + z], rotation: turns.tool };
  };
  return [
    { mesh: meshes.foot, position: BASES[side].at, rotation: turns.base },
    { mesh: meshes.upper, position: shoulder, rotation: turns.upper },
    { mesh: meshes.forearm, position: elbow, rotation: turns.forearm },
    { mesh: meshes.hand, position: wrist, rotation: turns.tool },
    finger(-1),
    finger(1),
  ];
}

/** How far the gripper is open that just holds something so wide. */
export function gripFor(widthMm: number): number {
  return widthMm / OPEN_MM;
}
