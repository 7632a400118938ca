import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runSampleWork } from '../../electron/sample/run-worker.ts';
import { type Job, STAGE_JOB } from '../../shared/api/jobs.ts';
import { builtWorkerDir, pluginDir } from '../support/built-worker.ts';
import { BALLAST, NO_SMALL_DISK, SmallDisk, smallDisksWork } from '../support/small-disk.ts';
import { endOf, startRegrasp } from '../support/terminal.ts';
import { servedDoor } from './doors.ts';

const PATIENCE_MS = 600_000;
const TASK = 'board_insertion';
const DATE = '2026-07-02';
const RECORDING = `data/${TASK}/${DATE}/episode_000.h5`;
/** The recording, twice, with what a copy of it asks for besides, and what is made of it. */
const DISK_BYTES = 96e6;
const PLAN = {
  ...{ name: 'episode_000', story: 'transfer' as const, seed: 7, seconds: 2, faults: true },
  ...{ startUnixSeconds: 1782980045.318, createdAt: '2026-07-02T10:14:05' },
};

interface Stage {
  stage: string;
  options?: Record<string, unknown>;
  /** What it makes. */
  files: RegExp;
  /** Bytes left on a full disk: none, and too few for what it makes. */
  left: readonly number[];
}
/** In the order of the pipeline, without compress: a copy is refused before it is begun, see below. */
const STAGES: readonly Stage[] = [
  { stage: 'preview', files: /^data\/.*\.mp4$/, left: [0, 8192] },
  { stage: 'contact', files: /^processed\/.*\.pt$/, left: [0, 4096] },
  {
    stage: 'detect',
    files: /(bad_frames|freeze_intervals|data_quality_breakdown)\.json$|data_quality_report\.csv$/,
    left: [0],
  },
  { stage: 'gallery', options: { frames: 12 }, files: /^figures\/episode_previews\/.*\.gif$/, left: [65_536] },
  {
    stage: 'clips',
    options: { class: 'ot_late_start', minS: 0 },
    files: /^figures\/.*freeze_check_short\/.*\.gif$/,
    left: [65_536],
  },
  { stage: 'metadata', files: /^tasks\.json$/, left: [0] },
  { stage: 'report', files: /\.html$/, left: [65_536] },
];

