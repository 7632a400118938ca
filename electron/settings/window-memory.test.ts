import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WindowMemory } from './window-memory.ts';

describe('what windows remember', () => {
  let folder: string;
  let told: string[];
  const memory = () => new WindowMemory(folder, (sentence) => told.push(sentence));

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'regrasp-windows-'));
    told = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is there after a restart: the last place of each episode, and the view', async () => {
    const first = memory();
    await Promise.all([first.rememberPlace('a', 3), first.rememberPlace('b', 5), first.rememberView({ width: 240 })]);
    await first.rememberPlace('a', 7);
    const second = memory();
    expect([await second.place('a'), await second.place('b'), await second.place('c')]).toEqual([7, 5, null]);
    expect(await second.view()).toEqual({ width: 240 });
    expect(told).toEqual([]);
  });

  it('is, of each dataset, how its list was filtered and sorted', async () => {
    const filters = {
      choices: [{ facet: 'property:operator', value: 'Ada' }],
      onlyProblems: true,
      sort: 'newest' as const,
    };
    const first = memory();
    await first.rememberFilters('one', filters);
    await first.rememberFilters('two', { ...filters, sort: 'name' });
    await first.rememberFilters('one', { ...filters, choices: [] });
    const second = memory();
    expect(await second.filters('one')).toEqual({ ...filters, choices: [] });
    expect(await second.filters('two')).toEqual({ ...filters, sort: 'name' });
    expect(await second.filters('three')).toBeNull();
    expect(told).toEqual([]);
  });

  it('is on disk once it has settled, asked for or not', async () => {
    const leaving = memory();
    void leaving.rememberPlace('a', 3);
    void leaving.rememberView({ width: 260 });
    await leaving.settled();
    const kept = JSON.parse(await readFile(path.join(folder, 'windows.json'), 'utf8'));
    expect(kept).toEqual({ places: [['a', 3]], view: { width: 260 } });
  });

  it('is bounded: the episodes left longest ago are forgotten', async () => {
    const places = Array.from({ length: 500 }, (_, index) => [`e${index}`, index]);
    await writeFile(path.join(folder, 'windows.json'), JSON.stringify({ places }));
    const full = memory();
    await full.rememberPlace('new', 1);
    expect([await full.place('new'), await full.place('e0'), await full.place('e499')]).toEqual([1, 0, null]);
    expect(JSON.parse(await readFile(path.join(folder, 'windows.json'), 'utf8')).places).toHaveLength(500);
  });

  it('loses one damaged part alone, with a sentence', async () => {
    await writeFile(path.join(folder, 'windows.json'), '{"places":[["a",-1]],"view":{"width":240}}');
    const damaged = memory();
    expect(await damaged.place('a')).toBeNull();
    expect(await damaged.view()).toEqual({ width: 240 });
    expect(told).toEqual([expect.stringMatching(/places had an invalid value/)]);
    await damaged.rememberPlace('a', 2);
    expect(await memory().place('a')).toBe(2);
  });
});
