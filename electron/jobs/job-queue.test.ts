import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Job } from '../../shared/api/jobs.ts';
import type { JobContext, JobKind } from './job-kind.ts';
import { JobQueue } from './job-queue.ts';
import { ProgressRate } from './progress-rate.ts';

let folder: string;
let told: Job[];
let gone: string[];
let queues: JobQueue[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regrasp jobs '));
  told = [];
  gone = [];
  queues = [];
});
afterEach(async () => {
  for (const queue of queues) await queue.close();
  await rm(folder, { recursive: true, force: true });
});

type Run = (context: JobContext<{ n: number }>) => Promise<{ message: string; result?: Record<string, unknown> }>;

function kind(name: string, run: Run, more: Partial<JobKind<{ n: number }>> = {}): JobKind<{ n: number }> {
  return {
    ...{ kind: name, options: z.object({ n: z.int().default(1) }), title: ({ n }) => `${name} ${n}` },
    ...{ unit: 'items', resumable: true, heavy: true, run, ...more },
  };
}

async function start(...kinds: JobKind<{ n: number }>[]): Promise<JobQueue> {
  const queue = new JobQueue({
    folder,
    onJob: (job) => void told.push(job),
    onGone: (id) => void gone.push(id),
    onNotice: () => undefined,
  });
  for (const one of kinds) queue.registerJobKind(one);
  queues.push(queue);
  await queue.load();
  return queue;
}

const stateOf = (queue: JobQueue, id: string) => queue.list().find((job) => job.id === id)?.state;
const until = (queue: JobQueue, id: string, state: Job['state']) =>
  vi.waitFor(() => expect(stateOf(queue, id)).toBe(state), { interval: 5 });
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));

