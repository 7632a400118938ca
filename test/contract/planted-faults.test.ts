import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFindings } from '../../electron/curation/detect/findings-store.ts';
import { createRobotScene } from '../../electron/sample/robot-scene.ts';
import { type SceneFault, type SceneFaultKind, withSceneFaults } from '../../electron/sample/scene-faults.ts';
import { sourceNamed } from '../../electron/sources/index.ts';
import type { StoredFindings } from '../../shared/api/findings.ts';
import type { FindingClass } from '../../shared/detect/findings.ts';
import { formatSamples, SAMPLED } from '../support/format-samples.ts';
import { cheapScene, createSampleTools } from '../support/sample-tools.ts';
import { openStageBench } from '../support/stage-bench.ts';

const SECONDS = 4;
const SEED = 7;
/** Stamps wobble, samples lie apart by a tenth of a second at most, and a body's step is widened by three ticks. */
const ROOM_SECONDS = 0.25;
/** A gripper's command leads it by up to a fifth of a second, and what it does shortly before is a turn as well. */
const ROOM_OF_TURNS_SECONDS = 0.5;

/** What each fault may be found as: of a body that is tracked, a step is more than a body can do. */
const CLASSES: Record<SceneFaultKind, readonly FindingClass[]> = {
  jump: ['jump', 'pose_teleport'],
  'frozen-video': ['frozen_video'],
  'missing-values': ['missing_values'],
  'gripper-chatter': ['gripper_chatter'],
};
const ALL: readonly SceneFaultKind[] = ['jump', 'frozen-video', 'missing-values', 'gripper-chatter'];

/** Which of the faults a recording holds, and what of the scene it shows: from when on, and how much of it in a second. */
interface Recorded {
  kinds: readonly SceneFaultKind[];
  from?: number;
  pace?: number;
}

const { handoffSeconds } = createRobotScene(SEED, SECONDS).failure;
const lerobot: Record<string, Recorded> = {
  episode_000000: { kinds: ['jump'] },
  episode_000001: { kinds: ALL },
  episode_000002: { from: handoffSeconds, kinds: ['missing-values', 'gripper-chatter'] },
};
const under = (folder: string, recordings: Record<string, Recorded>) =>
  Object.fromEntries(Object.entries(recordings).map(([name, recorded]) => [`${folder}${name}`, recorded]));

/** Of every format the recordings of its sample by the end of their paths. */
const TRUTH: Record<string, Record<string, Recorded>> = {
  aloha: { 'episode_0.hdf5': { kinds: ALL }, 'episode_1.hdf5': { kinds: ALL } },
  // The second ends where a person takes over.
  droid: {
    '09-42-23_2023/trajectory.h5': { kinds: ALL },
    '09-45-39_2023/trajectory.h5': { kinds: ['jump', 'frozen-video'] },
  },
  lerobot: { ...under('v3.0/meta/info.json::', lerobot), ...under('v2.1/meta/info.json::', lerobot) },
  // No gripper is recorded.
  mcap: { 'episode_000.mcap': { kinds: ['jump', 'frozen-video', 'missing-values'] } },
  oopsie: { '101503.h5': { kinds: ALL }, '101611.h5': { kinds: ALL }, '101702.h5': { kinds: ALL } },
  // Nothing in the file says which of its numbers is the gripper.
  rlds: {
    train_000000: { kinds: ['jump'] },
    train_000001: { from: 0.4 * SECONDS, kinds: ['frozen-video', 'missing-values'] },
    train_000002: { from: 0.2 * SECONDS, kinds: ['frozen-video'] },
    val_000000: { from: 0.5 * SECONDS, kinds: ['missing-values'] },
  },
  robomimic: {
    demo_0: { kinds: ['jump'] },
    demo_1: { from: 0.2 * SECONDS, kinds: ['frozen-video'] },
    demo_2: { from: 0.5 * SECONDS, kinds: ['missing-values'] },
    demo_10: { from: 0.8 * SECONDS, kinds: ['gripper-chatter'] },
  },
  // Commands alone tell of its gripper, and the third has no video.
  rollout: {
    'rollout_000/trajectory.npz': { kinds: ['jump', 'frozen-video', 'missing-values'] },
    'rollout_001/trajectory.npz': { pace: handoffSeconds / SECONDS, kinds: ['jump', 'frozen-video'] },
    // Stamped by how long its loop took, not by the rate of a video.
    'rollout_002/trajectory.npz': { pace: 1.53, kinds: ['jump', 'missing-values'] },
  },
  session: { 'RG-0052/session.json': { kinds: ALL }, 'RG-0057/session.json': { kinds: ALL } },
};
/** What the clean sample shows as well: its camera lost frames, as one on a robot's network does. */
const OWN: Record<string, FindingClass> = { mcap: 'dropped_ticks' };

