import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePattern, hasEncoder, noFfmpeg } from '../../test/support/bit-pattern-video.ts';
import {
  dump,
  EVENTS,
  FRAMES,
  facts,
  hashesOf,
  jointRows,
  open,
  openDumps,
  outOfStep,
  ROBOT,
  removeDumps,
  robotTime,
  root,
  run,
  UNIX,
} from '../../test/support/ingest-dumps.ts';
import {
  NO_ARROW,
  NO_PYTHON,
  pythonWithArrow,
  pythonWithHdf5,
  runArrow,
  runPython,
} from '../../test/support/python.ts';
import { parquetTable } from '../sources/common/parquet-table.ts';

beforeAll(openDumps);
afterAll(removeDumps);

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
