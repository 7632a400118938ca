import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import { encodePattern, hasEncoder, noFfmpeg, presentedByFfmpeg } from '../../test/support/bit-pattern-video.ts';
import {
  NO_ARROW,
  NO_PYTHON,
  pythonWithArrow,
  pythonWithHdf5,
  runArrow,
  runPython,
} from '../../test/support/python.ts';
import { openFileOf, portsFor } from '../../test/support/source-ports.ts';
import { createVideoProbe } from '../media/probe.ts';
import { parquetTable } from '../sources/common/parquet-table.ts';
import { source } from '../sources/session/index.ts';
import type { Hdf5Reader, OpenedEpisode } from '../sources/source.ts';
import { ingest } from './ingest.ts';
import type { IngestOptions } from './plan.ts';

const FRAMES = 90;
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '30', '-bf', '2'];
/** What the robot's clock says at a time of the wall, in seconds from the first frame. */
const ROBOT = { start: 812.4, drift: 120e-6 };
const robotTime = (wall: number) => ROBOT.start + wall / (1 + ROBOT.drift);
const UNIX = 1_776_171_642.25;

const probe = createVideoProbe();
let root: string;
let made = 0;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-ingest-')));
  if (!noFfmpeg)
    await encodePattern(path.join(root, 'pattern.mp4'), { frames: FRAMES, encode: H264, widthPx: 64, heightPx: 48 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Rows at 100 Hz: the robot's clock, the frame that is painted then, and a joint. */
function jointRows(seconds = 3) {
  return Array.from({ length: seconds * 100 }, (_, i) => {
    const wall = 0.0021 + i / 100;
    return { wall, robot: robotTime(wall), painted: Math.floor(wall * 30), joint: Math.sin(wall) };
  });
}

function dump(write: (folder: string) => void = () => undefined): string {
  const folder = path.join(root, `dump_${made++}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'front.mp4'), readFileSync(path.join(root, 'pattern.mp4')));
  const lines = jointRows().map(({ robot, painted, joint }) => `${robot.toFixed(6)},${painted},${joint.toFixed(9)}`);
  writeFileSync(path.join(folder, 'joints.csv'), `time_s,painted_pos,joint_0_rad\n${lines.join('\n')}\n`);
  write(folder);
  return folder;
}

const EVENTS = [0.2, 1.0, 1.9, 2.7];
const facts = { task: 'pick_place', site: 'oakland-2', operator: 'j.lee' };
const sync = { videoSeconds: EVENTS, jointSeconds: EVENTS.map(robotTime) };
const run = (raw: string, more: Partial<IngestOptions> = {}) =>
  ingest({ raw, facts, sync, madeBy: 'test', ...more }, probe);

async function open(out: string): Promise<OpenedEpisode & { check: string[] }> {
  const file = openFileOf(out, 'session.json');
  const ports = portsFor(out, {} as Hdf5Reader, probe);
  const opened = await source.open(file, ports);
  const found = await source.check?.(file, opened, ports);
  return { ...opened, check: (found?.problems ?? []).map(({ code }) => code) };
}

/** Rows whose joint value is not the number that is painted into the frame of the same moment; edges of frames left out. */
function outOfStep(
  out: string,
  { clocks, values, episode }: OpenedEpisode,
  edgeSeconds: number,
): { wrong: number; judged: number } {
  const camera = episode.streams[0]?.id as string;
  const painted = presentedByFfmpeg(path.join(out, camera));
  const frames = clocks.get(camera) as Float64Array;
  const rows = clocks.get('joints.parquet') as Float64Array;
  const series = episode.series.find(({ components }) => components.includes('painted_pos'));
  const data = values.get(series?.id ?? '') as Float64Array;
  const width = series?.components.length as number;
  const column = series?.components.indexOf('painted_pos') as number;
  let wrong = 0;
  let judged = 0;
  rows.forEach((ns, row) => {
    const frame = latestAtOrBefore(frames, ns);
    const next = frames[frame + 1] ?? Number.POSITIVE_INFINITY;
    if (frame < 0 || ns - (frames[frame] as number) < edgeSeconds * 1e9 || next - ns < edgeSeconds * 1e9) return;
    judged++;
    if (painted[frame] !== data[row * width + column]) wrong++;
  });
  return { wrong, judged };
}

const hashesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(folder, name)))
        .digest('hex'),
    ]),
  );

describe.skipIf(noFfmpeg)('ingest', () => {
  it('lays a dump over one clock by events, so that every joint meets its frame', async () => {
    const raw = dump((folder) => {
      writeFileSync(path.join(folder, 'recorder.log'), 'kept');
      writeFileSync(
        path.join(folder, 'markers.csv'),
        `start,end,name,code\n${robotTime(0.5)},${robotTime(1.5)},Pick,\n${robotTime(1.5)},,Grasp slip,grasp_slip\n`,
      );
    });
    const before = hashesOf(raw);
    const summary = await run(raw, {
      facts: { ...facts, shift: 'night', environment: { table: 'B' } },
      notes: ['Worn gel.'],
    });
    expect(summary).toMatchObject({ out: `${raw}-session`, ingested: true, markers: 2, files: 6 });
    expect(summary.streams[1]).toMatchObject({
      file: 'joints.parquet',
      samples: 300,
      tiedBy: 'sync events',
      residual: { pairs: 4 },
    });
    expect(summary.streams[1]?.driftPpm).toBeCloseTo(120, 1);
    expect(hashesOf(raw)).toEqual(before);
    const opened = await open(summary.out);
    expect(opened.episode.problems).toEqual([]);
    expect(opened.check).toEqual(['missing-field', 'missing-field']);
    expect(opened.episode).toMatchObject({
      task: 'pick_place',
      properties: { site: 'oakland-2', shift: 'night', 'environment.table': 'B' },
    });
    const { wrong, judged } = outOfStep(summary.out, opened, 0.0005);
    expect(judged).toBeGreaterThan(270);
    expect(wrong).toBe(0);
    expect(opened.episode.marks.map(({ name, kind, startNs }) => [name, kind, Math.round(startNs / 1e6)])).toEqual([
      ['Pick', 'task', 500],
      ['Grasp slip', 'failure', 1500],
    ]);
    const manifest = JSON.parse(readFileSync(path.join(summary.out, 'session_manifest.json'), 'utf8'));
    expect(manifest.files.map((file: { path: string }) => file.path)).toEqual([
      'session.json',
      'cam_front.mp4',
      'raw/joints.csv',
      'raw/markers.csv',
      'raw/recorder.log',
      'joints.parquet',
    ]);
    expect(manifest.files[1]).toMatchObject({ source: 'front.mp4', sha256: before['front.mp4'], count: FRAMES });
    expect(manifest.timestamp_map.streams['cam_front.mp4'].times_ns).toHaveLength(FRAMES);
    expect(manifest.timestamp_map.streams['joints.parquet']).toMatchObject({ count: 300, column: 'session_ns' });
  });

  it('would show joints out of step without the alignment', async () => {
    const raw = dump();
    const { out } = await run(raw, { sync: undefined, offsets: { joints: -ROBOT.start + 0.1 } });
    const { wrong } = outOfStep(out, await open(out), 0.0005);
    expect(wrong).toBeGreaterThan(200);
  });

  it('takes a given offset, between clocks of their own and against a robot that knows the time of day', async () => {
    const own = await run(dump(), { sync: undefined, offsets: { joints: -ROBOT.start }, startedUnixSeconds: UNIX });
    expect(own.streams[1]).toMatchObject({ tiedBy: 'given offset', residual: null });
    const opened = await open(own.out);
    expect(opened.episode.startUnixSeconds).toBe(UNIX);
    expect(outOfStep(own.out, opened, 0.001)).toMatchObject({ wrong: 0 });

    const raw = dump((folder) => {
      const rows = jointRows().map(({ wall, painted }) => `${(UNIX + wall).toFixed(6)},${painted}`);
      writeFileSync(path.join(folder, 'joints.csv'), `timestamp,painted_pos\n${rows.join('\n')}\n`);
    });
    const wall = await run(raw, { sync: undefined, offsets: { joints: -UNIX } });
    const ofWall = await open(wall.out);
    expect(ofWall.episode.startUnixSeconds).toBeCloseTo(UNIX, 4);
    expect(outOfStep(wall.out, ofWall, 0.001)).toMatchObject({ wrong: 0 });
  });

  it('goes by stamps of the wall in frames and joints, drift fitted over every row', async () => {
    const raw = dump((folder) => {
      const frames = Array.from(
        { length: FRAMES },
        (_, i) => `${i},${((UNIX + i / 30 + (i % 3) * 0.001) * 1e3).toFixed(3)}`,
      );
      writeFileSync(path.join(folder, 'front.timestamps.csv'), `frame,timestamp_ms\n${frames.join('\n')}\n`);
      const rows = jointRows().map(
        ({ wall, robot, painted }, i) => `${robot.toFixed(6)},${(UNIX + wall + (i % 7) * 1e-4).toFixed(6)},${painted}`,
      );
      writeFileSync(path.join(folder, 'joints.csv'), `robot_time,wall_time,painted_pos\n${rows.join('\n')}\n`);
    });
    const { out, streams } = await run(raw, { sync: undefined, facts: { ...facts, session: 'RG-7' } });
    expect(streams).toMatchObject([
      { file: 'cam_front.mp4', tiedBy: 'shared clock' },
      { file: 'joints.parquet', tiedBy: 'paired stamps', residual: { pairs: 300 } },
    ]);
    const opened = await open(out);
    expect(opened.episode).toMatchObject({
      name: 'RG-7',
      date: '2026-04-14',
      startUnixSeconds: expect.closeTo(UNIX, 4),
    });
    expect(opened.episode.clocks.map(({ basis }) => basis)).toEqual(['recorded', 'recorded']);
    expect(opened.clocks.get('cam_front.mp4')?.[1]).toBeCloseTo((1 / 30 + 0.001) * 1e9, -4);
    expect(outOfStep(out, opened, 0.004)).toMatchObject({ wrong: 0 });
  });

  it.skipIf(!hasEncoder('libvpx-vp9'))(
    'takes a parquet, several cameras, another container, pairs of stamps and cameras that started together',
    async () => {
      const raw = dump((folder) => {
        rmSync(path.join(folder, 'joints.csv'));
        const rows = jointRows();
        const table = parquetTable([
          { name: 't', type: 'float64', cells: rows.map(({ robot }) => robot) },
          { name: 'painted_pos', type: 'int64', cells: rows.map(({ painted }) => painted) },
          { name: 'action', type: 'float32', listDepth: 1, cells: rows.map(({ joint }) => [joint, -joint]) },
          { name: 'phase', type: 'string', cells: rows.map((_, i) => (i < 100 ? 'reach' : 'place')) },
        ]);
        writeFileSync(path.join(folder, 'robot.parquet'), table);
        mkdirSync(path.join(folder, 'more'));
        writeFileSync(
          path.join(folder, 'sync.csv'),
          `cam_front_s,joints_s\n${EVENTS.map((at) => `${at},${robotTime(at)}`).join('\n')}\n`,
        );
      });
      await encodePattern(path.join(raw, 'more', 'Wrist Cam.mkv'), {
        frames: FRAMES,
        encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime'],
        widthPx: 64,
        heightPx: 48,
      });
      const { out, streams } = await run(raw, {
        sync: undefined,
        pairs: path.join(raw, 'sync.csv'),
        together: true,
        copies: true,
      });
      expect(streams.map(({ file, tiedBy }) => [file, tiedBy])).toEqual([
        ['cam_front.mp4', 'shared clock'],
        ['cam_wrist.mkv', 'assumed'],
        ['joints.parquet', 'paired stamps'],
      ]);
      const opened = await open(out);
      expect(opened.check).toContain('clock-assumed');
      expect(opened.episode.series.map(({ id }) => id)).toEqual([
        'joints.parquet/Joint positions',
        'joints.parquet/action',
      ]);
      expect(opened.episode.marks.map(({ name }) => name)).toEqual(['reach', 'place']);
      expect(outOfStep(out, opened, 0.0005)).toMatchObject({ wrong: 0 });
      expect(statSync(path.join(out, 'cam_front.mp4')).ino).not.toBe(statSync(path.join(raw, 'front.mp4')).ino);
    },
  );

  it.skipIf(!pythonWithHdf5())(`reads a CSV as NumPy writes it (${NO_PYTHON})`, async () => {
    const raw = dump();
    runPython(
      `import sys, numpy as np
wall = 0.0021 + np.arange(300) / 100
np.savetxt(sys.argv[1], np.c_[(812.4 + wall / (1 + 120e-6)) * 1e6, np.floor(wall * 30), np.sin(wall)], delimiter=',', header='time_us,painted_pos,joint_0', comments='')`,
      path.join(raw, 'joints.csv'),
    );
    const { out } = await run(raw);
    expect(outOfStep(out, await open(out), 0.0005)).toMatchObject({ wrong: 0 });
  });

  it.skipIf(!pythonWithArrow())(`reads a parquet as pyarrow writes it (${NO_ARROW})`, async () => {
    const raw = dump((folder) => rmSync(path.join(folder, 'joints.csv')));
    runArrow(
      `import sys, numpy as np, pandas as pd
wall = 0.0021 + np.arange(300) / 100
pd.DataFrame(dict(robot_time=812.4 + wall / (1 + 120e-6), painted_pos=np.floor(wall * 30).astype('int32'))).to_parquet(sys.argv[1])`,
      path.join(raw, 'joints.parquet'),
    );
    const { out } = await run(raw);
    expect(outOfStep(out, await open(out), 0.0005)).toMatchObject({ wrong: 0 });
  });

  it('says that it was done already, and refuses a folder of something else', async () => {
    const raw = dump();
    await run(raw);
    const again = await run(raw);
    expect(again.ingested).toBe(false);
    expect(again.notices[0]).toMatch(/was ingested before, of these very files; nothing was changed/);
    appendFileSync(path.join(raw, 'joints.csv'), '999,1,1\n');
    await expect(run(raw)).rejects.toThrow(
      /is there already and was made of other files: name another folder by --out/,
    );
    mkdirSync(path.join(root, 'mine'));
    await expect(run(raw, { out: path.join(root, 'mine') })).rejects.toThrow(/is no session/);
  });

  it('leaves nothing under the name when it is stopped or fails, and removes what a killed one left', async () => {
    const raw = dump();
    const parent = path.join(root, 'stopped');
    const out = path.join(parent, 'out');
    for (const when of ['Reading the raw files', 'Keeping front.mp4 (1 of 2)', 'Reading the session back']) {
      const stop = new AbortController();
      const onProgress = (message: string) => (message === when ? stop.abort() : undefined);
      await expect(run(raw, { out, signal: stop.signal, onProgress })).rejects.toThrow();
      expect(existsSync(parent) ? readdirSync(parent) : []).toEqual([]);
    }
    const tampers = (message: string) =>
      message === 'Reading the session back' ? appendFileSync(path.join(raw, 'joints.csv'), ' ') : undefined;
    await expect(run(raw, { out, onProgress: tampers })).rejects.toThrow(
      /joints\.csv .*(was written to while|is not what was ingested)/,
    );
    expect(readdirSync(parent)).toEqual([]);
    mkdirSync(path.join(parent, '.out.ingest-4194000'));
    const { notices } = await run(raw, { out });
    expect(notices[0]).toMatch(/An earlier ingest of this folder was broken off/);
    expect(readdirSync(parent)).toEqual(['out']);
  });

  describe('refuses with a sentence', () => {
    const cases: [string, (folder: string) => void, Partial<IngestOptions>, RegExp][] = [
      [
        'nothing that ties',
        () => undefined,
        { sync: undefined },
        /^Nothing ties joints\.csv to the other streams: give --offset/,
      ],
      [
        'a residual above the limit',
        () => undefined,
        { sync: { videoSeconds: [0.2, 1, 1.9, 2.7], jointSeconds: [0.2, 1, 2.3, 2.7].map(robotTime) } },
        /joints\.csv was not laid over the clock of front: its pairs lie .* ms rms and .* ms at most \(pair 3 of 4\) from one line, where 30\.0 ms are allowed/,
      ],
      [
        'events that do not pair',
        () => undefined,
        { sync: { videoSeconds: [1, 2], jointSeconds: [813] } },
        /joints\.csv cannot be laid over the clock of front: 1 and 2 moments of the two clocks cannot be paired/,
      ],
      [
        'an event beyond the video',
        () => undefined,
        { sync: { videoSeconds: [1, 200], jointSeconds: [813, 1013] } },
        /front\.mp4 has no moment at 200 s; it lasts 2\.97 s/,
      ],
      [
        'a missing camera',
        () => undefined,
        { sync: { ...sync, camera: 'side' } },
        /no camera "side" for --sync-video: there are front/,
      ],
      [
        'a wrong count of stamps',
        (folder) => writeFileSync(path.join(folder, 'front.timestamps.txt'), '1.0\n2.5\n3.9\n'),
        {},
        /front\.mp4 has 90 frames and front\.timestamps\.txt 3 stamps/,
      ],
      [
        'stamps of another unit',
        (folder) =>
          writeFileSync(
            path.join(folder, 'front.mp4.timestamps.txt'),
            Array.from({ length: 90 }, (_, i) => i * 33_333 + 7).join('\n'),
          ),
        {},
        /lets front\.mp4 last .* s where its own times say .*--stamp-unit/,
      ],
      [
        'stamps that are no times',
        (folder) => writeFileSync(path.join(folder, 'front.timestamps.json'), JSON.stringify(Array(90).fill(null))),
        {},
        /holds no time that can be read/,
      ],
      ['a truncated video', (folder) => truncateSync(path.join(folder, 'front.mp4'), 900), {}, /front\.mp4/],
      [
        'a truncated parquet',
        (folder) => {
          rmSync(path.join(folder, 'joints.csv'));
          writeFileSync(path.join(folder, 'joints.parquet'), 'PAR1 half a file');
        },
        {},
        /joints\.parquet ends too early/,
      ],
      [
        'joints without a clock',
        (folder) => writeFileSync(path.join(folder, 'joints.csv'), 'a,b\n1,2\n3,4\n'),
        {},
        /joints\.csv has no column of time: name it by --time-column, or state the rate/,
      ],
      [
        'joints without rows',
        (folder) => writeFileSync(path.join(folder, 'joints.csv'), 'time_s,b\n'),
        {},
        /joints\.csv holds no rows/,
      ],
      [
        'joints without names',
        (folder) => writeFileSync(path.join(folder, 'joints.csv'), '1,2\n3,4\n'),
        {},
        /has no names above its columns/,
      ],
      [
        'a clock of NaN',
        (folder) => writeFileSync(path.join(folder, 'joints.csv'), 'time_s,b\nnan,2\nnan,4\n'),
        {},
        /joints\.csv: "time_s" holds no time that can be read/,
      ],
      ['a missing column', () => undefined, { timeColumn: 'clock' }, /has no column "clock", only time_s, painted_pos/],
      [
        'two tables',
        (folder) => writeFileSync(path.join(folder, 'robot_state.csv'), 'time_s,b\n1,2\n'),
        {},
        /several files that could be the tables of joints \(joints\.csv, robot_state\.csv\): say which by --joints/,
      ],
      [
        'a link that leads outside',
        (folder) => symlinkSync('/etc/hostname', path.join(folder, 'notes.txt')),
        {},
        /notes\.txt is a link that leads outside/,
      ],
      [
        'a name that leads outside',
        () => undefined,
        { joints: '../../etc/passwd' },
        /There is no \.\.\/\.\.\/etc\/passwd among the raw files/,
      ],
      ['an output inside of the dump', () => undefined, { out: 'inside' }, /lie in one another/],
      [
        'markers without times',
        (folder) => writeFileSync(path.join(folder, 'markers.json'), '[{"name": "Pick"}]'),
        {},
        /markers\.json has no column of times/,
      ],
      [
        'markers of the wall that nobody knows',
        (folder) => writeFileSync(path.join(folder, 'markers.csv'), `start,name\n${UNIX},Pick\n`),
        {},
        /markers by the wall's clock, which no stream knows/,
      ],
      [
        'clocks that cannot be',
        () => undefined,
        { sync: { videoSeconds: EVENTS, jointSeconds: EVENTS.map((at) => 812 + at * 1.5) } },
        /clocks seem to run .* % apart/,
      ],
    ];
    it.each(cases)('%s', async (_, change, more, sentence) => {
      const raw = dump(change);
      const options = more.out === 'inside' ? { ...more, out: path.join(raw, 'out') } : more;
      const error = await run(raw, options).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(Error);
      const { message, name } = error as Error;
      expect(message).toMatch(sentence);
      expect(name).toBe('Fault');
      expect(message.split('\n')).toHaveLength(1);
      expect(existsSync(`${raw}-session`)).toBe(false);
    });

    it('a folder that is not there, holds nothing, or is a file', async () => {
      await expect(run(path.join(root, 'nowhere'))).rejects.toThrow(/nowhere cannot be used: it is not there any more/);
      mkdirSync(path.join(root, 'empty'));
      await expect(run(path.join(root, 'empty'))).rejects.toThrow(/holds no files/);
      await expect(run(path.join(root, 'pattern.mp4'))).rejects.toThrow(/is a file: name the folder/);
    });
  });

  it('tells stamps and joints that are no numbers, and keeps the rest', async () => {
    const raw = dump((folder) => {
      const lines = readFileSync(path.join(folder, 'joints.csv'), 'utf8').split('\n');
      lines[6] = (lines[6] as string).replace(/[^,]*$/, 'inf');
      lines[9] = (lines[9] as string).replace(/^[^,]*/, '');
      lines[12] = (lines[12] as string).replace(/[^,]*$/, 'oops');
      writeFileSync(path.join(folder, 'joints.csv'), lines.join('\n'));
    });
    const { out, notices } = await run(raw);
    expect(notices.join('\n')).toMatch(/joints\.csv: 1 cells of joint_0_rad are no numbers/);
    expect(notices.join('\n')).toMatch(/joints\.csv: sample 8 has no time; they stand between their neighbours/);
    expect(notices.join('\n')).toMatch(/joint_0_rad holds 1 NaN and 1 infinite values, the first at row 5/);
    expect(outOfStep(out, await open(out), 0.0005)).toMatchObject({ wrong: 0 });
  });
});
