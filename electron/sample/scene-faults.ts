import type { SampleScene } from '../sources/sample-tools.ts';

/** What is wrong with a recording of the scene, whatever format it is written in. */
export type SceneFaultKind = 'frozen-video' | 'jump' | 'missing-values' | 'gripper-chatter';

/** A planted fault. Seconds of the scene; a recording that begins later in it has them earlier. */
export interface SceneFault {
  kind: SceneFaultKind;
  startSeconds: number;
  endSeconds: number;
  /** Of a frozen video. */
  camera?: string;
  /** Of what the robot's numbers show. */
  of?: string;
}

/** Shares of the length at which they begin: each lies where the scene goes on beside it. */
const AT = { jump: 0.16, frozen: 0.36, missing: 0.62, chatter: 0.78 };
const FROZEN_SECONDS = 0.8;
const MISSING_SECONDS = 0.25;
const CHATTER_SECONDS = 1;
const TURN_SECONDS = 0.125;
const JUMP_RAD = 0.9;
const JUMP_METRES = 0.3;
/** Of each arm, for some formats record one: counted from 0. */
const [JUMPING_JOINT, MISSING_JOINT] = [2, 1];
const JOINTS_AN_ARM = 7;
const ARMS = [0, 1] as const;

/** The scene with a camera that stands still, a joint that is read wrongly from a moment on, values that are missing and a gripper that flutters. */
export function withSceneFaults(
  scene: SampleScene,
  lengthSeconds: number,
): { scene: SampleScene; faults: SceneFault[] } {
  const [jump, frozen, missing, chatter] = [AT.jump, AT.frozen, AT.missing, AT.chatter].map(
    (share) => share * lengthSeconds,
  ) as [number, number, number, number];
  const isWithin = (seconds: number, start: number, length: number) => seconds >= start && seconds < start + length;
  const faults: SceneFault[] = [
    { kind: 'jump', startSeconds: jump, endSeconds: jump, of: 'joint 3 and tool of each arm' },
    { kind: 'frozen-video', startSeconds: frozen, endSeconds: frozen + FROZEN_SECONDS, camera: 'front' },
    {
      ...{ kind: 'missing-values', startSeconds: missing, endSeconds: missing + MISSING_SECONDS },
      of: 'joint 2 of each arm',
    },
    { kind: 'gripper-chatter', startSeconds: chatter, endSeconds: chatter + CHATTER_SECONDS, of: 'grippers' },
  ];
  return {
    faults,
    scene: {
      ...scene,
      picture: (camera, seconds, widthPx) =>
        scene.picture(
          camera,
          camera === 'front' && isWithin(seconds, frozen, FROZEN_SECONDS) ? frozen : seconds,
          widthPx,
        ),
      robot: (seconds) => {
        const { joints, grippers, tools } = scene.robot(seconds);
        if (seconds >= jump) {
          for (const arm of ARMS) {
            const joint = arm * JOINTS_AN_ARM + JUMPING_JOINT;
            joints[joint] = (joints[joint] as number) + JUMP_RAD;
            tools[arm][0] = (tools[arm][0] as number) + JUMP_METRES;
          }
        }
        if (isWithin(seconds, missing, MISSING_SECONDS))
          for (const arm of ARMS) joints[arm * JOINTS_AN_ARM + MISSING_JOINT] = Number.NaN;
        const turn = Math.floor((seconds - chatter) / TURN_SECONDS) % 2;
        return { joints, grippers: isWithin(seconds, chatter, CHATTER_SECONDS) ? [turn, turn] : grippers, tools };
      },
    },
  };
}
