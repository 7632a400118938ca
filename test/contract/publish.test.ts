import { randomUUID } from 'node:crypto';
import {
  cpSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { appendFile, chmod, copyFile, mkdir, rename, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDecodePool } from '../../electron/frames/decode-pool.ts';
import { rewriteFile } from '../../electron/hdf5/rewrite-file.ts';
import { source } from '../../electron/sources/oopsie/index.ts';
import { STAGE_JOB } from '../../shared/api/jobs.ts';
import type { Change } from '../../shared/review/review.ts';
import { submitReview } from '../../shared/review/submission.ts';
import { builtWorkerDir, pluginDir } from '../support/built-worker.ts';
import { formatSamples } from '../support/format-samples.ts';
import { compareHdf5 } from '../support/hdf5-of-everything.ts';
import { pythonWithHdf5, runPython } from '../support/python.ts';
import { NO_SMALL_DISK, SmallDisk, smallDisksWork } from '../support/small-disk.ts';
import { openFileOf, portsFor } from '../support/source-ports.ts';
import { runKilledAt } from '../support/terminal.ts';
import { type Client, type Door, handlerDoor, servedDoor } from './doors.ts';
import { type Fixture, makeFixture } from './fixture.ts';
import { collect } from './helpers.ts';

const PATIENCE_MS = 600_000;
const SESSION = '20260710_101500';
const FAILED = `${SESSION}/20260710_101503.h5`;
const OLD = `${SESSION}/20260710_101702.h5`;

const REVIEW: Change[] = [
  { map: 'outcome', id: 'episode', value: { value: 'failure', reason: 'dropped' } },
  { map: 'description', id: 'episode', value: { text: 'Es rutscht — 🤖' } },
  { map: 'notes', id: 'n', value: { text: 'dark', ticks: [3, 9] } },
  { map: 'properties', id: 'checkpoint', value: 'ckpt-7' },
  {
    map: 'failures',
    id: 'f',
    value: {
      ...{ event: 20, window: [10, 30], code: 'TERM_ESTOP', severity: 'medium', resetability: 'hard_reset' },
      ...{ whatHappened: 'slips', handOff: 22 },
    },
  },
  {
    map: 'recoveries',
    id: 'r',
    value: {
      failure: 'f',
      ticks: [23, 30],
      controlMode: 'teleoperation',
      howRecovered: 'by hand',
      outcome: 'recovered',
    },
  },
  { map: 'taskMarks', id: 't', value: { label: 'approach', ticks: [0, 9] } },
];

/** A folder with the thread that rewrites, which finds the disk full once it has written so many bytes. */
async function workersOnAFullDisk(folder: string, freeBytes: number): Promise<string> {
  const worker = 'rewrite-worker.js';
  await mkdir(folder);
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    path.join(folder, worker),
    `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { writeSync } = fs;
    let free = ${freeBytes};
    fs.writeSync = (file, bytes, offset, length, position) => {
      if (free === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const written = writeSync(file, bytes, offset, Math.min(length, free), position);
      free -= written;
      return written;
    };
    syncBuiltinESMExports();
    await import(${JSON.stringify(pathToFileURL(path.join(await builtWorkerDir(), worker)).href)});`,
  );
  return folder;
}

/** What h5py reads in a person's group, with the types it has for them. */
const READ = `
import sys, json, h5py
def told(g):
    out = {}
    for k in g.attrs:
        v, t = g.attrs[k], g.attrs.get_id(k).dtype
        s = h5py.check_string_dtype(t)
        out[k] = [s.encoding + str(s.length) if s else str(t), v if isinstance(v, str) else v.item()]
    return out
with h5py.File(sys.argv[1]) as f:
    g = f['episode_annotations'][sys.argv[2]]
    print(json.dumps([told(g), told(g['segments']), [told(g['segments'][k]) for k in g['segments']], f.attrs['language_instruction']]))
`;

