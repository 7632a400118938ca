import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SourceBench, sourceBench } from '../../../test/support/hdf5-source.ts';
import { codes, messages } from '../../../test/support/problems.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { openFileOf } from '../../../test/support/source-ports.ts';
import { source } from './index.ts';

let bench: SourceBench;
beforeAll(async () => {
  bench = await sourceBench(source);
}, 60_000);
afterAll(() => bench?.close());

const list = (below: string, stated = {}) =>
  source.recordings?.(openFileOf(bench.root, below, '', stated), bench.ports) ?? Promise.resolve([]);

describe('the sample', () => {
  const at = 'sample/can/demo_v141.hdf5';
  beforeAll(
    async () => source.writeSample?.(path.join(bench.root, 'sample'), await createSampleTools({ seconds: 2 })),
    120_000,
  );

  it('lists its demonstrations in numeric order, with their masks', async () => {
    const mask = (demo: string) => (demo === 'demo_10' ? 'valid' : 'train');
    expect(await list(at)).toEqual(
      [8, 12, 12, 8].map((ticks, index) => {
        const inner = ['demo_0', 'demo_1', 'demo_2', 'demo_10'][index] as string;
        const properties = { environment: 'PickPlaceCan', mask: mask(inner) };
        const durationNs = (ticks - 1) * 50e6;
        return { inner, name: inner, task: 'PickPlaceCan', ticks, durationNs, streams: 2, properties, complete: true };
      }),
    );
    expect((await list(at, { rateHz: 10 }))[0]?.durationNs).toBe(7 * 100e6);
  });

  it('opens one with everything in it', async () => {
    const opened = await bench.open(`${at}::demo_1`);
    const { episode, found, poses } = opened;
    expect([...episode.problems, ...found.problems]).toEqual([]);
    expect(episode).toMatchObject({
      ...{ id: `r1/${at}::demo_1`, format: 'robomimic', name: 'demo_1', task: 'PickPlaceCan' },
      ...{ asks: ['rate', 'quaternion-order'], assumed: { rateHz: null, quaternionOrder: 'xyzw' } },
      clocks: [{ count: 12, medianPeriodNs: 50e6, name: 'Steps at 20 Hz (control_freq of env_args)' }],
      streams: [
        { name: 'Agentview', width: 160, height: 120, count: 12 },
        { name: 'Robot0 eye in hand', width: 160 },
      ],
      tracks: [{ id: 'robot0_eef', upAxis: 'z', count: 12 }],
      properties: { mask: 'train', return: 1 },
    });
    expect(episode.series.map(({ id, role, unit }) => [id.replace('data/demo_1/', ''), role, unit])).toEqual([
      ['actions', 'action', ''],
      ['obs/robot0_eef_pos', 'state', 'm'],
      ['obs/robot0_eef_quat', 'state', ''],
      ['obs/robot0_gripper_qpos', 'state', ''],
      ['obs/robot0_joint_pos', 'state', 'rad'],
      ['rewards', 'other', ''],
      ['dones', 'other', ''],
      ['states', 'other', ''],
    ]);
    const { scene } = await createSampleTools({ seconds: 2 });
    expect([...(poses.get('robot0_eef') ?? []).slice(35, 42)]).toEqual(scene.robot(0.4 + 5 / 20).tools[1]);
    const shown = await bench.pixels(opened, 'data/demo_1/obs/agentview_image', 5);
    expect(Buffer.from(shown).equals(Buffer.from(scene.picture('front', 0.4 + 5 / 20, 160)))).toBe(true);
    expect(found.notes).toContain('Masks: train 3, valid 1');
  });
});

