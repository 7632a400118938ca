import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SourceBench, sourceBench } from '../../../test/support/hdf5-source.ts';
import { codes, messages } from '../../../test/support/problems.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { openFileOf } from '../../../test/support/source-ports.ts';
import { rateByVelocity } from './check.ts';
import { source } from './index.ts';

let bench: SourceBench;
beforeAll(async () => {
  bench = await sourceBench(source);
}, 60_000);
afterAll(() => bench?.close());

describe('the sample', () => {
  beforeAll(
    async () => source.writeSample?.(path.join(bench.root, 'sample'), await createSampleTools({ seconds: 2 })),
    120_000,
  );

  it('opens a simulated episode of plain pixels', async () => {
    const { episode, found, clocks, values } = await bench.open('sample/transfer_cube/episode_0.hdf5');
    expect(found.problems).toEqual([]);
    expect(episode).toMatchObject({
      ...{ format: 'aloha', name: 'episode_0', task: 'transfer_cube', problems: [] },
      ...{ asks: ['rate'], assumed: { rateHz: 50 }, properties: { simulated: true } },
      clocks: [{ id: 'steps', basis: 'nominal', count: 100, medianPeriodNs: 20e6 }],
      streams: [{ name: 'Top camera', width: 160, height: 120, encoding: 'pixels', order: 'rgb', count: 100 }],
    });
    expect(clocks.get('steps')?.[99]).toBe(99 * 20e6);
    expect(episode.series.map(({ id, unit, components }) => [id, unit, components.length])).toEqual([
      ['action', 'rad', 12],
      ['action/grippers', '0…1', 2],
      ['observations/qpos', 'rad', 12],
      ['observations/qpos/grippers', '0…1', 2],
      ['observations/qvel', 'rad/s', 12],
      ['observations/qvel/grippers', '1/s', 2],
    ]);
    const { scene } = await createSampleTools({ seconds: 2 });
    const robot = scene.robot(0.4);
    const joints = [...robot.joints.slice(0, 6), ...robot.joints.slice(7, 13)].map(Math.fround);
    expect([...(values.get('observations/qpos') ?? []).slice(240, 252)]).toEqual(joints);
    expect([...(values.get('observations/qpos/grippers') ?? []).slice(40, 42)]).toEqual(
      robot.grippers.map(Math.fround),
    );
    expect(found.notes?.[1]).toBe('By how far the joints move at their velocities the rate is about 50 Hz.');
  });

  it('opens a judged episode of padded JPEG rows', async () => {
    const opened = await bench.open('sample/transfer_cube/episode_1.hdf5', { rateHz: 25 });
    const { episode, found } = opened;
    expect(found.problems).toEqual([]);
    expect(episode).toMatchObject({
      instruction: 'Hand the cube from the right arm to the left.',
      ...{
        outcome: 'failure',
        assumed: { rateHz: null },
        problems: [],
        properties: { simulated: false, policy: 'ACT' },
      },
      annotations: [{ success: 0, categories: ['Grasp failure (at contact)'], notes: 'Would retry: yes.' }],
    });
    expect(episode.clocks[0]?.medianPeriodNs).toBe(40e6);
    expect(episode.streams.map(({ name, position, encoding, width }) => [name, position, encoding, width])).toEqual([
      ['High camera', null, 'jpeg', 320],
      ['Left wrist camera', 'left', 'jpeg', 320],
    ]);
    const { scene } = await createSampleTools({ seconds: 2 });
    const shown = await bench.pixels(opened, 'observations/images/cam_high', 60);
    const painted = scene.picture('front', 60 / 50, 320);
    const apart = shown.reduce((sum, value, at) => sum + Math.abs(value - (painted[at] as number)), 0) / shown.length;
    expect(apart).toBeLessThan(4);
  });
});