describe('publishing a review into its recording', { timeout: PATIENCE_MS }, () => {
  let base: string;
  let lab: string;
  let original: string;
  let fixture: Fixture;
  let door: Door;
  let root: string;
  let person: string;
  const at = (below: string) => path.join(lab, below);
  const idOf = (below: string) => `${root}/${below}`;
  const leftovers = () => readdirSync(path.join(lab, SESSION)).filter((name) => name.includes('publish_'));

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp publish ')));
    lab = path.join(base, 'lab');
    original = path.join(base, 'original.h5');
    cpSync(path.join(await formatSamples(), 'oopsie'), lab, { recursive: true });
    await copyFile(at(FAILED), original);
    fixture = await makeFixture();
    door = await handlerDoor.open(fixture);
    root = (await door.client.roots.open({ grant: await door.grant(lab) })).id;
    person = (await door.client.settings.patchUser({ annotator: 'Zoë 2' })).annotator;
    for (const below of [FAILED, OLD])
      await door.client.review.gesture({ episode: idOf(below), name: 'Say it', patch: REVIEW });
  }, PATIENCE_MS);
  afterAll(async () => {
    await door.close();
    fixture.remove();
    rmSync(base, { recursive: true, force: true });
  });

  /** Runs the job and answers it once it has ended. */
  async function run(stage: string, below: string, options: Record<string, unknown> = {}) {
    return jobOf(door.client, { stage, root, only: idOf(below), options });
  }
  const startOf = (asked: Record<string, unknown>) => ({ kind: STAGE_JOB, options: asked });
  async function jobOf(client: Client, asked: Record<string, unknown>) {
    const { id } = await client.jobs.start(startOf(asked));
    return vi.waitFor(
      async () => {
        const job = (await client.jobs.list()).find((each) => each.id === id);
        expect(job?.state).toMatch(/^(done|failed)$/);
        return job;
      },
      { timeout: 120_000 },
    );
  }

  const publish = (below: string, options?: Record<string, unknown>) => run('publish', below, options);

  it('tells what it would write, writes that alone, and finds the same review in the file', async () => {
    const { client } = door;
    const episode = idOf(FAILED);
    const { fingerprint, episode: before } = await client.episodes.open({ episode });
    const planned = await client.review.publication({ episode });
    expect(planned).toMatchObject({ state: 'ready', reason: null, annotator: person, takeOver: [] });
    const [own, segment] = [`episode_annotations/${person}`, `episode_annotations/${person}/segments/000`];
    expect(planned.changes).toContainEqual({ group: own, attribute: 'success', before: null, after: '0' });
    const sudden = { group: segment, attribute: 'failure_categories', before: null, after: '["sudden_termination"]' };
    expect(planned.changes).toContainEqual(sudden);
    expect(readFileSync(at(FAILED)).equals(readFileSync(original))).toBe(true);

    expect(await publish(FAILED)).toMatchObject({ state: 'done', failures: [], message: '1 recording: 1 published.' });
    expect(leftovers()).toEqual([]);
    const opened = await client.episodes.open({ episode });
    expect(opened.fingerprint).toBe(fingerprint);
    expect(opened.episode.annotations).toHaveLength(before.annotations.length + 1);
    expect(opened.episode.annotations.find(({ annotator }) => annotator === person)).toMatchObject({
      ...{ source: 'human', success: 0, outcome: 'failure', categories: ['other'], severity: 'medium', unknown: [] },
      ...{ description: 'Es rutscht — 🤖', notes: '[0.15–0.45 s] dark' },
    });
    expect(opened.episode.marks.filter(({ by }) => by === person)).toMatchObject([
      { name: 'sudden termination', startNs: 5e8, endNs: 1.5e9 },
    ]);
    // The review is where it was, says nothing that is not in the file, and the file nothing that is not in it.
    expect((await client.review.get({ episode })).own.failures.f).toMatchObject({ code: 'TERM_ESTOP', handOff: 22 });
    expect(await client.review.publication({ episode })).toMatchObject({
      state: 'unchanged',
      changes: [],
      takeOver: [],
    });
    const { mtimeMs } = statSync(at(FAILED));
    expect(await publish(FAILED)).toMatchObject({ message: '1 recording: 1 unchanged.' });
    expect(statSync(at(FAILED)).mtimeMs).toBe(mtimeMs);
  });

  it('lets another install of the same person take it over from the file', async () => {
    const { client } = door;
    await client.review.undo({ episode: idOf(FAILED) });
    const { takeOver, state } = await client.review.publication({ episode: idOf(FAILED) });
    expect(state).toBe('nothing');
    await client.review.gesture({ episode: idOf(FAILED), name: 'Take over', patch: takeOver });
    const { own } = await client.review.get({ episode: idOf(FAILED) });
    for (const { map, id, value } of REVIEW) {
      const there = map === 'outcome' || map === 'description' ? own[map] : (own[map] as Record<string, unknown>)[id];
      expect(there, map).toEqual(value);
    }
  });

  it('passes the rules of an upload, and edits the instruction likewise', async () => {
    expect(await publish(FAILED, { instruction: '  ' })).toMatchObject({
      failures: [{ message: expect.stringMatching(/an instruction cannot be empty/) }],
    });
    expect(await publish(FAILED, { instruction: 'Leg ihn\nhin 🤖' })).toMatchObject({ state: 'done', failures: [] });
    const { episode } = await door.client.episodes.open({ episode: idOf(FAILED) });
    expect(episode.instruction).toBe('Leg ihn\nhin 🤖');
    const pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
    try {
      const file = openFileOf(lab, FAILED);
      const ports = portsFor(lab, pool);
      const opened = await source.open(file, ports);
      expect(opened.episode.problems).toEqual([]);
      expect((await source.check?.(file, opened, ports))?.problems).toEqual([]);
    } finally {
      await pool.close();
    }
  });

  it.skipIf(!pythonWithHdf5())('is read by h5py as h5py would have written it, and all else is as it was', async () => {
    const [group, segments, [segment], instruction] = JSON.parse(runPython(READ, at(FAILED), person));
    const text = (value: unknown) => ['utf-8None', value];
    expect(instruction).toBe('Leg ihn\nhin 🤖');
    expect(group).toMatchObject({
      schema: text('oopsie_failure_taxonomy_v2'),
      success: ['float64', 0],
      episode_description: text('Es rutscht — 🤖'),
      taxonomy: text('{"outcome":"failure","failure_category":["other"],"severity":"medium"}'),
    });
    expect(segments).toEqual({ schema: text('oopsie_failure_segments_v0'), count: ['int64', 1] });
    expect(segment).toMatchObject({
      ...{ start_timestep: ['int64', 10], end_seconds: ['float64', 1.5], resetability: text('hard_reset') },
      regrasp_event_timestep: ['int64', 20],
    });
    const except = { '': ['language_instruction'], '/episode_annotations': [person] };
    expect(compareHdf5(original, at(FAILED), { except })).toBe('equal');
  });

  it('shows nothing of what others wrote into it while a project is blind, at any door, until it is submitted', async () => {
    const { client } = door;
    const episode = idOf(FAILED);
    const told = collect(door);
    await told.until((event) => event.type === 'hello');
    await client.settings.patchDataset({ root, patch: { blindUntilSubmitted: true } });
    const checked = async () => {
      const job = await run('check', FAILED);
      return { job, log: (await client.jobs.log({ job: job?.id ?? '' })).text };
    };
    const everything = async () =>
      JSON.stringify([
        await client.episodes.open({ episode }),
        (await client.library.get({ root })).entries,
        await client.outputs.list({ root }),
        await client.outputs.get({ episode }),
        await client.review.publication({ episode }),
      ]);
    const others = /mara|jonas|auto_annotate|block slips|lies beside the pad|collision/;
    expect(await everything()).not.toMatch(others);
    expect(JSON.stringify(await checked())).not.toMatch(others);
    const { outcome, annotations, keepsBack } = (await client.episodes.open({ episode })).episode;
    expect({ outcome, annotations, keepsBack }).toMatchObject({
      ...{ outcome: 'failure', keepsBack: true },
      annotations: [{ annotator: person }],
    });
    for (const entry of (await client.library.get({ root })).entries) expect(entry.outcome).toBeNull();

    await client.review.gesture({ episode, ...submitReview() });
    await told.until((event) => event.type === 'episode-changed' && event.revision === 'shown');
    expect((await client.episodes.open({ episode })).episode).toMatchObject({ keepsBack: false });
    expect(await everything()).toMatch(/jonas/);
    // The list is of recordings that were not submitted, too.
    for (const entry of (await client.library.get({ root })).entries) expect(entry.outcome).toBeNull();
    await client.review.undo({ episode });
    await told.until((event) => event.type === 'episode-changed' && event.revision === 'kept back');
    expect(await everything()).not.toMatch(others);
    await client.settings.patchDataset({ root, patch: { blindUntilSubmitted: null } });
    await told.stop((event) => event.type === 'entries' && event.entries.some((entry) => entry.outcome !== null));
    expect(await everything()).toMatch(/jonas/);
  });

  it("keeps another person's annotation of the first version, which is said anew only by its own person", async () => {
    const episode = idOf(OLD);
    const kim = async () =>
      (await door.client.episodes.open({ episode })).episode.annotations.find(({ annotator }) => annotator === 'kim');
    const before = await kim();
    expect(before?.taxonomy).toBe('oopsiedata_taxonomy_schema_v1');
    expect(await publish(OLD)).toMatchObject({ state: 'done', failures: [] });
    expect(await kim()).toEqual(before);
  });

  const HOSTILE = ['', '  ', 'a/b', '.', '..', '(episode-level)', 'segments', 'a\u0000b'];
  it.each([...HOSTILE, 'auto_annotate', 'nobody'])(
    'leaves the file alone when it is to be published as %j',
    async (name) => {
      const bytes = readFileSync(at(FAILED));
      const job = await publish(FAILED, { annotator: name });
      expect(job?.failures).toEqual([{ item: FAILED, message: expect.stringMatching(/^[^\n]+\.$/) }]);
      expect(readFileSync(at(FAILED)).equals(bytes)).toBe(true);
      expect(leftovers()).toEqual([]);
    },
  );

  it('refuses recordings of other formats with a sentence', async () => {
    const other = (await door.client.roots.open({ grant: await door.grant(path.join(fixture.dataset, fixture.good)) }))
      .id;
    const publication = await door.client.review.publication({ episode: `${other}/${fixture.good}` });
    expect(publication).toMatchObject({ state: 'refused', reason: expect.stringMatching(/no Oopsie recording/) });
    await door.client.roots.close({ root: other });
  });

  describe('the file', () => {
    const edit = { attributes: { '': { language_instruction: { text: 'x' } } }, removed: [] };
    const folder = () => path.join(base, 'alone');
    const file = () => path.join(folder(), 'alone.h5');
    const names = () => readdirSync(folder());

    async function rewrite(more: Partial<Parameters<typeof rewriteFile>[1]> = {}): Promise<string> {
      const parts = { workerDir: await builtWorkerDir(), pluginDir, signal: new AbortController().signal };
      const options = { verb: 'publish' as const, level: null, edit, release: async () => {}, ...parts, ...more };
      return rewriteFile(file(), options).then(
        ({ state }) => state,
        (error: Error) => error.message,
      );
    }

    beforeAll(async () => {
      await mkdir(folder());
      await copyFile(original, file());
    });

    const CHANGES: [how: string, change: () => Promise<void>][] = [
      ['written to', () => appendFile(file(), 'x')],
      ['touched', () => utimes(file(), 1, 1)],
      [
        'replaced',
        async () => {
          await copyFile(original, `${file()}.new`);
          await rename(`${file()}.new`, file());
        },
      ],
    ];
    it.each(CHANGES)('stays as it is when it is %s meanwhile', async (_, change) => {
      await copyFile(original, file());
      let then = Buffer.alloc(0);
      const release = async () => {
        await change();
        then = readFileSync(file());
      };
      expect(await rewrite({ release })).toMatch(/^alone\.h5 was changed while .*: run the command again\.$/);
      expect(readFileSync(file()).equals(then)).toBe(true);
      expect(names()).toEqual(['alone.h5']);
    });

    it('stays as it is when it, or its folder, is write-protected', async () => {
      await copyFile(original, file());
      await chmod(file(), 0o444);
      expect(await rewrite()).toMatch(
        /^alone\.h5 stays as it is: alone\.h5 is write-protected: change its permissions\.$/,
      );
      await chmod(file(), 0o644);
      await chmod(folder(), 0o555);
      expect(await rewrite()).toMatch(/^alone\.h5 stays as it is: the folder .*alone is write-protected/);
      await chmod(folder(), 0o755);
      expect(names()).toEqual(['alone.h5']);
    });

    it('stays as it is when the disk fills up while its copy is written', async () => {
      await copyFile(original, file());
      const workerDir = await workersOnAFullDisk(path.join(base, 'full'), 4096);
      expect(await rewrite({ workerDir })).toBe('alone.h5 stays as it is: the disk is full: free some space.');
      expect(readFileSync(file()).equals(readFileSync(original))).toBe(true);
      expect(names()).toEqual(['alone.h5']);
    });

    it('is published over what a broken-off run left, and not beside one that goes on', async () => {
      await copyFile(original, file());
      // No system hands out process numbers like this one.
      writeFileSync(`${file()}.999999999-00aa11bb.publish_tmp`, 'half');
      linkSync(file(), `${file()}.999999999-00aa11bb.publish_backup`);
      expect(await rewrite()).toBe('rewritten');
      expect(names()).toEqual(['alone.h5']);
      writeFileSync(`${file()}.${process.ppid}-00aa11bb.publish_tmp`, 'half');
      expect(await rewrite()).toMatch(/by another run/);
      rmSync(`${file()}.${process.ppid}-00aa11bb.publish_tmp`);
    });
  });

  it.skipIf(!smallDisksWork())(
    `says that the disk is full or read-only, leaves the recording, and completes later (${NO_SMALL_DISK})`,
    async () => {
      const disk = await SmallDisk.mount(path.join(base, 'disk'), 120e6);
      const target = disk.seen(SESSION, path.basename(FAILED));
      cpSync(path.join(lab, SESSION), disk.seen(SESSION), { recursive: true });
      await copyFile(original, target);
      const served = await servedDoor(path.join(base, 'user of a disk'), disk.folder, disk);
      try {
        const { client } = served;
        const root = (await client.roots.list())[0]?.id as string;
        const episode = `${root}/${FAILED}`;
        const say = { episode, name: 'Say it', id: randomUUID(), patch: REVIEW };
        const names = () => readdirSync(disk.seen(SESSION)).sort();
        const before = names();
        const asked = { stage: 'publish', root, only: episode, options: {} };
        const published = () => jobOf(client, asked);
        const isAsBefore = () => {
          expect(readFileSync(target).equals(readFileSync(original))).toBe(true);
          expect(names()).toEqual(before);
        };
        // The review itself: told with the reason, and the same step is kept once there is space.
        disk.fill();
        await expect(client.review.gesture(say)).rejects.toMatchObject({
          message: expect.stringMatching(/^"Say it" was not saved\. .*the disk is full: free some space\.$/),
        });
        disk.free();
        await client.review.gesture(say);
        disk.fill(8e6);
        expect((await published())?.failures).toEqual([
          {
            item: FAILED,
            message: expect.stringMatching(/stays as it is: the disk has no room .*: free some space\.$/),
          },
        ]);
        disk.free();
        isAsBefore();
        disk.setReadOnly(true);
        const refused = await published();
        disk.setReadOnly(false);
        expect(refused?.failures).toEqual([{ item: FAILED, message: expect.stringMatching(/read-only/) }]);
        isAsBefore();
        expect(await published()).toMatchObject({ failures: [], message: '1 recording: 1 published.' });
        expect(names()).toEqual(before);
        expect((await client.review.publication({ episode })).state).toBe('unchanged');
      } finally {
        await served.close();
        await disk.close();
      }
    },
    PATIENCE_MS,
  );

  describe.skipIf(process.platform !== 'linux')('ended by SIGKILL', () => {
    it.each(['sync .*publish_tmp', 'rename .*publish_tmp'])('at "%s", leaves the recording whole', async (point) => {
      const target = path.join(base, 'killed', SESSION, 'killed.h5');
      cpSync(path.join(lab, SESSION), path.dirname(target), { recursive: true });
      await copyFile(original, target);
      const args = ['publish', target, '--instruction', 'anders'];
      const { exitCode } = await runKilledAt(path.join(base, 'user'), new RegExp(point), ...args);
      expect(exitCode).toBe(128);
      expect(readFileSync(target).equals(readFileSync(original))).toBe(true);
      const again = await runKilledAt(path.join(base, 'user'), /never/, ...args);
      expect([again.exitCode, again.stdout]).toEqual([0, '1 recording: 1 published.\n']);
      expect(readdirSync(path.dirname(target)).filter((name) => name.includes('publish_'))).toEqual([]);
      rmSync(path.join(base, 'killed'), { recursive: true });
    });
  });
});
