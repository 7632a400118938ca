import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeNpz } from '../common/npz-write.ts';
import { sampleNoise } from '../common/sample-noise.ts';
import type { SampleTools } from '../sample-tools.ts';
import { statisticsOf } from './timing.ts';

const RATE_HZ = 25;
const WIDTH_PX = 320;
const CAMERA = 'front';
const CHECKPOINT = 'runs/diana_pick_place/checkpoints/vla_model_best.pt';

interface Plan {
  name: string;
  isSuccess: boolean;
  /** Artifact flags: without them the producer writes neither video nor timing nor summary. */
  withArtifacts: boolean;
  codec?: 'h264' | 'mpeg4';
}

/** The second video is what OpenCV writes by default, which no browser plays; the third rollout ran without capture. */
const PLANS: readonly Plan[] = [
  { name: 'rollout_000', isSuccess: true, withArtifacts: true },
  { name: 'rollout_001', isSuccess: false, withArtifacts: true, codec: 'mpeg4' },
  { name: 'rollout_002', isSuccess: true, withArtifacts: false },
];

/** Three rollouts of one checkpoint below `pick_place/2026-03-31/`. */
export async function writeRolloutSample(directory: string, tools: SampleTools): Promise<void> {
  for (const [index, plan] of PLANS.entries()) {
    tools.onProgress?.(index / PLANS.length, `Recording ${plan.name}`);
    await writeRollout(path.join(directory, 'pick_place', '2026-03-31', plan.name), plan, tools, index);
  }
  tools.onProgress?.(1, 'Done');
}

async function writeRollout(folder: string, plan: Plan, tools: SampleTools, index: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const steps = Math.max(2, Math.round(tools.seconds * RATE_HZ));
  // A rollout that fails ends where nobody takes over.
  const lengthSeconds = plan.isSuccess ? tools.seconds : tools.scene.failure.handoffSeconds;
  const secondsOf = (step: number) => ((step / RATE_HZ) * lengthSeconds) / tools.seconds;
  const timings = timingsOf(steps, sampleNoise(tools.seed + index));
  const robots = Array.from({ length: steps }, (_, step) => tools.scene.robot(secondsOf(step)));
  const rows = (columns: number, row: (robot: (typeof robots)[number]) => number[]) => ({
    shape: [steps, columns],
    data: Float64Array.from(robots.flatMap(row)),
  });
  const position = (arm: 0 | 1) => rows(3, ({ tools: poses }) => poses[arm].slice(0, 3));
  /** Scalar first, as the simulation has it. */
  const rotation = (arm: 0 | 1) => rows(4, ({ tools: poses }) => [poses[arm][6] as number, ...poses[arm].slice(3, 6)]);
  const actions = rows(16, ({ joints, grippers }) => [...joints, ...grippers]);
  const reward = Float64Array.from({ length: steps }, (_, step) => rewardAt(step / (steps - 1), plan.isSuccess));
  const arrays = {
    step: { shape: [steps], data: BigInt64Array.from({ length: steps }, (_, step) => BigInt(step)) },
    reward: { shape: [steps], data: reward },
    raw_action: { shape: actions.shape, data: Float32Array.from(actions.data) },
    executed_left_link7_pos: position(0),
    executed_left_link7_quat: rotation(0),
    executed_right_link7_pos: position(1),
    executed_right_link7_quat: rotation(1),
  };
  const timed = Object.entries(timings).map(([name, data]) => [name, { shape: [steps], data }] as const);
  await writeFile(path.join(folder, 'trajectory.npz'), encodeNpz({ ...arrays, ...Object.fromEntries(timed) }));
  if (!plan.withArtifacts) return;

  const rounded = (value: number) => Number(value.toFixed(4));
  const timing = Object.entries(timings).map(([name, values]) => {
    const found = statisticsOf(values);
    if (!found) throw new Error(`${name}: a sample has steps.`);
    const { mean, std, min, max, count } = found;
    return [name, { mean: rounded(mean), std: rounded(std), min: rounded(min), max: rounded(max), count }];
  });
  await writeJson(path.join(folder, 'timing.json'), Object.fromEntries(timing));
  await writeJson(path.join(folder, 'rollout_summary.json'), {
    checkpoint: CHECKPOINT,
    success: plan.isSuccess,
    num_steps: steps,
    total_reward: rounded(reward.reduce((sum, value) => sum + value, 0)),
    camera: CAMERA,
    artifacts: { video: 'video.mp4', trajectory: 'trajectory.npz', timing: 'timing.json' },
  });
  await tools.writeVideo(path.join(folder, 'video.mp4'), {
    width: WIDTH_PX,
    height: (WIDTH_PX * 3) / 4,
    rateHz: RATE_HZ,
    codec: plan.codec ?? 'h264',
    frames: pictures(),
  });

  function* pictures(): Generator<Uint8Array> {
    for (let step = 0; step < steps; step++) yield tools.scene.picture(CAMERA, secondsOf(step), WIDTH_PX);
  }
}

/** Milliseconds of a loop's parts: a policy that thinks every eighth step, and twice a machine that had other things to do. */
function timingsOf(steps: number, noise: () => number): Record<string, Float64Array> {
  const of = (at: (step: number) => number) => Float64Array.from({ length: steps }, (_, step) => at(step));
  const isStalled = (step: number) =>
    Math.abs(step - Math.round(steps * 0.35)) <= 1 || step === Math.round(steps * 0.8);
  const obs_read_ms = of(() => 3.2 + noise());
  const preprocess_ms = of(() => 1.6 + 0.4 * noise());
  const inference_ms = of((step) => (step % 8 === 0 ? 24 : 9) + 2 * noise() + (isStalled(step) ? 30 : 0));
  const env_step_ms = of(() => 6.5 + 1.5 * noise());
  const parts = [obs_read_ms, preprocess_ms, inference_ms, env_step_ms];
  const loop_total_ms = of((step) => parts.reduce((sum, part) => sum + (part[step] as number), 0.3 + 0.1 * noise()));
  return { obs_read_ms, preprocess_ms, inference_ms, env_step_ms, loop_total_ms };
}

/** A little for coming nearer, more for holding, all for having placed it. */
function rewardAt(share: number, isSuccess: boolean): number {
  if (share < 0.35) return Math.round(share * 30) / 100;
  if (!isSuccess) return share < 0.5 ? 0.4 : 0.05;
  return share < 0.85 ? 0.5 : 1;
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