/** Files as robomimic and h5py write them, and broken ones. */
const FOREIGN = `
import sys, json, numpy as np, h5py
root = sys.argv[1]
rng = np.random.default_rng(2)
def demo(data, name, n=10, images=True, **over):
    g = data.create_group(name)
    g.attrs['num_samples'] = over.pop('num_samples', n)
    g.attrs['model_file'] = '<mujoco>' + 'x' * 60000 + '</mujoco>'
    q = np.tile([1., 0, 0, 0], (n, 1))
    arrays = {'actions': rng.uniform(-1, 1, (n, 7)), 'rewards': np.zeros(n), 'dones': np.zeros(n, np.int64), 'states': rng.normal(size=(n, 32)),
      'obs/robot0_eef_pos': rng.normal(size=(n, 3)), 'obs/robot0_eef_quat': q, 'next_obs/robot0_eef_pos': rng.normal(size=(n, 3)), 'obs/flat': rng.normal(size=(n, 600)),
      'obs/agentview_depth': np.zeros((n, 8, 8, 1), np.float32)} | over
    for key, value in arrays.items(): g.create_dataset(key, data=value)
    if images:
        im = np.zeros((n, 8, 8, 3), np.uint8); im[:] = np.arange(n)[:, None, None, None]; im[..., 2] = 200
        g.create_dataset('obs/agentview_image', data=im, compression='gzip')
def file(name, total=None, env=None):
    f = h5py.File(f'{root}/{name}.hdf5', 'w'); d = f.create_group('data')
    if total is not None: d.attrs['total'] = total
    if env is not None: d.attrs['env_args'] = env
    return f, d
f, d = file('good', 120, json.dumps(dict(env_name='Lift', env_type=1, env_kwargs=dict(control_freq=25))))
for i in range(12): demo(d, f'demo_{i}')
f.create_dataset('mask/train', data=np.array([f'demo_{i}' for i in range(10)], dtype='S'))
f.create_dataset('mask/valid', data=np.array(['demo_10', 'demo_11'], dtype='S8')); f.close()
f, d = file('broken', 99, '{"env_name": ')
bad = rng.uniform(-1, 1, (10, 7)); bad[4, 2] = 1.5; bad[6, 0] = -3; bad[7, 1] = np.nan
q = np.tile([1., 0, 0, 0], (10, 1)); q[3] *= 2
demo(d, 'demo_0', actions=bad, num_samples=11, **{'obs/robot0_eef_quat': q, 'rewards': np.zeros(8)})
demo(d, 'demo_1')
d['demo_2'] = h5py.ExternalLink('/etc/other.hdf5', '/data/demo_0')
g = d.create_group('demo_3'); g.create_dataset('states', data=np.zeros((4, 9)))
f.create_dataset('mask/train', data=np.array(['demo_0', 'demo_9', 'demo_0'], dtype='S'))
f.create_dataset('mask/valid', data=np.array(['demo_0'], dtype='S')); f.close()
f, d = file('many', 3000, json.dumps(dict(env_name='Lift', env_type=1, env_kwargs={})))
for i in range(1500):
    g = d.create_group(f'demo_{i}'); g.attrs['num_samples'] = 2; g.attrs['model_file'] = 'y' * 9000
    for k in range(9): g.create_dataset(f'obs/k{k}', data=np.zeros((2, 1)))
    g.create_dataset('actions', data=np.full((2, 3), i / 1500))
f.create_dataset('mask/train', data=np.array(['demo_1499'], dtype='S')); f.close()
with h5py.File(f'{root}/other.hdf5', 'w') as f: f['data/x'] = np.zeros(4); f['data/train/x'] = np.zeros(4)
`;

