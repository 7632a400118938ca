import { cpSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bench,
  CAN_WRITE,
  createBench,
  NEEDS,
  spreadVideos,
  writeRecordings,
  writeVideo,
} from '../../../test/support/oopsie-recordings.ts';

/** One recording a rule, each breaking that rule alone: how, and the sentence it must lead to. */
const RULES: [name: string, python: string, expected: RegExp][] = [
  [
    'schema',
    "edit=lambda f: f.attrs.__setitem__('schema', 'oopsiedata_format_v9')",
    /its schema is "oopsiedata_format_v9" where oopsiedata_format_v1/,
  ],
  [
    'operator',
    "edit=lambda f: f.attrs.__setitem__('operator_name', '')",
    /attribute is missing or empty: operator_name/,
  ],
  [
    'ids',
    "edit=lambda f: (f.attrs.__delitem__('episode_id'), f.attrs.__setitem__('language_instruction', ' '))",
    /missing or empty: episode_id and language_instruction/,
  ],
  ['lab', "edit=lambda f: f.attrs.__setitem__('lab_id', 'your_lab_id')", /still the placeholder your_lab_id/],
  ['no_rate', 'profile=lambda p: p.pop("control_freq") and None', /profile has no control_freq/],
  [
    'field',
    'profile=lambda p: p.update(gripper_name="", is_biarm=1)',
    /gripper_name and is_biarm are missing or of the wrong kind/,
  ],
  [
    'orientation',
    'profile=lambda p: p.update(orientation_representation="euler_abc")',
    /orientation_representation is "euler_abc"/,
  ],
  [
    'no_orientation',
    'profile=lambda p: p.pop("robot_state_orientation_representation") and None',
    /robot_state_orientation_representation is missing although poses/,
  ],
  [
    'no_names',
    'profile=lambda p: p.pop("action_joint_names") and None',
    /action_joint_names is missing although there are joint actions/,
  ],
  [
    'mobile',
    'profile=lambda p: p.update(uses_mobile_base=True)',
    /uses_mobile_base is set, but action_space has no base action/,
  ],
  [
    'sensor_key',
    'profile=lambda p: p["additional_data"].update({"FRONT": dict(sensor="x", format="array")}), edit=put("additional_data/FRONT", np.zeros((T, 1)))',
    /additional_data key FRONT collides with front/,
  ],
  [
    'sensor_field',
    'profile=lambda p: p["additional_data"]["force"].update(rate=3)',
    /additional_data.force has unknown fields \(rate\)/,
  ],
  [
    'sensor_format',
    'profile=lambda p: p["additional_data"]["force"].update(format="mp3")',
    /additional_data.force has the format "mp3"/,
  ],
  [
    'sensor_name',
    'profile=lambda p: p["additional_data"]["force"].pop("sensor") and None',
    /additional_data.force does not name its sensor/,
  ],
  [
    'declared_state',
    'profile=lambda p: p["robot_state_keys"].append("base_position")',
    /declares the state base_position, but it is not recorded/,
  ],
  [
    'extra_state',
    'edit=put("observations/robot_states/base_position", np.zeros((T, 3)))',
    /state base_position is recorded, but the profile does not declare it/,
  ],
  [
    'null_action',
    'edit=put("actions/gripper_binary", h5py.Empty("f8"))',
    /declares the action gripper_binary, but it is not recorded/,
  ],
  [
    'extra_action',
    'edit=put("actions/gripper_velocity", np.zeros((T, 1)))',
    /action gripper_velocity is recorded, but the profile does not declare it/,
  ],
  [
    'extra_camera',
    'edit=put("observations/video_paths/side", "ep_front.mp4")',
    /camera side is recorded, but the profile does not declare it/,
  ],
  [
    'extra_sensor',
    'edit=put("additional_data/imu", np.zeros((T, 3)))',
    /additional data imu is recorded, but the profile does not declare it/,
  ],
  [
    'missing_sensor',
    'profile=lambda p: p["additional_data"].update(imu=dict(sensor="x", format="array"))',
    /declares the additional data imu, but it is not recorded/,
  ],
  [
    'joint_names',
    'profile=lambda p: p.update(robot_state_joint_names=JOINTS + ["gripper"])',
    /joint_position has 7 columns for 8 names in robot_state_joint_names/,
  ],
  [
    'pose_width',
    'edit=put("observations/robot_states/cartesian_position", np.zeros((T, 6)))',
    /is 20 × 6 where T × 7 is expected/,
  ],
  [
    'unit',
    'edit=put("actions/cartesian_position", pose() * np.where(np.arange(T) == 4, 1.1, 1)[:, None])',
    /1 quaternion in columns 3 to 6 whose length is not 1 within 0.01 \(1\.100 at step 4\)/,
  ],
  [
    'rows',
    'edit=put("actions/joint_velocity", np.ones((18, 7)))',
    /actions\/joint_velocity has 18 rows where the recording has 20 steps/,
  ],
  [
    'text',
    'edit=put("observations/robot_states/gripper_position", ["open"] * T)',
    /gripper_position holds string values where numbers are expected/,
  ],
  [
    'nan',
    'edit=lambda f: f["observations/robot_states/joint_position"].__setitem__((3, 2), np.nan)',
    /joint_position holds 1 NaN value, the first at step 3/,
  ],
  [
    'binary',
    'edit=lambda f: f["actions/gripper_binary"].__setitem__(5, 0.5)',
    /gripper_binary has 1 value other than 0 and 1 \(0.5 at step 5\)/,
  ],
  [
    'inf',
    'edit=lambda f: f["additional_data/force"].__setitem__((7, 1), np.inf)',
    /additional_data\/force holds 1 infinite value, the first at step 7/,
  ],
  [
    'sensor_rows',
    'edit=put("additional_data/force", np.zeros((21, 3)))',
    /additional_data\/force has 21 rows where the recording has 20/,
  ],
  ['unannotated', 'annotate=False', /nobody has annotated it yet/],
  [
    'no_success',
    'annotate=False, edit=lambda f: annotation(f, "mara", success=None)',
    /annotation of mara: it has no success/,
  ],
  [
    'success_nan',
    'annotate=False, edit=lambda f: annotation(f, "mara", success=np.nan)',
    /success is "NaN", which is no number/,
  ],
  [
    'success_two',
    'annotate=False, edit=lambda f: annotation(f, "mara", success=2.0, taxonomy=None)',
    /success is 2 where 0 to 1 is expected/,
  ],
  [
    'taxonomy',
    'annotate=False, edit=lambda f: annotation(f, "mara", taxonomy="[1]")',
    /its taxonomy is no JSON object/,
  ],
  [
    'outcome',
    'annotate=False, edit=lambda f: annotation(f, "mara", dict(outcome="meh"))',
    /"meh" is not in the vocabulary/,
  ],
  [
    'disagree',
    'annotate=False, edit=lambda f: annotation(f, "mara", dict(outcome="success"))',
    /outcome is success but success is 0; the two must agree/,
  ],
  [
    'category',
    'annotate=False, edit=lambda f: annotation(f, "mara", dict(outcome="failure", failure_category=["grasp", "gravity"], severity="huge"))',
    /"gravity" and "huge" are not in the vocabulary/,
  ],
  [
    'segments',
    'edit=lambda f: (f.create_group("episode_annotations/mara/segments/000").attrs.update(dict(start_timestep=2, end_timestep=5, failure_categories="[\\"sudden_termination\\"]")), f["episode_annotations/mara/segments"].attrs.update(dict(count=3)))',
    /mara counts 3 segments where 1 stand/,
  ],
  ['absolute', 'edit=put("observations/video_paths/front", "/data/ep_front.mp4")', /video path of front is absolute/],
  [
    'duration',
    'profile=lambda p: p.update(control_freq=0.02)',
    /lasts 1000.00 s \(20 steps at 0.02 Hz\) where 1 to 600 s/,
  ],
];

