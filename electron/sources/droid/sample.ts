import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eulerOfQuaternion } from '../common/euler.ts';
import { sampleNoise } from '../common/sample-noise.ts';
import type { SampleTools } from '../sample-tools.ts';

const RATE_HZ = 15;
const WIDTH_PX = 320;
const RIGHT = 1;
const CAMERAS = [
  { role: 'wrist', serial: '17225336', camera: 'right_wrist' },
  { role: 'ext1', serial: '24259877', camera: 'front' },
  { role: 'ext2', serial: '26638268', camera: 'side' },
];

interface Plan {
  folder: string;
  uuid: string;
  timestamp: string;
  unixSeconds: number;
  isSuccess: boolean;
  /** Of the robot's computer, against the workstation's. */
  robotAheadSeconds: number;
}

const PLANS: readonly Plan[] = [
  {
    folder: 'success/2023-07-07/Fri_Jul__7_09-42-23_2023',
    uuid: 'AUTOLab+5d05c5aa+2023-07-07-09h-42m-23s',
    timestamp: '2023-07-07-09h-42m-23s',
    unixSeconds: 1_688_748_143.25,
    isSuccess: true,
    robotAheadSeconds: 0.012,
  },
  {
    folder: 'failure/2023-07-07/Fri_Jul__7_09-45-39_2023',
    uuid: 'AUTOLab+5d05c5aa+2023-07-07-09h-45m-39s',
    timestamp: '2023-07-07-09h-45m-39s',
    unixSeconds: 1_688_748_339.5,
    isSuccess: false,
    // The planted difficulty: two computers that no time server has set alike.
    robotAheadSeconds: -3.4,
  },
];

/** A success and a failure of one lab, with three cameras each. */
export async function writeDroidSample(directory: string, tools: SampleTools): Promise<void> {
  for (const [index, plan] of PLANS.entries()) {
    tools.onProgress?.(index / PLANS.length, `Recording ${plan.uuid}`);
    await writeEpisode(path.join(directory, 'AUTOLab', plan.folder), plan, tools, index);
  }
  tools.onProgress?.(1, 'Done');
}

async function writeEpisode(folder: string, plan: Plan, tools: SampleTools, index: number): Promise<void> {
  const noise = sampleNoise(tools.seed + index);
  const length = plan.isSuccess ? tools.seconds : Math.min(tools.seconds, tools.scene.failure.handoffSeconds);
  const steps = Math.max(2, Math.round(length * RATE_HZ));
  const secondsOf = (step: number) => step / RATE_HZ;
  const startMs = Array.from(
    { length: steps },
    (_, step) => (plan.unixSeconds + secondsOf(step) + 0.002 * noise()) * 1000,
  );
  const robotSeconds = startMs.map((ms) => ms / 1000 + 0.001 + plan.robotAheadSeconds);
  const robots = Array.from({ length: steps + 1 }, (_, step) => tools.scene.robot(secondsOf(step)));
  const rows = (columns: number, row: (step: number) => number[]) => ({
    shape: [steps, columns],
    data: Float64Array.from(Array.from({ length: steps }, (_, step) => row(step)).flat()),
  });
  const line = (value: (step: number) => number) => ({
    shape: [steps],
    data: Float64Array.from({ length: steps }, (_, step) => value(step)),
  });
  const whole = (value: (step: number) => number) => ({
    shape: [steps],
    data: BigInt64Array.from({ length: steps }, (_, step) => BigInt(Math.floor(value(step)))),
  });
  const pose = (step: number) => {
    const [x = 0, y = 0, z = 0, ...turn] = robots[step]?.tools[RIGHT] ?? [];
    return [x, y, z, ...eulerOfQuaternion(...(turn as [number, number, number, number]))];
  };
  const joints = (step: number) => (robots[step]?.joints ?? []).slice(7);
  /** DROID counts a closed gripper as 1. */
  const closed = (step: number) => 1 - (robots[step]?.grippers[RIGHT] as number);
  const moved = (step: number) => joints(step).map((value, at) => ((joints(step + 1)[at] as number) - value) * RATE_HZ);
  const stamps = 'observation/timestamp';
  const captures = CAMERAS.map(({ serial }) => [
    `${stamps}/cameras/${serial}_estimated_capture`,
    whole((step) => (startMs[step] as number) - 20 - 4 * noise()),
  ]);
  await mkdir(path.join(folder, 'recordings', 'MP4'), { recursive: true });
  await tools.writeHdf5(path.join(folder, 'trajectory.h5'), {
    attributes: { '': { success: plan.isSuccess, uuid: plan.uuid } },
    datasets: {
      'action/cartesian_position': rows(6, (step) => pose(step + 1)),
      'action/joint_position': rows(7, (step) => joints(step + 1)),
      'action/joint_velocity': rows(7, (step) => moved(step).map((value) => Math.max(-1, Math.min(1, value)))),
      'action/gripper_position': line((step) => closed(step + 1)),
      'observation/robot_state/cartesian_position': rows(6, pose),
      'observation/robot_state/joint_positions': rows(7, joints),
      'observation/robot_state/joint_velocities': rows(7, moved),
      'observation/robot_state/gripper_position': line(closed),
      'observation/robot_state/motor_torques_measured': rows(7, (step) =>
        moved(step).map((value) => 4 * value + noise() - 0.5),
      ),
      [`${stamps}/robot_state/robot_timestamp_seconds`]: whole((step) => robotSeconds[step] as number),
      [`${stamps}/robot_state/robot_timestamp_nanos`]: whole((step) => ((robotSeconds[step] as number) % 1) * 1e9),
      [`${stamps}/robot_state/read_start`]: whole((step) => startMs[step] as number),
      [`${stamps}/control/step_start`]: whole((step) => startMs[step] as number),
      ...Object.fromEntries(captures),
    },
  });
  const below = (name: string) => `${plan.folder}/${name}`;
  const cameras = CAMERAS.flatMap(({ role, serial }) => [
    [`${role}_cam_serial`, serial],
    [`${role}_mp4_path`, below(`recordings/MP4/${serial}.mp4`)],
  ]);
  const metadata = {
    ...{ uuid: plan.uuid, lab: 'AUTOLab', user: 'Sam Sample', user_id: '5d05c5aa', date: '2023-07-07' },
    ...{ timestamp: plan.timestamp, hdf5_path: below('trajectory.h5'), building: 'Kitchen lab', scene_id: 4_012_233 },
    ...{ success: plan.isSuccess, robot_serial: 'panda-295341', droid_version: 1.2, trajectory_length: steps },
    current_task: 'Move object into or out of container',
    ...Object.fromEntries(cameras),
  };
  await writeFile(path.join(folder, `metadata_${plan.uuid}.json`), `${JSON.stringify(metadata, null, 2)}\n`);
  for (const { serial, camera } of CAMERAS) {
    tools.signal?.throwIfAborted();
    await tools.writeVideo(path.join(folder, 'recordings', 'MP4', `${serial}.mp4`), {
      width: WIDTH_PX,
      height: (WIDTH_PX * 3) / 4,
      rateHz: RATE_HZ,
      frames: pictures(camera),
    });
  }

  function* pictures(camera: string): Generator<Uint8Array> {
    for (let step = 0; step < steps; step++) yield tools.scene.picture(camera, secondsOf(step), WIDTH_PX);
  }
}
