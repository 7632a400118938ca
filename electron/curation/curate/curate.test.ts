import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Stage, StageContext, StageEnd, StageEpisode } from '../stage.ts';
import type { CurateOptions } from './index.ts';
import { runCurate } from './run.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-curate-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (file: string, content: unknown) => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
};

function episode(number: number): StageEpisode {
  const stem = `episode_00${number}`;
  const at = `data/pushT/2026-06-18/${stem}.h5`;
  return {
    ...{ id: `r/${at}`, path: at, format: 'react', task: 'pushT', date: '2026-06-18', stem },
    ...{ ticks: 300, durationNs: 10e9, fault: null, problems: [] },
  };
}

const ALL = ['check', 'compress', 'preview', 'contact', 'detect', 'gallery', 'clips', 'metadata', 'preflight'];
type Play = (context: StageContext<unknown>) => Partial<StageEnd> | undefined;

/** Stands in for the stages: what each does is the test's to say. */
async function curate(
  options: Partial<CurateOptions>,
  plays: Record<string, Play> = {},
  episodes = [episode(0), episode(1)],
) {
  const ran: string[] = [];
  const stages = ALL.map((id): Stage<unknown> => {
    const run = async (context: StageContext<unknown>) => {
      ran.push(id);
      return { message: 'Done.', ...plays[id]?.(context) };
    };
    return {
      id,
      order: 0,
      title: id,
      description: '',
      example: '',
      flags: [],
      options: z.object({}),
      reads: 'recordings',
      run,
    };
  });
  const said: string[] = [];
  const context = {
    options,
    root: { id: 'r', path: root, storageDir: path.join(root, '.regrasp') },
    out: null,
    episodes,
    all: episodes,
    signal: new AbortController().signal,
    progress: () => {},
    fail: () => {},
    log: (line: string) => void said.push(line),
  } as unknown as StageContext<CurateOptions>;
  const end = await runCurate(context, stages as Stage<never>[]);
  return { ran, said, message: end.message, isStopped: end.foundProblems };
}

const breakdown = (modes: Record<string, number>) => ({
  total_frames: 100,
  n_episodes: 1,
  modes: Object.fromEntries(Object.entries(modes).map(([mode, frames]) => [mode, { frames, pct: frames }])),
});
const BREAKDOWN = 'figures/dataset_figures/data_quality_breakdown.json';

describe('the runbook', () => {
  it('runs every stage in order over the date that was named', async () => {
    const other = { ...episode(2), date: '2026-06-19' };
    const seen: string[] = [];
    const { ran, message, isStopped } = await curate(
      { date: '2026-06-18' },
      { compress: ({ episodes }) => void seen.push(...episodes.map(({ stem }) => stem)) },
      [episode(0), episode(1), other],
    );
    expect(ran).toEqual(ALL);
    expect(seen).toEqual(['episode_000', 'episode_001']);
    expect([message, isStopped]).toEqual(['All 9 stages are done: Done.', false]);
    expect((await curate({ skip: 'compress, preview' })).ran).toEqual(
      ALL.filter((id) => id !== 'compress' && id !== 'preview'),
    );
    await expect(curate({ skip: 'push' })).rejects.toThrow(/--skip push: there is no such stage/);
    await expect(curate({ date: '2020-01-01' })).rejects.toThrow(/holds no recording of 2020-01-01: name another date/);
  });

  it('stops before the first stage at an unexpected count', async () => {
    expect(await curate({ expect: 3 })).toMatchObject({
      ran: [],
      isStopped: true,
      message: expect.stringMatching(/3 episodes were expected and 2 are there/),
    });
    const log = (...rows: string[]) =>
      write('data/dataset_log.csv', ['task,date,episode,frames', ...rows, ''].join('\n'));
    log('pushT,2026-06-18,ep_000,300', 'pushT,2026-06-18,ep_001,299', 'other,2026-06-18,ep_009,1');
    expect((await curate({})).message).toMatch(/episode_001 has 300 ticks, and 299 by the recorder's log\. Restore/);
    // Recorded again: the last row counts.
    log('pushT,2026-06-18,ep_000,300', 'pushT,2026-06-18,ep_001,299', 'pushT,2026-06-18,ep_001,300');
    expect((await curate({})).ran).toEqual(ALL);
    log('pushT,2026-06-18,ep_002,300');
    expect((await curate({})).message).toMatch(/episode_002 is in the recorder's log and not there/);
    expect((await curate({ expect: 2 })).ran).toEqual(ALL);
    write('data/pushT/2026-06-18/episode_002.h5.corrupt', 'quarantined');
    expect((await curate({})).ran).toEqual(ALL);
  });

  it('stops behind a stage in which a recording failed, and behind a check that finds what no stage can use', async () => {
    const failing: Play = ({ fail }) => void fail('data/a.h5', 'it is broken.');
    expect(await curate({}, { contact: failing })).toMatchObject({
      ran: ALL.slice(0, 4),
      isStopped: true,
      message: expect.stringMatching(/^Stopped at contact: 1 of 2 failed, first data\/a\.h5: it is broken\. Mend it/),
    });
    const problems = [{ severity: 'error', code: 'truncated', message: '' }];
    const check: Play = () => ({
      result: {
        recordings: [
          { path: 'a.h5', problems },
          { path: 'b.h5', problems: [] },
        ],
      },
    });
    expect(await curate({}, { check })).toMatchObject({
      ran: ['check'],
      message: expect.stringMatching(
        /1 of 2 recordings cannot be opened .* first a\.h5\. Run "regrasp check .* --quarantine"/,
      ),
    });
    const open: Play = () => ({ message: '2 of 6 boxes are open.', foundProblems: true });
    expect(await curate({}, { preflight: open })).toMatchObject({
      isStopped: true,
      message: 'Stopped at preflight: 2 of 6 boxes are open.',
    });
  });

  it('stops at a failure mode that the dataset never had, until it is written up', async () => {
    write(BREAKDOWN, breakdown({ ot_loss: 3, pose_teleport: 0 }));
    const first = await curate({});
    expect(first.ran).toEqual(ALL);
    expect(first.said.join('\n')).toMatch(/first curate of this dataset.* ot_loss count as known from now on/);
    const second = await curate({});
    expect([second.ran, second.said.join('\n')]).toEqual([ALL, expect.not.stringMatching(/first curate/)]);
    write(BREAKDOWN, breakdown({ ot_loss: 3, pose_teleport: 1 }));
    for (let time = 0; time < 2; time++) {
      expect(await curate({})).toMatchObject({
        ran: ALL.slice(0, 5),
        isStopped: true,
        message: expect.stringMatching(
          /^Stopped at detect: pose_teleport is a failure mode this dataset never had\. Write it up/,
        ),
      });
    }
    write('docs/caveats.md', '# Caveats\n\n- pose_teleport: a marker was swapped.\n');
    expect((await curate({})).ran).toEqual(ALL);
    write('docs/caveats.md', '');
    expect((await curate({})).ran).toEqual(ALL);
  });
});
