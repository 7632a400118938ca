import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceFault } from '../sources/source.ts';
import type { WorkerOrder } from './decode-protocol.ts';
import { DecodeWorkerSlot } from './decode-worker-slot.ts';

/** Stands in for the decoder: which dataset is asked for decides how it fails. Its life is counted in a file. */
const WORKER = (ms: number) => `
const MS = ${ms};
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { appendFileSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
appendFileSync(workerData.pluginDir + '/births', 'x');
const answer = (job, value) => parentPort.postMessage([{ job, ok: true, value, ms: MS }]);
parentPort.on('message', (requests) => {
  if (requests[0].dataset === 'counts') {
    // Busy for a while: what has come meanwhile was sent before this job was answered.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    const behind = requests.slice(1);
    for (let next; (next = receiveMessageOnPort(parentPort)); ) behind.push(...next.message);
    parentPort.postMessage([{ job: requests[0].job, ok: true, value: behind.length, ms: MS }]);
    for (const other of behind) answer(other.job, 0);
    return;
  }
  // What was done before a worker dies goes unsaid.
  const done = [];
  for (const { job, dataset, index } of requests) {
    const once = workerData.pluginDir + '/' + dataset;
    const first = !existsSync(once);
    writeFileSync(once, '');
    if (dataset === 'dies') process.exit(1);
    if (dataset === 'dies-once' && first) process.exit(1);
    if (dataset === 'throws-once' && first) throw new Error('an error nobody catches');
    if (dataset === 'traps-once' && first) return parentPort.postMessage([...done, { job, ok: false, code: 'x', message: 'trap', fatal: true }]);
    if (dataset === 'faults') done.push({ job, ok: false, code: 'corrupt-chunk', message: 'a sentence', fatal: false });
    else if (dataset === 'hangs-once' && first) return;
    else done.push({ job, ok: true, value: index, ms: MS });
  }
  parentPort.postMessage(done);
});
parentPort.postMessage([{ job: -1, ok: true, value: null }]);
`;

let folder: string;
/** Where every job takes no time. */
let quick: string;
let slots: DecodeWorkerSlot[] = [];

function slot(workerDir = folder, jobLimitMs = 5000): DecodeWorkerSlot {
  const state = mkdtempSync(path.join(folder, 'state-'));
  const made = new DecodeWorkerSlot({
    workerDir,
    birth: { pluginDir: state },
    jobLimitMs,
    onCulprit: () => new SourceFault('corrupt-chunk', 'it ended the decoder twice'),
  });
  slots.push(made);
  return made;
}

function ask(to: DecodeWorkerSlot, dataset: string, index = 0, priority = 0): Promise<unknown> {
  const order = { op: 'frame', path: 'p', dataset, index } as unknown as WorkerOrder;
  return new Promise((resolve, reject) => {
    to.add({ order, priority: () => priority, isWanted: () => true, resolve, reject, casualties: 0 });
  });
}

describe('a worker and its queue', () => {
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-slot-'));
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(path.join(folder, 'decode-worker.js'), WORKER(10));
    quick = mkdtempSync(path.join(folder, 'quick-'));
    writeFileSync(path.join(quick, 'package.json'), '{"type":"module"}');
    writeFileSync(path.join(quick, 'decode-worker.js'), WORKER(0.5));
  });
  afterAll(async () => {
    await Promise.all(slots.map((each) => each.close()));
    slots = [];
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['dies-once', 'throws-once', 'traps-once'])(
    'replaces a worker that %s, and tries its job again',
    async (fate) => {
      const one = slot();
      const others = [ask(one, 'fine', 1), ask(one, 'fine', 2)];
      expect(await ask(one, fate, 7)).toBe(7);
      expect(await Promise.all(others)).toEqual([1, 2]);
    },
  );

  it('gives up on a job that ends two workers, and goes on with the rest', async () => {
    const one = slot();
    const culprit = ask(one, 'dies');
    const other = ask(one, 'fine', 4);
    await expect(culprit).rejects.toThrow('it ended the decoder twice');
    expect(await other).toBe(4);
  });

  it('has a second job at hand for what somebody waits for, and only then', async () => {
    const one = slot();
    await one.ready();
    const [waitedFor] = [ask(one, 'fine'), ask(one, 'fine'), ask(one, 'counts')];
    expect(await waitedFor).toBe(0);
    expect(await ask(one, 'fine', 6)).toBe(6);
    const counted = [ask(one, 'fine'), ask(one, 'fine'), ask(one, 'fine'), ask(one, 'counts')].at(-1);
    expect(await counted).toBe(1);
    const other = slot();
    await other.ready();
    const ahead = [ask(other, 'fine', 0, -1), ask(other, 'fine', 0, -1), ask(other, 'counts', 0, -1)].at(-1);
    expect(await ahead).toBe(0);
  });

  it('has as many at hand as take little time, and less of what is read ahead', async () => {
    const one = slot(quick);
    await one.ready();
    await ask(one, 'fine');
    const others = (priority: number) => Array.from({ length: 20 }, () => ask(one, 'fine', 0, priority));
    const counted = [...others(0), ask(one, 'counts')].at(-1);
    expect(await counted).toBe(7);
    const ahead = [...others(-1), ask(one, 'counts', 0, -1)].at(-1);
    expect(await ahead).toBe(3);
  });

  it('finds the culprit among several that were sent together', async () => {
    const one = slot(quick);
    await one.ready();
    await ask(one, 'fine');
    const sound = [ask(one, 'fine', 1), ask(one, 'fine', 2)];
    const culprit = ask(one, 'dies');
    const behind = [ask(one, 'fine', 3), ask(one, 'fine', 4)];
    await expect(culprit).rejects.toThrow('it ended the decoder twice');
    expect(await Promise.all([...sound, ...behind])).toEqual([1, 2, 3, 4]);
  });

  it('blames nothing but the job that was being done', async () => {
    const one = slot();
    await one.ready();
    const culprit = ask(one, 'dies');
    const behind = ask(one, 'dies-once', 3);
    await expect(culprit).rejects.toThrow('it ended the decoder twice');
    expect(await behind).toBe(3);
  });

  it('takes a worker that does not answer for dead', async () => {
    const one = slot(folder, 200);
    expect(await ask(one, 'hangs-once', 3)).toBe(3);
  });

  it('passes a fault on without ending the worker', async () => {
    const one = slot();
    await expect(ask(one, 'faults')).rejects.toMatchObject({ code: 'corrupt-chunk', message: 'a sentence' });
    expect(await ask(one, 'fine', 5)).toBe(5);
  });

  it('says so when no worker can be started, instead of waiting for ever', async () => {
    const one = slot(path.join(folder, 'no-such-folder'));
    await expect(one.ready()).rejects.toThrow(/decoder cannot be started/);
    await expect(ask(one, 'fine')).rejects.toThrow(/decoder cannot be started/);
  });

  it('answers everybody who waits when it is closed', async () => {
    const one = slot();
    const waiting = [ask(one, 'hangs-once'), ask(one, 'fine')].map((each) => expect(each).rejects.toThrow(/closed/));
    await one.ready();
    await one.close();
    await Promise.all(waiting);
  });
});