/** Episodes as h5py writes them, and broken ones. */
const FOREIGN = `
import sys, numpy as np, h5py
root = sys.argv[1]
T, H, W = 40, 24, 32
rng = np.random.default_rng(5)
t = np.arange(T)[:, None]
qpos = (0.2 * np.sin(t / 20 + np.arange(14))).astype(np.float32)
frames = np.zeros((T, H, W, 3), np.uint8); frames[..., 0] = np.arange(T)[:, None, None] * 6; frames[..., 2] = 9
def write(name, cams=('cam_high', 'cam_left_wrist'), skip=(), **over):
    with h5py.File(f'{root}/{name}.hdf5', 'w', rdcc_nbytes=1024**2*2) as f:
        f.attrs['sim'] = False
        arrays = {'observations/qpos': qpos, 'observations/qvel': np.gradient(qpos, axis=0) * 50, 'action': qpos,
                  'observations/effort': rng.normal(size=(T, 14)), 'base_action': np.zeros((T, 2))} | over
        for key, value in arrays.items():
            if key not in skip: f.create_dataset(key, data=value)
        image = f.require_group('observations/images')
        for cam in cams: image.create_dataset(cam, (T, H, W, 3), dtype='uint8', chunks=(1, H, W, 3))[...] = frames
    return h5py.File(f'{root}/{name}.hdf5', 'r+')
f = write('episode_7'); f.attrs['fps'] = 30
f['observations/images'].create_dataset('packed', data=frames, chunks=(1, H, W, 3), compression='lzf'); f.close()
write('single', **{k: v[:, :7] for k, v in {'observations/qpos': qpos, 'observations/qvel': qpos, 'action': qpos, 'observations/effort': qpos}.items()}).close()
lim = 0.2 + 50 * (np.arange(14) != 4)
bad = qpos.copy(); bad[3, 2] = np.nan; bad[9, 13] = np.inf
f = write('broken', **{'observations/qpos': bad, 'action': qpos[:35], 'observations/effort': np.clip(rng.normal(size=(T, 14)), -lim, lim)})
im = f['observations/images']
im.create_dataset('cam_short', data=frames[:30]); im.create_dataset('cam_small', data=frames[:, ::2, ::2]); im.create_dataset('cam_first', data=frames.transpose(0, 3, 1, 2))
im['cam_linked'] = h5py.ExternalLink('/etc/other.hdf5', '/x'); f.close()
f = write('degrees', skip=('observations/qvel',), cams=(), **{'observations/qpos': np.full((T, 14), 90.), 'observations/effort': h5py.Empty('f8')}); f.close()
with h5py.File(f'{root}/empty.hdf5', 'w') as f:
    for key in ('observations/qpos', 'action'): f.create_dataset(key, shape=(0, 14), dtype='f4')
with h5py.File(f'{root}/judged.hdf5', 'w') as f:
    f['observations/qpos'] = qpos; f['observations/qvel'] = qpos; f['action'] = qpos; f['language_instruction'] = 'x'
    f.attrs['language_instruction'] = np.bytes_('sweep the table')
    g = f.create_group('episode_annotations'); g.attrs.update(success=np.float32(1), failure_category='["a", "b"]', failure_description='', would_retry=np.False_)
    jpeg = bytes.fromhex('ffd8ffe000104a46494600010100000100010000') + b'\\0' * 50
    f.create_dataset('observations/images/cam_high', data=np.tile(np.frombuffer(jpeg, np.uint8), (T, 1)))
with h5py.File(f'{root}/other.hdf5', 'w') as f: f['observations/robot_states/joint_position'] = qpos; f['observations/qpos'] = qpos; f['action'] = qpos
`;