/** Rules that a fault of one kind breaks together with another: what is allowed beside it. */
const BESIDE: Record<string, RegExp> = {
  absolute: /^ep\.h5: the video of front is not at \/data\/ep_front\.mp4; it was found by its name beside/,
  duration: /lasts 2\.00 s and the 20 steps 1000\.00 s/,
};

describe(`the check (${NEEDS})`, { skip: !CAN_WRITE }, () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await createBench();
    const lines = RULES.map(([name, python]) => `write('${name}', ${python})`);
    writeRecordings(
      bench,
      `write('good')
write('good_hdf5', 'ep.hdf5')
write('absurd_rate', profile=lambda p: p.update(control_freq=-5))
write('actions', profile=lambda p: p.update(action_space=['base_position', 'base_velocity', 'warp'], robot_state_keys=['joint_position', 'warmth']))
write('uncovered', profile=lambda p: p.update(robot_state_keys=['gripper_position'], robot_state_joint_names=None))
write('biarm', profile=lambda p: p.update(is_biarm=True))
write('twist', profile=lambda p: p['action_space'].append('cartesian_velocity'), edit=put('actions/cartesian_velocity', np.zeros((T, 7))))
write('big', edit=put('additional_data/force', np.zeros((T, 700_000), np.float64)))
write('nan_sensor', edit=lambda f: f['additional_data/force'].__setitem__((3, 2), np.nan))
for i in range(12): write(f'diverse', f'{i}.h5', edit=lambda f: f.attrs.__setitem__('language_instruction', f'task {i}'), annotate=False)
for i in range(6): write(f'alike', f'{i}.h5')
${lines.join('\n')}`,
    );
    for (const camera of ['front', 'wrist']) writeVideo(bench.at('good', `ep_${camera}.mp4`));
    const more = [
      'good_hdf5',
      'absurd_rate',
      'actions',
      'uncovered',
      'biarm',
      'twist',
      'big',
      'nan_sensor',
      'diverse',
      'alike',
    ];
    spreadVideos(bench, 'good', [...more, ...RULES.map(([name]) => name)]);
  }, 120_000);
  afterAll(() => bench?.close());

  const sentences = async (folder: string, name = 'ep.h5') => {
    const { episode, found } = await bench.open(folder, name);
    return [...episode.problems, ...found.problems].map(({ message }) => message);
  };

  it('has nothing to say of a sound recording', async () => {
    expect(await sentences('good')).toEqual([]);
  });

  it.each(RULES)('tells the rule %s, and nothing else', async (name, _, expected) => {
    const told = await sentences(name);
    const beside = BESIDE[name];
    const rest = told.filter((message) => !beside?.test(message));
    expect(rest, told.join('\n')).toHaveLength(1);
    expect(rest[0]).toMatch(expected);
    expect(rest[0]).toMatch(/^ep\.h5: .*\.$/);
  });

  it('tells every fault of a profile at once', async () => {
    const told = (await sentences('actions')).join('\n');
    for (const part of [
      /action_space names warp/,
      /none of the arm actions/,
      /none of the gripper actions/,
      /two base actions where one/,
      /robot_state_keys names warmth/,
      /lacks gripper_position/,
    ])
      expect(told).toMatch(part);
    const uncovered = (await sentences('uncovered')).join('\n');
    expect(uncovered).toMatch(/joint actions are declared without joint_position/);
    expect(uncovered).toMatch(/cartesian actions are declared without cartesian_position/);
    expect((await sentences('biarm')).filter((message) => /is 20 × 7 where T × 14/.test(message))).toHaveLength(2);
    expect((await sentences('twist')).join('\n')).toMatch(/cartesian_velocity is 20 × 7 where T × 6 is expected/);
  });

  it('refuses a rate that is none, and asks for one', async () => {
    const { episode } = await bench.open('absurd_rate', 'ep.h5');
    expect(episode.problems.map(({ message }) => message)).toEqual([
      'ep.h5: control_freq is -5, which is no rate between 0 and 10,000 Hz: correct the robot profile, or state the rate.',
    ]);
    // The videos were written a frame a step.
    expect(episode).toMatchObject({ asks: ['rate'], assumed: { rateHz: 10 } });
    const stated = await bench.open('absurd_rate', 'ep.h5', { rateHz: 20 });
    expect(stated.episode).toMatchObject({ assumed: { rateHz: null }, clocks: [{ medianPeriodNs: 50e6 }] });
  });

  it('measures additional data, and allows "no number" in it', async () => {
    expect((await sentences('big')).join('\n')).toMatch(/additional data unpack to 106\.8 MiB where 100 MiB are taken/);
    expect(await sentences('nan_sensor')).toEqual([]);
  });

  it('says what the web tool does not list', async () => {
    expect(await sentences('good_hdf5', 'ep.hdf5')).toEqual([
      'ep.hdf5: the web annotator of the format lists only files that end in .h5: rename it, its videos keep their names.',
    ]);
  });

  it('measures how varied a dataset is, once', async () => {
    const alike = await Promise.all([0, 1].map((i) => sentences('alike', `${i}.h5`)));
    expect(alike[0]?.join('\n')).toMatch(/all 6 recordings of this folder have the same instruction/);
    expect(alike[0]?.join('\n')).toMatch(/6 of 6 descriptions in this folder are the same, more than 80 %/);
    expect(alike[1]?.filter((message) => /of this folder/.test(message))).toEqual([]);
    expect((await sentences('diverse', '0.h5')).filter((message) => /folder/.test(message))).toEqual([]);
  });

  describe('of videos', () => {
    /** The sound recording with another video of the front camera. */
    async function withFront(name: string, options: Parameters<typeof writeVideo>[1]): Promise<string[]> {
      mkdirSync(bench.at(name));
      cpSync(bench.at('good'), bench.at(name), { recursive: true });
      writeVideo(bench.at(name, 'ep_front.mp4'), options);
      return sentences(name);
    }

    it('measures size, count, length and quality', async () => {
      expect((await withFront('small', { size: '240x160' })).join()).toMatch(
        /video of front is 240 × 160 pixels where 180 to 1280 a side/,
      );
      expect((await withFront('large', { size: '1440x720' })).join()).toMatch(/1440 × 720 pixels/);
      const quality = await withFront('quality', { crf: 30 });
      expect(quality).toEqual([
        'ep.h5: the video of front was encoded with CRF 30: x264 with CRF 19 or better is asked for.',
      ]);
      const two = await withFront('two', { frames: 22 });
      expect(two).toEqual(['ep.h5: the videos differ in length: wrist has 20 frames, front 22; one apart is allowed.']);
    });

    it('that are shorter than the data by more than the rule are told, and shown as far as they go', async () => {
      const told = await withFront('shorter', { frames: 8 });
      expect(told.join('\n')).toMatch(/ep_front\.mp4 has 8 frames for 20 steps, 12 apart where 5 are allowed/);
      expect(told.join('\n')).toMatch(/lasts 0\.80 s and the 20 steps 2\.00 s, 1\.20 s apart where 0\.5 s/);
      const { episode } = await bench.open('shorter', 'ep.h5');
      expect(episode.streams.map(({ count, clock }) => [count, clock])).toEqual([
        [8, 'steps'],
        [20, 'steps'],
      ]);
    });

    it('that were written at another rate stand at their own times', async () => {
      const told = await withFront('faster', { frames: 60, rateHz: 30 });
      expect(told.join('\n')).toMatch(/60 frames for 20 steps.*it runs at 30\.00 frames a second/);
      const { episode, clocks } = await bench.open('faster', 'ep.h5');
      const front = episode.streams[0];
      expect(front).toMatchObject({ count: 60, clock: 'observations/video_paths/front/frames' });
      expect(clocks.get(front?.clock ?? '')?.[30]).toBeCloseTo(1e9, -3);
    });
  });
});
