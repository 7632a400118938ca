import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Episode } from '../../../shared/episode/episode.ts';
import { isSameCamera } from '../../../shared/geometry/calibration.ts';
import type { OpenFile } from '../source.ts';
import { findCalibrations } from './calibration.ts';

const SERIALS = { right: '143322063538', left: '104122062574', middle: '217222066989' };
type Position = keyof typeof SERIALS;

const episode = {
  createdAt: '2026-06-18T10:00:00',
  date: '2026-06-18',
  metadata: {},
  streams: Object.entries(SERIALS).map(([position, serial]) => ({
    ...{ id: `realsense/${position}`, kind: 'color', position, serial },
  })),
} as unknown as Episode;

let root: string;
const find = (of = episode) => findCalibrations({ root, path: path.join(root, 'data/e.h5') } as OpenFile, of);

function write(folder: string, name: string, content: unknown): void {
  mkdirSync(path.join(root, folder), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path.join(root, folder, name), text);
}

function camera(position: Position, more: object = {}) {
  return {
    T_mocap_to_cam: [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => row * 4 + column)),
    camera_serial: SERIALS[position],
    intrinsics: { fx: 608.5, fy: 606.8, ppx: 314.9, ppy: 243.4, width: 640, height: 480 },
    created_at: '2026-06-01T00:00:00',
    ...more,
  };
}

function writeEpoch(folder: string, createdAt: string, more: object = {}): void {
  for (const position of ['left', 'middle', 'right'] as const) {
    write(folder, `T_mocap_to_cam_${position}.json`, camera(position, { created_at: createdAt, ...more }));
  }
}

