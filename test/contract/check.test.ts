import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rigSample } from '../support/rig-sample.ts';
import { callRegrasp } from '../support/terminal.ts';

interface Recording {
  path: string;
  status: string;
  problems: { code: string; stream?: string; message: string }[];
  take?: { what: string; isFine: boolean; text: string }[];
  decoded?: { stream: string; decoded: number; count: number; unreadable: number[]; repeated: number | null }[];
  quarantined?: string;
}

/** A busy machine needs its time: nothing here is about speed. */
const PATIENCE_MS = 600_000;

describe('checking recordings of the rig', { timeout: PATIENCE_MS }, () => {
  let base: string;
  let sample: string;
  const regrasp = (...args: string[]) => callRegrasp(path.join(base, 'user'), ...args);

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp check ')));
    sample = path.join(base, 'sample');
    // What is checked is remembered beside it: a copy of its own.
    await cp(await rigSample(), sample, { recursive: true });
  }, PATIENCE_MS);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  async function checked(...args: string[]) {
    const { exitCode, stdout, stderr } = await regrasp('check', ...args, '--json');
    const [dataset] = JSON.parse(stdout).datasets as { root: string; recordings: Recording[]; failures: unknown[] }[];
    const named = new Map(dataset?.recordings.map((each) => [path.basename(each.path), each]));
    return { exitCode, stderr, named, failures: dataset?.failures };
  }

  it('decodes every sample with --deep, and tells each fault of each broken file once', async () => {
    const { exitCode, named } = await checked(path.join(sample, 'data', 'broken'), '--deep');
    expect(exitCode).toBe(1);
    const codes = (name: string) => named.get(`episode_${name}.h5`)?.problems.map(({ code }) => code);
    expect(codes('corrupt-chunk')).toEqual(['corrupt-chunk']);
    expect(codes('count-mismatch')).toEqual(['count-mismatch']);
    expect(codes('truncated')).toEqual(['truncated']);
    expect(codes('not-hdf5')).toEqual(['not-hdf5']);
    const corrupt = named.get('episode_corrupt-chunk.h5') as Recording;
    const unreadable = corrupt.decoded?.filter((stream) => stream.unreadable.length > 0);
    expect(unreadable).toEqual([expect.objectContaining({ stream: 'realsense/cam2/color', unreadable: [3] })]);
    for (const { decoded, unreadable: bad, count } of corrupt.decoded ?? []) expect(decoded + bad.length).toBe(count);
  });

  it('says of each take whether cameras, gels, bodies and ticks were there to its end', async () => {
    const { named } = await checked(path.join(sample, 'data', 'board_insertion'));
    const good = named.get('episode_001.h5') as Recording;
    expect(good.take?.map(({ what, isFine }) => [what, isFine])).toEqual([
      ['cameras', true],
      ['gelsights', true],
      ['bodies', true],
      ['ticks', true],
    ]);
    const planted = named.get('episode_000.h5') as Recording;
    expect(planted.take?.find(({ what }) => what === 'bodies')).toMatchObject({
      isFine: false,
      text: expect.stringMatching(/stops for \d+\.\d\d s at tick \d+/),
    });
    expect(planted.decoded).toBeUndefined();
  });

  it('puts in quarantine what cannot be opened or disagrees, and nothing else, over nothing that is there', async () => {
    const copy = path.join(base, 'copy');
    await cp(sample, copy, { recursive: true });
    const folder = path.join(copy, 'data', 'broken', '2026-07-02');
    const before = readdirSync(folder);
    writeFileSync(path.join(folder, 'episode_truncated.h5.corrupt'), 'mine');
    const { exitCode, named, failures } = await checked(path.join(copy, 'data', 'broken'), '--quarantine');
    expect(exitCode).toBe(1);
    const moved = [...named].filter(([, { quarantined }]) => quarantined).map(([name]) => name);
    expect(moved.sort()).toEqual(['episode_count-mismatch.h5', 'episode_not-hdf5.h5']);
    expect(failures).toEqual([
      { item: 'data/broken/2026-07-02/episode_truncated.h5', message: expect.stringMatching(/is in the way/) },
    ]);
    expect(readFileSync(path.join(folder, 'episode_truncated.h5.corrupt'), 'utf8')).toBe('mine');
    const expected = before.map((name) => (moved.includes(name) ? `${name}.corrupt` : name));
    expect(readdirSync(folder).sort()).toEqual([...expected, 'episode_truncated.h5.corrupt'].sort());
    const again = await checked(path.join(copy, 'data', 'broken'));
    expect([...again.named.keys()].filter((name) => moved.includes(name))).toEqual([]);
  });
});
