import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { hasFfmpeg } from '../../media/testing.ts';
import { source } from './index.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
}, 120_000);
afterAll(() => bench?.close());

describe('the sample (needs ffmpeg)', { skip: !hasFfmpeg }, () => {
  const session = 'sample/20260710_101500';

  beforeAll(async () => {
    await source.writeSample?.(bench.at('sample'), await createSampleTools({ seconds: 2 }));
  }, 120_000);

  it('opens without a fault, with everything in it', async () => {
    expect(await bench.recognizes('sample', '20260710_101500/20260710_101503.h5')).toBe(true);
    const opened = await bench.open('sample', '20260710_101500/20260710_101503.h5');
    const { episode, found, values, poses, clocks, locations, files } = opened;
    expect([...episode.problems, ...found.problems]).toEqual([]);
    expect(JSON.parse(JSON.stringify(episode))).toEqual(episode);
    expect(episode).toMatchObject({
      ...{ format: 'oopsie', task: '20260710_101500', date: '2026-07-10', name: '20260710_101503' },
      ...{ instruction: 'Put the block on the pad.', outcome: 'failure', createdAt: '2026-07-10T10:15:03.000Z' },
      ...{ asks: [], assumed: { rateHz: null, quaternionOrder: null } },
      properties: {
        ...{ lab: 'regrasp_sample_lab', operator: 'ada', robot: 'diana_7_pair', policy: 'pi0.5', annotators: 2 },
        ...{ failure_category: 'grasp, collision', severity: 'medium' },
      },
    });
    expect(episode.clocks).toMatchObject([{ basis: 'nominal', count: 40, name: 'Steps at 20 Hz (control_freq)' }]);
    expect(clocks.get('steps')?.[39]).toBe(1.95e9);
    expect(
      episode.streams.map(({ name, kind, position, count, width, fault }) => [
        name,
        kind,
        position,
        count,
        width,
        fault,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['Front camera', 'color', null, 40, 320, null],
        ['Left wrist camera', 'color', 'left', 40, 320, null],
        ['Overview', 'color', null, 40, 320, null],
      ]),
    );
    expect(locations.size).toBe(3);
    expect(files).toHaveLength(4);
    expect(episode.tracks.map(({ name, side, upAxis }) => [name, side, upAxis])).toEqual([
      ['Left tool', 'left', 'z'],
      ['Right tool', 'right', 'z'],
    ]);
    const scene = (await createSampleTools({ seconds: 2 })).scene.robot(0.5);
    const right = poses.get('observations/robot_states/cartesian_position/right');
    expect([...(right ?? []).slice(70, 77)]).toEqual(scene.tools[1]);
    expect([...(values.get('observations/robot_states/joint_position') ?? []).slice(140, 154)]).toEqual(scene.joints);
    const joints = episode.series.find(({ id }) => id === 'observations/robot_states/joint_position');
    expect(joints).toMatchObject({ group: 'Joint positions', role: 'state', unit: '', limits: { length: 14 } });
    expect(joints?.components[7]).toBe('right_joint1');
    expect(joints?.limits?.[0]).toEqual({ min: -3.1, max: 3.1 });
    expect(episode.series.filter(({ role }) => role === 'action').map(({ group }) => group)).toEqual(
      expect.arrayContaining(['Action: joint positions', 'Action: gripper command']),
    );
    expect(episode.metadata.not_recorded).toHaveLength(7);
  });

  it('shows what each annotator said, and when the model says it happened', async () => {
    const { episode } = await bench.open('sample', '20260710_101500/20260710_101503.h5');
    expect(
      episode.annotations.map(({ annotator, source: by, outcome, success }) => [annotator, by, outcome, success]),
    ).toEqual(
      expect.arrayContaining([
        ['mara', 'human', 'failure', 0],
        ['jonas', 'human', 'failure', 0],
        ['auto_annotate', 'model', 'failure', 0],
      ]),
    );
    const { failure } = (await createSampleTools({ seconds: 2 })).scene;
    expect(episode.marks).toMatchObject([
      { kind: 'failure', by: 'auto_annotate', name: 'grasp', startNs: Math.round(failure.startSeconds * 20) * 50e6 },
      { kind: 'failure', name: 'collision' },
    ]);
    expect(episode.marks[0]?.text).toBe(
      'The block slips out of the gripper.\nRecovery: Open the gripper and approach the block again from above.\nSeverity: low\nReset: immediate',
    );
  });

  it('reads the first taxonomy as today’s words, and finds moved videos', async () => {
    const { episode, found } = await bench.open('sample', '20260710_101500/20260710_101702.h5');
    expect(episode.annotations).toEqual([
      {
        ...{
          annotator: 'kim',
          source: 'human',
          at: '2026-05-02T09:12:00+00:00',
          success: 1,
          outcome: 'success_side_effect',
        },
        ...{ categories: ['collision'], severity: 'low', description: 'The tray was pushed on the way.', notes: '' },
        ...{ taxonomy: 'oopsiedata_taxonomy_schema_v1', unknown: [] },
      },
    ]);
    expect(episode.problems.map(({ severity, code }) => `${severity} ${code}`)).toEqual(
      Array(3).fill('warning video-elsewhere'),
    );
    expect(episode.problems[0]?.message).toMatch(/found by its name beside the recording \(step 2 of 4\)/);
    expect(found.problems).toEqual([]);
    expect(episode.streams.every(({ fault }) => fault === null)).toBe(true);
  });

  it('is left as it was', () => {
    const text = readFileSync(bench.at(session, '20260710_101702.h5'), 'latin1');
    expect(text).toContain('Success with side-effects');
  });

  it('tells an episode that people judge differently from one that nobody judged', async () => {
    const { episode } = await bench.open('sample', '20260710_101500/20260710_101611.h5');
    expect(episode.outcome).toBe('success');
    expect(episode.properties.annotators_disagree).toBeUndefined();
  });
});

