import path from 'node:path';
import { sampleNoise } from '../common/sample-noise.ts';
import type { Hdf5Content, Hdf5Value, SampleTools } from '../sample-tools.ts';
import { USUAL_HZ } from './demos.ts';

const WIDTH_PX = 160;
const HEIGHT_PX = (WIDTH_PX * 3) / 4;
const CAMERAS = { agentview_image: 'front', robot0_eye_in_hand_image: 'right_wrist' };
/** Out of order in a plain sort: demo_10 comes after demo_9. */
const DEMOS = ['demo_0', 'demo_1', 'demo_2', 'demo_10'];
const RIGHT = 1;

/** One file of four demonstrations, with masks for training and validation. Each is a part of the same story. */
export async function writeRobomimicSample(directory: string, tools: SampleTools): Promise<void> {
  const datasets: Hdf5Content['datasets'] = {};
  const attributes: Record<string, Record<string, Hdf5Value>> = {};
  let total = 0;
  for (const [index, demo] of DEMOS.entries()) {
    tools.signal?.throwIfAborted();
    tools.onProgress?.(index / (DEMOS.length + 1), `Recording ${demo}`);
    // Demonstrations are of different lengths, and start where the one before ended.
    const share = [0.2, 0.3, 0.3, 0.2][index] as number;
    const from = [0, 0.2, 0.5, 0.8][index] as number;
    const steps = Math.max(2, Math.round(tools.seconds * share * USUAL_HZ));
    Object.assign(datasets, demonstration(`data/${demo}`, steps, from * tools.seconds, tools, index));
    attributes[`data/${demo}`] = { num_samples: BigInt(steps), model_file: '<mujoco model="base"/>' };
    total += steps;
  }
  const settings = { robots: ['Panda'], control_freq: USUAL_HZ, camera_names: ['agentview', 'robot0_eye_in_hand'] };
  attributes.data = {
    total: BigInt(total),
    env_args: JSON.stringify({ env_name: 'PickPlaceCan', env_type: 1, env_kwargs: settings }),
  };
  datasets['mask/train'] = { text: DEMOS.slice(0, 3) };
  datasets['mask/valid'] = { text: DEMOS.slice(3) };
  await tools.writeHdf5(path.join(directory, 'can', 'demo_v141.hdf5'), { attributes, datasets });
  tools.onProgress?.(1, 'Done');
}

function demonstration(
  group: string,
  steps: number,
  startSeconds: number,
  tools: SampleTools,
  index: number,
): Hdf5Content['datasets'] {
  const noise = sampleNoise(tools.seed + index);
  const at = (step: number) => startSeconds + step / USUAL_HZ;
  const robots = Array.from({ length: steps + 1 }, (_, step) => tools.scene.robot(at(step)));
  const rows = (columns: number, row: (step: number) => number[]) => ({
    shape: [steps, columns],
    data: Float64Array.from(Array.from({ length: steps }, (_, step) => row(step)).flat()),
  });
  const tool = (step: number) => robots[step]?.tools[RIGHT] as number[];
  const grip = (step: number) => robots[step]?.grippers[RIGHT] as number;
  const line = (value: (step: number) => number) => ({
    shape: [steps],
    data: Float64Array.from({ length: steps }, (_, step) => value(step)),
  });
  const bounded = (value: number) => Math.max(-1, Math.min(1, value));
  /** As the controller takes them: moves of the tool in units of 5 cm, turns near nothing, gripper −1 open. */
  const action = (step: number) => [
    ...[0, 1, 2].map((axis) => bounded(((tool(step + 1)[axis] as number) - (tool(step)[axis] as number)) / 0.05)),
    ...[0, 1, 2].map(() => 0.02 * (noise() - 0.5)),
    grip(step + 1) < grip(step) ? 1 : -1,
  ];
  const joints = (step: number) => (robots[step]?.joints ?? []).slice(7);
  const isLast = (step: number) => Number(step === steps - 1);
  const datasets: Hdf5Content['datasets'] = {
    [`${group}/actions`]: rows(7, action),
    [`${group}/rewards`]: line(isLast),
    [`${group}/dones`]: {
      shape: [steps],
      data: BigInt64Array.from({ length: steps }, (_, step) => BigInt(isLast(step))),
    },
    [`${group}/states`]: rows(9, (step) => [at(step), ...joints(step), grip(step)]),
    [`${group}/obs/robot0_eef_pos`]: rows(3, (step) => tool(step).slice(0, 3)),
    [`${group}/obs/robot0_eef_quat`]: rows(4, (step) => tool(step).slice(3, 7)),
    [`${group}/obs/robot0_joint_pos`]: rows(7, joints),
    [`${group}/obs/robot0_gripper_qpos`]: rows(2, (step) => [0.04 * grip(step), -0.04 * grip(step)]),
  };
  for (const [name, camera] of Object.entries(CAMERAS)) {
    const shape = [steps, HEIGHT_PX, WIDTH_PX, 3];
    const data = new Uint8Array(shape.reduce((product, size) => product * size, 1));
    for (let step = 0; step < steps; step++) {
      tools.signal?.throwIfAborted();
      data.set(tools.scene.picture(camera, at(step), WIDTH_PX), step * (data.length / steps));
    }
    datasets[`${group}/obs/${name}`] = { shape, data, chunk: [1, ...shape.slice(1)], gzip: 1 };
  }
  return datasets;
}
