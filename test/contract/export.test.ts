import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { failureStateFileSchema } from '../../electron/bundles/regrasp/failure-state-schema.ts';
import { bundleFileSchema } from '../../electron/bundles/schemas.ts';
import type { BundleSource } from '../../electron/bundles/verify/bundle-source.ts';
import { faultLines, verifyBundle } from '../../electron/bundles/verify/verify.ts';
import type { StageEnd } from '../../electron/curation/stage.ts';
import { runSampleWork } from '../../electron/sample/run-worker.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { Workstation } from '../../electron/workstation-types.ts';
import { EXPORT_JOB } from '../../shared/api/bundles.ts';
import type { Plan } from '../../shared/bundles/plan.ts';
import type { Change } from '../../shared/review/review.ts';
import { builtWorkerDir, pluginDir } from '../support/built-worker.ts';
import { OWN_MUTATIONS, REGRASP_MUTATIONS, SHARED_MUTATIONS } from '../support/bundle-mutations.ts';
import { NO_ARROW, NO_LEROBOT, pythonWithArrow, pythonWithLerobot, runArrow, runLerobot } from '../support/python.ts';
import { TamperedBundle } from '../support/tampered-bundle.ts';
import { type Client, clientOf } from './doors.ts';

const BELOW = 'data/insert/2026-07-02/episode_000.h5';
const PLAN = {
  ...{ name: 'episode_000', story: 'transfer' as const, seed: 7, seconds: 3, faults: false },
  ...{ startUnixSeconds: 1782980045.318, createdAt: '2026-07-02T10:14:05' },
};
const RECIPE = {
  ...{ schema: 'regrasp.recipe/1', name: 'grasps', taxonomyVersion: 1 },
  ...{ targets: ['regrasp', 'lerobot-v3.0', 'lerobot-v2.1'], units: { kinds: ['rollout', 'failure', 'recovery'] } },
  // Small pictures: dozens of verifications read them.
  streams: { ids: ['realsense/cam0/color'], widthAtMostPx: 96 },
};

const ARROW_SCRIPT = `
import json, os, sys
import pandas, pyarrow.parquet as parquet
folder = sys.argv[1]
tasks = pandas.read_parquet(os.path.join(folder, 'meta/tasks.parquet'))
rows = parquet.read_table(os.path.join(folder, 'data/chunk-000/file-000.parquet')).to_pydict()
episodes = parquet.read_table(os.path.join(folder, 'meta/episodes/chunk-000/file-000.parquet')).to_pydict()
width = {len(row) for row in rows['observation.state']}
print(json.dumps({
    'tasks': [tasks.iloc[at].name for at in range(len(tasks))],
    'rows': len(rows['index']),
    'state': 'fixed' if len(width) == 1 else 'ragged',
    'intervention': sum(rows['intervention'][:90]),
    'seconds': rows['timestamp'][89],
    'outcomes': episodes['outcome'],
    'codes': episodes['failure_codes'],
}))
`;
const LEROBOT_SCRIPT = `
import json, sys
from lerobot.datasets.lerobot_dataset import LeRobotDataset
dataset = LeRobotDataset('local/bundle', root=sys.argv[1])
last = dataset[len(dataset) - 1]
camera = dataset.meta.video_keys[0]
print(json.dumps({
    'frames': len(dataset), 'episodes': dataset.num_episodes, 'task': last['task'],
    'index': int(last['index']), 'picture': list(last[camera].shape),
}))
`;

