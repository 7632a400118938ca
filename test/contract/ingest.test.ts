import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodePattern, noFfmpeg } from '../support/bit-pattern-video.ts';
import { callRegrasp, endOf, said, startRegrasp } from '../support/terminal.ts';

const FACTS = ['--site', 'oakland-2', '--operator', 'j.lee', '--task', 'pick_place'];
const SYNC = ['--sync-video', 'front:0.5,1.5,2.5', '--sync-joints', '800.5,801.5,802.5'];

let root: string;
let raw: string;
let user: string;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-ingest-cli-')));
  [raw, user] = [path.join(root, 'dump'), path.join(root, 'user')];
  if (noFfmpeg) return;
  mkdirSync(raw);
  await encodePattern(path.join(raw, 'front.mp4'), { frames: 90, encode: ['-c:v', 'libx264', '-bf', '2'] });
  const rows = Array.from({ length: 300 }, (_, i) => `${(800 + i / 100).toFixed(3)},${Math.sin(i / 30)}`);
  writeFileSync(path.join(raw, 'joints.csv'), `time_s,joint_0_rad\n${rows.join('\n')}\n`);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(noFfmpeg)('regrasp ingest', () => {
  it('makes a session that the other commands read', async () => {
    const out = path.join(root, 'sessions', 'one');
    const made = await callRegrasp(
      user,
      'ingest',
      raw,
      ...FACTS,
      ...SYNC,
      '--shift',
      'night',
      '--environment',
      'table=B',
      '--out',
      out,
    );
    expect(made).toMatchObject({ exitCode: 0, stdout: `${out}\n` });
    expect(made.stderr).toMatch(/joints\.parquet +300 +sync events +0\.0 ppm +0\.00 ms +0\.00 ms +3/);
    const inspected = await callRegrasp(user, 'inspect', path.join(out, 'session.json'), '--json');
    expect(JSON.stringify(JSON.parse(inspected.stdout))).toContain('"environment.table":"B"');
    const checked = await callRegrasp(user, 'check', path.join(root, 'sessions'));
    expect(checked.stdout).toMatch(/one\/session\.json \(session\): warning/);
    expect(checked.stdout).toMatch(/front\.mp4: 90 frames/);
    const again = await callRegrasp(user, 'ingest', raw, ...FACTS, ...SYNC, '--out', out);
    expect(again).toMatchObject({ exitCode: 0, stdout: `${out}\n` });
    expect(again.stderr).toContain('was ingested before, of these very files; nothing was changed');
  });

  it.each(['the ffmpeg of the machine', 'the embedded one'])('takes an AVI as it is, read by %s', async (engine) => {
    const embedded = engine === 'the embedded one';
    const place = path.join(root, embedded ? 'avi-embedded' : 'avi');
    mkdirSync(place);
    await encodePattern(path.join(place, 'wrist.avi'), { frames: 45, encode: ['-c:v', 'mjpeg', '-q:v', '3'] });
    vi.stubEnv('REGRASP_FFMPEG', embedded ? 'embedded' : undefined);
    const out = `${place}-session`;
    const made = await callRegrasp(user, 'ingest', place, ...FACTS, '--out', out);
    expect(made, made.stderr).toMatchObject({ exitCode: 0, stdout: `${out}\n` });
    expect(made.stderr).toMatch(/cam_wrist\.avi +45 /);
    expect(readFileSync(path.join(out, 'cam_wrist.avi'))).toEqual(readFileSync(path.join(place, 'wrist.avi')));
    const checked = await callRegrasp(user, 'check', out);
    expect(checked.stdout).toMatch(/cam_wrist\.avi: 45 frames/);
  });

  it('ends with one sentence where it cannot', async () => {
    const untied = await callRegrasp(user, 'ingest', raw, ...FACTS);
    expect(untied).toMatchObject({ exitCode: 2, stdout: '' });
    expect(untied.stderr).toMatch(/regrasp: Nothing ties joints\.csv to the other streams: give --offset, .*\.\n$/);
    const half = await callRegrasp(user, 'ingest', raw, ...FACTS, '--sync-video', '1,2');
    expect(half.stderr).toContain('give --sync-video and --sync-joints');
    const strange = await callRegrasp(user, 'ingest', raw, ...FACTS, '--offset', 'joints=soon');
    expect(strange.stderr).toContain('--offset joints=soon: "soon" is no number of seconds.');
    expect(existsSync(`${raw}-session`)).toBe(false);
  });

  it('leaves nothing under the name when it is killed, and begins anew', async () => {
    const parent = path.join(root, 'killed');
    const out = path.join(parent, 'one');
    const command = ['ingest', raw, ...FACTS, ...SYNC, '--out', out];
    const child = startRegrasp(user, command);
    const ended = endOf(child).catch(() => undefined);
    await said(child, 'stderr', /Reading the raw files/);
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(out)).toBe(false);
    const { exitCode } = await callRegrasp(user, ...command);
    expect(exitCode).toBe(0);
    expect(readdirSync(parent)).toEqual(['one']);
    expect(JSON.parse(readFileSync(path.join(out, 'session_manifest.json'), 'utf8')).files).toHaveLength(4);
  });
});
