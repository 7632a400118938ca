import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, messages } from '../../../test/support/problems.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { openFileOf, portsFor } from '../../../test/support/source-ports.ts';
import { createVideoProbe } from '../../media/probe.ts';
import { ffmpeg, hasFfmpeg } from '../../media/testing.ts';
import type { CheckFindings, Hdf5Reader, OpenedEpisode, StatedFacts } from '../source.ts';
import { source } from './index.ts';
import { placeAbove } from './place.ts';

const noHdf5 = {} as Hdf5Reader;
const probe = createVideoProbe();
let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-rollout-')));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(below: string, stated: StatedFacts = {}): Promise<OpenedEpisode & { found: CheckFindings }> {
  const file = openFileOf(root, below, '', stated);
  const ports = portsFor(root, noHdf5, probe);
  expect(source.mightBe(file)).toBe(true);
  expect(await source.recognizes(file, ports)).toBe(true);
  const opened = await source.open(file, ports);
  expect(JSON.parse(JSON.stringify(opened.episode))).toEqual(opened.episode);
  const found = await source.check?.(file, opened, ports);
  if (!found) throw new Error('a rollout has a check');
  return { ...opened, found };
}

describe('the sample', () => {
  const at = 'sample/pick_place/2026-03-31';

  beforeAll(async () => {
    await source.writeSample?.(path.join(root, 'sample'), await createSampleTools({ seconds: 2 }));
  }, 120_000);

  it('opens without a fault, and says what it holds', async () => {
    const { episode, found, clocks, values, poses, locations, files } = await open(`${at}/rollout_000/trajectory.npz`);
    expect(found.problems).toEqual([]);
    expect(episode).toMatchObject({
      ...{ task: 'pick_place', date: '2026-03-31', name: 'rollout_000', format: 'rollout', outcome: 'success' },
      ...{ problems: [], asks: ['rate', 'quaternion-order'], assumed: { rateHz: 25, quaternionOrder: 'wxyz' } },
      properties: { checkpoint: 'checkpoints/vla_model_best.pt' },
    });
    expect(episode.clocks).toMatchObject([{ id: 'steps', basis: 'nominal', count: 50, medianPeriodNs: 40e6 }]);
    expect(clocks.get('steps')?.[49]).toBe(49 * 40e6);
    expect(episode.streams).toMatchObject([
      { id: 'video.mp4', encoding: 'video', video: { codec: 'h264' }, count: 50, width: 320, height: 240, fault: null },
    ]);
    expect(locations.get('video.mp4')).toMatchObject({ kind: 'video', firstFrame: 0 });
    const timings = episode.series.filter(({ role }) => role === 'timing');
    expect(timings.map(({ id, group, unit, display }) => [id, group, unit, display])).toEqual([
      ['obs_read_ms', 'Loop timing', 'ms', 'stacked'],
      ['preprocess_ms', 'Loop timing', 'ms', 'stacked'],
      ['inference_ms', 'Loop timing', 'ms', 'stacked'],
      ['env_step_ms', 'Loop timing', 'ms', 'stacked'],
      ['loop_total_ms', 'Loop timing', 'ms', 'total'],
    ]);
    expect(episode.series.find(({ id }) => id === 'raw_action')).toMatchObject({ role: 'action', count: 50 });
    expect(values.get('raw_action')).toHaveLength(50 * 16);
    expect(episode.tracks).toMatchObject([
      { id: 'executed_left_link7', side: 'left', upAxis: 'z', count: 50 },
      { id: 'executed_right_link7', side: 'right' },
    ]);
    const scene = (await createSampleTools({ seconds: 2 })).scene.robot(0.4);
    expect([...(poses.get('executed_right_link7') ?? []).slice(70, 77)]).toEqual(scene.tools[1]);
    expect(files?.map((file) => path.basename(file))).toEqual([
      'trajectory.npz',
      'video.mp4',
      'timing.json',
      'rollout_summary.json',
    ]);
    expect(found.notes?.join('\n')).toMatch(
      /50 frames at 25\.00 Hz.*\ninference_ms: mean|loop_total_ms: mean .* p95 .* max/s,
    );
    expect(found.notes).toContain('rollout_summary.json: success = true');
    expect(found.notes).toContain('4 of 50 steps overran the period of 40.0 ms');
  });

  it('marks the steps that overran their period, joined where they are neighbours', async () => {
    const { episode, values } = await open(`${at}/rollout_000/trajectory.npz`);
    expect(episode.marks.map(({ kind, startNs, endNs }) => [kind, startNs / 40e6, endNs / 40e6])).toEqual([
      ['overrun', 17, 20],
      ['overrun', 40, 41],
    ]);
    const worst = values.get('loop_total_ms')?.[40]?.toFixed(1);
    expect(episode.marks[1]?.text).toMatch(
      new RegExp(`^Step 40 took longer than the period of 40.0 ms: ${worst} ms at step 40, inference_ms .* ms of it.$`),
    );
    const slow = await open(`${at}/rollout_000/trajectory.npz`, { rateHz: 10 });
    expect(slow.episode).toMatchObject({ marks: [], assumed: { rateHz: null } });
    expect(slow.episode.clocks[0]).toMatchObject({ medianPeriodNs: 100e6 });
  });

  it('takes the order of quaternions that a person states', async () => {
    const { episode, poses } = await open(`${at}/rollout_000/trajectory.npz`, { quaternionOrder: 'xyzw' });
    expect(episode.assumed.quaternionOrder).toBeNull();
    const [, , , w, x] = (await createSampleTools({ seconds: 2 })).scene.robot(0).tools[0];
    expect([...(poses.get('executed_left_link7') ?? []).slice(4, 6)]).toEqual([w, x]);
    expect(episode.series.find(({ id }) => id === 'executed_left_link7_quat')?.components).toEqual([
      'x',
      'y',
      'z',
      'w',
    ]);
  });

  it('shows a rollout that ran without capture, and says what is missing', async () => {
    const { episode, found } = await open(`${at}/rollout_002/trajectory.npz`);
    expect(episode).toMatchObject({ streams: [], problems: [], marks: [], outcome: null });
    expect(episode.assumed.rateHz).toBeCloseTo(
      1000 / (episode.metadata.timing_ms as { loop_total_ms: { mean: number } }).loop_total_ms.mean,
      1,
    );
    expect(codes(found.problems)).toEqual(['warning missing-video', 'warning missing-timing']);
    expect(found.notes?.join()).toContain('No period is known');
  });

  it('names the codec of OpenCV, so that a proxy can be made', async () => {
    const { episode, found } = await open(`${at}/rollout_001/trajectory.npz`);
    expect(episode.streams[0]).toMatchObject({
      video: { codec: 'mpeg4' },
      filter: expect.stringMatching(/^MPEG-4 Part 2 in/),
    });
    expect(episode.outcome).toBe('failure');
    expect(found.problems).toEqual([]);
  });

  describe('with something wrong', () => {
    let made = 0;
    /** A copy of the first rollout, changed. */
    function copy(change: (folder: string) => void): string {
      const name = `wrong_${made++}`;
      const folder = path.join(root, 'sample', name);
      cpSync(path.join(root, at, 'rollout_000'), folder, { recursive: true });
      change(folder);
      return `sample/${name}/trajectory.npz`;
    }
    const editJson = (name: string, edit: (value: Record<string, never>) => void) => (folder: string) => {
      const value = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
      edit(value);
      writeFileSync(path.join(folder, name), JSON.stringify(value));
    };

    it('tells a video that is missing though the summary names it', async () => {
      const { episode, found } = await open(copy((folder) => rmSync(path.join(folder, 'video.mp4'))));
      expect(episode.streams).toEqual([]);
      expect(messages(found.problems)).toContain(
        'rollout_summary.json names video.mp4, but there is no video.mp4 beside it',
      );
    });

    it('tells a video that is cut short, and shows the rest', async () => {
      const { episode, values } = await open(copy((folder) => truncateSync(path.join(folder, 'video.mp4'), 3000)));
      expect(episode.streams).toMatchObject([{ count: 0, fault: expect.stringContaining('video.mp4') }]);
      expect(episode.problems).toMatchObject([{ severity: 'error', stream: 'video.mp4' }]);
      expect(values.get('reward')).toHaveLength(50);
    });

    it('tells a trajectory that is cut short', async () => {
      const { episode } = await open(copy((folder) => truncateSync(path.join(folder, 'trajectory.npz'), 4000)));
      expect(messages(episode.problems)).toBe(
        'trajectory.npz is cut short or no NPZ file: its zip directory is missing; save it again or restore a copy.',
      );
    });

    it('compares timing.json with the arrays, figure by figure', async () => {
      const below = copy(
        editJson('timing.json', (timing: Record<string, Record<string, number>>) => {
          Object.assign(timing.inference_ms ?? {}, { mean: 99.5, count: 12 });
          Object.assign(timing.env_step_ms ?? {}, { max: (timing.env_step_ms?.max ?? 0) + 0.0002 });
        }),
      );
      const { found } = await open(below);
      expect(codes(found.problems)).toEqual(Array(3).fill('error timing-mismatch'));
      expect(found.problems[0]?.message).toMatch(
        /^timing\.json gives the mean of inference_ms as 99\.5 ms, the array \d+\.\d+ ms: the two are of different runs/,
      );
      expect(messages(found.problems)).toContain('the count of inference_ms as 12, the array 50:');
    });

    it('reads timing.json however it is nested, and says when it cannot', async () => {
      const nested = copy((folder) => {
        const file = path.join(folder, 'timing.json');
        const plain = JSON.parse(readFileSync(file, 'utf8'));
        const turned = { episode_0: { timing: { mean: { inference_ms: plain.inference_ms.mean, env_step_ms: 1 } } } };
        writeFileSync(file, JSON.stringify(turned).replace('}}', ',"loop_total_ms": NaN}}'));
      });
      expect(codes((await open(nested)).found.problems)).toEqual(['error timing-mismatch']);
      const broken = await open(copy((folder) => writeFileSync(path.join(folder, 'timing.json'), '{"a": ')));
      expect(messages(broken.episode.problems)).toMatch(/^timing\.json is no readable JSON/);
      const empty = await open(copy((folder) => writeFileSync(path.join(folder, 'timing.json'), '{}')));
      expect(codes(empty.found.problems)).toEqual(['warning timing-unreadable']);
    });

    it('reads nothing outside the folder, by name or by link', async () => {
      const named = copy(
        editJson('rollout_summary.json', (summary) =>
          Object.assign(summary, { artifacts: { video: '../../../../etc/x.mp4' } }),
        ),
      );
      expect(messages((await open(named)).found.problems)).toMatch(
        /^rollout_summary\.json names \.\.\/\.\.\/\.\.\/\.\.\/etc\/x\.mp4, which leads outside/,
      );
      const linked = copy((folder) => {
        const outside = mkdtempSync(path.join(os.tmpdir(), 'regrasp-outside-'));
        cpSync(path.join(folder, 'video.mp4'), path.join(outside, 'video.mp4'));
        rmSync(path.join(folder, 'video.mp4'));
        symlinkSync(path.join(outside, 'video.mp4'), path.join(folder, 'video.mp4'));
      });
      const { episode } = await open(linked);
      expect(episode.problems).toMatchObject([{ code: 'outside', stream: 'video.mp4' }]);
      expect(episode.streams).toMatchObject([{ count: 0 }]);
    });
  });
});

