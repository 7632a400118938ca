import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SourceBench, sourceBench } from '../../../test/support/hdf5-source.ts';
import { codes, messages } from '../../../test/support/problems.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { openFileOf } from '../../../test/support/source-ports.ts';
import { ffmpeg, hasFfmpeg } from '../../media/testing.ts';
import { source } from './index.ts';

let bench: SourceBench;
beforeAll(async () => {
  bench = await sourceBench(source);
}, 60_000);
afterAll(() => bench?.close());

describe('the sample', () => {
  const success = 'sample/AUTOLab/success/2023-07-07/Fri_Jul__7_09-42-23_2023';
  const failure = 'sample/AUTOLab/failure/2023-07-07/Fri_Jul__7_09-45-39_2023';
  const uuid = 'AUTOLab+5d05c5aa+2023-07-07-09h-42m-23s';
  beforeAll(
    async () => source.writeSample?.(path.join(bench.root, 'sample'), await createSampleTools({ seconds: 2 })),
    120_000,
  );

  it('opens a success with recorded clocks', async () => {
    const { episode, found, clocks, poses, locations, files } = await bench.open(`${success}/trajectory.h5`);
    expect([...episode.problems, ...found.problems]).toEqual([]);
    expect(episode).toMatchObject({
      ...{ format: 'droid', name: 'Fri_Jul__7_09-42-23_2023', date: '2023-07-07', outcome: 'success' },
      ...{ task: 'Move object into or out of container', instruction: 'Move object into or out of container' },
      ...{ createdAt: '2023-07-07T09:42:23', asks: [], masterClock: 'robot' },
      properties: {
        lab: 'AUTOLab',
        user: 'Sam Sample',
        building: 'Kitchen lab',
        scene: 4_012_233,
        robot: 'panda-295341',
      },
      tracks: [{ id: 'end_effector' }, { id: 'target' }],
    });
    expect(episode.startUnixSeconds).toBeCloseTo(1_688_748_143.26, 1);
    expect(episode.clocks.map(({ id, basis, count }) => [id.split('/').at(-1), basis, count])).toEqual([
      ['robot', 'recorded', 30],
      ['17225336_estimated_capture', 'recorded', 30],
      ['24259877_estimated_capture', 'recorded', 30],
      ['26638268_estimated_capture', 'recorded', 30],
    ]);
    expect(episode.streams.map(({ name, serial, encoding, count }) => [name, serial, encoding, count])).toEqual([
      ['Wrist camera', '17225336', 'video', 30],
      ['Exterior camera 1', '24259877', 'video', 30],
      ['Exterior camera 2', '26638268', 'video', 30],
    ]);
    // A frame is seen some 20 ms before the robot answers.
    const camera = clocks.get('observation/timestamp/cameras/24259877_estimated_capture')?.[0] ?? 0;
    expect(camera).toBeGreaterThan(-35e6);
    expect(camera).toBeLessThan(-10e6);
    expect(locations.get('recordings/MP4/24259877.mp4')).toMatchObject({ kind: 'video', firstFrame: 0 });
    const { scene } = await createSampleTools({ seconds: 2 });
    const [x, y, z, ...turn] = scene.robot(10 / 15).tools[1];
    const pose = [...(poses.get('end_effector') ?? []).slice(70, 77)];
    const sign = Math.sign((pose[6] as number) * (turn[3] as number));
    [x, y, z, ...turn.map((value) => sign * value)].forEach((value, at) => {
      expect(pose[at]).toBeCloseTo(value as number, 9);
    });
    const groups = new Map(episode.series.map(({ id, group, unit }) => [id, [group, unit]]));
    expect(groups.get('action/cartesian_position/rotation')).toEqual(['Action: cartesian rotation', 'rad']);
    expect(groups.get('observation/robot_state/joint_velocities')).toEqual(['Joint velocities', 'rad/s']);
    expect(files?.map((file) => path.basename(file))).toEqual([
      ...['trajectory.h5', `metadata_${uuid}.json`, '17225336.mp4', '24259877.mp4', '26638268.mp4'],
    ]);
  });

  it('lays the cameras on a robot clock that was set otherwise, and says so', async () => {
    const { episode, clocks } = await bench.open(`${failure}/trajectory.h5`);
    expect(episode.outcome).toBe('failure');
    expect(messages(episode.problems)).toBe(
      "trajectory.h5: the robot's clock is 3.40 s behind the workstation's; cameras are shifted by that: set both by one time server.",
    );
    const camera = clocks.get('observation/timestamp/cameras/17225336_estimated_capture')?.[0] ?? 0;
    expect(Math.abs(camera)).toBeLessThan(40e6);
  });

  describe('with something wrong', () => {
    let made = 0;
    function copy(change: (folder: string) => void): string {
      const below = `sample/AUTOLab/success/2023-07-08/wrong_${made++}`;
      const folder = path.join(bench.root, below);
      cpSync(path.join(bench.root, success), folder, { recursive: true });
      change(folder);
      return `${below}/trajectory.h5`;
    }
    const edit = (change: object) => (folder: string) => {
      const file = path.join(folder, `metadata_${uuid}.json`);
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
    };

    it('compares the metadata with what is there', async () => {
      const change = { success: false, trajectory_length: 44, uuid: 'other', building: null, wrist_cam_serial: '999' };
      const { episode, found } = await bench.open(copy(edit({ ...change, lab: undefined })));
      expect(episode.outcome).toBe('failure');
      expect(codes(found.problems)).toEqual([
        'warning missing-metadata',
        'error count-mismatch',
        'error outcome-mismatch',
        'warning uuid-mismatch',
        'warning no-timestamps',
      ]);
      expect(messages(found.problems)).toContain('states a trajectory of 44 steps, trajectory.h5 holds 30');
      expect(messages(episode.problems)).toBe(
        'recordings/MP4/999.mp4 is not there: put it back, or take the camera out of the metadata.',
      );
      expect(episode.streams.map(({ serial, fault }) => [serial, fault === null])).toEqual([
        ['999', false],
        ['24259877', true],
        ['26638268', true],
        ['17225336', true],
      ]);
    });

    it('follows no path that leads outside, by name or by link', async () => {
      const named = await bench.open(copy(edit({ hdf5_path: '/etc/x.h5', ext1_mp4_path: '../../../etc/x.mp4' })));
      expect(codes(named.found.problems)).toEqual(['error outside', 'error outside']);
      expect(messages(named.found.problems)).toContain('ext1_mp4_path is ../../../etc/x.mp4, which leads outside');
      expect(named.episode.problems).toEqual([]);
      const linked = await bench.open(
        copy((folder) => {
          const outside = mkdtempSync(path.join(os.tmpdir(), 'regrasp-outside-'));
          const video = path.join(folder, 'recordings/MP4/24259877.mp4');
          cpSync(video, path.join(outside, 'x.mp4'));
          rmSync(video);
          symlinkSync(path.join(outside, 'x.mp4'), video);
        }),
      );
      expect(linked.episode.problems).toMatchObject([{ code: 'outside', stream: 'recordings/MP4/24259877.mp4' }]);
    });

    it('tells a video that is missing or cut short, and one of a kind that is not read', async () => {
      const { episode, found, values } = await bench.open(
        copy((folder) => {
          const videos = path.join(folder, 'recordings/MP4');
          truncateSync(path.join(videos, '17225336.mp4'), 2000);
          rmSync(path.join(videos, '24259877.mp4'));
          mkdirSync(path.join(folder, 'recordings/SVO'));
          writeFileSync(path.join(folder, 'recordings/SVO/24259877.svo'), 'x');
        }),
      );
      expect(episode.problems.map(({ stream }) => stream)).toEqual([
        'recordings/MP4/17225336.mp4',
        'recordings/MP4/24259877.mp4',
      ]);
      expect(messages(episode.problems)).toContain("24259877.svo is of a kind that only the camera maker's tools read");
      expect(found.notes?.at(-1)).toContain('24259877.svo');
      expect(episode.streams.filter(({ fault }) => !fault)).toHaveLength(1);
      expect(values.get('action/joint_position')).toHaveLength(30 * 7);
    });

    it('opens without metadata, with broken metadata, and tells a trajectory that is cut short', async () => {
      const name = `metadata_${uuid}.json`;
      const without = await bench.open(copy((folder) => rmSync(path.join(folder, name))));
      expect(codes(without.episode.problems)).toEqual(['warning missing-metadata']);
      expect(without.episode).toMatchObject({ outcome: 'success', streams: [{ name: 'Camera 17225336' }, {}, {}] });
      const broken = await bench.open(copy((folder) => writeFileSync(path.join(folder, name), '{"uuid": ')));
      expect(messages(broken.episode.problems)).toMatch(/^metadata_.* is no readable JSON/);
      const short = copy((folder) => truncateSync(path.join(folder, 'trajectory.h5'), 900));
      const opened = await source.open(openFileOf(bench.root, short), bench.ports);
      expect(opened.episode.problems).toMatchObject([
        { severity: 'error', message: expect.stringContaining('trajectory.h5') },
      ]);
    });
  });
});

