import path from 'node:path';
import { sampleNoise } from '../common/sample-noise.ts';
import type { Hdf5Content, Hdf5Value, SampleTools } from '../sample-tools.ts';
import { USUAL_HZ } from './facts.ts';

const PIXELS_WIDTH = 160;
const JPEG_WIDTH = 320;
/** The cameras deliver half as many pictures as there are steps, so each is stored twice. */
const STEPS_A_PICTURE = 2;
const TASK = 'transfer_cube';

interface Plan {
  name: string;
  /** Camera of the file → camera of the scene. */
  cameras: Record<string, string>;
  isCompressed: boolean;
  attributes: Record<string, Hdf5Value>;
  annotations?: Record<string, Hdf5Value>;
}

/** A simulated episode of plain pixels, and one of a real rig: padded JPEG rows, and judged. */
const PLANS: readonly Plan[] = [
  { name: 'episode_0', cameras: { top: 'front' }, isCompressed: false, attributes: { sim: true } },
  {
    name: 'episode_1',
    cameras: { cam_high: 'front', cam_left_wrist: 'left_wrist' },
    isCompressed: true,
    attributes: {
      sim: false,
      compress: true,
      language_instruction: 'Hand the cube from the right arm to the left.',
      policy_class: 'ACT',
    },
    annotations: {
      episode_id: 'episode_1',
      success: 0,
      failure_category: 'Grasp failure (at contact)',
      failure_description: 'The cube slipped out of the gripper and was picked up again.',
      would_retry: true,
    },
  },
];

/** Two episodes below `transfer_cube/`, at 50 Hz, which the files do not say. */
export async function writeAlohaSample(directory: string, tools: SampleTools): Promise<void> {
  for (const [index, plan] of PLANS.entries()) {
    tools.onProgress?.(index / PLANS.length, `Recording ${plan.name}`);
    await writeEpisode(path.join(directory, TASK, `${plan.name}.hdf5`), plan, tools, index);
  }
  tools.onProgress?.(1, 'Done');
}

async function writeEpisode(file: string, plan: Plan, tools: SampleTools, index: number): Promise<void> {
  const steps = Math.max(2, Math.round(tools.seconds * USUAL_HZ));
  const noise = sampleNoise(tools.seed + index);
  const rows = Array.from({ length: steps }, (_, step) => jointsAt(tools, step / USUAL_HZ));
  const positions = rows.flat();
  const velocities = positions.map((value, at) => (at < 14 ? 0 : (value - (positions[at - 14] as number)) * USUAL_HZ));
  const actions = rows.flatMap((_, step) => rows[Math.min(step + 1, steps - 1)] as number[]);
  const array = (numbers: number[], columns = 14) => ({ shape: [steps, columns], data: Float32Array.from(numbers) });
  const datasets: Hdf5Content['datasets'] = {
    'observations/qpos': array(positions),
    'observations/qvel': array(velocities),
    action: array(actions),
  };
  if (plan.isCompressed) {
    datasets['observations/effort'] = array(velocities.map((velocity) => 180 * velocity + 20 * (noise() - 0.5)));
  }
  const lengths: number[] = [];
  for (const [name, camera] of Object.entries(plan.cameras)) {
    const dataset = `observations/images/${name}`;
    const picture = (step: number, width: number) => {
      tools.signal?.throwIfAborted();
      return tools.scene.picture(camera, step / USUAL_HZ, width);
    };
    if (!plan.isCompressed) {
      const shape = [steps, (PIXELS_WIDTH * 3) / 4, PIXELS_WIDTH, 3];
      const data = new Uint8Array(shape.reduce((product, size) => product * size, 1));
      const length = data.length / steps;
      for (let step = 0; step < steps; step++) {
        if (step % STEPS_A_PICTURE === 0) data.set(picture(step, PIXELS_WIDTH), step * length);
        else data.copyWithin(step * length, (step - 1) * length, step * length);
      }
      datasets[dataset] = { shape, data, chunk: [1, ...shape.slice(1)], gzip: 1 };
      continue;
    }
    const files: Uint8Array[] = [];
    for (let step = 0; step < steps; step++) {
      const held = step % STEPS_A_PICTURE === 0 ? undefined : files.at(-1);
      files.push(held ?? (await tools.jpeg(picture(step, JPEG_WIDTH), JPEG_WIDTH, (JPEG_WIDTH * 3) / 4)));
    }
    lengths.push(...files.map(({ length }) => length));
    datasets[dataset] = padded(files);
  }
  if (plan.isCompressed) {
    datasets.compress_len = { shape: [lengths.length / steps, steps], data: Int32Array.from(lengths) };
  }
  await tools.writeHdf5(file, {
    attributes: { '': plan.attributes, ...(plan.annotations ? { episode_annotations: plan.annotations } : {}) },
    datasets,
  });
}

/** One file a row, with zeros to the length of the longest. */
function padded(files: readonly Uint8Array[]): { shape: number[]; data: Uint8Array; chunk: number[] } {
  const longest = Math.max(...files.map(({ length }) => length));
  const data = new Uint8Array(files.length * longest);
  files.forEach((file, row) => {
    data.set(file, row * longest);
  });
  return { shape: [files.length, longest], data, chunk: [1, longest] };
}

/** Six joints and the gripper, left arm first: the scene's arms have a seventh joint, which ViperX has not. */
function jointsAt(tools: SampleTools, seconds: number): number[] {
  const { joints, grippers } = tools.scene.robot(seconds);
  return [0, 1].flatMap((arm) => [...joints.slice(arm * 7, arm * 7 + 6), grippers[arm] as number]);
}
