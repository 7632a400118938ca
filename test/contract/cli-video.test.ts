import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasFfmpeg } from '../../electron/media/testing.ts';
import { formatSamples } from '../support/format-samples.ts';
import { callRegrasp } from '../support/terminal.ts';

describe.skipIf(!hasFfmpeg)('a video in the terminal', () => {
  let base: string;
  let lab: string;
  const at = (...parts: string[]) => path.join(base, ...parts);

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp terminal video ')));
    lab = path.join(await formatSamples(), 'rollout');
  }, 120_000);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it.each(['rollout_000', 'rollout_001'])('writes frames of %s as ffmpeg decodes them', async (name) => {
    const folder = path.join(lab, 'pick_place', '2026-03-31', name);
    const recording = path.join(folder, 'trajectory.npz');
    const { stdout } = await callRegrasp(at('user'), 'inspect', recording, '--json');
    const { streams } = JSON.parse(stdout) as { streams: { id: string; width: number; height: number }[] };
    const [stream] = streams;
    if (!stream) throw new Error('the rollout has no stream');
    for (const index of [0, 33]) {
      const run = await callRegrasp(
        at('user'),
        ...['frame', recording, '--stream', stream.id, '--index', String(index), '--out', at('frame.png')],
      );
      expect(run).toMatchObject({ exitCode: 0, stdout: '' });
      const { data, width, height } = decode(readFileSync(at('frame.png')));
      expect([width, height]).toEqual([stream.width, stream.height]);
      const truth = execFileSync('ffmpeg', [
        ...['-v', 'error', '-i', path.join(folder, 'video.mp4'), '-vf', `select=eq(n\\,${index})`, '-frames:v', '1'],
        ...['-sws_flags', 'bicubic+accurate_rnd+full_chroma_int', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
      ]);
      expect(Buffer.from(data.buffer, data.byteOffset, data.byteLength).equals(truth)).toBe(true);
    }
    const beyond = await callRegrasp(
      at('user'),
      ...['frame', recording, '--stream', stream.id, '--index', '5000', '--out', at('none.png')],
    );
    expect(beyond.exitCode).not.toBe(0);
    expect(beyond.stderr).toMatch(/there is no sample 5000/);
  });
});
