import {
  cpSync,
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
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { openFileOf, portsFor } from '../../../test/support/source-ports.ts';
import { createVideoProbe } from '../../media/probe.ts';
import { hasFfmpeg } from '../../media/testing.ts';
import { parquetTable, type TableColumn } from '../common/parquet-table.ts';
import type { CheckFindings, Hdf5Reader, OpenedEpisode } from '../source.ts';
import { source } from './index.ts';

const probe = createVideoProbe();
let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-session-')));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(below: string): Promise<OpenedEpisode & { found: CheckFindings }> {
  const file = openFileOf(root, `${below}/session.json`);
  const ports = portsFor(root, {} as Hdf5Reader, probe);
  expect(source.mightBe(file)).toBe(true);
  expect(await source.recognizes(file, ports)).toBe(true);
  const opened = await source.open(file, ports);
  expect(JSON.parse(JSON.stringify(opened.episode))).toEqual(opened.episode);
  for (const times of opened.clocks.values()) {
    for (let i = 0; i < times.length; i++) {
      expect(Number.isSafeInteger(times[i])).toBe(true);
      if (i > 0) expect(times[i]).toBeGreaterThanOrEqual(times[i - 1] as number);
    }
  }
  const found = await source.check?.(file, opened, ports);
  if (!found) throw new Error('a session has a check');
  return { ...opened, found };
}