/** Rollouts as NumPy writes them, with the names that the plan of the format gives. */
const FOREIGN = `
import json, os, sys, numpy as np
root = sys.argv[1]
T = 60
t = np.arange(T)
rng = np.random.default_rng(3)
quat = np.tile([1.0, 0, 0, 0], (T, 1))
timing = {k: rng.normal(m, 0.2, T).astype(np.float32) for k, m in
  dict(obs_read_ms=3, preprocess_ms=1, inference_ms=20, env_step_ms=5, loop_total_ms=30).items()}
def arrays(**more):
  return dict(step=t, reward=np.zeros(T, np.float32), raw_action=np.asfortranarray(rng.normal(size=(T, 16)).astype('>f4')),
    executed_left_link7_pos=np.c_[t / T, 0 * t, 0 * t + 0.5], executed_left_link7_quat=quat,
    executed_right_link7_pos=np.c_[-t / T, 0 * t, 0 * t + 0.5].astype(np.float16), executed_right_link7_quat=quat, **timing) | more
def save(name, video_frames=None, **more):
  os.makedirs(f'{root}/{name}', exist_ok=True)
  np.savez_compressed(f'{root}/{name}/trajectory.npz', **arrays(**more))
save('good', done=np.zeros(T, bool), task='stack the cups', control_hz=np.float64(20))
summary = {k: dict(mean=float(v.mean()), std=float(v.std()), min=float(v.min()), max=float(v.max())) for k, v in timing.items()}
json.dump(dict(episodes=[dict(timing=summary, count=T)]), open(f'{root}/good/timing.json', 'w'))
json.dump(dict(success=False, avg_reward=0.0, ckpt='/data/run/last.ckpt', artifacts=['/data/run/video.mp4']), open(f'{root}/good/result.json', 'w'))
bad = np.c_[t / T, 0 * t, 0 * t + 0.5]; bad[7] = np.nan; bad[9, 1] = np.inf
save('not_finite', executed_left_link7_pos=bad, executed_left_link7_quat=quat * np.where(t == 5, 2, 1)[:, None])
save('short', raw_action=np.zeros((50, 16)), step=np.where(t > 30, t + 3, t), extra=np.array([dict(a=1)], dtype=object), picture=np.zeros((T, 32, 32, 3), np.uint8))
os.makedirs(f'{root}/pickled', exist_ok=True)
np.savez(f'{root}/pickled/trajectory.npz', data=np.array([dict(a=1)], dtype=object))
os.makedirs(f'{root}/several', exist_ok=True)
for i in range(2): np.savez(f'{root}/several/trajectory_{i}.npz', **arrays())
np.savez(f'{root}/weights.npz', layer0=np.zeros((8, 8)), layer1=np.zeros(8))
`;

