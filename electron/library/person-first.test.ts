import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Hdf5Reader } from '../sources/source.ts';
import { PersonFirst } from './person-first.ts';

/** Longer than any machine is busy. */
const PATIENT = { file: 60_000, sample: 60_000, part: 60_000 };

/** A promise to be kept by hand. */
function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('a person goes first', () => {
  it('so that nothing begins for the list while something is opened, and it goes on afterwards', async () => {
    const personFirst = new PersonFirst(PATIENT);
    const order: string[] = [];
    const { opened, open } = gate();
    const opening = personFirst.during(async () => {
      await opened;
      order.push('opened');
    });
    const begun = personFirst.pause('file').then(() => order.push('begun'));
    await wait(50);
    expect(order).toEqual([]);
    open();
    await Promise.all([opening, begun]);
    expect(order).toEqual(['opened', 'begun']);
  });

  it('so that the list leaves the HDF5 files alone meanwhile, also where it is in the middle of one', async () => {
    const personFirst = new PersonFirst(PATIENT);
    const asked: string[] = [];
    const hdf5 = {
      numbers: async (_path: string, dataset: string) => {
        asked.push(dataset);
        return { shape: [0], data: new Float64Array(0) };
      },
    } as Partial<Hdf5Reader> as Hdf5Reader;
    const quiet = personFirst.quiet(hdf5);
    await quiet.numbers('a.h5', 'before');
    const { opened, open } = gate();
    const opening = personFirst.during(async () => {
      await opened;
      asked.push('the person is done');
    });
    const read = quiet.numbers('a.h5', 'after');
    await wait(50);
    open();
    await Promise.all([opening, read]);
    expect(asked).toEqual(['before', 'the person is done', 'after']);
  });

  it('but not for ever, and not once what was opened failed', async () => {
    const personFirst = new PersonFirst();
    const { opened, open } = gate();
    const opening = personFirst.during(() => opened);
    await personFirst.pause('sample');
    open();
    await opening;
    await expect(personFirst.during(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await personFirst.pause('file');
  });
});