describe('calibration folders', () => {
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-calibration-')));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are read whole: cameras matched by serial, either error figure, sensor offsets', async () => {
    write('calibration/may', 'T_mocap_to_cam_left.json', camera('left', { rmse_mm: 4.7 }));
    write('calibration/may', 'T_mocap_to_cam_middle.json', camera('middle', { rmse_px: 0.5, up_axis: 'z' }));
    write('calibration/may', 'T_gel_to_rigid_right.json', { gel_center_in_rigid_mm: [3.168, -53.98, 47.29] });
    const [calibration, ...others] = await find();
    expect(others).toEqual([]);
    expect(calibration).toMatchObject({
      ...{ id: 'calibration/may', name: 'may', problems: [] },
      cameras: [
        {
          position: 'left',
          stream: 'realsense/left',
          rmse: { value: 4.7, unit: 'mm' },
          upAxis: 'y',
          fx: 608.5,
          ppy: 243.4,
        },
        { position: 'middle', stream: 'realsense/middle', rmse: { value: 0.5, unit: 'px' }, upAxis: 'z' },
      ],
      sensors: [{ side: 'right', track: 'sensor_right', gelCenterMm: [3.168, -53.98, 47.29] }],
    });
    expect(calibration?.cameras[0]?.mocapToCamera).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });

  it('are found beside the data, in the repository’s place and at the root’s own', async () => {
    const folders = [
      'calibration',
      'data/pushT/2026-06-18/calibration_a',
      'data/pushT/calibration/b',
      'twm/calibration/epoch',
    ];
    for (const folder of folders) writeEpoch(folder, '2026-06-01T00:00:00');
    expect((await find()).map(({ id }) => id).sort()).toEqual(folders);
  });

  it('stand best first: serials that match, then the newest from before the session', async () => {
    writeEpoch('calibration/after', '2026-06-26T00:00:00');
    writeEpoch('calibration/long-before', '2026-03-19T00:00:00');
    writeEpoch('calibration/just-before', '2026-06-10T00:00:00');
    writeEpoch('calibration/other-rig', '2026-06-17T00:00:00', { camera_serial: '1' });
    writeEpoch('calibration/undated', '');
    const order = (await find()).map(({ name }) => name);
    expect(order).toEqual(['just-before', 'long-before', 'after', 'undated', 'other-rig']);
  });

  it('say what is broken in them and keep the rest', async () => {
    write('calibration/a', 'T_mocap_to_cam_left.json', '{ "T_mocap_to_cam": [[1,');
    write('calibration/a', 'T_mocap_to_cam_middle.json', { ...camera('middle'), T_mocap_to_cam: [[1, 2], [3]] });
    write('calibration/a', 'T_mocap_to_cam_right.json', camera('right', { rmse_mm: null }));
    write('calibration/a', 'T_gel_to_rigid_left.json', { gel_center_in_rigid_mm: 'x' });
    const [calibration] = await find();
    expect(calibration?.cameras.map(({ position }) => position)).toEqual(['right']);
    expect(calibration?.problems).toEqual([
      expect.stringMatching(/^calibration\/a\/T_gel_to_rigid_left\.json cannot be used \(gel_center_in_rigid_mm: /),
      expect.stringMatching(/^calibration\/a\/T_mocap_to_cam_left\.json cannot be used/),
      expect.stringMatching(/^calibration\/a\/T_mocap_to_cam_middle\.json cannot be used \(T_mocap_to_cam/),
    ]);
  });

  it('of another rig, or of a recording without serials, go by position and say so, camera by camera', async () => {
    writeEpoch('calibration', '', { camera_serial: '999' });
    const wrist = { id: 'arducam/cam0/frames', kind: 'color', position: 'left', serial: null };
    const unnamed = { ...episode, streams: [wrist, ...episode.streams.map((each) => ({ ...each, serial: null }))] };
    for (const [of, said] of [
      [episode, 'other serials'],
      [unnamed as Episode, 'no serials'],
    ] as const) {
      const [calibration] = await find(of);
      expect(calibration?.cameras.map(({ stream, serialMatches }) => [stream, serialMatches])).toEqual([
        ['realsense/left', false],
        ['realsense/middle', false],
        ['realsense/right', false],
      ]);
      expect(calibration?.cameras.filter(isSameCamera)).toEqual([]);
      expect(calibration?.problems[0]).toBe(
        `calibration: the left camera was calibrated with serial 999, but this recording names ${said}; realsense/left is taken for it because of its position: look whether the projection fits.`,
      );
      expect(calibration?.problems).toHaveLength(3);
    }
  });

  it('that know one camera of the recording do not guess the others', async () => {
    write('calibration', 'T_mocap_to_cam_left.json', camera('left', { camera_serial: '999' }));
    write('calibration', 'T_mocap_to_cam_right.json', camera('right'));
    const [calibration] = await find();
    expect(calibration?.cameras.map(({ stream }) => stream)).toEqual([null, 'realsense/right']);
    expect(calibration?.problems).toEqual([expect.stringMatching(/serial 999.*so nothing is projected onto it/)]);
  });

  it('of a camera that the recording names but did not record say just that', async () => {
    writeEpoch('calibration', '');
    const lost = {
      ...episode,
      metadata: { realsense_serials: Object.values(SERIALS) },
      streams: episode.streams.filter(({ position }) => position !== 'left'),
    };
    const [calibration] = await find(lost as Episode);
    expect(calibration?.cameras.map(({ stream }) => stream)).toEqual([null, 'realsense/middle', 'realsense/right']);
    expect(calibration?.problems).toEqual([
      `calibration: the left camera (serial ${SERIALS.left}) has no pictures in this recording, so nothing is projected onto it.`,
    ]);
  });

  it('are found from the recording’s own place, wherever a `.regrasp` has put the root', async () => {
    writeEpoch('rig1/calibration/may', '2026-06-01T00:00:00');
    const recording = path.join(root, 'rig1/data/pushT/2026-06-18/e.h5');
    mkdirSync(path.dirname(recording), { recursive: true });
    for (const [from, id] of [
      ['.', 'rig1/calibration/may'],
      ['rig1', 'calibration/may'],
      ['rig1/data/pushT/2026-06-18', '../../../calibration/may'],
    ] as const) {
      const file = { root: path.join(root, from), path: recording } as OpenFile;
      const found = await findCalibrations(file, episode);
      expect(found.map(({ id, name, problems }) => [id, name, problems])).toEqual([[id, 'may', []]]);
    }
  });

  it('accept the numbers Python writes that are no JSON, where nothing is read', async () => {
    const text = JSON.stringify(camera('left', { residuals_mm: ['@', 1], rmse_mm: '@' })).replaceAll('"@"', 'NaN');
    write('calibration', 'T_mocap_to_cam_left.json', text);
    const [calibration] = await find();
    expect(calibration).toMatchObject({ problems: [], cameras: [{ rmse: null }] });
  });

  it('do not lead out of the folder that was opened', async () => {
    const outside = mkdtempSync(path.join(os.tmpdir(), 'regrasp-outside-'));
    try {
      writeFileSync(path.join(outside, 'T_mocap_to_cam_left.json'), JSON.stringify(camera('left')));
      mkdirSync(path.join(root, 'calibration', 'in'), { recursive: true });
      symlinkSync(outside, path.join(root, 'calibration', 'link'));
      symlinkSync(
        path.join(outside, 'T_mocap_to_cam_left.json'),
        path.join(root, 'calibration/in/T_mocap_to_cam_left.json'),
      );
      const found = await find();
      expect(found.map(({ id, cameras }) => [id, cameras.length])).toEqual([['calibration/in', 0]]);
      expect(found[0]?.problems[0]).toMatch(/link that leads out/);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('are none where there are none', async () => expect(await find()).toEqual([]));
});
