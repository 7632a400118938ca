import path from 'node:path';
import { sampleNoise } from '../common/sample-noise.ts';
import type { Hdf5Content, Hdf5Value, SampleTools } from '../sample-tools.ts';
import { SCHEMA } from './place.ts';
import { ACTION_KEYS } from './vocabulary.ts';

const RATE_HZ = 20;
const WIDTH_PX = 320;
const SESSION = '20260710_101500';
const FIRST_START_SECONDS = Date.UTC(2026, 6, 10, 10, 15, 3) / 1000;
const CAMERAS = ['front', 'left_wrist'];
const SENSOR_CAMERA = 'side';
const JOINT_NAMES = ['left', 'right'].flatMap((arm) => Array.from({ length: 7 }, (_, i) => `${arm}_joint${i + 1}`));

const PROFILE = {
  policy_name: 'pi0.5',
  robot_name: 'diana_7_pair',
  gripper_name: 'parallel_jaw',
  is_biarm: true,
  uses_mobile_base: false,
  control_freq: RATE_HZ,
  camera_names: CAMERAS,
  robot_state_keys: ['joint_position', 'cartesian_position', 'gripper_position'],
  action_space: ['joint_position', 'gripper_binary'],
  robot_state_joint_names: JOINT_NAMES,
  action_joint_names: JOINT_NAMES,
  robot_state_orientation_representation: 'quat',
  controller: 'joint_impedance',
  joint_limits: JOINT_NAMES.map(() => [-3.1, 3.1]),
  additional_data: {
    wrench_left: { sensor: 'ATI Mini45', sensor_info: 'force x y z in N, torque x y z in Nm', format: 'array' },
    overview: { sensor: 'webcam beside the table', format: 'video' },
  },
};

interface Plan {
  episode: string;
  /** Where the file says its videos are; they always lie beside it. */
  videoFolder: string;
  instruction: string;
  annotations: (tools: SampleTools, steps: number) => Record<string, Record<string, Hdf5Value>>;
}

const PLANS: readonly Plan[] = [
  { episode: '20260710_101503', videoFolder: '', instruction: 'Put the block on the pad.', annotations: failed },
  {
    episode: '20260710_101611',
    videoFolder: '',
    instruction: 'Stack the block onto the tray.',
    annotations: succeeded,
  },
  // Moved since it was recorded, and annotated with the first taxonomy: both are typical of old sessions.
  {
    episode: '20260710_101702',
    videoFolder: 'videos/',
    instruction: 'Hand the block over.',
    annotations: annotatedLongAgo,
  },
];

/** One session of three recordings: a failure, a success, and one from an older version of the tool. */
export async function writeOopsieSample(directory: string, tools: SampleTools): Promise<void> {
  for (const [index, plan] of PLANS.entries()) {
    tools.onProgress?.(index / PLANS.length, `Recording ${plan.episode}`);
    await writeEpisode(path.join(directory, SESSION), plan, tools, index);
  }
  tools.onProgress?.(1, 'Done');
}

async function writeEpisode(folder: string, plan: Plan, tools: SampleTools, index: number): Promise<void> {
  const steps = Math.max(RATE_HZ, Math.round(tools.seconds * RATE_HZ));
  const noise = sampleNoise(tools.seed + index);
  const robots = Array.from({ length: steps }, (_, step) => tools.scene.robot(step / RATE_HZ));
  const rows = (columns: number, row: (robot: (typeof robots)[number], step: number) => number[]) => ({
    shape: [steps, columns],
    data: Float64Array.from(robots.flatMap(row)),
  });
  const next = (step: number) => robots[Math.min(step + 1, steps - 1)] as (typeof robots)[number];
  const { startSeconds, handoffSeconds } = tools.scene.failure;
  const isColliding = (step: number) => step / RATE_HZ > startSeconds && step / RATE_HZ < handoffSeconds;
  const content: Hdf5Content = {
    attributes: {
      '': {
        schema: SCHEMA,
        episode_id: plan.episode,
        language_instruction: plan.instruction,
        lab_id: 'regrasp_sample_lab',
        operator_name: 'ada',
        robot_profile: JSON.stringify(PROFILE),
        timestamp: FIRST_START_SECONDS + 60 * index,
      },
      ...plan.annotations(tools, steps),
    },
    datasets: {
      'observations/robot_states/joint_position': rows(14, ({ joints }) => joints),
      'observations/robot_states/cartesian_position': rows(14, ({ tools: poses }) => poses.flat()),
      'observations/robot_states/gripper_position': rows(2, ({ grippers }) => [...grippers]),
      ...Object.fromEntries(
        CAMERAS.map((camera) => [`observations/video_paths/${camera}`, { text: videoPath(camera) }]),
      ),
      ...Object.fromEntries(ACTION_KEYS.map((key) => [`actions/${key}`, { empty: 'float64' as const }])),
      'actions/joint_position': rows(14, (_, step) => next(step).joints),
      'actions/gripper_binary': rows(2, (_, step) => next(step).grippers.map((open) => (open > 0.5 ? 1 : 0))),
      'additional_data/wrench_left': rows(6, ({ grippers }, step) => {
        const weight = (1 - grippers[0]) * 4 + (isColliding(step) ? 9 : 0);
        return [noise(), noise(), -weight - noise(), 0.1 * noise(), 0.1 * noise(), 0.02 * weight];
      }),
      'additional_data/overview': { text: videoPath('overview') },
    },
  };
  await tools.writeHdf5(path.join(folder, `${plan.episode}.h5`), content);
  await writeVideo('overview', SENSOR_CAMERA);
  for (const camera of CAMERAS) await writeVideo(camera, camera);

  function videoPath(name: string): string {
    return `${plan.videoFolder}${plan.episode}_${name}.mp4`;
  }

  async function writeVideo(name: string, camera: string): Promise<void> {
    const size = { width: WIDTH_PX, height: (WIDTH_PX * 3) / 4, rateHz: RATE_HZ };
    await tools.writeVideo(path.join(folder, `${plan.episode}_${name}.mp4`), { ...size, frames: pictures() });

    function* pictures(): Generator<Uint8Array> {
      for (let step = 0; step < steps; step++) yield tools.scene.picture(camera, step / RATE_HZ, WIDTH_PX);
    }
  }
}

