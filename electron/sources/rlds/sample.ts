import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sampleNoise } from '../common/sample-noise.ts';
import type { SampleTools } from '../sample-tools.ts';
import { encodeExample, framed, type List } from './write.ts';

const NAME = 'pick_place_rig';
const VERSION = '1.0.0';
/** Of the rig that is played; the files do not say it. */
const RATE_HZ = 10;
const WIDTH_PX = 320;
const HEIGHT_PX = (WIDTH_PX * 3) / 4;
const WRIST_PX = 160;
const RIGHT = 1;
const COLUMNS = { state: 8, action: 7 };

interface Plan {
  split: string;
  shard: number;
  instruction: string;
  /** Part of the story that is told, as shares of its length. */
  from: number;
  to: number;
  success: boolean;
}

const GRASP = 'pick up the cube with the right arm';
const PLACE = 'put the cube into the box';
/** The third was cut off: it ends without a terminal step. */
const PLANS: readonly Plan[] = [
  { split: 'train', shard: 0, instruction: GRASP, from: 0, to: 0.5, success: true },
  { split: 'train', shard: 0, instruction: PLACE, from: 0.4, to: 1, success: true },
  { split: 'train', shard: 1, instruction: GRASP, from: 0.2, to: 0.6, success: false },
  { split: 'val', shard: 0, instruction: PLACE, from: 0.5, to: 1, success: true },
];

/** `pick_place_rig/1.0.0`: two splits, three shards, four episodes at 10 Hz, which the files do not say. */
export async function writeRldsSample(directory: string, tools: SampleTools): Promise<void> {
  const folder = path.join(directory, NAME, VERSION);
  await mkdir(folder, { recursive: true });
  const splits = [...new Set(PLANS.map(({ split }) => split))].map((name) => ({ name, records: [] as Uint8Array[][] }));
  for (const [number, plan] of PLANS.entries()) {
    tools.onProgress?.(number / PLANS.length, `Recording ${plan.split} ${number}`);
    const record = encodeExample(await episode(plan, number, tools));
    const shards = splits.find(({ name }) => name === plan.split)?.records as Uint8Array[][];
    shards[plan.shard] = [...(shards[plan.shard] ?? []), record];
  }
  for (const { name, records } of splits) {
    for (const [shard, held] of records.entries()) {
      const [index, count] = [shard, records.length].map((part) => String(part).padStart(5, '0'));
      const file = path.join(folder, `${NAME}-${name}.tfrecord-${index}-of-${count}`);
      await writeFile(file, Buffer.concat(held.map(framed)));
    }
  }
  await writeFile(path.join(folder, 'features.json'), JSON.stringify(declared(), null, 2));
  const info = {
    name: NAME,
    version: VERSION,
    description: 'A synthetic rig picks up a cube. The action of the last step is a valid one.',
    fileFormat: 'tfrecord',
    moduleName: '',
    releaseNotes: { [VERSION]: 'First version.' },
    splits: splits.map(({ name, records }) => ({
      name,
      filepathTemplate: '{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}',
      numBytes: String(records.flat().reduce((sum, { length }) => sum + length, 0)),
      shardLengths: records.map(({ length }) => String(length)),
    })),
  };
  await writeFile(path.join(folder, 'dataset_info.json'), JSON.stringify(info, null, 2));
  tools.onProgress?.(1, 'Done');
}

