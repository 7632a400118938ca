import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rigSample } from '../support/rig-sample.ts';
import { callRegrasp, endOf, runKilledAt, said, startRegrasp } from '../support/terminal.ts';

/** A busy machine needs its time: nothing here is about speed. */
const PATIENCE_MS = 900_000;

describe('curating a session', () => {
  let base: string;
  let root: string;
  let session: string[];
  const regrasp = (...args: string[]) => callRegrasp(path.join(base, 'user'), ...args);

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp curate ')));
    root = path.join(base, 'lab');
    cpSync(await rigSample(), root, { recursive: true });
    const [task] = readdirSync(path.join(root, 'data')).filter((name) => name !== 'broken' && !name.endsWith('.csv'));
    const [date] = readdirSync(path.join(root, 'data', task as string));
    session = ['--task', task as string, '--date', date as string];
  }, PATIENCE_MS);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  const narrowed = () => ['--task', session[1] as string, '--only-date', session[3] as string];

  /** Every file but those of jobs, caches and records, by its content. */
  function contents(): Map<string, string> {
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const named = files.map((entry) => path.join(entry.parentPath, entry.name));
    const outputs = named.filter((file) => !file.includes(`${path.sep}.regrasp${path.sep}`));
    const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
    return new Map(outputs.map((file) => [path.relative(root, file), digest(file)]));
  }

  /** By hand: a stage's own file half-written, whole and not yet named, and what is remembered of it not yet written. */
  const KILLS: readonly [stage: string, at: RegExp, ...args: string[]][] = [
    ['compress', /^rename .*\.compress_tmp .*episode_001\.h5$/],
    ['contact', /^write .*episode_001\.pt\.[0-9a-f]+\.tmp$/],
    ['preview', /^rename .*episode_000\.mp4$/],
    ['gallery', /^write .*episode_000\.gif\.[0-9a-f]+\.tmp$/],
    ['detect', /^rename .*data_quality_breakdown\.json$/],
    ['clips', /^rename .*summary\.csv$/, '--class', 'ot_late_start', '--min-s', '0'],
  ];

  it(
    'is completed by the next run wherever it was killed; then every box is ticked, and once more changes nothing',
    async () => {
      const recordings = new Set(contents().keys());
      const left = new Map<string, string>();
      for (const [stage, at, ...args] of process.platform === 'linux' ? KILLS : []) {
        const killed = await runKilledAt(path.join(base, 'user'), at, stage, root, ...narrowed(), ...args);
        expect([stage, killed.exitCode]).toEqual([stage, 128]);
        for (const [file, digest] of contents()) {
          if (!recordings.has(file) && !file.endsWith('tmp')) left.set(file, digest);
        }
      }
      const run = startRegrasp(path.join(base, 'user'), ['curate', root, ...session]);
      const ended = endOf(run);
      await said(run, 'stderr', /Make gallery pictures/);
      run.kill('SIGKILL');
      await ended;
      const { exitCode, stdout, stderr } = await regrasp('curate', root, ...session, '--json');
      expect([exitCode, exitCode === 0 ? '' : stdout + stderr]).toEqual([0, '']);
      const [dataset] = JSON.parse(stdout).datasets;
      expect(dataset).toMatchObject({ failures: [], stopped: null, episodes: 2 });
      expect(dataset.stages.map(({ stage }: { stage: string }) => stage)).toEqual([
        'check',
        'compress',
        'preview',
        'contact',
        'detect',
        'gallery',
        'clips',
        'metadata',
        'preflight',
      ]);
      const [task, date] = [session[1] as string, session[3] as string];
      const preflight = await regrasp('preflight', root, '--task', task, '--only-date', date, '--json');
      expect(preflight.exitCode).toBe(0);
      const boxes = JSON.parse(preflight.stdout).datasets[0].boxes as { isTicked: boolean }[];
      expect(boxes.map(({ isTicked }) => isTicked)).toEqual([true, true, true, true, true, true]);

      const told = await regrasp('report', root, '--task', task, '--date', date, '--json');
      expect([told.exitCode, told.exitCode === 0 ? '' : told.stderr]).toEqual([0, '']);
      const [{ file, counters }] = JSON.parse(told.stdout).datasets;
      expect(file).toBe(path.join(root, 'figures', 'dataset_figures', `report_${task}_${date}.html`));
      expect(counters).toMatchObject({ recordings: 2, notDetected: 0, cutFrames: 0 });
      const page = readFileSync(file, 'utf8');
      expect(page).toContain('All 6 boxes are ticked.');
      expect(page.match(/<img [^>]*src="data:image\/gif;base64,/g)).toHaveLength(2);

      const before = contents();
      // Nothing that stood under its final name when a run was killed was half-written.
      for (const [file, digest] of left) expect([file, before.get(file)]).toEqual([file, digest]);
      if (process.platform === 'linux') expect(left.size).toBeGreaterThan(3);
      expect((await regrasp('curate', root, ...session)).exitCode).toBe(0);
      expect(contents()).toEqual(before);
      // What killed runs had half-written is gone, and nothing stands empty.
      const remains = [...before.keys()].filter(
        (file) => /tmp$/.test(file) || statSync(path.join(root, file)).size === 0,
      );
      expect(remains).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'opens a box when something is taken away, names the command that mends it, and stops at fewer episodes than were recorded',
    async () => {
      const [task, date] = [session[1] as string, session[3] as string];
      rmSync(path.join(root, 'figures', 'episode_previews', task, date, 'episode_001.gif'));
      const open = await regrasp('preflight', root, '--task', task, '--only-date', date);
      expect(open.exitCode).toBe(1);
      expect(open.stdout).toMatch(/\[ \] every episode has a preview GIF .*: 1 of 2/);
      expect(open.stdout).toContain(`mend: regrasp gallery '${root}' --task ${task} --only-date ${date}`);
      rmSync(path.join(root, 'data', task, date, 'episode_001.h5'));
      const fewer = await regrasp('curate', root, ...session);
      expect(fewer.exitCode).toBe(1);
      expect(fewer.stdout).toMatch(
        /Stopped before the first stage: .*episode_001 is in the recorder's log and not there/,
      );
    },
    PATIENCE_MS,
  );
});
