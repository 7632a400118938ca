import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliOutput } from '../../electron/cli/output.ts';
import { runCli } from '../../electron/cli/program.ts';
import { pythonWithHdf5, runPython } from '../support/python.ts';
import { RECORDING, writeReactRecordings } from '../support/react-recordings.ts';
import { callRegrasp, endOf, runRegrasp, said, startRegrasp, type TerminalRun } from '../support/terminal.ts';

const GOOD = 'data/motherboard/2026-05-10/episode_000.h5';

/** What h5py says of a recording: every image dataset, and one frame of each turned to red, green, blue. */
const ASK_H5PY = `
import sys, json, hashlib, h5py, hdf5plugin
blue_first = lambda name: name.startswith('realsense') and name.endswith('color')
with h5py.File(sys.argv[1]) as f:
    found = {}
    def visit(name, item):
        if isinstance(item, h5py.Dataset) and item.ndim >= 3:
            frame = item[5]
            frame = frame[..., ::-1] if blue_first(name) else frame
            digest = hashlib.sha256(frame.tobytes()).hexdigest()
            found[name] = dict(shape=item.shape, dtype=item.dtype.name, chunk=item.chunks, count=len(item), digest=digest)
    f.visititems(visit)
    print(json.dumps(found))
`;

/** The published calibration of the middle camera and the left sensor, and poses whose projection is known. */
const CAMERA = {
  T_mocap_to_cam: [
    [0.9987689323, 0.0129201617, -0.0478924764, -394.4763993],
    [0.0482642135, -0.0301839508, 0.9983784327, -270.4934432],
    [0.0114536266, -0.9994608539, -0.0307703738, 826.0198095],
    [0, 0, 0, 1],
  ],
  camera_serial: '217222066989',
  intrinsics: { fx: 609.0601, fy: 608.2754, ppx: 332.4794, ppy: 239.3525, width: 640, height: 480 },
  mocap_scale: 1000,
  rmse_mm: 5.3,
  created_at: '2026-05-12T18:00:00',
};
const SENSOR = { gel_center_in_rigid_mm: [-42.603233, -36.562643, -34.213718] };
const WRITE_POSES = `
import sys, numpy as np, h5py
with h5py.File(sys.argv[1], 'w') as f:
    m = f.create_group('metadata')
    m.attrs['created_at'] = '2026-05-11T10:00:00'
    m.attrs.create('realsense_serials', ['143322063538', '104122062574', '217222066989'], dtype=h5py.string_dtype())
    f['timestamps'] = np.array([1000.0, 1000.25, 1000.5])
    for camera in range(3):
        f.create_dataset(f'realsense/cam{camera}/color', data=np.zeros((3, 4, 4, 3), np.uint8), chunks=(1, 4, 4, 3))
    # Tick 1 lies exactly between the first two poses: the earlier one counts. The last was never tracked.
    f['optitrack/sensor_left/timestamps'] = np.array([1000.125, 1000.375, 1000.5])
    f['optitrack/sensor_left/pose'] = np.array([[0.30, 0.05, 0.15, 0, 0, 0, 1.0], [0.1, 0.1, 0.1, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0]])
    f['optitrack/sensor_right/timestamps'] = np.zeros(0)
    f['optitrack/sensor_right/pose'] = np.zeros((0, 7))
`;

