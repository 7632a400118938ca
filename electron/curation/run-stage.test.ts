import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LibraryEntry } from '../../shared/api/library.ts';
import { runStage, type StageParts } from './run-stage.ts';
import type { Stage } from './stage.ts';

/** What a stage is told of the recordings of a root, from what the library has. */
async function stemsOf(listed: readonly (readonly [format: string, path: string])[]): Promise<string[]> {
  const entries = listed.map(([format, path]) => {
    const place = { task: 'pick', date: '2026-03-31' };
    return { id: `root/${path}`, path, format, ...place, status: 'good', ticks: 9, durationNs: 1, problems: [] };
  });
  let stems: string[] = [];
  const stage: Stage<object> = {
    ...{ id: 'look', order: 1, title: 'Look', description: 'Looks.', example: 'look', flags: [] },
    reads: 'recordings',
    options: z.object({}),
    run: async ({ episodes }) => {
      stems = episodes.map(({ stem }) => stem);
      return { message: 'Looked.' };
    },
  };
  const parts = {
    rootOf: () => ({ path: '/data/lab', storageDir: '/data/lab/.regrasp' }),
    settled: async () => entries as unknown as LibraryEntry[],
  } as unknown as StageParts;
  const { signal } = new AbortController();
  await runStage(parts, stage as Stage<never>, { root: 'root' }, { signal, progress() {}, fail() {}, log() {} });
  return stems;
}

describe('what the files of a recording are called', () => {
  it('is the name of its file', async () => {
    const stems = await stemsOf([
      ['react', 'data/pick/2026-03-31/episode_003.h5'],
      ['mcap', 'pick/run.1.mcap'],
      ['', 'pick/new.h5'],
    ]);
    expect(stems).toEqual(['episode_003', 'run.1', 'new']);
  });

  it('is the name of its folder where every folder holds a file of the same name', async () => {
    const stems = await stemsOf([
      ['session', 'sessions/2026-03-31_morning/session.json'],
      ['session', 'sessions/2026-03-31_noon/session.json'],
      ['rollout', 'pick/rollout_000/trajectory.npz'],
      ['droid', 'success/2026-03-31/Fri_10/trajectory.h5'],
      ['session', 'session.json'],
    ]);
    expect(stems).toEqual(['2026-03-31_morning', '2026-03-31_noon', 'rollout_000', 'Fri_10', 'session']);
  });

  it('has the recording after the file or the dataset that holds several', async () => {
    const stems = await stemsOf([
      ['robomimic', 'lift/ph.hdf5::demo_3'],
      ['lerobot', 'aloha/v3.0/meta/info.json::episode_000012'],
      ['lerobot', 'meta/info.json::episode_000012'],
      ['rlds', 'rig/1.0.0/dataset_info.json::train_000001'],
    ]);
    expect(stems).toEqual(['ph_demo_3', 'v3.0_episode_000012', 'episode_000012', 'rig_train_000001']);
  });
});

describe('what people said of a recording', () => {
  it('is said to lack what could not be read, each once', async () => {
    const sentence = 'zoe.0123.jsonl was written by a newer Regrasp and is left out: update to see what it says.';
    const entry = { ...{ id: 'root/a.h5', path: 'a.h5', format: 'react', task: '', date: '' }, problems: [] };
    const stage: Stage<object> = {
      ...{ id: 'look', order: 1, title: 'Look', description: 'Looks.', example: 'look', flags: [] },
      reads: 'recordings',
      options: z.object({}),
      run: async ({ episodes, review, shownReview }) => {
        for (const episode of episodes) await Promise.all([review(episode), review(episode), shownReview(episode)]);
        return { message: 'Looked.' };
      },
    };
    const review = async () => ({ problems: [sentence] });
    const parts = {
      rootOf: () => ({ path: '/data/lab', storageDir: '/data/lab/.regrasp' }),
      settled: async () => [entry] as unknown as LibraryEntry[],
      ...{ review, shownReview: review },
    } as unknown as StageParts;
    const lines: string[] = [];
    const { signal } = new AbortController();
    const sinks = { signal, progress() {}, fail() {}, log: (line: string) => lines.push(line) };
    await runStage(parts, stage as Stage<never>, { root: 'root' }, sinks);
    expect(lines).toEqual([`a.h5: ${sentence}`]);
  });
});