async function episode(plan: Plan, number: number, tools: SampleTools): Promise<Record<string, List>> {
  const { scene, seconds } = tools;
  const steps = Math.max(2, Math.round((plan.to - plan.from) * seconds * RATE_HZ));
  const noise = sampleNoise(tools.seed + number);
  const times = Array.from({ length: steps + 1 }, (_, step) => plan.from * seconds + step / RATE_HZ);
  const robots = times.map((time) => scene.robot(time));
  const grip = (step: number) => robots[step]?.grippers[RIGHT] as number;
  const tool = (step: number) => robots[step]?.tools[RIGHT] as number[];
  const pictures: Uint8Array[] = [];
  const wrist: Uint8Array[] = [];
  for (let step = 0; step < steps; step++) {
    tools.signal?.throwIfAborted();
    const time = times[step] as number;
    pictures.push(await tools.jpeg(scene.picture('front', time, WIDTH_PX), WIDTH_PX, HEIGHT_PX));
    wrist.push(tools.png(scene.picture('right_wrist', time, WRIST_PX), WRIST_PX, (WRIST_PX * 3) / 4));
  }
  const rows = (row: (step: number) => number[]): List => ({
    floatList: { value: Array.from({ length: steps }, (_, step) => row(step)).flat() },
  });
  const flags = (isSet: (step: number) => boolean): List => ({
    int64List: { value: Array.from({ length: steps }, (_, step) => Number(isSet(step))) },
  });
  const text = (...texts: string[]): List => ({ bytesList: { value: texts.map((each) => Buffer.from(each)) } });
  const isLast = (step: number) => step === steps - 1;
  /** How far the tool moves until the next step, how it turns (next to nothing), and where the gripper is to be. */
  const action = (step: number) => [
    ...[0, 1, 2].map((axis) => (tool(step + 1)[axis] as number) - (tool(step)[axis] as number)),
    ...[0, 1, 2].map(() => 0.01 * (noise() - 0.5)),
    grip(step + 1),
  ];
  return {
    'episode_metadata/file_path': text(`rig_1/${plan.success ? 'success' : 'failure'}/episode_${number}.h5`),
    'episode_metadata/episode_id': { int64List: { value: [number] } },
    'episode_metadata/success': { int64List: { value: [Number(plan.success)] } },
    'steps/observation/image': { bytesList: { value: pictures } },
    'steps/observation/wrist_image': { bytesList: { value: wrist } },
    'steps/observation/state': rows((step) => [...(robots[step]?.joints ?? []).slice(7), grip(step)]),
    'steps/action': rows(action),
    'steps/reward': rows((step) => [Number(isLast(step) && plan.success)]),
    'steps/discount': rows(() => [1]),
    'steps/is_first': flags((step) => step === 0),
    'steps/is_last': flags(isLast),
    'steps/is_terminal': flags((step) => isLast(step) && plan.success),
    'steps/language_instruction': text(...Array.from({ length: steps }, () => plan.instruction)),
  };
}

/** The same as `features.json` declares it. */
function declared() {
  const core = 'tensorflow_datasets.core.features';
  const dictionary = (features: object) => ({
    pythonClassName: `${core}.features_dict.FeaturesDict`,
    featuresDict: { features },
  });
  const tensor = (dtype: string, ...dimensions: number[]) => ({
    pythonClassName: dimensions.length === 0 ? `${core}.scalar.Scalar` : `${core}.tensor_feature.Tensor`,
    tensor: { shape: dimensions.length === 0 ? {} : { dimensions: dimensions.map(String) }, dtype, encoding: 'none' },
  });
  const image = (height: number, width: number, encodingFormat: string) => ({
    pythonClassName: `${core}.image_feature.Image`,
    image: { shape: { dimensions: [height, width, 3].map(String) }, dtype: 'uint8', encodingFormat },
  });
  const text = { pythonClassName: `${core}.text_feature.Text`, text: {} };
  const observation = dictionary({
    image: image(HEIGHT_PX, WIDTH_PX, 'jpeg'),
    state: tensor('float32', COLUMNS.state),
    wrist_image: image((WRIST_PX * 3) / 4, WRIST_PX, 'png'),
  });
  const step = dictionary({
    action: tensor('float32', COLUMNS.action),
    discount: tensor('float32'),
    is_first: tensor('bool'),
    is_last: tensor('bool'),
    is_terminal: tensor('bool'),
    language_instruction: text,
    observation,
    reward: tensor('float32'),
  });
  return dictionary({
    episode_metadata: dictionary({ episode_id: tensor('int64'), file_path: text, success: tensor('bool') }),
    steps: {
      pythonClassName: `${core}.dataset_feature.Dataset`,
      sequence: { feature: step, length: '-1' },
    },
  });
}