describe(`recordings of h5py and ffmpeg (${NEEDS})`, { skip: !CAN_WRITE }, () => {
  beforeAll(() => {
    writeRecordings(
      bench,
      `
write('plain')
for name in ['beside', 'outside', 'inferred', 'root/session_1', 'missing', 'linked', 'cut']: write(name)
def paths(name, value):
  with h5py.File(f'{root}/{name}/ep.h5', 'r+') as f:
    for camera in ['front', 'wrist']:
      del f[f'observations/video_paths/{camera}']
      if value is not None: f[f'observations/video_paths/{camera}'] = value.replace('CAMERA', camera)
paths('beside', 'C:\\\\data\\\\old\\\\ep_CAMERA.mp4')
paths('outside', '../../../etc/ep_CAMERA.mp4')
paths('inferred', None)
paths('root/session_1', 'gone/ep_CAMERA.mp4')
paths('missing', 'gone/ep_CAMERA.mp4')

def judged(f):
  annotation(f, 'empty', dict(outcome='failure', failure_category=[], severity=''))
  annotation(f, 'absent', dict(outcome='failure'))
  annotation(f, 'own_words', dict(outcome='wobbly', failure_category=['grasp', 'Gravity again']), success=None, timestamp=np.float64(1783678500.5))
  annotation(f, 'prose', dict(failure_category=['Grasp failure (at contact)', 'Cosmic rays'], severity='Catastrophic, arm replaced', ), schema='oopsie_failure_taxonomy_v1', taxonomy_schema='none', episode_description=None, failure_description='broke')
  annotation(f, 'interim', dict(success_category='Success with side-effects', side_effect_category=['Collision failure']), schema='oopsie_failure_taxonomy_v1', taxonomy_schema='oopsiedata_taxonomy_schema_v1', success=np.float64(0.8))
  annotation(f, 'stub', None, success=None, episode_description=None)
  s = f.create_group('episode_annotations/vlm/segments/000')
  s.attrs.update(dict(start_seconds=0.5, end_seconds=1.0, what_happened='slips', failure_categories='["grasp"]'))
  f.create_group('episode_annotations/vlm/segments/001').attrs.update(dict(start_timestep=15, end_timestep=99, what_happened='late'))
  f.create_group('episode_annotations/vlm/segments/002').attrs.update(dict(what_happened='no time'))
write('judged', edit=judged, annotate=False)
write('disputed', edit=lambda f: annotation(f, 'jo', dict(outcome='success'), success=np.float64(1)))

write('yaml', edit=lambda f: f.attrs.__delitem__('robot_profile'))
open(f'{root}/yaml/robot_profile.yaml', 'w').write('policy_name: act\\nrobot_name: viperx\\ncontrol_freq: 50\\ncamera_names: [front, wrist]\\nrobot_state_joint_names: [a, b, c, d, e, f, g]\\n')
open(f'{root}/yaml/contributor_config.yaml', 'w').write('lab_id: x\\nhuggingface_token: hf_SECRET\\n')
write('secret', edit=lambda f: f.attrs.update(dict(huggingface_token='hf_SECRET')), profile=lambda p: p.update(api_key='hf_SECRET'))
write('none', edit=lambda f: f.attrs.__delitem__('robot_profile'))
open(f'{root}/none/contributor_config.yaml', 'w').write('huggingface_token: hf_SECRET\\n')
write('bomb', edit=lambda f: f.attrs.__delitem__('robot_profile'))
open(f'{root}/bomb/robot_profile.yaml', 'w').write('a: &a [x,x,x,x,x,x,x,x]\\n' + ''.join(f'{c}: &{c} [' + ','.join([f'*{chr(ord(c)-1)}'] * 9) + ']\\n' for c in 'bcdefgh'))
write('absurd', profile=lambda p: p.update(camera_names=[f'cam{i}' for i in range(9000)]))
write('deep', profile=lambda p: '[' * 2000 + ']' * 2000)
write('huge', edit=put('additional_data/picture', np.zeros((T, 16, 16), np.float32)), profile=lambda p: p['additional_data'].update(picture=dict(sensor='gel', format='array')))
write('base', edit=lambda f: (f.create_dataset('observations/robot_states/base_position', data=np.zeros((T, 3))), f.create_dataset('additional_data/long', data=np.zeros((0, 3)))))

os.makedirs(f'{root}/legacy/videos')
with h5py.File(f'{root}/legacy/9_trajectory.h5', 'w') as f:
  f.attrs['schema'] = 'robotic_failure_upload_data_format_v1'
  f['language_instruction'] = 'open the drawer'
  f['observation/joint_position'] = np.zeros((T, 7)); f['observation/cartesian_position'] = pose(); f['observation/gripper_position'] = np.zeros((T, 1))
  f['action_dict/joint_velocity'] = np.zeros((T, 7), np.float32)
  d = f.create_dataset('image_observations/front', data='videos/9_front.mp4'); d.attrs['format'] = 'mp4_filepath'
  e = f.create_group('episode_annotations')
  e.attrs.update(dict(episode_id='9', lab_id='lab3', policy_id='dp', robot_id='ur5', control_freq=15, failure_description='stuck', would_retry=True))
  e['success'] = np.float32(0); e['failure_category'] = 'Hardware/mechanical issue'; e['operator_name'] = 'bo'
with h5py.File(f'{root}/legacy/answers.h5', 'w') as f:
  f['image_observations/front'] = 'videos/9_front.mp4'; f['action_dict/joint_velocity'] = np.zeros((T, 7)); f.create_group('observation')
  f.attrs['failure_annotation'] = json.dumps(dict(binary_success='Failure', failure_description='too slow', failure_category=['Task not attempted'], severity='Low severity: retry'))
with h5py.File(f'{root}/legacy/aloha.h5', 'w') as f:
  f['observations/qpos'] = np.zeros((T, 14)); f['action'] = np.zeros((T, 14)); f.create_group('episode_annotations').attrs['success'] = 1.0
`,
    );
    for (const camera of ['front', 'wrist']) writeVideo(bench.at('plain', `ep_${camera}.mp4`));
    writeVideo(bench.at('legacy', 'videos', '9_front.mp4'), { rateHz: 15 });
    const places = ['beside', 'outside', 'inferred', 'root', 'judged', 'disputed', 'yaml', 'secret', 'none', 'cut'];
    spreadVideos(bench, 'plain', [...places, 'bomb', 'absurd', 'deep', 'huge', 'base']);
  }, 120_000);

  const codes = async (folder: string, name = 'ep.h5') =>
    (await bench.open(folder, name)).episode.problems.map(({ severity, code }) => `${severity} ${code}`);

  it('open without a fault', async () => {
    const { episode, values, poses } = await bench.open('plain', 'ep.h5');
    expect(episode.problems).toEqual([]);
    expect(episode).toMatchObject({ task: '', date: '2026-07-10', outcome: 'failure', startUnixSeconds: 1783678500.5 });
    expect(episode.clocks[0]).toMatchObject({ medianPeriodNs: 100e6, count: 20 });
    expect(episode.tracks.map(({ id, side }) => [id, side])).toEqual([
      ['actions/cartesian_position', null],
      ['observations/robot_states/cartesian_position', null],
    ]);
    const pose = poses.get('actions/cartesian_position')?.slice(70, 77) ?? [];
    for (const [i, value] of [0.4, 0.1, 0.3, Math.sin(0.25), 0, 0, Math.cos(0.25)].entries()) {
      expect(pose[i]).toBeCloseTo(value, 12);
    }
    expect([...(values.get('actions/gripper_binary') ?? [])].slice(9, 13)).toEqual([0, 0, 1, 1]);
    expect(episode.series.find(({ id }) => id === 'additional_data/force')).toMatchObject({
      group: 'force',
      count: 20,
    });
    expect(episode.metadata.not_recorded).toContain('actions/joint_position');
  });

  it('find their videos in four steps, and never outside the folder', async () => {
    expect(await codes('beside')).toEqual(Array(2).fill('warning video-elsewhere'));
    const root = await bench.open('root', 'session_1/ep.h5');
    expect(root.episode.problems[0]?.message).toMatch(/found by its name in the root folder \(step 3 of 4\)/);
    const inferred = await bench.open('inferred', 'ep.h5');
    expect(inferred.episode.problems[0]?.message).toMatch(
      /no video path is stored for front; ep_front\.mp4 was found by the name .* \(step 4 of 4\)/,
    );
    expect(inferred.episode.streams).toMatchObject([{ count: 20 }, { count: 20 }]);
    const outside = await bench.open('outside', 'ep.h5');
    expect(outside.episode.problems.map(({ code }) => code)).toEqual([
      'outside',
      'video-elsewhere',
      'outside',
      'video-elsewhere',
    ]);
    expect(outside.episode.problems[0]?.message).toMatch(
      /video of front \(\.\.\/\.\.\/\.\.\/etc\/ep_front\.mp4\) lies outside/,
    );
    const missing = await bench.open('missing', 'ep.h5');
    expect(missing.episode.problems.map(({ code }) => code)).toEqual(['missing-video', 'missing-video']);
    expect(missing.episode.streams).toMatchObject([
      { count: 0, fault: expect.stringContaining('gone/ep_front.mp4') },
      {},
    ]);
    expect(missing.values.size).toBeGreaterThan(5);
  });

  it('do not follow a link that leads outside', async () => {
    const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'regrasp-elsewhere-'));
    for (const camera of ['front', 'wrist']) {
      cpSync(bench.at('plain', `ep_${camera}.mp4`), path.join(elsewhere, 'v.mp4'));
      symlinkSync(path.join(elsewhere, 'v.mp4'), bench.at('linked', `ep_${camera}.mp4`));
    }
    const { episode } = await bench.open('linked', 'ep.h5');
    expect(episode.problems.map(({ code }) => code)).toEqual(['outside', 'outside']);
    expect(episode.streams).toMatchObject([{ count: 0 }, { count: 0 }]);
    rmSync(elsewhere, { recursive: true });
  });

  it('that were cut short say so, and a cut video leaves the rest usable', async () => {
    truncateSync(bench.at('cut', 'ep_front.mp4'), 4000);
    const { episode } = await bench.open('cut', 'ep.h5');
    expect(episode.problems).toHaveLength(1);
    expect(episode.problems[0]).toMatchObject({ severity: 'error', stream: 'observations/video_paths/front' });
    expect(episode.streams).toMatchObject([{ count: 0 }, { count: 20, fault: null }]);
    cpSync(bench.at('plain', 'ep.h5'), bench.at('cut', 'short.h5'));
    truncateSync(bench.at('cut', 'short.h5'), 9000);
    const short = await bench.open('cut', 'short.h5');
    expect(short.episode.problems.map(({ message }) => message)).toEqual([
      'short.h5 is cut short: the recorder was stopped before it closed the file; record it again or restore a copy.',
    ]);
    expect(short.found.problems).toEqual([]);
  });

  it('keep all that annotators wrote, in their own words where no version knows them', async () => {
    const { episode } = await bench.open('judged', 'ep.h5');
    const by = Object.fromEntries(episode.annotations.map((each) => [each.annotator, each]));
    expect(by.empty).toMatchObject({ categories: [], severity: '', unknown: [] });
    expect(by.absent).toMatchObject({ categories: null, severity: null });
    expect(by.own_words).toMatchObject({
      ...{ outcome: 'wobbly', categories: ['grasp', 'Gravity again'], success: null, at: '2026-07-10T10:15:00.500Z' },
      unknown: ['wobbly', 'Gravity again'],
    });
    expect(by.prose).toMatchObject({
      ...{ outcome: 'failure', categories: ['grasp', 'Cosmic rays'], severity: 'catastrophic', description: 'broke' },
      ...{ unknown: ['Cosmic rays'], taxonomy: 'none' },
    });
    expect(by.interim).toMatchObject({ outcome: 'success_side_effect', categories: ['collision'], success: 0.8 });
    expect(by.stub).toMatchObject({ outcome: null, success: null, categories: null, description: '' });
    expect(episode.annotations.map(({ annotator }) => annotator)).not.toContain('vlm/segments');
    expect(episode.outcome).toBeNull();
    expect(episode.properties.annotators_disagree).toBe(true);
    expect(episode.marks).toMatchObject([
      { by: 'vlm', name: 'grasp', startNs: 500e6, endNs: 1e9, text: 'slips' },
      { by: 'vlm', name: 'Failure', startNs: 1.5e9, endNs: 1.9e9 },
    ]);
    expect(episode.problems.map(({ message }) => message)).toEqual([
      'ep.h5: segment 001 of vlm runs from step 15 to 99 of 0 to 19: it is clipped to what there is.',
      'ep.h5: segment 002 of vlm names no steps, so it has no place on the timeline.',
    ]);
    expect((await bench.open('disputed', 'ep.h5')).episode).toMatchObject({
      outcome: null,
      properties: { annotators_disagree: true },
    });
  });

  it('take a profile that lies beside, and never a file that holds a secret', async () => {
    const { episode, files, found } = await bench.open('yaml', 'ep.h5');
    expect(episode.clocks[0]).toMatchObject({ medianPeriodNs: 20e6 });
    expect(episode.properties).toMatchObject({ robot: 'viperx', policy: 'act' });
    expect(files?.map((file) => path.basename(file))).toContain('robot_profile.yaml');
    expect(found.problems.map(({ message }) => message).join()).toMatch(
      /profile lies beside it \(robot_profile\.yaml\)/,
    );
    const none = await bench.open('none', 'ep.h5');
    expect(none.episode.problems.map(({ code }) => code)).toEqual(['no-profile']);
    expect(none.episode.asks).toEqual(['rate']);
    for (const folder of ['yaml', 'none', 'secret']) {
      const opened = await bench.open(folder, 'ep.h5');
      expect(JSON.stringify([opened.episode, opened.found, opened.files])).not.toMatch(/hf_SECRET|contributor_config/);
    }
  });

  it('refuse an absurd profile with a sentence, and show the recording', async () => {
    const refusals = {
      absurd: /^ep\.h5: its robot_profile cannot be a robot's profile \(camera_names lists 9000 things\)/,
      deep: /^ep\.h5: its robot_profile cannot be a robot's profile/,
      bomb: /^robot_profile\.yaml (is no readable YAML|cannot be a robot's profile)/,
    };
    for (const [folder, expected] of Object.entries(refusals)) {
      const { episode } = await bench.open(folder, 'ep.h5');
      expect(episode.problems.map(({ message }) => message).join('\n')).toMatch(expected);
      expect(episode.streams).toHaveLength(2);
      expect(episode.clocks[0]?.count).toBe(20);
    }
  });

  it('list what is too wide to plot, and survive empty arrays', async () => {
    const { episode } = await bench.open('huge', 'ep.h5');
    expect(episode.metadata['additional_data/picture']).toBe('20 × 16 × 16 float32, not drawn');
    const base = await bench.open('base', 'ep.h5');
    expect(base.episode.series.find(({ id }) => id.endsWith('base_position'))?.components).toEqual(['x', 'y', 'yaw']);
    expect(base.episode.problems.map(({ code }) => code)).toEqual(['count-mismatch']);
  });

  it('of older versions are read too', async () => {
    expect(await bench.recognizes('legacy', '9_trajectory.h5')).toBe(true);
    const { episode, found } = await bench.open('legacy', '9_trajectory.h5');
    expect(episode).toMatchObject({
      ...{ instruction: 'open the drawer', outcome: 'failure' },
      properties: { lab: 'lab3', robot: 'ur5', policy: 'dp', operator: 'bo', schema: 'legacy' },
      annotations: [{ annotator: '(episode-level)', success: 0, categories: ['hardware'], description: 'stuck' }],
    });
    expect(episode.clocks[0]).toMatchObject({ count: 20, name: 'Steps at 15 Hz (control_freq)' });
    expect(episode.streams).toMatchObject([{ id: 'image_observations/front', count: 20 }]);
    expect(episode.tracks).toHaveLength(1);
    expect(episode.series.map(({ id }) => id)).toContain('action_dict/joint_velocity');
    expect(found.problems.map(({ code }) => code)).toEqual(expect.arrayContaining(['old-schema', 'not-annotated']));
    const answers = await bench.open('legacy', 'answers.h5');
    expect(answers.episode.annotations).toMatchObject([
      { success: 0, outcome: 'failure', description: 'too slow', categories: ['not_attempted'], severity: 'low' },
    ]);
  });

  it('are told from other HDF5 files by what is in them', async () => {
    expect(await bench.recognizes('plain', 'ep.h5')).toBe(true);
    expect(await bench.recognizes('legacy', 'answers.h5')).toBe(true);
    expect(await bench.recognizes('legacy', 'aloha.h5')).toBe(false);
    writeFileSync(bench.at('legacy', 'text.h5'), 'no HDF5');
    expect(await bench.recognizes('legacy', 'text.h5')).toBe(false);
    mkdirSync(bench.at('renamed'));
    cpSync(bench.at('plain'), bench.at('renamed'), { recursive: true });
    renameSync(bench.at('renamed', 'ep.h5'), bench.at('renamed', 'any.hdf5'));
    expect(await bench.recognizes('renamed', 'any.hdf5')).toBe(true);
  });
});

describe('places', () => {
  it('are sessions below one root', () => {
    expect(source.rootOf('/data/robot/20260710_101500/20260710_101503.h5', false)).toBe('/data/robot');
    expect(source.rootOf('/data/robot/20260710_101500', true)).toBe('/data/robot');
    expect(source.rootOf('/data/samples_dir/evaluation_session_3/episode_1.hdf5', false)).toBe('/data/samples_dir');
    expect(source.rootOf('/data/robot', true)).toBe('/data/robot');
    expect(source.rootOf(path.join(os.homedir(), '20260710_101500', 'a.h5'), false)).toBe(
      path.join(os.homedir(), '20260710_101500'),
    );
    expect(source.placeOf('20260710_101500/20260710_101503.h5')).toEqual({
      ...{ task: '20260710_101500', date: '2026-07-10', name: '20260710_101503' },
    });
    expect(source.placeOf('batch_1/episode_7.hdf5')).toEqual({ task: 'batch_1', date: '', name: 'episode_7' });
  });
});