const V2 = { schema: 'oopsie_failure_taxonomy_v2', taxonomy_schema: 'oopsiedata_taxonomy_schema_v2' };

/** Two people and a model, who also says when. */
function failed({ scene }: SampleTools, steps: number): Record<string, Record<string, Hdf5Value>> {
  const { startSeconds, handoffSeconds, recoveredSeconds } = scene.failure;
  const step = (seconds: number) => BigInt(Math.min(steps - 1, Math.round(seconds * RATE_HZ)));
  const segment = (from: number, to: number, about: Record<string, Hdf5Value>): Record<string, Hdf5Value> => ({
    start_timestep: step(from),
    end_timestep: step(to),
    start_seconds: from,
    end_seconds: to,
    ...about,
  });
  const model = 'episode_annotations/auto_annotate';
  return {
    'episode_annotations/mara': {
      ...V2,
      source: 'human',
      timestamp: '2026-07-10T11:02:13+00:00',
      success: 0,
      episode_description: 'The block slips out of the left gripper and falls beside the pad; the operator takes over.',
      additional_notes: 'Lights were off on the left side.',
      taxonomy: JSON.stringify({ outcome: 'failure', failure_category: ['grasp'], severity: 'low' }),
    },
    'episode_annotations/jonas': {
      ...V2,
      source: 'human',
      timestamp: '2026-07-10T14:40:00+00:00',
      success: 0,
      episode_description: 'Grasp too far at the edge, then a collision of block and table.',
      additional_notes: '',
      taxonomy: JSON.stringify({ outcome: 'failure', failure_category: ['grasp', 'collision'], severity: 'medium' }),
    },
    [model]: {
      ...V2,
      source: 'model',
      model: 'sample-annotator-1',
      timestamp: '2026-07-11T03:00:00+00:00',
      success: 0,
      episode_description: 'The grasp fails and the block is dropped.',
      taxonomy: JSON.stringify({ outcome: 'failure', failure_category: ['grasp', 'collision'], severity: 'low' }),
    },
    [`${model}/segments`]: { schema: 'oopsie_failure_segments_v0', count: 2n },
    [`${model}/segments/000`]: segment(startSeconds, handoffSeconds, {
      what_happened: 'The block slips out of the gripper.',
      how_to_recover: 'Open the gripper and approach the block again from above.',
      failure_categories: JSON.stringify(['grasp']),
      severity: 'low',
      resetability: 'immediate',
    }),
    [`${model}/segments/001`]: segment((startSeconds + handoffSeconds) / 2, recoveredSeconds, {
      what_happened: 'The block lies beside the pad.',
      how_to_recover: 'Move it back by hand.',
      failure_categories: JSON.stringify(['collision']),
      severity: 'low',
      resetability: 'minor_reset',
    }),
  };
}

function succeeded(): Record<string, Record<string, Hdf5Value>> {
  return {
    'episode_annotations/mara': {
      ...V2,
      source: 'human',
      timestamp: '2026-07-10T11:05:40+00:00',
      success: 1,
      episode_description: '',
      additional_notes: '',
      taxonomy: JSON.stringify({ outcome: 'success', failure_category: [], severity: '' }),
    },
    'episode_annotations/jonas': {
      ...V2,
      source: 'human',
      timestamp: '2026-07-10T14:44:19+00:00',
      success: 1,
      episode_description: 'Works, after a second attempt to close the gripper.',
      additional_notes: '',
      taxonomy: JSON.stringify({ outcome: 'success_suboptimal' }),
    },
  };
}

/** The first taxonomy: prose instead of words, and no outcome. */
function annotatedLongAgo(): Record<string, Record<string, Hdf5Value>> {
  return {
    'episode_annotations/kim': {
      schema: 'oopsie_failure_taxonomy_v1',
      taxonomy_schema: 'oopsiedata_taxonomy_schema_v1',
      source: 'human',
      timestamp: '2026-05-02T09:12:00+00:00',
      success: 1,
      failure_description: 'The tray was pushed on the way.',
      additional_notes: '',
      taxonomy: JSON.stringify({
        success_category: 'Success with side-effects',
        failure_category: ['Collision failure'],
        severity: 'Low severity (no damage, reset and retry)',
      }),
    },
  };
}