const formatOf = ({ path: at }: StoredFindings) => at.slice(0, at.indexOf('/'));
const named = (names: Iterable<string>, at: string) => [...names].find((end) => at.endsWith(end));

describe('regrasp detect on the samples of all formats', () => {
  const base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp planted ')));
  const [clean, faulty] = [path.join(base, 'clean'), path.join(base, 'faulty')];
  const found = { clean: [] as StoredFindings[], faulty: [] as StoredFindings[] };
  let faults: SceneFault[] = [];

  async function detected(folder: string): Promise<StoredFindings[]> {
    const bench = await openStageBench(folder);
    try {
      const { failures } = await bench.run('detect');
      // Missing values are an error of some formats as well: what is there is judged all the same.
      expect(failures.filter(({ message }) => !/NaN|no number/.test(message))).toEqual([]);
      return await listFindings(path.join(bench.root.path, '.regrasp'));
    } finally {
      await bench.close();
    }
  }

  beforeAll(async () => {
    cpSync(await formatSamples(), clean, { recursive: true });
    const planted = withSceneFaults(cheapScene(createRobotScene(SEED, SECONDS)), SECONDS);
    faults = planted.faults;
    const tools = await createSampleTools({ seconds: SECONDS, seed: SEED });
    for (const format of SAMPLED) {
      await mkdir(path.join(faulty, format), { recursive: true });
      await sourceNamed(format)?.writeSample?.(path.join(faulty, format), { ...tools, scene: planted.scene });
    }
    found.clean = await detected(clean);
    found.faulty = await detected(faulty);
  }, 600_000);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it('knows what is planted in every format that has a sample', () => {
    expect(Object.keys(TRUTH).sort()).toEqual([...SAMPLED].sort());
  });

  it.each(SAMPLED)('finds in %s every planted fault with the right class, and nothing else', (format) => {
    const truth = TRUTH[format] ?? {};
    const judged = found.faulty.filter((stored) => formatOf(stored) === format);
    expect(judged.map(({ path: at }) => named(Object.keys(truth), at)).sort()).toEqual(Object.keys(truth).sort());
    for (const { path: at, findings } of judged) {
      const { from = 0, pace = 1, kinds } = truth[named(Object.keys(truth), at) as string] as Recorded;
      const explains = ({ kind, startSeconds, endSeconds }: SceneFault, of: (typeof findings)[number]) => {
        const room = kind === 'gripper-chatter' ? ROOM_OF_TURNS_SECONDS : ROOM_SECONDS;
        const [first, last] = [startSeconds, endSeconds].map((seconds) => (seconds - from) / pace) as [number, number];
        const isThere = of.startNs / 1e9 >= first - room && of.endNs / 1e9 <= last + room;
        return isThere && CLASSES[kind].includes(of.class as FindingClass);
      };
      const planted = faults.filter(({ kind }) => kinds.includes(kind));
      const told = planted.filter((fault) => findings.some((finding) => explains(fault, finding)));
      expect([at, told.map(({ kind }) => kind)]).toEqual([at, planted.map(({ kind }) => kind)]);
      const unexplained = findings.filter(
        (finding) => finding.class !== OWN[format] && !planted.some((fault) => explains(fault, finding)),
      );
      expect([at, unexplained.map(({ id }) => id)]).toEqual([at, []]);
    }
  });

  it.each(SAMPLED)('flags nothing in %s without faults', (format) => {
    const judged = found.clean.filter((stored) => formatOf(stored) === format);
    expect(judged.length).toBe(Object.keys(TRUTH[format] ?? {}).length);
    const flagged = judged.flatMap(({ path: at, findings }) => findings.map((finding) => ({ at, ...finding })));
    expect(flagged.filter(({ class: of }) => of !== OWN[format]).map(({ at, id }) => [at, id])).toEqual([]);
  });
});