describe(`rollouts of NumPy and ffmpeg (${NO_PYTHON}, and ffmpeg)`, { skip: !pythonWithHdf5() || !hasFfmpeg }, () => {
  const video = (to: string, frames: number, rateHz: number, codec = 'mpeg4') =>
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=320x240:r=${rateHz}`,
      '-frames:v',
      String(frames),
      '-c:v',
      codec,
      path.join(root, to),
    );

  beforeAll(() => {
    runPython(FOREIGN, root);
    video('good/video.mp4', 60, 20);
    video('short/video.mp4', 180, 60, 'libx264');
    video('not_finite/clip.mp4', 30, 30);
    for (const i of [0, 1]) video(`several/video_${i}.mp4`, 60, 10 + i);
  });

  it('open with everything in them', async () => {
    const { episode, found, values, poses } = await open('good/trajectory.npz');
    expect(episode.problems).toEqual([]);
    expect(found.problems).toEqual([]);
    expect(episode).toMatchObject({ outcome: 'failure', properties: { checkpoint: 'run/last.ckpt' } });
    expect(episode.clocks[0]).toMatchObject({
      medianPeriodNs: 50e6,
      name: expect.stringContaining('control_hz in trajectory.npz'),
    });
    expect(episode.assumed.rateHz).toBeNull();
    expect(episode.metadata).toMatchObject({ task: 'stack the cups', 'result.json': { success: false } });
    expect(episode.streams).toMatchObject([{ count: 60, video: { codec: 'mpeg4' } }]);
    expect(episode.series.map(({ id }) => id)).toContain('done');
    const expected = JSON.parse(
      runPython(
        `import json, sys, numpy as np
z = np.load(sys.argv[1]); print(json.dumps([z['raw_action'].astype(float).ravel().tolist(), z['executed_right_link7_pos'].astype(float).tolist()]))`,
        path.join(root, 'good/trajectory.npz'),
      ),
    );
    expect([...(values.get('raw_action') ?? [])]).toEqual(expected[0]);
    expect([...(poses.get('executed_right_link7') ?? []).slice(35, 42)]).toEqual([...expected[1][5], 0, 0, 0, 1]);
  });

  it('with NaN and infinite values keep the rest, and their plots whole', async () => {
    const { episode, found, values } = await open('not_finite/trajectory.npz');
    expect(messages(episode.problems)).toBe(
      'trajectory.npz: executed_left_link7_pos holds 3 NaN and 1 infinite values, the first at step 7: nothing is drawn there; look what the simulation or policy did.\n' +
        'clip.mp4 has 30 frames for 60 steps, 30 apart where 6 are allowed; frames are shown by position as far as both go: look whether the video belongs to this recording.',
    );
    expect(
      [...(values.get('executed_left_link7_pos') ?? [])].filter((x) => !Number.isFinite(x) && !Number.isNaN(x)),
    ).toEqual([]);
    expect(messages(found.problems)).toContain(
      'executed_left_link7_quat has 1 quaternion whose length is not 1 (2.000 at step 5)',
    );
    expect(codes(found.problems)).not.toContain('error count-mismatch');
  });

  it('with arrays that do not fit tell each, and stand a faster video at its own times', async () => {
    const { episode, found } = await open('short/trajectory.npz', { rateHz: 20 });
    expect(codes(episode.problems)).toEqual(['error count-mismatch', 'error pickled', 'error count-mismatch']);
    expect(episode.problems[2]?.message).toContain('180 frames for 60 steps');
    expect(episode.problems[2]?.message).toContain('60.00 frames a second');
    expect(episode.streams).toMatchObject([{ count: 180, clock: 'video.mp4/frames' }]);
    expect(messages(found.problems)).toContain('step counts from 30 to 34 at row 31');
    expect(episode.series.find(({ id }) => id === 'picture')).toBeUndefined();
    expect(episode.series.find(({ id }) => id === 'raw_action')).toMatchObject({ count: 60 });
  });

  it('of pickles alone are listed, refused, and never loaded', async () => {
    const { episode } = await open('pickled/trajectory.npz');
    expect(codes(episode.problems)).toEqual(['error empty', 'error pickled']);
    expect(episode.clocks[0]?.count).toBe(0);
  });

  it('several to a folder each find their own video', async () => {
    for (const i of [0, 1]) {
      const { episode } = await open(`several/trajectory_${i}.npz`);
      expect(episode.name).toBe(`trajectory_${i}`);
      expect(episode.streams).toMatchObject([{ id: `video_${i}.mp4` }]);
      expect(episode.assumed.rateHz).toBeCloseTo(10 + i);
    }
  });

  it('are told from other NPZ files by what is in them', async () => {
    const file = openFileOf(root, 'weights.npz');
    expect(source.mightBe(file)).toBe(true);
    expect(await source.recognizes(file, portsFor(root, noHdf5))).toBe(false);
    mkdirSync(path.join(root, 'no'), { recursive: true });
    writeFileSync(path.join(root, 'no/trajectory.npz'), 'hello');
    expect(await source.recognizes(openFileOf(root, 'no/trajectory.npz'), portsFor(root, noHdf5))).toBe(false);
  });
});

it('belongs to the artifacts folder it lies in', () => {
  expect(source.rootOf('/runs/a/eval_artifacts/ep/trajectory.npz', false)).toBe('/runs/a/eval_artifacts');
  expect(source.rootOf('/runs/a/eval_artifacts', true)).toBe('/runs/a/eval_artifacts');
  expect(source.rootOf('/home/me/trajectory.npz', false)).toBe('/home/me');
  expect(source.placeOf('pick_place/2026-03-31/run_3/trajectory.npz')).toEqual({
    ...{ task: 'pick_place', date: '2026-03-31', name: 'run_3' },
  });
  expect(placeAbove('/data/runs/2026-03-31/stack/eval_artifacts/ep/trajectory.npz')).toEqual({
    ...{ task: 'stack', date: '2026-03-31' },
  });
  expect(placeAbove('/data/2026-03-31/trajectory.npz')).toEqual({ task: '', date: '' });
  expect(source.placeOf('trajectory.npz')).toEqual({ task: '', date: '', name: 'trajectory' });
});