describe.skipIf(!hasFfmpeg)('a deployment session', () => {
  const failing = 'sample/pick_place/2026-04-14/RG-0052';

  beforeAll(async () => {
    await source.writeSample?.(path.join(root, 'sample'), await createSampleTools({ seconds: 2 }));
  }, 120_000);

  it('opens with every stream on its own clock, and says whose it is', async () => {
    const { episode, clocks, values, locations, found, files } = await open(failing);
    expect([...episode.problems, ...found.problems]).toEqual([]);
    expect(episode).toMatchObject({
      ...{
        name: 'RG-0052',
        task: 'pick_place',
        date: '2026-04-14',
        outcome: 'recovered',
        masterClock: 'cam_front.mp4',
      },
      ...{ startUnixSeconds: 1_776_171_642.25, createdAt: '2026-04-14T13:00:42.250Z' },
      properties: { site: 'oakland-2', shift: 'night', operator: 'j.lee', robot: 'arm-03', 'environment.table': 'B' },
    });
    expect(episode.clocks.map(({ id, count, basis }) => [id, count, basis])).toEqual([
      ['cam_front.mp4', 60, 'recorded'],
      ['cam_wrist.mp4', 60, 'recorded'],
      ['joints.parquet', 200, 'recorded'],
    ]);
    // To the grain of Unix seconds in a double.
    expect(Math.abs((clocks.get('cam_wrist.mp4')?.[3] as number) - 111e6)).toBeLessThan(250);
    expect(clocks.get('joints.parquet')?.[100]).toBeCloseTo(1.004e9, -6);
    expect(episode.streams).toMatchObject([
      { id: 'cam_front.mp4', name: 'front', encoding: 'video', count: 60, width: 320, fault: null },
      { id: 'cam_wrist.mp4', name: 'wrist', clock: 'cam_wrist.mp4' },
    ]);
    expect(locations.get('cam_wrist.mp4')).toMatchObject({ kind: 'video', firstFrame: 0 });
    expect(episode.series.map(({ group, role, unit, components }) => [group, role, unit, components.length])).toEqual([
      ['Joint positions, left arm', 'state', 'rad', 7],
      ['Grippers', 'state', '', 2],
      ['Joint positions, right arm', 'state', 'rad', 7],
      ['Commanded positions, left arm', 'action', 'rad', 7],
      ['Commanded grippers', 'action', '', 2],
      ['Commanded positions, right arm', 'action', 'rad', 7],
    ]);
    expect(episode.series[0]?.limits).toEqual(Array(7).fill({ min: -3.15, max: 3.15 }));
    const scene = (await createSampleTools({ seconds: 2 })).scene;
    const at = (clocks.get('joints.parquet')?.[100] as number) / 1e9;
    const left = values.get('joints.parquet/Joint positions, left arm') as Float64Array;
    for (const [i, joint] of scene.robot(at).joints.slice(0, 7).entries()) expect(left[700 + i]).toBeCloseTo(joint, 6);
    expect(episode.marks.map(({ kind, name }) => `${kind}: ${name}`)).toEqual([
      'task: Pick up the block',
      'failure: Grasp slip',
      'handoff: Operator takes over',
      'recovery: Recovery',
      'other: Note',
      'task: Place it on the pad',
    ]);
    expect(found.notes?.join('\n')).toMatch(
      /joints\.parquet: 200 rows at 100\.\d+ Hz.* drift 3\d\.\d ppm, residual 0\.\d+ ms rms/,
    );
    expect(files?.map((file) => path.basename(file))).toContain('session_manifest.json');
  });

  it('tells frames that a camera lost', async () => {
    const { episode, found } = await open('sample/pick_place/2026-04-15/RG-0057');
    expect(episode.problems).toEqual([]);
    expect(messages(found.problems)).toMatch(
      /^cam_wrist\.mp4 has a gap of 0\.2\d s at 1\.\d+ s: samples were lost there\.$/,
    );
  });

  it('finds the root and the place of a session', () => {
    expect(source.rootOf('/lab/sessions/a/RG-1/session.json', false)).toBe('/lab/sessions');
    expect(source.rootOf('/lab/RG-1/session.json', false)).toBe('/lab/RG-1');
    expect(source.placeOf('sort/2026-04-14/RG-1/session.json')).toEqual({
      task: 'sort',
      date: '2026-04-14',
      name: 'RG-1',
    });
  });

  describe('with something wrong', () => {
    let made = 0;
    function copy(change: (folder: string) => void): string {
      const below = `sample/wrong_${made++}`;
      cpSync(path.join(root, failing), path.join(root, below), { recursive: true });
      change(path.join(root, below));
      return below;
    }
    // biome-ignore lint/suspicious/noExplicitAny: JSON that a test damages.
    const edit = (name: string, change: (json: any) => void) => (folder: string) => {
      const file = path.join(folder, name);
      const json = JSON.parse(readFileSync(file, 'utf8'));
      change(json);
      writeFileSync(file, JSON.stringify(json));
    };

    it('shows the rest without a missing video', async () => {
      const { episode, found } = await open(copy((folder) => rmSync(path.join(folder, 'cam_front.mp4'))));
      expect(messages(episode.problems)).toBe('cam_front.mp4 is not there: put it back beside its data.');
      expect(episode.streams[0]).toMatchObject({ count: 0, fault: expect.stringContaining('cam_front.mp4') });
      expect(episode.masterClock).toBe('cam_wrist.mp4');
      expect(messages(found.problems)).toContain('cam_front.mp4 is in the manifest and not there');
    });

    it('tells a video and a table that were cut short', async () => {
      const cut = copy((folder) => {
        truncateSync(path.join(folder, 'cam_front.mp4'), 2000);
        truncateSync(path.join(folder, 'joints.parquet'), 2000);
      });
      const { episode, found } = await open(cut);
      expect(episode.problems.map(({ stream }) => stream)).toEqual(['cam_front.mp4', 'joints.parquet']);
      expect(messages(episode.problems)).toMatch(/joints\.parquet ends too early/);
      expect(codes(found.problems)).toContain('error hash-mismatch');
      expect(episode.streams[1]).toMatchObject({ count: 60, fault: null });
    });

    it('compares counts and hashes with the manifest, and every field that stands in both', async () => {
      const below = copy((folder) => {
        edit('session_manifest.json', (json) => {
          json.operator = 'somebody else';
          json.files.find((file: { path: string }) => file.path === 'joints.parquet').count = 199;
          json.files.find((file: { path: string }) => file.path === 'cam_wrist.timestamps.csv').sha256 = '0'.repeat(64);
        })(folder);
      });
      const { found } = await open(below);
      expect(codes(found.problems)).toEqual(['error manifest-mismatch', 'error count-mismatch', 'error hash-mismatch']);
      expect(messages(found.problems)).toContain('gives the operator as "somebody else", session.json as "j.lee"');
      expect(messages(found.problems)).toContain(
        'cam_wrist.timestamps.csv is not what was ingested (its SHA-256 differs)',
      );
    });

    it('uses its own clock where the map is of another count, and tells a map that does not follow it', async () => {
      const short = await open(
        copy(edit('session_manifest.json', (json) => json.timestamp_map.streams['cam_front.mp4'].times_ns.pop())),
      );
      expect(messages(short.episode.problems)).toMatch(/the map of cam_front\.mp4 has 59 times for 60 samples/);
      expect(short.episode.streams[0]?.count).toBe(60);
      const moved = await open(
        copy(
          edit('session.json', (json) => {
            json.streams[1].clock.offset_s = 0.25;
          }),
        ),
      );
      expect(messages(moved.found.problems)).toMatch(
        /The manifest's times of cam_wrist\.mp4 lie up to 250\.00 ms from its clock in session\.json/,
      );
    });

    it('goes by session.json alone where there is no manifest', async () => {
      const whole = await open(failing);
      const { clocks, found, episode } = await open(
        copy((folder) => rmSync(path.join(folder, 'session_manifest.json'))),
      );
      expect(episode.problems).toEqual([]);
      expect(codes(found.problems)).toEqual(['warning no-manifest']);
      for (const [id, times] of whole.clocks) {
        for (const [i, ns] of (clocks.get(id) ?? []).entries()) {
          expect(Math.abs(ns - (times[i] as number))).toBeLessThan(1000);
        }
      }
    });

    it('keeps what can be read of a session.json with strange fields, and says which', async () => {
      const below = copy(
        edit('session.json', (json) => {
          json.robot = 7;
          json.markers[1].start_s = 'soon';
          json.streams[0].clock.drift_ppm = 1e9;
          json.extra_key = { kept: true };
          delete json.shift;
        }),
      );
      const { episode, found } = await open(below);
      expect(messages(episode.problems)).toMatch(/robot cannot be used/);
      expect(messages(episode.problems)).toMatch(/markers\[1\]\.start_s cannot be used/);
      expect(messages(episode.problems)).toMatch(/streams\[0\]\.clock\.drift_ppm cannot be used/);
      expect(messages(episode.problems)).toMatch(/cam_front\.mp4 is not named by session\.json/);
      expect(episode.metadata.extra_key).toEqual({ kept: true });
      expect(episode.marks).toHaveLength(5);
      expect(episode.streams).toHaveLength(2);
      expect(messages(found.problems)).toContain('session.json names no shift, robot');
    });

    it('tells NaN and infinite joints, and plots none of them', async () => {
      const below = copy((folder) => {
        const rows = Array.from({ length: 200 }, (_, i) => i);
        const columns: TableColumn[] = [
          { name: 'time_s', type: 'float64', cells: rows.map((i) => i / 100) },
          {
            name: 'joint_0_rad',
            type: 'float64',
            cells: rows.map((i) => (i === 5 ? Number.NaN : i === 9 ? Number.POSITIVE_INFINITY : i)),
          },
          { name: 'phase', type: 'string', cells: rows.map((i) => (i < 50 ? '' : i < 120 ? 'grasp' : 'lift')) },
        ];
        writeFileSync(path.join(folder, 'joints.parquet'), parquetTable(columns));
        rmSync(path.join(folder, 'session_manifest.json'));
        edit('session.json', (json) => {
          json.streams[2] = { file: 'joints.parquet', kind: 'joints', clock: { from: 'stamps', offset_s: 0.5 } };
          json.joints = [];
        })(folder);
      });
      const { episode, values, clocks } = await open(below);
      expect(messages(episode.problems)).toBe(
        'joints.parquet: joint_0_rad holds 1 NaN and 1 infinite values, the first at row 5; plots leave them out: look at what recorded them.',
      );
      expect(episode.series).toMatchObject([{ group: 'Joint positions', unit: 'rad', components: ['joint_0_rad'] }]);
      expect([...(values.get(episode.series[0]?.id ?? '')?.slice(4, 10) ?? [])]).toEqual([
        4,
        Number.NaN,
        6,
        7,
        8,
        Number.NaN,
      ]);
      expect(clocks.get('joints.parquet')?.[1]).toBe(510e6);
      expect(episode.marks.filter(({ by }) => by === 'phase')).toMatchObject([
        { name: 'grasp', startNs: 1e9, endNs: 1.7e9 },
        { name: 'lift', startNs: 1.7e9 },
      ]);
    });

    it('tells clocks that were aligned badly, streams without a common moment, and markers outside', async () => {
      const below = copy((folder) => {
        rmSync(path.join(folder, 'session_manifest.json'));
        edit('session.json', (json) => {
          json.streams[0].clock.offset_s = -500;
          json.streams[1].clock.tied_by = 'assumed';
          json.streams[2].clock.residual.rms_s = 0.2;
          json.markers[0].start_s = 900;
          json.markers[0].end_s = 901;
        })(folder);
      });
      const { episode, found, clocks } = await open(below);
      expect(codes(found.problems)).toEqual([
        'warning no-manifest',
        'warning clock-assumed',
        'error residual',
        'error no-overlap',
        'warning marker-outside',
      ]);
      // What lies before the session's zero moves all of it.
      expect(clocks.get('cam_front.mp4')?.[0]).toBe(0);
      expect(episode.startUnixSeconds).toBeCloseTo(1_776_171_142.25, 3);
    });

    it('reads nothing outside of the folder, by name or by link', async () => {
      const below = copy((folder) => {
        const outside = mkdtempSync(path.join(os.tmpdir(), 'regrasp-outside-'));
        cpSync(path.join(folder, 'cam_wrist.mp4'), path.join(outside, 'cam_wrist.mp4'));
        rmSync(path.join(folder, 'cam_wrist.mp4'));
        symlinkSync(path.join(outside, 'cam_wrist.mp4'), path.join(folder, 'cam_wrist.mp4'));
        edit('session.json', (json) => {
          json.streams[0].file = '../../../../../../etc/passwd';
        })(folder);
        edit('session_manifest.json', (json) => {
          json.files.push({ path: '../../../../../../etc/hosts', role: 'raw', bytes: 1, sha256: '0'.repeat(64) });
        })(folder);
      });
      const { episode, found } = await open(below);
      expect(episode.problems.filter(({ code }) => code === 'outside')).toHaveLength(2);
      expect(episode.streams.map(({ count }) => count)).toEqual([0, 0, 60]);
      expect(codes(found.problems)).toContain('error outside');
    });

    it.each([
      ['cut short', '{"schema": "regrasp.session/1", "session": "RG', /^session\.json is no readable JSON/],
      [
        'of a later version',
        '{"schema": "regrasp.session/9"}',
        /says "regrasp\.session\/9" where "regrasp\.session\/1" is read/,
      ],
    ])('lists a session.json that is %s, with what is wrong', async (_, text, sentence) => {
      const { episode } = await open(copy((folder) => writeFileSync(path.join(folder, 'session.json'), text)));
      expect(messages(episode.problems)).toMatch(sentence);
    });

    it('is none of ours without the word', async () => {
      const below = copy(edit('session.json', (json) => delete json.schema));
      const file = openFileOf(root, `${below}/session.json`);
      expect(await source.recognizes(file, portsFor(root, {} as Hdf5Reader, probe))).toBe(false);
    });
  });
});