describe(`files of h5py (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
  beforeAll(() => {
    runPython(FOREIGN, bench.root);
  }, 60_000);

  it('list and open, without next_obs, models and what is too wide to plot', async () => {
    expect((await list('good.hdf5')).map(({ inner }) => inner)).toEqual(
      Array.from({ length: 12 }, (_, i) => `demo_${i}`),
    );
    const opened = await bench.open('good.hdf5::demo_11', { quaternionOrder: 'wxyz' });
    const { episode, found, poses } = opened;
    expect([...episode.problems, ...found.problems]).toEqual([]);
    expect(episode.clocks[0]?.medianPeriodNs).toBe(40e6);
    expect(episode.properties.mask).toBe('valid');
    expect(episode.series.map(({ name }) => name)).toEqual([
      'Actions',
      'Robot0 eef pos',
      'Robot0 eef quat',
      'Rewards',
      'Dones',
      'States',
    ]);
    expect(episode.metadata).toMatchObject({
      model_file: '(60017 characters)',
      not_plotted: ['data/demo_11/obs/flat (10 × 600 float64)'],
    });
    expect([...(poses.get('robot0_eef') ?? []).slice(3, 7)]).toEqual([0, 0, 0, 1]);
    expect(episode.assumed.quaternionOrder).toBeNull();
    expect([...(await bench.pixels(opened, 'data/demo_11/obs/agentview_image', 7)).slice(0, 3)]).toEqual([7, 7, 200]);
  });

  it('with everything wrong tell each, of the file once', async () => {
    const { episode, found } = await bench.open('broken.hdf5::demo_0');
    expect(messages(episode.problems).split('\n')).toEqual([
      'broken.hdf5: demo_0 states 11 samples and holds 10: write the attribute num_samples anew.',
      'broken.hdf5: data/demo_2 is a link into another file (/etc/other.hdf5), which is not opened: copy the data into the recording.',
      expect.stringMatching(/^broken\.hdf5: env_args of data is no readable JSON/),
      'broken.hdf5: data/demo_0/actions holds 1 NaN value, the first at step 7: nothing is drawn there; cut these steps or mend them before training.',
      'broken.hdf5: data/demo_0/rewards has 8 rows for 10 steps, so the rest is empty: record every array at every step.',
    ]);
    expect(messages(found.problems).split('\n')).toEqual([
      'broken.hdf5: demo_0 has 2 actions outside of −1…1, the first 1.500 at step 4: robomimic expects them normalised.',
      'broken.hdf5: demo_0: robot0_eef_quat has 1 quaternions whose length is not 1 (2.000 at step 3): they are no rotations.',
      'broken.hdf5: data states 99 samples in total, the demonstrations 21 together: write total anew.',
      'broken.hdf5: data states no env_args that can be read: policies cannot be rolled out from this file.',
      'broken.hdf5: mask/train names demo_9, not among the 3 demonstrations: write the mask anew.',
      'broken.hdf5: mask/train names 1 demonstrations twice: write the mask anew.',
      'broken.hdf5: mask/train and mask/valid share 1 demonstrations (demo_0): validation would see what was trained on.',
    ]);
    expect(episode.assumed.rateHz).toBe(20);
    expect((await bench.open('broken.hdf5::demo_1')).found.problems).toEqual([]);
  });

  it('with a demonstration that has states alone say what to do', async () => {
    const listed = await list('broken.hdf5');
    expect(listed.at(-1)).toMatchObject({ inner: 'demo_3', name: 'demo_3', properties: {} });
    expect(listed[1]?.problems?.map(({ code }) => code)).toEqual(['external-link', 'not-json']);
    const { episode } = await bench.open('broken.hdf5::demo_3');
    expect(codes(episode.problems).slice(0, 3)).toEqual([
      'error missing-count',
      'error missing-series',
      'warning missing-series',
    ]);
    expect(messages(episode.problems)).toContain('extract the observations from the states first');
    expect(episode.series.map(({ name, count }) => [name, count])).toEqual([['States', 4]]);
  });

  it('of more objects than are looked into at once are whole all the same', async () => {
    const listed = await list('many.hdf5');
    expect(listed).toHaveLength(1500);
    expect(listed.at(-1)).toMatchObject({
      inner: 'demo_1499',
      ticks: 2,
      complete: true,
      properties: { mask: 'train' },
    });
    const { episode, values } = await bench.open('many.hdf5::demo_1499');
    expect(episode.problems).toEqual([]);
    expect(episode.series).toHaveLength(10);
    expect(values.get('data/demo_1499/actions')?.[0]).toBeCloseTo(1499 / 1500);
  });

  it('say which demonstration is not there, and are told from others by their content', async () => {
    const missing = await source.open(openFileOf(bench.root, 'good.hdf5', 'demo_77'), bench.ports);
    expect(messages(missing.episode.problems)).toBe('good.hdf5 holds no demonstration demo_77.');
    expect(await source.recognizes(openFileOf(bench.root, 'other.hdf5'), bench.ports)).toBe(false);
  });
});