describe('the job queue', () => {
  it('runs a job, tells its progress, keeps its failures, result and log', async () => {
    const queue = await start(
      kind('copy', async ({ options, progress, fail, log }) => {
        progress({ total: 3, message: 'Copying' });
        for (let done = 1; done <= 3; done++) progress({ done });
        fail('episode_2.h5', 'It is cut short.');
        for (let line = 0; line < 50; line++) log(`line ${line}`);
        log(`n is ${options.n}`);
        return { message: 'Copied 2 of 3.', result: { grant: 'g' } };
      }),
    );
    const { id } = await queue.start('copy', { n: 4 });
    await until(queue, id, 'done');
    expect(queue.list()[0]).toMatchObject({
      ...{ title: 'copy 4', done: 3, total: 3, message: 'Copied 2 of 3.', result: { grant: 'g' }, resumable: false },
      failures: [{ item: 'episode_2.h5', message: 'It is cut short.' }],
    });
    expect(told.map((job) => job.state)).toEqual(expect.arrayContaining(['queued', 'running', 'done']));
    await vi.waitFor(async () => expect(await queue.log(id)).toContain('done: Copied'));
    const lines = (await queue.log(id)).trim().split('\n');
    const inOrder = [
      'Failed: episode_2.h5: It is cut short.',
      ...Array.from({ length: 50 }, (_, n) => `line ${n}`),
      'n is 4',
    ];
    expect(lines.map((line) => line.slice(line.indexOf(' ') + 1)).slice(-53, -1)).toEqual(inOrder);
    expect(lines.at(-1)).toContain('done: Copied');
  });

  it('runs heavy jobs one at a time while a quick one passes', async () => {
    const order: string[] = [];
    // However slow the machine: the first heavy one ends only after the quick one has passed it.
    let hasPassed = (): void => undefined;
    const passed = new Promise<void>((resolve) => {
      hasPassed = resolve;
    });
    const heavy = kind('heavy', async ({ options }) => {
      order.push(`begin ${options.n}`);
      await passed;
      order.push(`end ${options.n}`);
      return { message: '' };
    });
    const quick = kind(
      'quick',
      async () => {
        hasPassed();
        return { message: String(order.push('quick')) };
      },
      { heavy: false },
    );
    const queue = await start(heavy, quick);
    await queue.start('heavy', { n: 1 });
    const { id } = await queue.start('heavy', { n: 2 });
    await queue.start('quick', {});
    await until(queue, id, 'done');
    expect(order.indexOf('quick')).toBeLessThan(order.indexOf('end 1'));
    expect(order.filter((step) => step !== 'quick')).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('cancels what runs and what waits, and lets the next one run', async () => {
    const queue = await start(
      kind('long', async ({ signal }) => untilAborted(signal)),
      kind('short', async () => ({ message: 'Done.' })),
    );
    const running = await queue.start('long', {});
    const waiting = await queue.start('long', {});
    const last = await queue.start('short', {});
    await queue.cancel(waiting.id);
    await queue.cancel(running.id);
    await until(queue, last.id, 'done');
    expect([stateOf(queue, running.id), stateOf(queue, waiting.id)]).toEqual(['cancelled', 'cancelled']);
    expect(queue.list()[0]?.resumable).toBe(true);
  });

  it('fails with the sentence of the error and goes on', async () => {
    const queue = await start(
      kind('trip', async () => {
        throw Object.assign(new Error('nope'), { code: 'ENOSPC', path: '/data/out' });
      }),
    );
    const { id } = await queue.start('trip', {});
    await until(queue, id, 'failed');
    expect(queue.list()[0]?.message).toBe('/data/out cannot be used: the disk is full: free some space.');
  });

  it('calls what a crash left running interrupted, and resumes it from its checkpoint', async () => {
    const seen: unknown[] = [];
    const copy = kind('copy', async ({ checkpoint, keep, options }) => {
      seen.push(checkpoint, options);
      keep({ reached: 5 });
      return { message: 'Done.' };
    });
    const first = await start(copy);
    const { id } = await first.start('copy', { n: 9 });
    await until(first, id, 'done');
    await first.close();
    const file = path.join(folder, `${id}.json`);
    const state = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...state, pid: 2 ** 22 + 1, job: { ...state.job, state: 'running' } }));

    const second = await start(copy);
    expect(second.list()[0]).toMatchObject({ id, state: 'interrupted', resumable: true });
    await second.resume(id);
    await until(second, id, 'done');
    expect(seen).toEqual([null, { n: 9 }, { reached: 5 }, { n: 9 }]);
  });

  it('leaves alone what another living workstation runs', async () => {
    const queue = await start(kind('copy', async () => ({ message: '' })));
    const { id } = await queue.start('copy', {});
    await until(queue, id, 'done');
    await queue.close();
    const file = path.join(folder, `${id}.json`);
    const state = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...state, pid: process.ppid, job: { ...state.job, state: 'running' } }));
    expect((await start()).list()).toEqual([]);
    expect(JSON.parse(await readFile(file, 'utf8')).job.state).toBe('running');
    // After the machine was started anew the number is another process's.
    await utimes(file, 0, 0);
    expect((await start()).list()).toMatchObject([{ id, state: 'interrupted' }]);
  });

  it('interrupts what runs when the workstation closes', async () => {
    const long = kind('long', async ({ signal }) => untilAborted(signal));
    const queue = await start(long);
    const { id } = await queue.start('long', {});
    await queue.close();
    expect((await start(long)).list()[0]).toMatchObject({ id, state: 'interrupted', resumable: true });
  });

  it('goes on with what was broken off where the kind says that the same is started again', async () => {
    const copy = {
      ...kind('copy', async ({ signal }) => untilAborted(signal)),
      goesOn: true as const,
      sameAs: ({ n }: { n: number }) => `${n}`,
    };
    const queue = await start(copy);
    const { id } = await queue.start('copy', { n: 1 });
    await until(queue, id, 'running');
    await queue.cancel(id);
    expect((await queue.start('copy', { n: 1 })).id).toBe(id);
    await until(queue, id, 'running');
    expect((await queue.start('copy', { n: 2 })).id).not.toBe(id);
    await queue.close();
    const later = await start(copy);
    expect(later.list().find((job) => job.id === id)?.state).toBe('interrupted');
    expect((await later.start('copy', { n: 1 })).id).toBe(id);
    expect(later.list()).toHaveLength(2);
  });

  it('keeps passing jobs off the disk, and has the next that is the same take the place of one that ended', async () => {
    const passing = { passing: true, heavy: false, sameAs: ({ n }: { n: number }) => `${n}`, cancelled: 'Left alone.' };
    const queue = await start(
      kind(
        'watch',
        async ({ log }) => {
          log('seen');
          return { message: 'Over.' };
        },
        passing as Partial<JobKind<{ n: number }>>,
      ),
      kind('follow', async ({ signal }) => untilAborted(signal), passing as Partial<JobKind<{ n: number }>>),
    );
    const first = await queue.start('watch', { n: 1 });
    const other = await queue.start('watch', { n: 2 });
    await until(queue, first.id, 'done');
    expect(await queue.log(first.id)).toMatch(/Started: watch 1\n.* seen\n.* done: Over/);
    const next = await queue.start('watch', { n: 1 });
    await until(queue, next.id, 'done');
    expect(gone).toEqual([first.id]);
    expect(
      queue
        .list()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([other.id, next.id].sort());

    const running = await queue.start('follow', {});
    expect((await queue.start('follow', {})).id).toBe(running.id);
    await queue.cancel(running.id);
    expect(queue.list().find(({ id }) => id === running.id)).toMatchObject({
      state: 'cancelled',
      message: 'Left alone.',
      resumable: true,
    });
    await queue.resume(running.id);
    await queue.forget('follow', { n: 1 });
    expect(gone.at(-1)).toBe(running.id);
    expect(await readdir(folder)).toEqual([]);
    await queue.close();
    expect((await start()).list()).toEqual([]);
  });

  it('refuses unknown kinds, bad options, and dismissing what runs', async () => {
    const queue = await start(kind('long', async ({ signal }) => untilAborted(signal)));
    await expect(queue.start('brew', {})).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(queue.start('long', { n: 'many' })).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(queue.cancel('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { id } = await queue.start('long', {});
    await expect(queue.dismiss(id)).rejects.toMatchObject({ code: 'REFUSED' });
    await queue.cancel(id);
    await queue.dismiss(id);
    expect(await readdir(folder)).toEqual([]);
    expect(gone).toEqual([id]);
  });
});

describe('the rate of a job', () => {
  it('is told once there is enough to go by, over the recent past alone', () => {
    const rate = new ProgressRate();
    rate.add(0, 0);
    rate.add(100, 50);
    expect(rate.perSecond()).toBeNull();
    for (let second = 1; second <= 30; second++) rate.add(second * 1000, 50 + second * 10);
    expect(rate.perSecond()).toBeCloseTo(10);
    expect(rate.leftMs(350, 450)).toBe(10_000);
    expect(rate.leftMs(350, null)).toBeNull();
  });
});
