import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../test/support/built-worker.ts';
import { NO_PYTHON, pythonWithHdf5 } from '../../test/support/python.ts';
import { writeReactRecordings } from '../../test/support/react-recordings.ts';
import { openFileOf, portsFor } from '../../test/support/source-ports.ts';
import { createDecodePool } from '../frames/decode-pool.ts';
import { source as reactSource } from '../sources/react/index.ts';
import type { Hdf5Reader, OpenFile } from '../sources/source.ts';
import { ReadingThread, type ReadingThreadOptions } from './reading-thread.ts';

/** Stands in for the built thread: what it does with a call is written in the name of the file. */
const FAKE = `
import { parentPort } from 'node:worker_threads';
let born = Date.now();
parentPort.on('message', ({ kind, call, op, args, key, stream, index, ask, outcome }) => {
  const answer = (value) => parentPort.postMessage({ kind: 'answer', call, outcome: { ok: true, value } });
  if (kind === 'answer') {
    parentPort.postMessage({ kind: 'answer', call: waiting, outcome });
    return;
  }
  if (kind === 'sample') return answer(Uint8Array.of(key, index));
  if (kind !== 'call') return;
  const file = args.at(-1)?.name ? args.at(-1) : args[0];
  if (file.name === 'crash') process.exit(3);
  if (file.name === 'hang') for (;;);
  if (file.name === 'silent') return;
  if (file.name === 'slow') return setTimeout(() => answer('slow'), 150);
  if (file.name === 'fault') return parentPort.postMessage({ kind: 'answer', call, outcome: { ok: false, code: 'odd', message: 'It is odd.' } });
  if (file.name === 'outside' || file.name === 'inside') {
    waiting = call;
    parentPort.postMessage({ kind: 'ask', ask: 1, call, what: { op: 'strings', path: file.name === 'inside' ? file.root + '/x.h5' : '/etc/x.h5', dataset: 'd' } });
    return;
  }
  if (op === 'open') return answer({ source: 's', opened: { episode: { path: file.name } }, key: call, read: ['camera'] });
  answer(file.name + ' ' + born);
});
let waiting;
`;

describe('a reading thread', () => {
  let folder: string;
  const threads: ReadingThread[] = [];
  const hdf5 = { strings: async (file: string) => [file] } as unknown as Hdf5Reader;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-reading-')));
    writeFileSync(path.join(folder, 'reading-worker.js'), FAKE);
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  });
  afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.close())));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(options: Partial<ReadingThreadOptions> = {}): ReadingThread {
    const thread = new ReadingThread({ workerDir: folder, hdf5, ...options });
    threads.push(thread);
    return thread;
  }
  const file = (name: string): OpenFile => ({
    ...{ path: `/lab/${name}`, name, sizeBytes: 1, modifiedMs: 1, root: '/lab', rootId: 'r', pathBelowRoot: name },
    ...{ inner: '', stated: {} },
  });
  const look = (thread: ReadingThread, name: string) => thread.look(file(name)) as Promise<unknown>;

  it('gives a file that ends it twice a sentence, and does everything else once more', async () => {
    const thread = start();
    const [slow, crash, other] = await Promise.allSettled([
      look(thread, 'slow'),
      look(thread, 'crash'),
      look(thread, 'a'),
    ]);
    expect(slow).toEqual({ status: 'fulfilled', value: 'slow' });
    expect(other.status).toBe('fulfilled');
    expect(crash).toMatchObject({ status: 'rejected', reason: { code: 'reader-died' } });
    expect(String((crash as PromiseRejectedResult).reason.message)).toMatch(/^crash .*restore it from a copy\.$/);
    await expect(look(thread, 'after')).resolves.toMatch(/^after/);
  });

  it('gives up a file that takes too long, though it never lets go of the thread', async () => {
    // A thread has to start within the limit, which takes what it takes on a loaded machine.
    const began = performance.now();
    await look(start(), 'a');
    const thread = start({ limitMs: Math.max(400, 8 * (performance.now() - began)) });
    const before = await look(thread, 'a');
    await expect(look(thread, 'hang')).rejects.toMatchObject({
      code: 'reader-stuck',
      message: expect.stringMatching(/^hang /),
    });
    await expect(look(thread, 'silent')).rejects.toMatchObject({ code: 'reader-stuck' });
    expect(await look(thread, 'a')).not.toBe(before);
  });

  it('passes faults on, and no file outside of the root to the decoders', async () => {
    const thread = start();
    await expect(look(thread, 'fault')).rejects.toMatchObject({
      name: 'SourceFault',
      code: 'odd',
      message: 'It is odd.',
    });
    await expect(look(thread, 'inside')).resolves.toEqual(['/lab/x.h5']);
    await expect(look(thread, 'outside')).rejects.toMatchObject({ code: 'outside' });
  });

  it('reads samples of what it opened, also once another thread has taken its place', async () => {
    const thread = start();
    const { opened } = await thread.open('s', file('episode'));
    const read = (index: number) => opened.readers?.get('camera')?.read(index);
    const [key] = (await read(7)) as Uint8Array;
    expect(await read(9)).toEqual(Uint8Array.of(key as number, 9));
    await look(thread, 'crash').catch(() => undefined);
    const again = (await read(3)) as Uint8Array;
    expect(again[1]).toBe(3);
    expect(again[0]).not.toBe(key);
    thread.release(opened);
  });

  it('rests when nothing is asked of it, and says when it cannot be started', async () => {
    const thread = start({ idleMs: 50 });
    const before = await look(thread, 'a');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await look(thread, 'a')).not.toBe(before);
    const nowhere = start({ workerDir: path.join(folder, 'nothing') });
    await expect(look(nowhere, 'a')).rejects.toMatchObject({ name: 'SourceFault' });
    await thread.close();
    await expect(look(thread, 'a')).rejects.toMatchObject({ code: 'closed' });
  });

  it.skipIf(!pythonWithHdf5())(`opens what a format opens in this thread (${NO_PYTHON})`, async () => {
    const root = path.join(folder, 'react');
    writeReactRecordings(root);
    const pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir, workers: 1 });
    try {
      const thread = start({ workerDir: await builtWorkerDir(), hdf5: pool });
      const recording = openFileOf(root, 'data/motherboard/2026-05-10/episode_000.h5');
      const here = await reactSource.open(recording, portsFor(root, pool));
      const { source, opened } = await thread.open(undefined, recording);
      expect(source).toBe('react');
      expect(opened).toEqual(here);
      expect(await thread.recognize(openFileOf(root, 'broken/not-hdf5.h5'), root)).toBe('react');
      expect((await thread.look(recording))?.episode).toEqual(here.episode);
    } finally {
      await pool.close();
    }
  });
});
