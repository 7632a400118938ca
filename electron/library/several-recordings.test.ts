import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { datasetSettingsSchema } from '../../shared/api/settings.ts';
import { pathsOf, StagedLibrary } from './staged-library.ts';

let lab: StagedLibrary;
beforeEach(async () => {
  lab = await StagedLibrary.create();
});
afterEach(() => lab.close());

describe('a file that holds several recordings', () => {
  const bag = 'bags/monday.bag';
  const bagOf = (text: string) => lab.take(bag, `bag\n${text}\n`);

  it('is listed as each of them, opened or not, and again from the cache', async () => {
    await bagOf('demo_9 4\ndemo_10 6\nquick 8 complete\nold 9 torn');
    const first = lab.start();
    const { id } = await first.openPath(lab.dataset);
    const { entries } = await first.roots.settled(id);
    const inBag = entries.filter((entry) => entry.path.startsWith(bag));
    expect(inBag.map(({ path: below, name, ticks, status, format }) => [below, name, ticks, status, format])).toEqual([
      [`${bag}::demo_9`, 'demo_9', 4, 'good', 'bag'],
      [`${bag}::demo_10`, 'demo_10', 6, 'good', 'bag'],
      [`${bag}::quick`, 'quick', 8, 'good', 'bag'],
      [`${bag}::old`, 'old', 9, 'warning', 'bag'],
    ]);
    expect(inBag[3]?.problems.map(({ message }) => message)).toEqual(['monday.bag is torn: mend it.']);
    expect(inBag[2]).toMatchObject({ id: `${id}/${bag}::quick`, outcome: 'success', task: 'bags', streams: 2 });
    expect(inBag[2]?.instruction).toBe('Fill the bag.');
    expect(lab.opens.filter((file) => file.includes('::'))).toEqual([`${bag}::demo_9`, `${bag}::demo_10`]);
    await first.roots.closeAll();
    lab.opens = [];
    const second = lab.start();
    const again = await second.roots.settled((await second.openPath(lab.dataset)).id);
    expect(again.entries.filter((entry) => entry.path.startsWith(bag))).toEqual(inBag);
    expect(lab.opens).toEqual([]);
  });

  it('loses and gains them as it is written, and says so', async () => {
    await bagOf('a 1\nb 2');
    const { openPath, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
    await roots.settled(id);
    lab.events.length = 0;
    await bagOf('b 2\nc 30');
    await utimes(path.join(lab.dataset, bag), 1000, 1000);
    roots.rescan(id);
    expect(pathsOf(await roots.settled(id)).filter((below) => below.startsWith(bag))).toEqual([
      `${bag}::b`,
      `${bag}::c`,
    ]);
    await vi.waitFor(() => {
      const removed = lab.events.flatMap((event) => (event.type === 'entries' ? event.removed : []));
      expect(removed).toEqual([`${id}/${bag}::a`]);
    });
  });

  it('is known by its content and not by its name, and a stranger is not listed at all', async () => {
    await lab.take('data/push/2026-05-10/really.take', 'bag\ninner 3\n');
    await lab.take('bags/letter.bag', 'Dear all');
    const { openPath, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
    const { entries } = await roots.settled(id);
    expect(pathsOf({ entries }).filter((below) => /really|letter/.test(below))).toEqual([
      'data/push/2026-05-10/really.take::inner',
    ]);
    expect(entries.find(({ path: below }) => below.endsWith('episode_1.take'))?.format).toBe('take');
  });

  it('that cannot be listed is one entry with a sentence', async () => {
    await bagOf('boom');
    await lab.take('bags/empty.bag', 'bag\n');
    const { openPath, roots } = lab.start();
    const { entries } = await roots.settled((await openPath(path.join(lab.dataset, 'bags'))).id);
    const told = entries.map(({ status, problems }) => [status, problems.map(({ message }) => message).join()]);
    expect(told).toEqual([
      ['error', 'empty.bag lists no recording: look whether it was copied whole.'],
      ['error', 'monday.bag is cut short: restore it from a copy.'],
    ]);
  });

  it('shows its first when it is what was opened, and opens each by its address alone', async () => {
    const file = await bagOf('demo_9 4\ndemo_10 6');
    await lab.take(`${bag}.beside`, 'x');
    const { openPath, episodes, roots } = lab.start();
    const root = await openPath(file);
    expect(root.focus).toBe(`${root.id}/${root.prefix}::demo_9`);
    expect(pathsOf(await roots.settled(root.id))).toHaveLength(2);
    const opened = await episodes.open(`${root.id}/monday.bag::demo_10`);
    expect(opened).toMatchObject({ path: file, file: { pathBelowRoot: 'monday.bag', inner: 'demo_10' } });
    expect(opened.opened.clocks.get('ticks')).toHaveLength(6);
    await expect(episodes.open(`${root.id}/monday.bag`)).rejects.toThrow(
      'monday.bag holds 2 recordings: name one of them, as monday.bag::demo_9.',
    );
    for (const below of [
      'monday.bag::../x',
      'monday.bag::..',
      'monday.bag::a/b',
      '../lab::x',
      'x::../../monday.bag::demo_9',
    ]) {
      await expect(episodes.open(`${root.id}/${below}`), below).rejects.toMatchObject({ name: 'Fault' });
    }
    await lab.take('outside.bag', 'bag\nx 1\n');
    await expect(episodes.open(`${root.id}/../outside.bag::x`)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('is not mistaken for a file whose own name holds "::"', async () => {
    await lab.take('data/push/2026-05-10/odd::name.take', '5');
    await lab.take('data/push/2026-05-10/odd::bag.bag', 'bag\ninner 3\n');
    const { openPath, episodes, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
    const odd = pathsOf(await roots.settled(id)).filter((below) => below.includes('odd'));
    expect(odd).toEqual(['data/push/2026-05-10/odd::bag.bag::inner', 'data/push/2026-05-10/odd::name.take']);
    for (const below of odd)
      await expect(episodes.open(`${id}/${below}`)).resolves.toMatchObject({ id: `${id}/${below}` });
    roots.rescan(id);
    expect(pathsOf(await roots.settled(id)).filter((below) => below.includes('odd'))).toEqual(odd);
  });

  it('is read again when a file beside it changes, or what was stated of its folder', async () => {
    await bagOf('demo_9 4');
    const beside = await lab.take(`${bag}.beside`, 'x');
    lab.datasetSettings = datasetSettingsSchema.parse({});
    const { openPath, episodes, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
    await roots.settled(id);
    const before = await episodes.open(`${id}/${bag}::demo_9`);
    await episodes.look();
    expect(lab.forgotten).toEqual([]);
    await writeFile(beside, 'changed');
    await episodes.look();
    expect(lab.events.at(-1)).toMatchObject({ type: 'episode-changed', episode: before.id });
    const second = await episodes.open(before.id);
    expect(second.revision).not.toBe(before.revision);

    lab.datasetSettings = datasetSettingsSchema.parse({
      stated: { '': { rateHz: 1 }, bags: { rateHz: 10 }, other: { rateHz: 5 } },
    });
    await episodes.restate(id);
    expect(lab.events.at(-1)).toMatchObject({ type: 'episode-changed', revision: 'stated' });
    roots.rescan(id);
    const entry = (await roots.settled(id)).entries.find(({ path: below }) => below === `${bag}::demo_9`);
    expect(entry?.durationNs).toBeCloseTo(3e8, 0);
    const third = await episodes.open(before.id);
    expect(third.opened.clocks.get('ticks')?.[1]).toBe(1e8);
    expect(third.revision).not.toBe(second.revision);
    await episodes.restate(id);
    expect(lab.forgotten).toHaveLength(2);
  });

  it('is checked by its own rules', async () => {
    await bagOf('demo_9 4');
    const { openPath, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
    await roots.settled(id);
    const { episode, findings } = await roots.check(id, `${bag}::demo_9`);
    expect(episode.name).toBe('demo_9');
    expect(findings).toMatchObject({ notes: ['Noted.'], problems: [{ code: 'one' }] });
  });
});