/** An episode as h5py writes it: 40 steps of which some stamps and numbers are bad. */
const FOREIGN = `
import sys, os, json, numpy as np, h5py
root = sys.argv[1]
T = 40
def write(name, robot, read, cams, **over):
    os.makedirs(f'{root}/{name}/recordings/MP4', exist_ok=True)
    with h5py.File(f'{root}/{name}/trajectory.h5', 'w') as f:
        arrays = {'action/joint_velocity': np.zeros((T, 7)), 'action/robot_state/joint_positions': np.zeros((T, 7)),
          'observation/robot_state/cartesian_position': np.tile([.5, 0, .4, np.pi, 0, 0], (T, 1)), 'observation/robot_state/gripper_position': np.zeros(T),
          'observation/controller_info/movement_enabled': np.ones(T, bool)} | over
        for key, value in arrays.items(): f[key] = value
        t = 'observation/timestamp/'
        if robot is not None:
            f[t + 'robot_state/robot_timestamp_seconds'] = np.floor(robot).astype(np.int64)
            f[t + 'robot_state/robot_timestamp_nanos'] = ((robot % 1) * 1e9).astype(np.int64)
        if read is not None: f[t + 'robot_state/read_start'] = (read * 1000).astype(np.int64)
        for serial, at in cams.items(): f[t + f'cameras/{serial}_estimated_capture'] = (at * 1000).astype(np.int64)
s = 1.7e9 + np.arange(T) / 15
jump = s.copy(); jump[10] -= 500; jump[20:] += 2
bad = np.tile([.5, 0, .4, np.pi, 0, 0], (T, 1)); bad[6] = np.nan; bad[9, 4] = np.inf
write('bad', jump, None, {'11': s + 5000, '22': np.zeros(T)}, **{'observation/robot_state/cartesian_position': bad, 'action/joint_velocity': np.zeros((30, 7)), 'observation/robot_state/gripper_position': np.full(T, 3.)})
write('plain', None, None, {'11': s})
with h5py.File(f'{root}/other.h5', 'w') as f: f['observation/robot_state/x'] = np.zeros(3); f['action_dict/x'] = np.zeros(3)
`;

