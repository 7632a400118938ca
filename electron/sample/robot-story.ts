import { aboutAxis, multiply, type QuaternionXyzw, type Vector3 } from '../../shared/geometry/pose.ts';
import { framesOf, gripFor, jointsReaching } from './arm.ts';
import { seededRandom, seedFor } from './random.ts';
import type { Side } from './rig.ts';

/**
 * What the two arms do: the left one carries a block to a pad, loses it half way, goes on with empty fingers until the
 * operator takes over, fetches it again and sets it down. Told in shares of the recording's length; millimetres, radians.
 */
export const STORY_SHARES = { failure: 0.46, handoff: 0.6, recovered: 0.82 } as const;

export const BLOCK_MM: Vector3 = [74, 36, 40];
const LIES = BLOCK_MM[1] / 2 + 1;
const PAD: Vector3 = [102, 8, -57];
const HELD = gripFor(BLOCK_MM[2]);

interface Key {
  at: number;
  /** Of the finger tips. */
  tip: Vector3;
  yaw: number;
  grip: number;
}

export interface RobotState {
  joints: Record<Side, number[]>;
  grips: Record<Side, number>;
  tips: Record<Side, { at: Vector3; turn: QuaternionXyzw }>;
  block: { at: Vector3; turn: QuaternionXyzw };
}

/** The story of a seed as a function of the share 0…1 of its length. */
export function robotStory(seed: number): (share: number) => RobotState {
  const random = seededRandom(seedFor(seed, 'robot-story'));
  const start: Vector3 = [-110 + random.between(-22, 22), LIES, 70 + random.between(-18, 18)];
  const startYaw = random.between(-0.35, 0.35);
  const phase = random.between(0, 6);
  const dropFrom: Vector3 = [-10, 128, 14];
  const fallen: Vector3 = [-2, LIES, 24];
  const above = ([x, y, z]: Vector3, by: number): Vector3 => [x, y + by, z];
  const home: Vector3 = [-196, 196, -10];
  const pad = above(PAD, LIES);
  const left: Key[] = [
    { at: 0, tip: home, yaw: 0, grip: 0.9 },
    { at: 0.05, tip: home, yaw: 0, grip: 0.9 },
    { at: 0.17, tip: above(start, 84), yaw: startYaw, grip: 0.95 },
    { at: 0.24, tip: start, yaw: startYaw, grip: 0.95 },
    { at: 0.28, tip: start, yaw: startYaw, grip: HELD },
    { at: 0.37, tip: above(start, 118), yaw: startYaw, grip: HELD },
    { at: STORY_SHARES.failure, tip: dropFrom, yaw: 0.1, grip: HELD },
    { at: 0.49, tip: [16, 130, 0], yaw: 0.1, grip: 0.04 },
    { at: 0.57, tip: above(pad, 60), yaw: -0.1, grip: 0.04 },
    { at: STORY_SHARES.handoff, tip: above(pad, 58), yaw: -0.1, grip: 0.04 },
    { at: 0.68, tip: above(fallen, 82), yaw: 0.6, grip: 1 },
    { at: 0.74, tip: fallen, yaw: 0.6, grip: 1 },
    { at: 0.78, tip: fallen, yaw: 0.6, grip: HELD },
    { at: STORY_SHARES.recovered, tip: above(fallen, 90), yaw: 0.45, grip: HELD },
    { at: 0.88, tip: above(pad, 70), yaw: -0.1, grip: HELD },
    { at: 0.92, tip: pad, yaw: -0.1, grip: HELD },
    { at: 0.95, tip: pad, yaw: -0.1, grip: 1 },
    { at: 1, tip: above(pad, 120), yaw: -0.1, grip: 1 },
  ];
  const rest: Vector3 = [214, 178, -16];
  const steady: Vector3 = [206, 44, -66];
  // Turned so that the flange stays within its limits, and never comes round from one end to the other.
  const right: Key[] = [
    { at: 0, tip: rest, yaw: 0, grip: 0.6 },
    { at: 0.3, tip: rest, yaw: 0, grip: 0.6 },
    { at: 0.42, tip: above(steady, 40), yaw: -0.6, grip: 0.25 },
    { at: 0.48, tip: steady, yaw: -0.6, grip: 0.2 },
    { at: 0.94, tip: steady, yaw: -0.6, grip: 0.2 },
    { at: 1, tip: above(steady, 80), yaw: -0.4, grip: 0.4 },
  ];
  const turned = (yaw: number): QuaternionXyzw => aboutAxis([0, 1, 0], yaw);

  return (share) => {
    const sway = (rate: number, size: number) => Math.sin(share * rate + phase) * size;
    const arm = (side: Side, keys: readonly Key[]) => {
      const { tip, yaw, grip } = between(keys, share);
      const joints = jointsReaching(side, tip, yaw);
      joints[2] = sway(31, 0.006);
      joints[4] = sway(23, 0.008);
      return { joints, grip, frames: framesOf(side, joints), yaw };
    };
    const arms = { left: arm('left', left), right: arm('right', right) };
    const carried = { at: arms.left.frames.tool, turn: turned(arms.left.yaw) };
    const falling = Math.min(1, Math.max(0, (share - STORY_SHARES.failure) / 0.03));
    const fallenTurn = turned(0.6);
    let block = { at: fallen, turn: fallenTurn };
    if (share < 0.26) block = { at: start, turn: turned(startYaw) };
    else if (share < STORY_SHARES.failure) block = carried;
    else if (falling < 1) {
      const drop = falling * falling;
      const at = (i: 0 | 1 | 2) => dropFrom[i] + (fallen[i] - dropFrom[i]) * (i === 1 ? drop : falling);
      const tumble = aboutAxis([0, 0, 1], Math.sin(Math.PI * falling) * 0.7);
      block = { at: [at(0), at(1), at(2)], turn: multiply(turned(0.1 + 0.5 * falling), tumble) };
    } else if (share >= 0.76 && share < 0.935) block = carried;
    else if (share >= 0.935) block = { at: pad, turn: turned(-0.1) };
    const tipOf = ({ tool, turns }: ReturnType<typeof framesOf>) => ({ at: tool, turn: turns.tool });
    return {
      joints: { left: arms.left.joints, right: arms.right.joints },
      grips: { left: arms.left.grip, right: arms.right.grip },
      tips: { left: tipOf(arms.left.frames), right: tipOf(arms.right.frames) },
      block,
    };
  };
}

function between(keys: readonly Key[], share: number): Omit<Key, 'at'> {
  const after = keys.findIndex(({ at }) => at > share);
  const b = after < 0 ? keys.length - 1 : Math.max(1, after);
  const [from, to] = [keys[b - 1] as Key, keys[b] as Key];
  const linear = Math.min(1, Math.max(0, (share - from.at) / (to.at - from.at)));
  const eased = linear * linear * (3 - 2 * linear);
  const mix = (x: number, y: number) => x + (y - x) * eased;
  return {
    tip: [mix(from.tip[0], to.tip[0]), mix(from.tip[1], to.tip[1]), mix(from.tip[2], to.tip[2])],
    yaw: mix(from.yaw, to.yaw),
    grip: mix(from.grip, to.grip),
  };
}
