import { describe, expect, it } from 'vitest';
import type { Job } from '../../shared/api/jobs.ts';
import { asLastHeard, leftText, percentOf, progressText, rateText, sortedJobs } from './job-text.ts';

const job = (more: Partial<Job>): Job => ({
  id: 'j',
  kind: 'sample',
  title: 'Record a sample dataset',
  state: 'running',
  done: 0,
  total: null,
  unit: 'frames',
  rate: null,
  leftMs: null,
  message: '',
  startedAt: null,
  endedAt: null,
  resumable: false,
  failures: [],
  result: null,
  ...more,
});

describe('what a job says', () => {
  it('while nothing is heard of it: how far it was, and no rate or time left', () => {
    const running = asLastHeard(job({ done: 120, total: 600, rate: 33.9, leftMs: 32_000 }));
    expect([progressText(running), rateText(running), leftText(running.leftMs)]).toEqual([
      '120 of 600 frames, 20 %',
      '',
      '',
    ]);
    const ended = job({ state: 'done', rate: 30 });
    expect(asLastHeard(ended)).toBe(ended);
  });

  it('of its progress', () => {
    expect(progressText(job({ done: 120, total: 600 }))).toBe('120 of 600 frames, 20 %');
    expect(progressText(job({ done: 12_000 }))).toBe('12,000 frames');
    expect(progressText(job({}))).toBe('');
    expect(progressText(job({ done: 1, total: 0 }))).toBe('');
  });

  it('never says all of it before it is', () => {
    expect(percentOf({ done: 999.9, total: 1000 })).toBe(99);
    expect(percentOf({ done: 1000, total: 1000 })).toBe(100);
    expect(percentOf({ done: 1200, total: 1000 })).toBe(100);
    expect(percentOf({ done: 3, total: null })).toBeUndefined();
  });

  it('of its rate and the time left, where they can be told', () => {
    expect(rateText(job({ rate: 41.23 }))).toBe('41.2 frames/s');
    expect(rateText(job({ rate: 412.7 }))).toBe('413 frames/s');
    expect(rateText(job({ rate: 0.0213 }))).toBe('0.021 frames/s');
    expect(rateText(job({ rate: null }))).toBe('');
    expect([2400, 60_000, 3_900_000, null, -5, Number.NaN].map(leftText)).toEqual([
      '3 s left',
      '1 min left',
      '1 h 5 min left',
      '',
      '',
      '',
    ]);
  });

  it('stands in the order a person looks for it', () => {
    const jobs = [
      job({ id: 'old', state: 'done', endedAt: '2026-01-01T00:00:00Z' }),
      job({ id: 'waiting', state: 'queued' }),
      job({ id: 'new', state: 'failed', endedAt: '2026-01-02T00:00:00Z' }),
      job({ id: 'running' }),
    ];
    expect(sortedJobs(jobs).map(({ id }) => id)).toEqual(['running', 'waiting', 'new', 'old']);
  });
});