/** A failure with its hand-off and recovery, marked by a person, becomes three datasets that hold what was marked. */
describe('exporting a bundle', () => {
  let base: string;
  let root: string;
  let rootId: string;
  let workstation: Workstation;
  let client: Client;
  const out = () => path.join(base, 'bundle');

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp export ')));
    root = path.join(base, 'lab');
    mkdirSync(path.join(root, path.dirname(BELOW)), { recursive: true });
    const workerDir = await builtWorkerDir();
    const files = [{ path: path.join(root, BELOW), filter: 'none' as const }];
    const work = {
      kind: 'episode' as const,
      files,
      task: 'insert',
      plan: PLAN,
      leaveOutDepth: true,
      shrink: 2.5 as const,
    };
    await runSampleWork(work, { workerDir, pluginDir });
    const userDataDir = path.join(base, 'user');
    workstation = await openWorkstation({ door: 'none', version: '0.0.0-test', userDataDir, workerDir, pluginDir });
    rootId = (await workstation.openRoot(await workstation.grant(root))).id;
    client = clientOf(
      async (address, init) => workstation.fetch(new Request(`regrasp://app${address}`, init)),
      'regrasp://app',
    );
    await workstation.settled(rootId);
    const failure = {
      ...{ event: 40, window: [20, 60], code: 'GRASP_SLIP', severity: 'low', resetability: 'immediate' },
      ...{ whatHappened: 'The board slid away.', handOff: 46 },
    };
    const recovery = {
      failure: 'f1',
      ticks: [50, 75],
      controlMode: 'teleoperation',
      howRecovered: '',
      outcome: 'recovered',
    };
    await client.review.gesture({
      episode: `${rootId}/${BELOW}`,
      name: 'Mark',
      patch: [
        { map: 'outcome', id: 'episode', value: { value: 'failure' } },
        { map: 'properties', id: 'lighting', value: 'dim' },
        { map: 'failures', id: 'f1', value: failure },
        { map: 'recoveries', id: 'r1', value: recovery },
      ],
    });
  }, 600_000);
  afterAll(async () => {
    await workstation?.close();
    rmSync(base, { recursive: true, force: true });
  });

  async function run(more: Record<string, unknown> = {}, to: string | null = null, dryRun = false): Promise<StageEnd> {
    return workstation.runStage(
      'export',
      { root: rootId, out: to, options: { recipe: { ...RECIPE, ...more }, dryRun } },
      { signal: new AbortController().signal, progress: () => {}, fail: () => {}, log: () => {} },
    );
  }
  async function verified(): Promise<string[]> {
    const userDataDir = mkdtempSync(path.join(base, 'fresh-'));
    const workerDir = await builtWorkerDir();
    const fresh = await openWorkstation({ door: 'none', version: '0.0.0-test', userDataDir, workerDir, pluginDir });
    try {
      const { faults } = await verifyBundle(out(), {
        ...{ workstation: fresh, signal: new AbortController().signal },
      });
      return faultLines(faults);
    } finally {
      await fresh.close();
    }
  }
  /** What recipes take as long as nobody says anything else of the recording. */
  const plans = new Map<string, Plan>();
  const source: BundleSource = {
    get workstation() {
      return workstation;
    },
    async open(below, fingerprint) {
      const opened = await workstation.openEpisode(`${rootId}/${below}`);
      return opened.fingerprint === fingerprint ? opened : null;
    },
    async said(below) {
      return workstation.said(await workstation.openEpisode(`${rootId}/${below}`));
    },
    async plan(recipe) {
      const key = JSON.stringify(recipe);
      const plan = plans.get(key) ?? ((await run(recipe, null, true)).result as { plan: Plan }).plan;
      plans.set(key, plan);
      return plan;
    },
  };
  const at = (below: string) => path.join(out(), below);

  it('says before anything is written what it takes, and refuses what nobody may mean', async () => {
    const { lines, message } = await run({}, null, true);
    expect(message).toBe('3 units would be exported.');
    expect(lines?.join('\n')).toContain('recovery data/insert/2026-07-02/episode_000.h5 ticks 50–75, 26 frames, train');
    await expect(run({}, path.join(root, 'out'))).rejects.toThrow('lies within the recordings');
    await expect(run({}, base)).rejects.toThrow('is there already');
    await expect(run({}, null)).rejects.toThrow('--out');
    await expect(run({ schema: 'regrasp.recipe/9' }, out())).rejects.toThrow('newer version');
    const refused = await run({ streams: { ids: ['nothing'] } }, out());
    expect(refused).toMatchObject({ foundProblems: true, message: expect.stringContaining('has no stream nothing') });
    expect(existsSync(out())).toBe(false);
  });

  it('writes what was marked, whole and verified', { timeout: 600_000 }, async () => {
    const guessed = (await run({}, null, true)).result as { plan: Plan };
    const { message, result } = await run({}, out());
    expect(message).toMatch(/^Exported 3 units .* verified, 90 frames compared with the recordings\.$/);
    const share = guessed.plan.totals.bytes / (result as { bytes: number }).bytes;
    // Of pictures this small the tables are the larger part; of whole ones it is near.
    expect(Math.abs(share - 1)).toBeLessThan(0.5);
    expect(readdirSync(base).filter((name) => name.includes('.export'))).toEqual([]);
    expect(await client.review.overview({ root: rootId })).toMatchObject({ exports: 1, counts: { failures: 1 } });
    expect(readdirSync(at('regrasp'))).toEqual(['README.md', 'failures', 'previews', 'recoveries', 'rollouts']);
    const card = readFileSync(at('lerobot-v3.0/README.md'), 'utf8');
    expect(card).toContain('| GRASP\\_SLIP | grasp |');
    for (const [, picture] of card.matchAll(/\]\((previews\/.+?\.gif)\)/g))
      expect(readFileSync(at(`lerobot-v3.0/${picture}`)).toString('latin1', 0, 6)).toBe('GIF89a');
    expect(card).toContain('](previews/01-insert.gif)');
    const [recovery] = readdirSync(at('regrasp/recoveries'));
    expect(readdirSync(at(`regrasp/recoveries/${recovery}`)).sort()).toEqual([
      ...['failure_state.json', 'frames.csv', 'poses.parquet', 'recovery_clip_Right_camera.mp4'],
      ...['recovery_joints.parquet', 'session.json', 'session_manifest.json'],
    ]);
    const state = JSON.parse(readFileSync(at(`regrasp/recoveries/${recovery}/failure_state.json`), 'utf8'));
    expect(state).toMatchObject({
      ...{ code: 'GRASP_SLIP', event_tick: 40, hand_off_tick: 46, what_happened: 'The board slid away.' },
      ...{ recovery: { control_mode: 'teleoperation', ticks: [50, 75] }, rollout: { source: BELOW } },
    });
    expect(failureStateFileSchema.strict().parse(state)).toEqual(state);
    bundleFileSchema.strict().parse(JSON.parse(readFileSync(at('bundle.json'), 'utf8')));
    expect(state.pre_failure_buffer_s).toBeCloseTo(20 / 30, 1);
    const opened = await workstation.openRoot(await workstation.grant(at('lerobot-v3.0')));
    const { entries } = await workstation.settled(opened.id);
    const { opened: episode } = await workstation.openEpisode((entries[0] as (typeof entries)[0]).id);
    expect(episode.episode.properties).toMatchObject({
      outcome: 'failure',
      segment_role: 'rollout',
      source_recording: BELOW,
    });
    const intervention = episode.values.get('intervention') as Float64Array;
    expect([...intervention].flatMap((one, frame) => (one === 1 ? [frame] : []))).toEqual(
      Array.from({ length: 26 }, (_, n) => n + 50),
    );
    expect(await verified()).toEqual([]);
  });

  it('is the same to the last byte as a job that was broken off and went on, which leaves nothing where it is cancelled', {
    timeout: 600_000,
  }, async () => {
    const userDataDir = path.join(base, 'second');
    const bundles = path.join(userDataDir, 'bundles');
    const workerDir = await builtWorkerDir();
    const start = async () => {
      const second = await openWorkstation({ door: 'none', version: '0.0.0-test', userDataDir, workerDir, pluginDir });
      const { id } = await second.openRoot(await second.grant(root));
      await second.settled(id);
      const { jobs } = clientOf(
        (address, init) => second.fetch(new Request(`regrasp://app${address}`, init)),
        'regrasp://app',
      );
      const job = async (of: string) => (await jobs.list()).find((one) => one.id === of);
      return { second, id, jobs, job };
    };
    const parts = (folder: string) => {
      const within = path.join(bundles, `.${folder}.export`, 'parts');
      return existsSync(within) ? readdirSync(within).filter((name) => name.endsWith('.json')) : [];
    };
    const isBegun = (folder: string) =>
      vi.waitFor(() => expect(parts(folder)).not.toEqual([]), { timeout: 300_000, interval: 20 });
    let kept = 0;
    let open = await start();
    try {
      const options = { root: open.id, recipe: RECIPE, place: 'own', folder: 'given up' };
      const given = await open.jobs.start({ kind: EXPORT_JOB, options });
      await isBegun('given up');
      await open.jobs.cancel({ job: given.id });
      expect(await open.job(given.id)).toMatchObject({
        state: 'cancelled',
        message: 'Cancelled: nothing was exported.',
      });
      expect(readdirSync(bundles)).toEqual([]);

      const { id } = await open.jobs.start({ kind: EXPORT_JOB, options: { ...options, folder: 'again' } });
      await isBegun('again');
      await open.second.close();
      const [first = ''] = parts('again').map((name) => name.replace('.json', '.mp4'));
      kept = statSync(path.join(bundles, '.again.export', 'parts', first)).ino;
      expect(readdirSync(bundles)).toEqual(['.again.export']);
      open = await start();
      expect(await open.job(id)).toMatchObject({ state: 'interrupted', resumable: true });
      await open.jobs.resume({ job: id });
      await vi.waitFor(async () => expect(await open.job(id)).toMatchObject({ state: 'done' }), {
        ...{ timeout: 300_000, interval: 100 },
      });
    } finally {
      await open.second.close();
    }
    const again = path.join(bundles, 'again');
    expect(readFileSync(path.join(again, 'SHA256SUMS'), 'utf8')).toBe(readFileSync(at('SHA256SUMS'), 'utf8'));
    expect(readdirSync(bundles)).toEqual(['again']);
    const files = readdirSync(again, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map((entry) => statSync(path.join(entry.parentPath, entry.name)).ino)).toContain(kept);
  });

  it.skipIf(!pythonWithArrow())(`is read by pandas and Arrow as it was meant (${NO_ARROW})`, async () => {
    const told = JSON.parse(runArrow(ARROW_SCRIPT, at('lerobot-v3.0')));
    expect(told).toEqual({
      tasks: ['insert'],
      rows: 157,
      state: 'fixed',
      intervention: 26,
      seconds: 2.9666666984558105,
      outcomes: ['failure', 'failure', 'failure'],
      codes: [['GRASP_SLIP'], ['GRASP_SLIP'], ['GRASP_SLIP']],
    });
  });

  it.skipIf(!pythonWithLerobot())(
    `is loaded by LeRobot's own reader (${NO_LEROBOT})`,
    { timeout: 600_000 },
    async () => {
      const told = JSON.parse(runLerobot(LEROBOT_SCRIPT, at('lerobot-v3.0')));
      expect(told).toMatchObject({ frames: 157, episodes: 3, task: 'insert', index: 156 });
      expect(told.picture).toEqual([3, expect.any(Number), expect.any(Number)]);
    },
  );

  describe('that somebody changed does not pass', () => {
    let judge: Workstation;
    let count = 0;
    const place = () => path.join(base, 'tampered', `${count++}`);
    beforeAll(async () => {
      const userDataDir = mkdtempSync(path.join(base, 'judge-'));
      const workerDir = await builtWorkerDir();
      judge = await openWorkstation({ door: 'none', version: '0.0.0-test', userDataDir, workerDir, pluginDir });
    });
    afterAll(() => judge?.close());
    async function linesOf({ folder }: TamperedBundle, needs?: 'source' | 'frames'): Promise<string[]> {
      const parts = { workstation: judge, signal: new AbortController().signal, areFramesLeft: needs !== 'frames' };
      const { faults } = await verifyBundle(folder, needs ? { ...parts, source } : parts);
      return faultLines(faults);
    }

    it('where its sums tell: a byte of any file, one that is gone, one that came', { timeout: 600_000 }, async () => {
      const bundle = TamperedBundle.copyOf(out(), place());
      const files = readdirSync(out(), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(out(), path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
      const [gone = '', ...others] = files.filter((file) => !/^(bundle\.json|SHA256SUMS)$/.test(file));
      for (const file of others) bundle.flip(file);
      bundle.remove(gone);
      bundle.write('more.txt', '');
      // Whoever opened it in a window left what they had on screen, and what they said: no part of the bundle.
      bundle.write('regrasp/.regrasp/seen/f1/ann.install.json', '{}');
      bundle.write('.regrasp/settings.json', '{}');
      symlinkSync(path.join(out(), gone), bundle.at('link'));
      const lines = await linesOf(bundle);
      for (const file of others) expect(lines).toContain(`${file}: its content is not what was exported.`);
      expect(lines).toContain(`${gone}: it is gone.`);
      expect(lines).toContain('more.txt: it was not exported with the rest.');
      expect(lines.filter((line) => line.includes('.regrasp'))).toEqual([]);
      expect(lines).toContain('link: it is no plain file, and a bundle holds no others.');
      const manifest = TamperedBundle.copyOf(out(), place());
      manifest.json('bundle.json', ({ units }) => units.reverse());
      expect(await linesOf(manifest)).toContain('bundle.json: its content is not what was exported.');
    });

    it.each(['regrasp', 'lerobot-v3.0', 'lerobot-v2.1'])(
      'and passes while it is what was exported: %s by itself',
      { timeout: 600_000 },
      async (target) => {
        expect(await linesOf(TamperedBundle.ofTarget(out(), target, place()), 'frames')).toEqual([]);
      },
    );

    for (const [target, mutations] of [
      ['regrasp', REGRASP_MUTATIONS],
      ['lerobot-v3.0', SHARED_MUTATIONS],
      ['lerobot-v2.1', OWN_MUTATIONS],
    ] as const)
      it.each(mutations)(`${target}: $what`, { timeout: 600_000 }, async ({ change, line, needs }) => {
        const bundle = TamperedBundle.ofTarget(out(), target, place());
        await change(bundle);
        bundle.cover();
        expect((await linesOf(bundle, needs)).join('\n')).toMatch(line);
      });

    it('nor one of which people say something else today: what was cut, and what is marked no more', {
      timeout: 600_000,
    }, async () => {
      const bundle = TamperedBundle.ofTarget(out(), 'lerobot-v2.1', place());
      const say = (patch: Change[]) => {
        plans.clear();
        return client.review.gesture({ episode: `${rootId}/${BELOW}`, name: 'Say', patch });
      };
      const event = { class: 'occlusion', side: null, ticks: [55, 60] };
      await say([
        { map: 'findings', id: 'h1', value: { ...event, streams: [], replaces: [], text: '' } },
        { map: 'verdicts', id: 'h1', value: { value: 'cut', of: { ...event, detector: 'hand' } } },
      ]);
      const cut = await linesOf(bundle, 'source');
      expect(cut.filter((line) => / it overlaps ticks 55–60 \(occlusion\), which .+ cut\.$/.test(line))).toHaveLength(
        3,
      );
      expect(cut).toContainEqual(
        expect.stringMatching(
          /^bundle\.json: unit 0003-.* \(recovery .*\) is none that its recipe takes of the recordings today/,
        ),
      );
      await say([
        { map: 'verdicts', id: 'h1', value: null },
        { map: 'findings', id: 'h1', value: null },
        { map: 'recoveries', id: 'r1', value: null },
      ]);
      const unmarked = (await linesOf(bundle, 'source')).join('\n');
      expect(unmarked).toMatch(/0003-.*: it is cut out for a recovery that no journal of its recording holds/);
      expect(unmarked).toMatch(/its intervention of row \d+ is true, and should be false/);
    });
  });
});
