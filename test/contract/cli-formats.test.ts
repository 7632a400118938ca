import { cpSync, mkdtempSync, realpathSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatSamples } from '../support/format-samples.ts';
import { callRegrasp } from '../support/terminal.ts';

/** Datasets of several formats at the terminal, written by the product's own samples. */
describe('regrasp with files that hold several recordings', () => {
  let base: string;
  let dataset: string;
  let userDataDir: string;
  const run = (...words: string[]) => callRegrasp(userDataDir, ...words);
  const copyOf = (format: string, to: string, samples: string) =>
    cpSync(path.join(samples, format), to, { recursive: true });
  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-formats-')));
    dataset = path.join(base, 'lerobot');
    userDataDir = path.join(base, 'user');
    copyOf('lerobot', dataset, await formatSamples());
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it('records samples, names formats that have one, and records over nothing', async () => {
    const made = path.join(base, 'made');
    const { exitCode, stdout } = await run('sample', made, '--format', 'rollout', '--seconds', '2');
    expect([exitCode, stdout]).toEqual([0, `${made}\n`]);
    const unknown = await run('sample', path.join(base, 'new'), '--format', 'cassette');
    expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/no sample of the format "cassette": there are .*lerobot, .*react/);
    const again = await run('sample', made, '--format', 'rollout');
    expect(again).toMatchObject({ exitCode: 2 });
    expect(again.stderr).toContain('already holds other files');
  });

  it('lists them, and opens one by its name in the file or in the folder', async () => {
    const { exitCode, stdout } = await run('list', path.join(dataset, 'v3.0'), '--json');
    expect(exitCode).toBe(0);
    const paths = JSON.parse(stdout).episodes.map((entry: { path: string }) => entry.path);
    expect(paths).toEqual([0, 1, 2].map((n) => `meta/info.json::episode_00000${n}`));
    const byFile = await run('inspect', `${dataset}/v3.0/meta/info.json::episode_000001`, '--json');
    const byFolder = await run('inspect', `${dataset}/v3.0::episode_000001`, '--json');
    expect(JSON.parse(byFile.stdout)).toMatchObject({ path: 'meta/info.json::episode_000001', outcome: 'failure' });
    expect(byFolder.stdout).toBe(byFile.stdout);
    const people = await run('inspect', `${dataset}/v3.0::episode_000001`);
    for (const word of ['outcome', 'property robot', 'series', 'Action', 'mark']) expect(people.stdout).toContain(word);
    const several = await run('inspect', `${dataset}/v3.0/meta/info.json`);
    expect(several).toMatchObject({ exitCode: 2, stdout: '' });
    expect(several.stderr).toContain('holds 3 recordings: name one of them, as');
    const nowhere = await run('inspect', `${dataset}/v3.0::episode_000009`);
    expect(nowhere).toMatchObject({ exitCode: 2 });
    expect(nowhere.stderr).toContain('it holds none');
  });

  it('have a print of their own each', async () => {
    const prints = await Promise.all(
      [0, 1, 2].map(async (n) => {
        const { stdout } = await run('inspect', `${dataset}/v2.1::episode_00000${n}`, '--json');
        return JSON.parse(stdout).fingerprint as string;
      }),
    );
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(prints).size).toBe(3);
  });

  it('checks every recording of every dataset below a folder and tells each fault', async () => {
    const fine = await run('check', dataset);
    expect(fine.exitCode).toBe(0);
    expect(fine.stdout.match(/^3 recordings: 3 good, 0 with warnings, 0 with errors\.$/gm)).toHaveLength(2);
    const broken = path.join(base, 'broken');
    copyOf('lerobot', broken, await formatSamples());
    const v2 = path.join(broken, 'v2.1');
    unlinkSync(path.join(v2, 'videos/chunk-000/observation.images.front/episode_000001.mp4'));
    writeFileSync(path.join(v2, 'data/chunk-000/episode_000002.parquet'), 'no parquet at all');
    const { exitCode, stdout } = await run('check', v2, '--json');
    expect(exitCode).toBe(1);
    const { datasets } = JSON.parse(stdout);
    const faults = datasets[0].recordings.map(
      ({ status, problems }: { status: string; problems: { message: string }[] }) => [
        status,
        problems.length > 0 && problems.every(({ message }) => message.endsWith('.')),
      ],
    );
    expect(datasets[0].root).toBe(v2);
    expect(faults[1]).toEqual(['error', true]);
    expect(faults[2]).toEqual(['error', true]);
    const one = await run('check', `${v2}::episode_000001`);
    expect(one.exitCode).toBe(1);
    expect(one.stdout).toContain('1 recordings: 0 good');
  });

  it('shows a folder with several formats as one list, and whole datasets below it each', async () => {
    const mixed = path.join(base, 'mixed');
    for (const format of ['rollout', 'lerobot']) {
      copyOf(format, path.join(mixed, format), await formatSamples());
    }
    const { stdout } = await run('list', mixed, '--json');
    const { root, episodes } = JSON.parse(stdout);
    expect(root.path).toBe(mixed);
    expect(new Set(episodes.map(({ format }: { format: string }) => format))).toEqual(new Set(['lerobot', 'rollout']));
    const apart = JSON.parse((await run('list', path.join(mixed, 'lerobot'), '--json')).stdout);
    expect(apart.datasets.map((each: { root: { path: string } }) => path.basename(each.root.path))).toEqual([
      'v2.1',
      'v3.0',
    ]);
  });
});
