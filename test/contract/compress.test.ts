import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWithHdf5, runPython } from '../support/python.ts';
import { endOf, runRegrasp, startRegrasp } from '../support/terminal.ts';

/** Noise, so that packing it takes a while. */
const WRITE = `
import sys, numpy as np, h5py, hdf5plugin
rng = np.random.default_rng(3)
T = 24
with h5py.File(sys.argv[1], 'w') as f:
    m = f.create_group('metadata')
    m.attrs['fps'] = np.int64(30)
    m.attrs['created_at'] = '2026-05-10T14:03:22'
    f.create_dataset('timestamps', data=1.7e9 + np.arange(T) / 30, maxshape=(None,), chunks=(1024,))
    for name in ('realsense/cam0/color', 'realsense/cam1/color', 'realsense/cam2/color', 'gelsight/left/frames', 'gelsight/right/frames'):
        f.create_dataset(name, data=rng.integers(0, 255, (T, 240, 320, 3), dtype='u1'), chunks=(1, 240, 320, 3), **hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=1))
`;
const SAME = `
import sys, h5py, hdf5plugin, numpy as np
with h5py.File(sys.argv[1]) as a, h5py.File(sys.argv[2]) as b:
    names = []
    a.visit(names.append)
    others = []
    b.visit(others.append)
    assert names == others
    for n in names:
        if isinstance(a[n], h5py.Dataset): assert np.array_equal(a[n][()], b[n][()]) and b[n].compression == 'gzip' and b[n].shuffle, n
print('equal')
`;

describe('compressing a dataset', { skip: !pythonWithHdf5() }, () => {
  let base: string;
  let original: string;
  let recording: string;
  const regrasp = (...args: string[]) => runRegrasp(path.join(base, 'user'), ...args);
  const leftovers = () => readdirSync(path.dirname(recording)).filter((name) => name.endsWith('compress_tmp'));

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp compress ')));
    original = path.join(base, 'original.h5');
    recording = path.join(base, 'lab', 'data', 'pushT', '2026-05-10', 'episode_000.h5');
    await mkdir(path.dirname(recording), { recursive: true });
    runPython(WRITE, original);
    await copyFile(original, recording);
    expect((await regrasp('--version')).exitCode).toBe(0);
  }, 600_000);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  /** Ends the command, without a chance to tidy up, once its copy has grown so far. */
  async function killWhenCopied(bytes: number): Promise<void> {
    const run = startRegrasp(path.join(base, 'user'), ['compress', path.join(base, 'lab')]);
    const ended = endOf(run);
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    const copied = () =>
      Math.max(
        -1,
        ...leftovers().map(
          (name) => statSync(path.join(path.dirname(recording), name), { throwIfNoEntry: false })?.size ?? -1,
        ),
      );
    while (!isOver && copied() < bytes) await wait(5);
    run.kill('SIGKILL');
    await ended;
  }

  it('leaves the original when it is killed at any point, and completes the next time, with the same fingerprint', async () => {
    const fingerprint = async () =>
      JSON.parse((await regrasp('inspect', recording, '--json')).stdout).fingerprint as string;
    const before = await fingerprint();
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    const sha = digestOf(original);
    const whole = statSync(original).size;
    for (const share of [0, 0.4, 0.95]) {
      await killWhenCopied(Math.round(whole * share));
      // Killed late enough it may have come to its end: then it holds the same, packed.
      if (digestOf(recording) !== sha) expect(runPython(SAME, original, recording).trim()).toBe('equal');
    }
    const { exitCode, stdout, stderr } = await regrasp('compress', path.join(base, 'lab'), '--json');
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    const [dataset] = JSON.parse(stdout).datasets as {
      failures: unknown[];
      files: { file: string; state: string }[];
    }[];
    expect(dataset?.failures).toEqual([]);
    expect(dataset?.files).toEqual([
      expect.objectContaining({
        file: 'data/pushT/2026-05-10/episode_000.h5',
        state: expect.stringMatching(/compressed|packed-already/),
      }),
    ]);
    expect(leftovers()).toEqual([]);
    expect(runPython(SAME, original, recording).trim()).toBe('equal');
    expect(await fingerprint()).toBe(before);
    const again = await regrasp('compress', path.join(base, 'lab'));
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringMatching(/1 was shuffled and gzip already/)]);
  }, 600_000);
});

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
