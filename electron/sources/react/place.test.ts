import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mightBe, placeOf, rootOf } from './place.ts';

describe('where a React recording lies', () => {
  let home: string;
  const at = (...parts: string[]) => path.join(home, ...parts);

  beforeAll(() => {
    home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-place-')));
    mkdirSync(at('set', 'data', 'pushT', '2026-06-18'), { recursive: true });
    mkdirSync(at('data', 'loose'), { recursive: true });
    writeFileSync(at('data', 'loose', 'a.h5'), '');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('has one root, whatever of it is opened', () => {
    const root = at('set');
    expect(rootOf(at('set', 'data', 'pushT', '2026-06-18', 'episode_001.h5'), false)).toBe(root);
    expect(rootOf(at('set', 'data', 'pushT', '2026-06-18'), true)).toBe(root);
    expect(rootOf(at('set', 'data', 'pushT'), true)).toBe(root);
    expect(rootOf(at('set', 'data'), true)).toBe(root);
    expect(rootOf(at('set'), true)).toBe(root);
  });

  it('is its own folder outside the layout, even below some folder called data', () => {
    expect(rootOf(at('data', 'loose', 'a.h5'), false)).toBe(at('data', 'loose'));
    expect(rootOf(at('data'), true)).toBe(at('data'));
  });

  it('tells task, date and name', () => {
    const expected = { task: 'pushT', date: '2026-06-18', name: 'episode_001' };
    expect(placeOf('data/pushT/2026-06-18/episode_001.h5')).toEqual(expected);
    expect(placeOf('2026-06-18/episode_001.h5')).toEqual({ ...expected, task: '' });
    expect(placeOf('episode_001.h5')).toEqual({ task: '', date: '', name: 'episode_001' });
    expect(placeOf('data/pushT/episode_001.hdf5')).toEqual({ task: 'pushT', date: '', name: 'episode_001' });
  });

  it('knows recordings by their name, and leaves quarantined and half-written ones alone', () => {
    const known = (name: string) => mightBe({ path: name, name, sizeBytes: 0, modifiedMs: 0 });
    expect(['a.h5', 'a.HDF5'].map(known)).toEqual([true, true]);
    expect(['a.h5.corrupt', 'a.h5.compress_tmp', '.a.h5', 'a.mp4'].map(known)).toEqual([false, false, false, false]);
  });
});