describe(`episodes of h5py (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
  beforeAll(() => {
    runPython(FOREIGN, bench.root);
  });

  it('open with pixels, base action and a rate that the file states', async () => {
    const opened = await bench.open('episode_7.hdf5');
    const { episode, found } = opened;
    expect([...episode.problems, ...found.problems]).toEqual([]);
    expect(episode.clocks[0]?.name).toBe('Steps at 30 Hz (fps in episode_7.hdf5)');
    expect(episode.assumed.rateHz).toBeNull();
    expect(episode.streams.map(({ id, order }) => [id.split('/').at(-1), order])).toEqual([
      ['cam_high', 'rgb'],
      ['cam_left_wrist', 'rgb'],
      ['packed', 'rgb'],
    ]);
    for (const camera of ['cam_high', 'packed']) {
      expect([...(await bench.pixels(opened, `observations/images/${camera}`, 11)).slice(0, 3)]).toEqual([66, 0, 9]);
    }
    expect(episode.series.find(({ id }) => id === 'base_action')?.components).toEqual([
      'forward (m/s)',
      'turn (rad/s)',
    ]);
    expect(episode.series.find(({ id }) => id === 'observations/effort')?.components[13]).toBe('right gripper');
  });

  it('of one arm have its names', async () => {
    const { episode } = await bench.open('single.hdf5');
    expect(episode.series[0]?.components).toEqual([
      'waist',
      'shoulder',
      'elbow',
      'forearm roll',
      'wrist angle',
      'wrist rotate',
    ]);
  });

  it('with everything wrong tell each, and keep the rest', async () => {
    const opened = await bench.open('broken.hdf5');
    const { episode, found, values } = opened;
    expect(messages(episode.problems).split('\n')).toEqual([
      'broken.hdf5: observations/images/cam_linked is a link into another file (/etc/other.hdf5), which is not opened: copy the data into the recording.',
      'broken.hdf5: observations/images/cam_first holds 40 × 3 × 24 × 32 uint8 values, channels first: store them as (frames, height, width, channels).',
      'broken.hdf5: observations/images/cam_short has 30 frames for 40 steps; frames are shown by position as far as both go.',
      'broken.hdf5: action has 35 rows for 40 steps, so the rest is empty: record every array at every step.',
      'broken.hdf5: observations/qpos holds 1 NaN and 1 infinite values, the first at step 3: nothing is drawn there; cut these steps or mend them before training.',
    ]);
    expect(messages(found.problems)).toMatch(/the cameras differ in size .*cam_small 16 × 12.*, and ACT stacks them/);
    expect(messages(found.problems)).toMatch(
      /the effort of left wrist angle stands at its largest \(.*\) for \d+ of 40 steps/,
    );
    expect(codes(found.problems)).toEqual(['warning size-mismatch', 'warning saturated']);
    expect(
      [...(values.get('observations/qpos/grippers') ?? [])].every((value) => value < 2 || Number.isNaN(value)),
    ).toBe(true);
    expect((await bench.pixels(opened, 'observations/images/cam_high', 5))[0]).toBe(30);
  });

  it('tell what is missing, degrees, and arms that were off', async () => {
    const { episode, found } = await bench.open('degrees.hdf5');
    expect(messages(episode.problems).split('\n')).toEqual([
      'degrees.hdf5 holds no observations/qvel, which training by ACT reads: record it, or leave the episode out.',
      'degrees.hdf5 holds no picture below observations/images: no camera was recorded.',
    ]);
    expect(codes(found.problems)).toEqual(['warning unit', 'warning gripper-range', 'warning no-motion']);
    expect(messages(found.problems)).toContain('observations/qpos reaches 90.0, more than a turn');
  });

  it('without a step say so', async () => {
    const { episode } = await bench.open('empty.hdf5');
    expect(messages(episode.problems)).toMatch(/^empty\.hdf5 holds no step/);
    expect(episode.clocks[0]?.count).toBe(0);
  });

  it('take the judgement of an autonomous run, and name pictures that are none', async () => {
    const { episode } = await bench.open('judged.hdf5');
    expect(episode).toMatchObject({
      ...{ outcome: 'success', instruction: 'sweep the table' },
      annotations: [{ success: 1, categories: ['a', 'b'], notes: 'Would retry: no.', taxonomy: 'AR-ALOHA' }],
    });
    expect(messages(episode.problems)).toBe(
      'judged.hdf5: observations/images/cam_high holds no JPEG that can be read: store one JPEG file a row.',
    );
  });

  it('are told from other files by what is in them', async () => {
    expect(await source.recognizes(openFileOf(bench.root, 'other.hdf5'), bench.ports)).toBe(false);
    mkdirSync(path.join(bench.root, 'no'), { recursive: true });
    writeFileSync(path.join(bench.root, 'no/episode_0.hdf5'), 'hello');
    expect(await source.recognizes(openFileOf(bench.root, 'no/episode_0.hdf5'), bench.ports)).toBe(false);
  });

  it('that are cut short once opened are listed with what is wrong', async () => {
    truncateSync(path.join(bench.root, 'single.hdf5'), 3000);
    const opened = await source.open(openFileOf(bench.root, 'single.hdf5'), bench.ports);
    expect(opened.episode.problems).toMatchObject([
      { severity: 'error', message: expect.stringContaining('single.hdf5') },
    ]);
  });
});

it('tells the rate from positions and velocities', () => {
  expect(rateByVelocity(Float64Array.of(0, 1, 3), Float64Array.of(0, 20, 40), 1)).toBeCloseTo(20);
  expect(rateByVelocity(Float64Array.of(1, 1), Float64Array.of(0, 0), 1)).toBeNull();
});