describe.skipIf(!smallDisksWork())(`stages on a disk that is read-only or full (${NO_SMALL_DISK})`, () => {
  let base: string;
  let disk: SmallDisk;
  let door: Awaited<ReturnType<typeof servedDoor>>;
  let root: string;

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp full disk ')));
    const recording = path.join(base, RECORDING);
    mkdirSync(path.dirname(recording), { recursive: true });
    const workerDir = await builtWorkerDir();
    const files = [{ path: recording, filter: 'blosc' as const }];
    const work = { kind: 'episode' as const, files, task: TASK, plan: PLAN, leaveOutDepth: true, shrink: 2.5 as const };
    await runSampleWork(work, { workerDir, pluginDir });
    disk = await SmallDisk.mount(path.join(base, 'disk'), DISK_BYTES);
    record();
    door = await servedDoor(path.join(base, 'user'), disk.folder, disk);
    root = (await door.client.roots.list())[0]?.id as string;
  }, PATIENCE_MS);
  afterAll(async () => {
    await door?.close();
    await disk?.close();
    rmSync(base, { recursive: true, force: true });
  });

  /** The recording as it was recorded. */
  const record = () => cpSync(path.join(base, 'data'), disk.seen('data'), { recursive: true });

  /** Every file but what the stages remember, by its content. */
  function contents(): Map<string, string> {
    const files = readdirSync(disk.seen(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const named = files.map((entry) => [path.join(entry.parentPath, entry.name), entry.name] as const);
    const outputs = named.filter(([file, name]) => name !== BALLAST && !file.includes('/.regrasp/'));
    const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
    return new Map(outputs.map(([file]) => [path.relative(disk.seen(), file), digest(file)]));
  }

  async function start(stage: string, options: Record<string, unknown> = {}): Promise<() => Promise<Job>> {
    const { id } = await door.client.jobs.start({ kind: STAGE_JOB, options: { stage, root, options } });
    return async () => (await door.client.jobs.list()).find((job) => job.id === id) as Job;
  }
  const isOver = ({ state }: Job) => state !== 'queued' && state !== 'running';
  async function run(stage: string, options?: Record<string, unknown>): Promise<Job> {
    const job = await start(stage, options);
    await vi.waitFor(async () => expect(isOver(await job())).toBe(true), { timeout: PATIENCE_MS, interval: 50 });
    return job();
  }
  const told = ({ message, failures }: Job) => [message, ...failures.map((each) => each.message)].join('\n');

  it(
    'says of each that the disk is read-only, and the disk is as it was',
    async () => {
      const before = contents();
      disk.setReadOnly(true);
      try {
        for (const { stage, options } of [{ stage: 'compress', options: {} }, ...STAGES]) {
          const said = told(await run(stage, options));
          expect([stage, said]).toEqual([stage, expect.stringMatching(/the disk is read-only/)]);
        }
        expect(contents()).toEqual(before);
      } finally {
        disk.setReadOnly(false);
      }
    },
    PATIENCE_MS,
  );

  it(
    'leaves the recording where the disk fills up while it is compressed, and the next run completes',
    async () => {
      const original = contents();
      const folder = path.dirname(disk.seen(RECORDING));
      let said = '';
      // It is held while the disk is filled; on a busy machine all may be written before that is noticed.
      for (let attempt = 0; attempt < 10 && !said.includes('the disk is full'); attempt++) {
        record();
        const job = await start('compress');
        let isFilled = false;
        while (!isFilled && !isOver(await job())) {
          for (let look = 0; look < 50 && !isFilled; look++) {
            isFilled = readdirSync(folder).some((name) => name.endsWith('compress_tmp'));
            await turn();
          }
        }
        if (isFilled) {
          door.hold(true);
          disk.fill();
          door.hold(false);
        }
        await vi.waitFor(async () => expect(isOver(await job())).toBe(true), { timeout: PATIENCE_MS, interval: 50 });
        disk.free();
        said = told(await job());
      }
      expect(said).toMatch(/episode_000\.h5 stays as it is: the disk is full: free some space\./);
      expect(contents()).toEqual(original);
      expect(told(await run('compress'))).toMatch(/^1 of 1 files were compressed/);
    },
    PATIENCE_MS,
  );

  /**
   * What a run says on a disk with so many bytes left. What the workstation notes of the run before may make room after the disk
   * was filled: where something was made for that reason, it is taken away and tried again.
   */
  async function onFullDisk(bytes: number, stage: string, options: Stage['options'], made: () => string[]) {
    for (let attempt = 0; ; attempt++) {
      disk.fill(bytes);
      const said = told(await run(stage, options));
      if (made().length === 0 || attempt === 4) return said;
      for (const file of made()) rmSync(disk.seen(file));
      disk.free();
    }
  }

  it(
    'says of each that the disk is full, leaves nothing half-written, and the next run completes',
    async () => {
      for (const { stage, options, files, left } of STAGES) {
        const made = () => [...contents()].filter(([file]) => files.test(file)).map(([file]) => file);
        const before = contents();
        for (const bytes of left) {
          const said = await onFullDisk(bytes, stage, options, made);
          expect([stage, bytes, said]).toEqual([
            stage,
            bytes,
            expect.stringMatching(
              /not written: the disk is full: free some space\.|cannot be used: the disk is full: free some space\./,
            ),
          ]);
          expect([stage, bytes, made()]).toEqual([stage, bytes, []]);
          disk.free();
        }
        const { state, failures, message } = await run(stage, options);
        expect([stage, state, message, failures]).toEqual([stage, 'done', message, []]);
        expect([stage, made()]).not.toEqual([stage, []]);
        const after = contents();
        for (const [file, digest] of before) expect([file, after.get(file)]).toEqual([file, digest]);
        expect([...after.keys()].filter((file) => /tmp$/.test(file))).toEqual([]);
      }
      // Clips that are fresh are listed anew all the same: the list is a file that can fail by itself.
      const clips = STAGES.find(({ stage }) => stage === 'clips')?.options;
      const list = disk.seen('figures/dataset_figures/freeze_check_short/summary.csv');
      const whole = readFileSync(list);
      rmSync(list);
      disk.fill();
      expect(told(await run('clips', clips))).toMatch(
        /summary\.csv was not written: the disk is full: free some space\./,
      );
      disk.free();
      await run('clips', clips);
      expect(readFileSync(list)).toEqual(whole);
      expect(told(await run('preflight'))).toBe('All 6 boxes are ticked.');
    },
    PATIENCE_MS,
  );

  it(
    'says of an export that there is no room, or that there is none any more, names no bundle, and the next run completes',
    async () => {
      const lab = path.join(base, 'lab');
      cpSync(path.join(base, 'data'), path.join(lab, 'data'), { recursive: true });
      const recipe = path.join(base, 'recipe.json');
      const small = { streams: { ids: ['realsense/cam0/color'], widthAtMostPx: 16 }, targets: ['regrasp'] };
      writeFileSync(
        recipe,
        JSON.stringify({ schema: 'regrasp.recipe/1', name: 'small', taxonomyVersion: 1, ...small }),
      );
      const exported = async (leftBytes: number | null) => {
        if (leftBytes !== null) disk.fill(leftBytes);
        const out = path.join(disk.folder, 'bundle');
        const child = startRegrasp(
          path.join(base, 'user of exports'),
          ['export', lab, '--recipe', recipe, '--out', out],
          disk,
        );
        const { stdout, stderr, exitCode } = await endOf(child);
        if (leftBytes !== null) disk.free();
        return {
          said: stdout + stderr,
          exitCode,
          names: readdirSync(disk.seen()).filter((name) => name.includes('bundle')),
        };
      };
      expect(await exported(16_384)).toMatchObject({
        said: expect.stringMatching(/There is no room for the bundle: it needs about \d+ kB, and .* has 1[67] kB free/),
        ...{ exitCode: 2, names: [] },
      });
      // Enough for what is guessed, for a picture's video and not for its preview and tables.
      expect(await exported(53_248)).toMatchObject({
        said: expect.stringMatching(
          /bundle was not exported: the disk is full: free some space and export again, which goes on/,
        ),
        ...{ exitCode: 2, names: ['.bundle.export'] },
      });
      const done = await exported(null);
      expect(done).toMatchObject({ said: expect.stringMatching(/^Exported 1 unit/m), exitCode: 0, names: ['bundle'] });
    },
    PATIENCE_MS,
  );
});
