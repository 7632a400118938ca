import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import { BundlePlaces, OWN_PLACE } from './places.ts';
import { Planner } from './planner.ts';

describe('where bundles go', () => {
  let base: string;
  let places: BundlePlaces;
  const at = (below: string) => path.join(base, below);
  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp places ')));
    for (const folder of ['lab/data', 'disk', 'laboratory']) mkdirSync(at(folder), { recursive: true });
    places = new BundlePlaces({
      ownDir: at('user/bundles'),
      async resolve(grant) {
        if (!['disk', 'lab', 'lab/data', 'laboratory'].includes(grant)) throw new Fault('REFUSED', 'Not granted.');
        return { real: at(grant), isFolder: true };
      },
      roots: () => [at('lab')],
    });
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('is a folder a person chose, or one of the workstation', async () => {
    expect(await places.about(OWN_PLACE)).toMatchObject({ path: at('user/bundles'), fault: null });
    expect((await places.about('disk')).freeBytes).toBeGreaterThan(0);
    expect(await places.outOf('disk', 'grasps v3')).toBe(at('disk/grasps v3'));
  });

  it('is never what was not granted, nor within recordings', async () => {
    expect(await places.about('/etc')).toMatchObject({ freeBytes: null, fault: 'Not granted.' });
    for (const grant of ['lab', 'lab/data'])
      await expect(places.outOf(grant, 'a')).rejects.toThrow(`within the recordings of ${at('lab')}`);
    // Beside them, whatever its name begins with.
    expect(await places.outOf('laboratory', 'a')).toBe(at('laboratory/a'));
  });

  it.each(['', '..', '../a', 'a/b', '/etc', 'a\\b', '.a'])('takes no folder called %j', async (folder) => {
    await expect(places.outOf('disk', folder)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('says before an export that something is there already', async () => {
    mkdirSync(at('disk/there'));
    expect(await places.destination('disk', 'there')).toEqual({ path: at('disk/there'), fault: null });
    writeFileSync(at('disk/there/a.txt'), '');
    expect((await places.destination('disk', 'there')).fault).toContain('is there already');
    expect((await places.destination('disk', 'a/b')).fault).toContain('A name is made of');
    expect((await places.destination('lab', 'b')).fault).toContain('within the recordings');
  });
});

describe('plans in the making', () => {
  it('are one a window: the newest ends the one before', async () => {
    const signals: AbortSignal[] = [];
    const ends: (() => void)[] = [];
    const planner = new Planner(
      ({ options }, { signal }) =>
        new Promise((resolve, reject) => {
          signals.push(signal);
          signal.addEventListener('abort', () => reject(signal.reason));
          ends.push(() => resolve({ message: '', result: { plan: options?.recipe } }));
        }),
    );
    const first = planner.plan({ root: 'r', recipe: 1, view: 'a' });
    const other = planner.plan({ root: 'r', recipe: 2, view: 'b' });
    const second = planner.plan({ root: 'r', recipe: 3, view: 'a' });
    await expect(first).rejects.toThrow('A newer plan was asked for');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
    for (const end of ends) end();
    expect([await other, await second]).toEqual([2, 3]);
  });
});