describe(`episodes of h5py and ffmpeg (${NO_PYTHON}, and ffmpeg)`, { skip: !pythonWithHdf5() || !hasFfmpeg }, () => {
  const video = (to: string, frames: number, rateHz: number, size = '320x180') => {
    const args = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rateHz}`, '-frames:v', String(frames), '-c:v', 'mpeg4'];
    ffmpeg(...args, path.join(bench.root, to));
  };
  beforeAll(() => {
    runPython(FOREIGN, bench.root);
    video('bad/recordings/MP4/11.mp4', 160, 60);
    video('bad/recordings/MP4/22.mp4', 30, 15);
    video('plain/recordings/MP4/11.mp4', 43, 15);
    video('plain/recordings/MP4/11-stereo.mp4', 40, 15, '640x180');
  });

  it('with everything wrong tell each, and keep the rest', async () => {
    const { episode, found, clocks, poses } = await bench.open('bad/trajectory.h5');
    const told = messages(episode.problems);
    expect(codes(episode.problems)).toEqual([
      'warning missing-metadata',
      'error count-mismatch',
      'error count-mismatch',
      'error count-mismatch',
      'error not-finite',
      'warning clock-not-ascending',
      'warning gap',
      'warning clock-offset',
      'warning clock-unusable',
    ]);
    expect(told).toContain('11.mp4 has 160 frames for 40 steps, 120 apart where 5 are allowed; it runs at 60.00');
    expect(told).toContain('22.mp4 has 30 frames for 40 steps');
    expect(told).toContain('action/joint_velocity has 30 rows for 40 steps, so the rest is empty');
    expect(told).toContain('cartesian_position holds 6 NaN and 1 infinite values, the first at step 6');
    expect(told).toMatch(/11 starts 5000 s from the robot's first stamp and nothing ties the two clocks/);
    for (const times of clocks.values()) {
      expect(times.every((ns, at) => Number.isSafeInteger(ns) && (at === 0 || ns >= (times[at - 1] as number)))).toBe(
        true,
      );
    }
    expect([...(poses.get('end_effector') ?? []).slice(0, 7)].map((value) => Number(value.toFixed(9)))).toEqual([
      0.5, 0, 0.4, 1, 0, 0, 0,
    ]);
    expect(episode.streams.map(({ clock, count }) => [clock, count])).toEqual([
      ['recordings/MP4/11.mp4/frames', 160],
      ['robot', 30],
    ]);
    expect(codes(found.problems)).toEqual(['warning count-mismatch', 'warning gripper-range']);
  });

  it('without stamps of the robot stand at the rate, and show both eyes', async () => {
    const { episode } = await bench.open('plain/trajectory.h5');
    expect(codes(episode.problems)).toEqual(['warning missing-metadata', 'warning no-timestamps']);
    expect(episode).toMatchObject({ asks: ['rate'], assumed: { rateHz: 15 }, outcome: null });
    expect(episode.streams.map(({ name, count, width }) => [name, count, width])).toEqual([
      ['Camera 11', 40, 320],
      ['Camera 11, both eyes', 40, 640],
    ]);
    expect(episode.series.find(({ group }) => group === 'Controller')?.name).toBe('Movement enabled');
    expect(episode.series.some(({ id }) => id.startsWith('action/robot_state'))).toBe(false);
    const stated = await bench.open('plain/trajectory.h5', { rateHz: 10 });
    expect(stated.episode).toMatchObject({ assumed: { rateHz: null }, clocks: [{ medianPeriodNs: 100e6 }] });
  });

  it('are told from other files by what is in them', async () => {
    expect(await source.recognizes(openFileOf(bench.root, 'other.h5'), bench.ports)).toBe(false);
  });
});

it('belongs to the lab in the layout, else to its folder', () => {
  const lab = '/data/droid/AUTOLab';
  expect(source.rootOf(`${lab}/success/2023-07-07/Fri/trajectory.h5`, false)).toBe(lab);
  expect(source.rootOf(`${lab}/failure/2023-07-07/Fri`, true)).toBe(lab);
  expect(source.rootOf(`${lab}/failure/2023-07-07`, true)).toBe(lab);
  expect(source.rootOf('/data/some/trajectory.h5', false)).toBe('/data/some');
});