describe('the terminal door', { skip: !pythonWithHdf5() }, () => {
  let base: string;
  let root: string;
  let user: string;
  let recorded: string;
  const regrasp = (...args: string[]) => callRegrasp(user, ...args);

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp terminal ')));
    root = path.join(base, 'lab');
    user = path.join(base, 'user');
    mkdirSync(root);
    writeReactRecordings(root);
    recorded = digestOf(path.join(root, GOOD));
    // Builds when the checkout is newer than what was built, so that no test's time holds it.
    expect((await runRegrasp(user, '--version')).exitCode).toBe(0);
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  function expectRefused(run: TerminalRun, sentence: RegExp): void {
    expect(run.stderr).toMatch(sentence);
    expect(run.stderr).not.toMatch(/\n\s+at |\[object/);
    expect(run.stdout).toBe('');
    expect(run.exitCode).toBe(2);
  }

  it('lists what lies below a folder, broken files with their reason', async () => {
    const { exitCode, stdout } = await runRegrasp(user, 'list', root, '--json');
    const { episodes } = JSON.parse(stdout) as {
      episodes: { path: string; status: string; ticks: number; problems: { message: string }[] }[];
    };
    expect(exitCode).toBe(1);
    expect(episodes.find(({ path: below }) => below === GOOD)).toMatchObject({
      ticks: RECORDING.ticks,
      streams: 8,
      task: 'motherboard',
      date: '2026-05-10',
    });
    const broken = episodes.find(({ path: below }) => below === 'broken/truncated.h5');
    expect(broken?.status).toBe('error');
    expect(broken?.problems[0]?.message).toMatch(/truncated\.h5/);
    const damaged = episodes.find(({ path: below }) => below === 'broken/corrupt-gzip.h5');
    expect(damaged?.status).toBe('error');
    expect(damaged?.problems.at(-1)?.message).toMatch(
      /corrupt-gzip\.h5: 1 of 12 frames .*realsense\/cam0\/color.* frame 4/,
    );
    const part = await regrasp('list', path.join(root, 'data/pushT'));
    expect(part.stdout).toMatch(/^status\s+episode/);
    expect(part.stdout).not.toMatch(/motherboard/);
    const empty = path.join(base, 'empty');
    mkdirSync(empty);
    expect(await regrasp('list', empty, '--json')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`No recordings were found in ${empty}: name the folder they lie in.`),
    });
  });

  it.each([
    ['regrasp', 'bin/regrasp.mjs', ['list', '.']],
    ['start', 'scripts/start.mjs', ['nowhere', '--browser']],
  ])('takes paths from where `npm run %s` was typed', (script, file, words) => {
    const env = {
      ...process.env,
      REGRASP_USER_DATA: user,
      INIT_CWD: path.join(root, 'data'),
      npm_lifecycle_event: script,
    };
    const run = spawnSync(process.execPath, [path.resolve(file), ...words], { env, encoding: 'utf8' });
    const [said, status] = script === 'start' ? [run.stderr, 2] : [run.stdout, 1];
    expect(said).toContain(script === 'start' ? `There is nothing at ${path.join(root, 'data/nowhere')}` : GOOD);
    expect(run.status).toBe(status);
  });

  it('inspects a recording as h5py sees it', async () => {
    const expected = JSON.parse(runPython(ASK_H5PY, path.join(root, GOOD))) as Record<
      string,
      { shape: number[]; dtype: string; chunk: number[]; count: number }
    >;
    const { exitCode, stdout } = await regrasp('inspect', path.join(root, GOOD), '--json');
    const found = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    for (const stream of found.streams) {
      const { shape, dtype, chunk, count } = stream;
      const { digest: _, ...facts } = expected[stream.id] as unknown as { digest: string };
      expect({ shape, dtype, chunk, count }).toEqual(facts);
      expect(stream.filter).toMatch(/^blosc lz4 5 bit/);
    }
    expect(found.streams.map(({ id }: { id: string }) => id).sort()).toEqual(Object.keys(expected).sort());
    const order = (id: string) => found.streams.find((stream: { id: string }) => stream.id === id).order;
    expect([order('realsense/cam0/color'), order('gelsight/left/frames'), order('realsense/cam0/depth')]).toEqual([
      'bgr',
      'rgb',
      null,
    ]);
    expect(found.clock).toMatchObject({ count: RECORDING.ticks, basis: 'recorded' });
    expect(found.clock.medianRateHz).toBeGreaterThan(28);
    expect(found.clock.worstGapSeconds).toBeCloseTo(1 / 30 + 0.001, 5);
    expect(found.tracks.map(({ id }: { id: string }) => id)).toContain('sensor_left');
    expect(found.metadata).toMatchObject({ fps: 30, task: 'motherboard' });
    expect(found.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect((await regrasp('inspect', path.join(root, GOOD))).stdout).toMatch(
      /realsense\/cam0\/color\s+12×24×32×3\s+uint8\s+bgr/,
    );
  });

  it.each([
    'truncated',
    'not-hdf5',
    'missing',
    'unknown-filter',
    'external-storage',
    'virtual',
    'zero-bytes',
    'corrupt-gzip',
  ])('says what is wrong with a broken file: %s', async (name) => {
    const { exitCode, stdout } = await regrasp('inspect', path.join(root, 'broken', `${name}.h5`), '--json');
    expect(exitCode).toBe(1);
    const { problems } = JSON.parse(stdout) as { problems: { severity: string; message: string }[] };
    expect(problems.find(({ severity }) => severity === 'error')?.message).toMatch(new RegExp(`${name}\\.h5`));
  });

  it('writes the pixels that h5py reads, colours put in order and depth in 16 bits', async () => {
    const expected = JSON.parse(runPython(ASK_H5PY, path.join(root, GOOD))) as Record<string, { digest: string }>;
    for (const stream of ['realsense/cam1/color', 'gelsight/right/frames', 'realsense/cam2/depth']) {
      const out = path.join(base, 'frame.png');
      const run = await regrasp('frame', path.join(root, GOOD), '--stream', stream, '--index', '5', '--out', out);
      expect(run).toMatchObject({ exitCode: 0, stdout: '' });
      const png = decode(await readFile(out));
      expect(png).toMatchObject({
        width: RECORDING.width,
        height: RECORDING.height,
        depth: stream.endsWith('depth') ? 16 : 8,
      });
      const { buffer, byteOffset, byteLength } = png.data as Uint8Array;
      const digest = createHash('sha256')
        .update(new Uint8Array(buffer, byteOffset, byteLength))
        .digest('hex');
      expect([stream, digest]).toEqual([stream, expected[stream]?.digest]);
    }
  });

  it('takes a stream by the name that h5py prints', async () => {
    const [plain, absolute] = [path.join(base, 'plain.png'), path.join(base, 'absolute.png')];
    const frame = (stream: string, out: string) =>
      regrasp('frame', path.join(root, GOOD), '--stream', stream, '--index', '5', '--out', out);
    expect((await frame('realsense/cam1/color', plain)).exitCode).toBe(0);
    expect((await frame('/realsense/cam1/color', absolute)).exitCode).toBe(0);
    expect(digestOf(absolute)).toBe(digestOf(plain));
  });

  it('writes a frame over nothing but a PNG', async () => {
    const text = path.join(base, 'notes.txt');
    writeFileSync(text, 'mine');
    const frame = (out: string) =>
      regrasp('frame', path.join(root, GOOD), '--stream', 'realsense/cam1/color', '--index', '5', '--out', out);
    expectRefused(await frame(path.join(root, GOOD)), /is the recording itself/);
    expectRefused(await frame(text), /is no PNG/);
    expect([digestOf(path.join(root, GOOD)), readFileSync(text, 'utf8')]).toEqual([recorded, 'mine']);
    const picture = path.join(base, 'picture.png');
    expect([(await frame(picture)).exitCode, (await frame(picture)).exitCode]).toEqual([0, 0]);
  });

  it('only reads without a user folder, and says which one is missing where it needs it', async () => {
    const inTheWay = path.join(base, 'a file');
    writeFileSync(inTheWay, '');
    const folder = path.join(inTheWay, 'below');
    const listed = await callRegrasp(folder, 'list', path.join(root, 'data/pushT'));
    expect(listed.stdout).toMatch(/^status\s+episode/);
    expect(listed.stderr).not.toMatch(/EEXIST|ENOTDIR|grants/);
    expect((await callRegrasp(folder, 'inspect', path.join(root, GOOD))).exitCode).toBe(0);
    expectRefused(
      await callRegrasp(folder, 'serve', root),
      /user folder .*below cannot be written .*REGRASP_USER_DATA/,
    );
    expectRefused(
      await runRegrasp(inTheWay, 'serve', root),
      /user folder .*a file cannot be written .*(in the way|a file and no folder)/,
    );
  });

  it('projects by the published vector, a tie going to the earlier pose', async () => {
    const lab = path.join(base, 'calibrated');
    const folder = path.join(lab, 'calibration/epoch_2026-05-12');
    const file = path.join(lab, 'data/motherboard/2026-05-11/episode_000.h5');
    mkdirSync(path.dirname(file), { recursive: true });
    mkdirSync(folder, { recursive: true });
    runPython(WRITE_POSES, file);
    writeFileSync(path.join(folder, 'T_mocap_to_cam_middle.json'), JSON.stringify(CAMERA));
    writeFileSync(path.join(folder, 'T_gel_to_rigid_left.json'), JSON.stringify(SENSOR));
    const at = async (index: number, ...more: string[]) => {
      const { exitCode, stdout } = await regrasp('project', file, '--index', String(index), '--json', ...more);
      expect(exitCode).toBe(0);
      return JSON.parse(stdout);
    };
    const [entry] = await at(1);
    expect(entry).toMatchObject({
      body: 'sensor_left',
      camera: { stream: 'realsense/cam2/color', position: 'middle' },
      visible: true,
    });
    expect(entry.u).toBeCloseTo(225.389, 2);
    expect(entry.v).toBeCloseTo(132.319, 2);
    expect(await at(2)).toEqual([{ ...entry, u: null, v: null, visible: false }]);

    const elsewhere = path.join(base, 'my calibration');
    mkdirSync(elsewhere);
    writeFileSync(
      path.join(elsewhere, 'T_mocap_to_cam_middle.json'),
      JSON.stringify({ ...CAMERA, intrinsics: { ...CAMERA.intrinsics, ppx: 342.4794 } }),
    );
    writeFileSync(path.join(elsewhere, 'T_gel_to_rigid_left.json'), JSON.stringify(SENSOR));
    expect((await at(1, '--calibration', elsewhere))[0].u).toBeCloseTo(235.389, 2);
    writeFileSync(path.join(elsewhere, 'T_mocap_to_cam_left.json'), '{');
    const { stderr: told } = await regrasp('project', file, '--index', '1', '--calibration', elsewhere);
    expect(told).toContain(`\n${path.join(elsewhere, 'T_mocap_to_cam_left.json')} cannot be used`);
    rmSync(path.join(elsewhere, 'T_mocap_to_cam_left.json'));
    expectRefused(await regrasp('project', file, '--index', '1', '--calibration', user), /holds no calibration/);

    // What a person chose for the task and date in the window holds here too.
    cpSync(elsewhere, path.join(lab, 'calibration/epoch_2026-06-01'), { recursive: true });
    expect((await at(1))[0].u).toBeCloseTo(225.389, 2);
    // Not there yet: looking leaves nothing in a dataset.
    mkdirSync(path.join(lab, '.regrasp'));
    const calibrations = { 'motherboard/2026-05-11': 'calibration/epoch_2026-06-01' };
    writeFileSync(path.join(lab, '.regrasp/settings.json'), JSON.stringify({ version: 1, calibrations }));
    expect((await at(1))[0].u).toBeCloseTo(235.389, 2);
  });

  it('serves on loopback until it is interrupted', async () => {
    const server = startRegrasp(user, ['serve', root]);
    const ended = endOf(server);
    const [url] = await said(server, 'stdout', /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/);
    expect((await fetch(new URL('/', url))).status).toBe(401);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    server.kill('SIGINT');
    expect(await ended).toMatchObject({ exitCode: 0, stdout: `${url}\n` });
    // At the same port again, where the browser finds what it kept; with another key.
    const again = startRegrasp(user, ['serve', root]);
    const [later] = await said(again, 'stdout', /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/);
    expect(new URL(later).port).toBe(new URL(url).port);
    expect(later).not.toBe(url);
    again.kill('SIGINT');
  });

  it('opens a moment at its address', async () => {
    const opened = startRegrasp(user, ['open', path.join(root, GOOD), '--browser', '--at', '0.17s']);
    const ended = endOf(opened);
    const [, fragment] = await said(opened, 'stdout', /#(\S+)\n/);
    expect(new URLSearchParams(fragment)).toEqual(new URLSearchParams({ episode: GOOD, t: '5' }));
    opened.kill('SIGTERM');
    expect((await ended).exitCode).toBe(0);
    expectRefused(await regrasp('open', path.join(root, GOOD), '--browser', '--at', '12'), /12 ticks.*no tick 12/);
    expectRefused(await regrasp('open', path.join(root, GOOD), '--browser', '--at', 'soon'), /no moment/);
    expectRefused(await regrasp('open', root, '--browser', '--at', '3'), /more than one recording/);
  });

  it('looks the machine over', async () => {
    const { stdout } = await regrasp('doctor', '--json');
    const checks = JSON.parse(stdout) as { name: string; state: string }[];
    expect(checks.filter(({ name, state }) => /filter (blosc|gzip|lzf)$/.test(name) && state === 'good')).toHaveLength(
      3,
    );
  });

  it('leaves nothing half-written when a sample is interrupted', async () => {
    const folder = path.join(base, 'sample');
    const recording = startRegrasp(user, ['sample', folder, '--seconds', '60']);
    const ended = endOf(recording);
    await said(recording, 'stderr', /tick [1-9]/);
    recording.kill('SIGINT');
    const { exitCode, stdout, stderr } = await ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(stderr).toMatch(/Stopped/);
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((name) => /\.h5|partial|truth/.test(name))).toEqual([]);
  });

  it('says nothing when the reader goes away', async () => {
    const inspecting = startRegrasp(user, ['inspect', path.join(root, GOOD), '--json']);
    const ended = endOf(inspecting);
    inspecting.stdout?.destroy();
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|Error|regrasp:/);
  });

  it.each([['--help'], ['frame', '--help'], ['--version']])(
    'says nothing when the reader of %s %s goes away',
    async (...args) => {
      const helping = startRegrasp(user, args);
      const ended = endOf(helping);
      helping.stdout?.destroy();
      expect(await ended).toMatchObject({ exitCode: 0, stderr: '' });
    },
  );

  it('goes on when nobody reads its progress any more', async () => {
    const listing = startRegrasp(user, ['list', root, '--json']);
    const ended = endOf(listing);
    listing.stderr?.destroy();
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toHaveProperty('root');
    const refusing = startRegrasp(user, ['explode']);
    const refused = endOf(refusing);
    refusing.stderr?.destroy();
    expect((await refused).exitCode).toBe(2);
  });

  it('refuses in one sentence what it cannot do', async () => {
    const file = path.join(root, GOOD);
    const out = path.join(base, 'none.png');
    expectRefused(await regrasp('inspect', path.join(root, 'nowhere.h5')), /nowhere\.h5/);
    expectRefused(await regrasp('inspect', root), /is a folder/);
    expectRefused(
      await regrasp('inspect', `${file}::demo_3`),
      /episode_000\.h5 is one recording.*leave out "::demo_3"/,
    );
    expectRefused(await regrasp('list', path.join(base, 'nowhere')), /There is nothing at .*nowhere: check the path/);
    expectRefused(await regrasp('inspect', file, '--loud'), /unknown option '--loud'/);
    expectRefused(await regrasp('explode'), /unknown command/);
    expectRefused(await regrasp('compress', ''), /<root> was given as an empty word/);
    expectRefused(await regrasp('check', root, '--only-date', ''), /--only-date was given as an empty word/);
    expectRefused(await regrasp('frame', file, '--stream', 'x', '--index', '0', '--out', out), /no stream "x"/);
    expectRefused(
      await regrasp('frame', file, '--stream', 'realsense/cam0/color', '--index', '12', '--out', out),
      /12 samples.*no sample 12/,
    );
    expectRefused(
      await regrasp('frame', file, '--stream', 'realsense/cam0/color', '--index', '-1', '--out', out),
      /whole number/,
    );
    expectRefused(await regrasp('project', file, '--index', '1'), /No calibration/);
    // What is wrong with a recording is said, rather than what it therefore lacks.
    const frameOf = (name: string, stream: string) =>
      regrasp('frame', path.join(root, 'broken', name), '--stream', stream, '--index', '0', '--out', out);
    expectRefused(await frameOf('truncated.h5', 'realsense/cam0/color'), /truncated\.h5 is cut short.*restore a copy/);
    expectRefused(await frameOf('external-link.h5', '/realsense/cam0/color'), /is a link into another file/);
    expectRefused(await frameOf('missing.h5', 'realsense/cam1/color'), /realsense\/cam1\/color\) is missing/);
    const notHdf5 = path.join(root, 'broken', 'not-hdf5.h5');
    expectRefused(await regrasp('project', notHdf5, '--index', '0'), /is no HDF5 file.*restore it/);
    expectRefused(await regrasp('open', notHdf5, '--browser', '--at', '0'), /is no HDF5 file.*restore it/);
    expectRefused(await regrasp('sample', root), /already holds other files/);
    const missing = path.join(base, 'no such folder', 'a.png');
    expectRefused(
      await regrasp('frame', file, '--stream', 'realsense/cam0/color', '--index', '0', '--out', missing),
      /a\.png cannot be written: there is no folder .*no such folder/,
    );
    expect([out, missing].map((place) => existsSync(place))).toEqual([false, false]);
  });

  it('explains every command with an example', async () => {
    const commands = [...(await runRegrasp(user, '--help')).stdout.matchAll(/^ {2}([a-z]+) /gm)].map(
      ([, name]) => name as string,
    );
    expect(commands).toEqual(
      expect.arrayContaining(['sample', 'list', 'inspect', 'frame', 'project', 'serve', 'open', 'doctor']),
    );
    // In this process: a start of each takes a second, and their words are what is told.
    let told = '';
    const output: CliOutput = {
      out: async (text) => {
        told += text;
      },
      err: () => undefined,
    };
    for (const name of commands.filter((command) => command !== 'help')) {
      told = '';
      expect([name, await runCli([name, '--help'], path.resolve('out', 'main'), output)]).toEqual([name, 0]);
      expect(told).toMatch(new RegExp(`Example:\\n {2}regrasp ${name}`));
    }
  });

  it('has altered no recording', () => expect(digestOf(path.join(root, GOOD))).toBe(recorded));
});

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
