import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Job, SCAN_JOB } from '../../shared/api/jobs.ts';
import { ScanProgress } from '../library/scan-progress.ts';
import { JobQueue } from './job-queue.ts';
import { LastingScans, scanJobKind } from './scan-job.ts';

let folder: string;
let queue: JobQueue;
let scan: ScanProgress;
let stopped: string[];
let told: Job[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regrasp scan '));
  scan = new ScanProgress();
  stopped = [];
  told = [];
  queue = new JobQueue({
    folder,
    onJob: (job) => void told.push(job),
    onGone: () => undefined,
    onNotice: () => undefined,
  });
  queue.registerJobKind(
    scanJobKind({
      nameOf: () => 'lab',
      follow: (_, follower) => scan.follow(follower),
      stop: (root) => void stopped.push(root),
    }),
  );
});
afterEach(async () => {
  vi.useRealTimers();
  await queue.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the job of a scan', () => {
  it('says how far it is, and what could not be read before and after it was shown', async () => {
    scan.looked(2, 8);
    scan.failed('a.h5', 'a.h5 is cut short.');
    const { id } = await queue.start(SCAN_JOB, { root: 'r' });
    expect(queue.list()[0]).toMatchObject({
      kind: 'scan',
      title: 'Look into lab',
      state: 'running',
      done: 2,
      total: 10,
    });
    for (let n = 0; n < 150; n++) scan.failed(`b${n}.h5`, 'It is empty.');
    scan.looked(8, 0);
    scan.end();
    await vi.waitFor(() => expect(queue.list()[0]?.state).toBe('done'));
    expect(queue.list()[0]).toMatchObject({
      done: 10,
      resumable: false,
      message: '10 recordings were looked into, 151 could not be read: the log names each.',
    });
    expect(queue.list()[0]?.failures).toHaveLength(100);
    const lines = (await queue.log(id)).split('\n').filter((line) => line.includes('Failed: '));
    expect(lines).toHaveLength(151);
    expect(lines[0]).toContain('a.h5 is cut short.');
    // Thousands that fail at once are told now and then, not one by one.
    expect(told.length).toBeLessThan(10);
  });

  it('has the scan stop when it is cancelled, and says what becomes of the rest', async () => {
    scan.looked(1, 9);
    const { id } = await queue.start(SCAN_JOB, { root: 'r' });
    await queue.cancel(id);
    expect(stopped).toEqual(['r']);
    expect(queue.list()[0]).toMatchObject({ state: 'cancelled', done: 1, resumable: true });
    expect(queue.list()[0]?.message).toContain('stays pending');
  });

  it('appears only for a scan that lasts', () => {
    vi.useFakeTimers();
    const shown: string[] = [];
    const scans = new LastingScans((root) => void shown.push(root));
    scans.note('quick', true);
    scans.note('slow', true);
    vi.advanceTimersByTime(900);
    scans.note('quick', false);
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(shown).toEqual(['slow']);
    scans.note('slow', true);
    scans.close();
    vi.advanceTimersByTime(5000);
    expect(shown).toEqual(['slow']);
  });
});
