import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planEpisode } from '../../electron/sample/plan.ts';
import { runSampleWork } from '../../electron/sample/run-worker.ts';
import type { Fault } from '../../electron/sample/truth.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { Workstation } from '../../electron/workstation-types.ts';
import { loadEpisodeArrays } from '../../renderer/playback/arrays.ts';
import { createDesk } from '../../renderer/signals/desk.ts';
import { SIGNALS_ROUTE, type StoredFindings } from '../../shared/api/findings.ts';
import { formatQuery } from '../../shared/api/query.ts';
import { detectInputOf } from '../../shared/detect/input.ts';
import { unpackSignals } from '../../shared/detect/pack-signals.ts';
import type { Finding, Verdict } from '../../shared/review/finding.ts';
import { builtWorkerDir, pluginDir } from '../support/built-worker.ts';
import { type Client, clientOf } from './doors.ts';
import { writeRecording } from './fixture.ts';

const TASK = 'board_insertion';
const DATE = '2026-07-02';
const PLAN = {
  ...{ name: 'episode_000', story: 'transfer' as const, seed: 7, seconds: 20, faults: true },
  ...{ startUnixSeconds: 1782980045.318, createdAt: '2026-07-02T10:14:05' },
};
const KEY = `${DATE}/episode_000`;

/** What each planted fault has to be found as; a fault of a body in each of them, one of the recorder in both hands. */
const CLASSES: Record<Fault['kind'], string> = {
  'led-flicker': 'led_flicker',
  'pose-teleport': 'pose_teleport',
  'solver-flip': 'pose_teleport',
  'optitrack-loss': 'ot_loss',
  'real-stillness': 'real_still',
  'recorder-stall': 'pipeline_stall',
  'dropped-ticks': 'dropped_ticks',
  'late-optitrack-start': 'ot_late_start',
};

/** The sample's faulty episode, without depth; beside it a file that is none, and an episode of another date. */
describe('regrasp detect', () => {
  let base: string;
  let root: string;
  let workstation: Workstation;
  let client: Client;
  let rootId: string;
  const truth = planEpisode(PLAN).truth;

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp detect ')));
    root = path.join(base, 'lab');
    const folder = path.join(root, 'data', TASK, DATE);
    mkdirSync(folder, { recursive: true });
    mkdirSync(path.join(root, 'data', TASK, '2026-07-03'));
    const file = path.join(folder, 'episode_000.h5');
    const workerDir = await builtWorkerDir();
    const files = [{ path: file, filter: 'none' as const }];
    const work = { kind: 'episode' as const, files, task: TASK, plan: PLAN, leaveOutDepth: true, shrink: 2.5 as const };
    await Promise.all([
      runSampleWork(work, { workerDir, pluginDir }),
      writeRecording(path.join(root, 'data', TASK, '2026-07-03', 'episode_000.h5')),
    ]);
    writeFileSync(path.join(folder, 'episode_009.h5'), 'This is no recording.');
    const userDataDir = path.join(base, 'user');
    workstation = await openWorkstation({ door: 'none', version: '0.0.0-test', userDataDir, workerDir, pluginDir });
    rootId = (await workstation.openRoot(await workstation.grant(root))).id;
    client = clientOf(
      async (address, init) => workstation.fetch(new Request(`regrasp://app${address}`, init)),
      'regrasp://app',
    );
  }, 600_000);
  afterAll(async () => {
    await workstation?.close();
    rmSync(base, { recursive: true, force: true });
  });

  const figure = (name: string) => path.join(root, 'figures', 'dataset_figures', name);
  const read = (name: string) => JSON.parse(readFileSync(figure(name), 'utf8'));
  const episodeId = () => `${rootId}/data/${TASK}/${DATE}/episode_000.h5`;
  async function detect(date: string, options: Record<string, unknown> = {}) {
    const failures: { item: string; message: string }[] = [];
    const log: string[] = [];
    const end = await workstation.runStage(
      'detect',
      { root: rootId, task: TASK, date, options },
      {
        signal: new AbortController().signal,
        progress: () => {},
        fail: (item, message) => failures.push({ item, message }),
        log: (line) => log.push(line),
      },
    );
    return { end, failures, log };
  }
  function storedFindings(): Finding[] {
    const folder = path.join(root, '.regrasp', 'curation');
    for (const name of readdirSync(folder)) {
      if (name === 'made') continue;
      const stored = JSON.parse(readFileSync(path.join(folder, name, 'findings.json'), 'utf8'));
      if (stored.path.includes(`${DATE}/episode_000`)) return stored.findings;
    }
    return [];
  }
  const verdictOf = (finding: Finding, value: 'keep' | 'cut'): Verdict => {
    const { detector, class: of, side, ticks } = finding;
    return { value, of: { detector, class: of, side, ticks }, note: `${value} it` };
  };
  const decide = (id: string, value: unknown) =>
    client.review.gesture({ episode: episodeId(), name: 'Decide', patch: [{ map: 'verdicts', id, value }] });

  it('finds every planted fault with the right class, and nothing else', async () => {
    const { end, failures } = await detect(DATE);
    expect(failures).toEqual([
      { item: `data/${TASK}/${DATE}/episode_009.h5`, message: expect.stringMatching(/no HDF5 file/) },
    ]);
    expect(end.message).toMatch(/^16 findings in 1 of 2 recordings\.$/);
    const findings = storedFindings();
    const explained = new Set<string>();
    for (const fault of truth.faults) {
      // Buffers widen flicker and teleports by three ticks and the end of a step; the rest lies where it was planted.
      const room =
        fault.kind === 'led-flicker' ? 3 : fault.kind === 'pose-teleport' || fault.kind === 'solver-flip' ? 4 : 1;
      const [first, last] = [fault.ticks[0] - room, fault.ticks[1] + room];
      const found = findings.filter(({ class: of, ticks, streams, tracks }) => {
        const isThere = ticks[0] >= first && ticks[1] <= last;
        const bodies = fault.bodies?.filter((body) => body !== 'motherboard' || fault.kind === 'late-optitrack-start');
        const concerns = [...streams, ...tracks];
        const isOf = bodies
          ? bodies.some((body) => concerns.includes(body))
          : !fault.streams || fault.streams.every((stream) => concerns.some((id) => id.startsWith(stream)));
        return of === CLASSES[fault.kind] && isThere && isOf;
      });
      const expected = { 'solver-flip': 2, 'real-stillness': 2, 'recorder-stall': 2 }[fault.kind as string] ?? 1;
      expect([fault.kind, fault.ticks, found.length]).toEqual([fault.kind, fault.ticks, expected]);
      for (const { id } of found) explained.add(id);
    }
    expect(findings.map(({ id }) => id).filter((id) => !explained.has(id))).toEqual([]);
    expect(findings.filter(({ detector }) => detector === 'pose-teleport').map(({ cause }) => cause)).toEqual([
      'both',
      'rotation',
      'rotation',
    ]);
  });

  it('is judged alike in a window, which has the packed signals and the numbers of an open episode', async () => {
    const get = (address: string, init?: RequestInit) =>
      workstation.fetch(new Request(`regrasp://app${address}`, init));
    const address = `${SIGNALS_ROUTE}?${formatQuery([['episode', episodeId()]])}`;
    const packedSignals = new Uint8Array(await (await get(address)).arrayBuffer());
    const { episode } = await client.episodes.open({ episode: episodeId() });
    const arrays = await loadEpisodeArrays(episode, get);
    const { detected } = await client.findings.get({ episode: episodeId() });
    const { settings, activeSides, findings } = detected as StoredFindings;
    const about = detectInputOf(episode, {
      times: (clock) => arrays.get(`clock:${clock}`)?.times,
      values: (series) => arrays.get(`series:${series}`)?.values,
    });
    const answer = createDesk();
    answer({ kind: 'lay', packedSignals, about: { ...about, activeSides } });
    // As JSON tells it: what was stored went through that.
    const judged = JSON.parse(JSON.stringify(answer({ kind: 'judge', settings })));
    expect(judged).toEqual({ kind: 'judged', findings });
    const without = await get(`${address}&tracks=none`);
    const seen = unpackSignals(new Uint8Array(await without.arrayBuffer()), (bytes) => new TextDecoder().decode(bytes));
    expect([seen.images.length, seen.contacts.length, seen.tracks]).toEqual([5, 2, []]);
    expect((await get(`${address}&tracks=some`)).status).toBe(400);
  });

  it('publishes them in ticks of the trimmed episode, and sums them up', () => {
    const bad = read('bad_frames.json');
    const entry = bad.episodes[KEY];
    const offset = bad.trim_offsets[KEY];
    expect(offset).toBe(34);
    expect(entry.n_frames).toBe(truth.ticks - offset);
    const flicker = truth.faults.filter(({ kind }) => kind === 'led-flicker');
    expect(entry.intensity_spikes).toEqual(flicker.map(({ ticks: [a, b] }) => [a - 3 - offset, b + 3 - offset]));
    const loss = truth.faults
      .filter(({ kind }) => kind === 'optitrack-loss')
      .map(({ ticks }) => ticks.map((tick) => tick - offset));
    expect([entry.ot_loss_R, entry.ot_loss_L]).toEqual(loss.map((interval) => [interval]));
    const all = new Set<number>();
    for (const [key, value] of Object.entries(entry)) {
      if (!/^(intensity_spikes|pose_teleports_[LR]|ot_loss_[LR]|pipeline_stall)$/.test(key)) continue;
      for (const [a, b] of value as [number, number][]) for (let tick = a; tick <= b; tick++) all.add(tick);
    }
    expect(entry.total_bad_frames).toBe(all.size);
    expect(bad.summary).toMatchObject({ n_episodes: 1, total_frames: entry.n_frames, total_bad_frames: all.size });
    expect(bad).toMatchObject({ tau_intensity: 30, tau_velocity_mps: 5, freeze_threshold_s: 0.25, buffer_frames: 3 });
    expect(Object.keys(bad.settings)).toEqual([entry.settings]);
    const { modes, total_frames: total } = read('data_quality_breakdown.json');
    expect(modes.gelsight_led_flicker).toEqual({ frames: 15, pct: (100 * 15) / total, episodes_affected: [KEY] });
    expect(Object.keys(modes)).toEqual(['gelsight_led_flicker', 'pose_teleport', 'ot_loss', 'pipeline_stall']);
    const { events, counts } = read('freeze_intervals.json');
    expect(counts).toEqual({ ot_loss: 2, pipeline_stall: 2, real_still: 2, ambiguous: 0 });
    for (const event of events) {
      expect(event).toMatchObject({ episode: KEY, task: TASK, manual_verdict: null, source: 'detected' });
      expect([event._h5_a, event._h5_b]).toEqual([event.a + offset, event.b + offset]);
      expect(event.cam0_dup >= 0 && event.tac_motion >= 0 && event.opt_gap_s >= 0).toBe(true);
    }
    const [header, row] = readFileSync(figure('data_quality_report.csv'), 'utf8').trim().split('\n');
    expect(header?.startsWith('Date,Episode,Frames,Dur (s),Contact %,Max I_L,Max I_R,L drift?,R drift?,Task')).toBe(
      true,
    );
    expect(row?.startsWith(`${DATE},episode_000,${entry.n_frames},`)).toBe(true);
  });

  it('keeps verdicts when it runs anew, lists those whose event is gone, and writes who gave them', async () => {
    const findings = storedFindings();
    const [loss, stall] = [
      findings.find((finding) => finding.class === 'ot_loss') as Finding,
      findings.find((finding) => finding.class === 'pipeline_stall') as Finding,
    ];
    const spike = findings.find((finding) => finding.class === 'led_flicker') as Finding;
    await decide(loss.id, verdictOf(loss, 'cut'));
    await decide(stall.id, { ...verdictOf(stall, 'keep'), value: 'merge', mergedInto: 'whole' });
    await decide(spike.id, verdictOf(spike, 'keep'));
    const gone = {
      ...verdictOf(loss, 'keep'),
      of: { ...verdictOf(loss, 'keep').of, ticks: [100, 110] as [number, number] },
    };
    await decide('pose-freeze:right:100-110', gone);
    const event = {
      class: 'ot_loss',
      side: 'left',
      streams: [],
      ticks: [450, 500],
      replaces: [stall.id],
      text: 'one event',
    };
    await client.review.gesture({
      ...{ episode: episodeId(), name: 'Merge' },
      patch: [
        { map: 'findings', id: 'whole', value: event },
        {
          map: 'verdicts',
          id: 'whole',
          value: { value: 'cut', of: { ...verdictOf(loss, 'cut').of, ticks: [450, 500] } },
        },
      ],
    });
    const before = read('bad_frames.json');
    const { log } = await detect(DATE);
    expect(log.join('\n')).toMatch(/the verdict on pose-freeze:right:100-110 has no event there any more/);
    // What detectors found stays what they found.
    expect(read('bad_frames.json')).toEqual(before);
    const { events, other_events: other, unmatched_verdicts: unmatched } = read('freeze_intervals.json');
    const row = (id: string) => [...events, ...other].find((each: { id: string }) => each.id === id);
    const { annotator } = await client.review.get({ episode: episodeId() });
    expect(row(loss.id)).toMatchObject({
      manual_verdict: 'cut',
      merged_into: null,
      reviewer: annotator,
      note: 'cut it',
    });
    expect(Date.parse(row(loss.id).reviewed_at)).toBeGreaterThan(0);
    expect(row(stall.id)).toMatchObject({ manual_verdict: 'merge', merged_into: 'whole' });
    expect(row('whole')).toMatchObject({ source: 'hand', manual_verdict: 'cut', _h5_a: 450, _h5_b: 500, a: 416 });
    expect(row(spike.id)).toMatchObject({ manual_verdict: 'keep', detector: 'intensity-spike' });
    expect(unmatched).toEqual([
      expect.objectContaining({ id: 'pose-freeze:right:100-110', reason: 'gone', manual_verdict: 'keep' }),
    ]);

    // With another threshold one event is shorter: its verdict goes with it, and says so.
    const { log: second } = await detect(DATE, { settings: { intensitySpikes: { bufferTicks: 1 } } });
    expect(second).toHaveLength(1);
    const moved = read('freeze_intervals.json').other_events.find(
      (each: { detector?: string }) => each.detector === 'intensity-spike',
    );
    expect(moved).toMatchObject({
      manual_verdict: 'keep',
      decided_on: { _h5_a: spike.ticks[0], _h5_b: spike.ticks[1] },
    });
    expect(moved._h5_a).toBe(spike.ticks[0] + 2);
    expect(read('bad_frames.json').buffer_frames).toBe(1);
    await detect(DATE);
  });

  it('adds another date to the files and leaves the rest of them as it was, keys of others too', async () => {
    const before = read('bad_frames.json');
    writeFileSync(figure('bad_frames.json'), JSON.stringify({ ...before, publisher: 'the lab' }));
    const { failures } = await detect('2026-07-03');
    expect(failures).toEqual([]);
    const after = read('bad_frames.json');
    expect(after.publisher).toBe('the lab');
    expect(after.episodes[KEY]).toEqual(before.episodes[KEY]);
    expect(Object.keys(after.episodes)).toEqual([KEY, '2026-07-03/episode_000']);
    expect(
      read('freeze_intervals.json').events.filter((event: { episode: string }) => event.episode === KEY),
    ).toHaveLength(7);
    expect(readFileSync(figure('data_quality_report.csv'), 'utf8').trim().split('\n')).toHaveLength(3);
    expect(read('data_quality_breakdown.json').n_episodes).toBe(2);
  });

  it('leaves out a recording that was put in quarantine since, and has it again once it is back', async () => {
    const other = path.join(root, 'data', TASK, '2026-07-03', 'episode_000.h5');
    const scanned = async () => {
      await client.library.rescan({ root: rootId });
      await workstation.settled(rootId);
    };
    // What others say of it besides, of an event that was looked at.
    const freezes = read('freeze_intervals.json');
    freezes.events.push({
      episode: '2026-07-03/episode_000',
      task: TASK,
      side: 'left',
      a: 1,
      b: 4,
      manual_verdict: 'cut',
    });
    writeFileSync(figure('freeze_intervals.json'), JSON.stringify(freezes));
    renameSync(other, `${other}.corrupt`);
    await scanned();
    const { log } = await detect(DATE);
    expect(log.join('\n')).toContain('2026-07-03/episode_000 is in quarantine: the files of stage 5 leave it out.');
    const without = read('bad_frames.json');
    expect([Object.keys(without.episodes), without.summary.n_episodes]).toEqual([[KEY], 1]);
    const episodes = read('freeze_intervals.json').events.map(({ episode }: { episode: string }) => episode);
    expect(new Set(episodes)).toEqual(new Set([KEY]));
    expect(read('data_quality_breakdown.json').n_episodes).toBe(1);
    expect(readFileSync(figure('data_quality_report.csv'), 'utf8').trim().split('\n')).toHaveLength(2);
    renameSync(`${other}.corrupt`, other);
    await scanned();
    await detect('2026-07-03');
    expect(Object.keys(read('bad_frames.json').episodes)).toEqual([KEY, '2026-07-03/episode_000']);
  });

  it.each([
    ['bad_frames.json', '{"episodes": ', /bad_frames\.json is no JSON and was left as it is/],
    ['bad_frames.json', '{"episodes": []}', /bad_frames\.json does not fit at episodes/],
    [
      'freeze_intervals.json',
      '{"schema_version": 2, "events": []}',
      /freeze_intervals\.json was written by a newer Regrasp/,
    ],
    [
      'freeze_intervals.json',
      `{"events": [{"episode": "${KEY}", "side": "right", "a": 60, "b": 70, "verdict": "ot_loss", "manual_verdict": "cut"}]}`,
      /freeze_intervals\.json holds a verdict that was not given in Regrasp \(on \S+\) and was left as it is/,
    ],
    ['data_quality_breakdown.json', '[1]', /data_quality_breakdown\.json does not fit at its top/],
    ['data_quality_report.csv', 'a,b\n1,2\n', /data_quality_report\.csv has no column "Date"/],
  ])('refuses a %s it cannot add to (%s), and leaves all four alone', async (name, content, sentence) => {
    const names = readdirSync(path.dirname(figure('x')));
    const before = names.map((each) => readFileSync(figure(each), 'utf8'));
    const aside = `${figure(name)}.aside`;
    renameSync(figure(name), aside);
    writeFileSync(figure(name), content);
    await expect(detect(DATE)).rejects.toThrow(sentence);
    expect(readFileSync(figure(name), 'utf8')).toBe(content);
    renameSync(aside, figure(name));
    expect(names.map((each) => readFileSync(figure(each), 'utf8'))).toEqual(before);
  });

  it('takes the hands in use from tasks.json, and refuses one that is malformed', async () => {
    const file = path.join(root, 'tasks.json');
    const notes = { [DATE]: { kind: 'session', active_sensors: ['right'], note: '' } };
    writeFileSync(file, JSON.stringify({ tasks: { [TASK]: { per_date_notes: notes } } }));
    await detect(DATE);
    const { [KEY]: entry } = read('bad_frames.json').episodes;
    expect([entry.pose_teleports_L, entry.ot_loss_L]).toEqual([[], []]);
    expect(entry.intensity_spikes).toHaveLength(1);
    writeFileSync(file, '{"tasks": ');
    await expect(detect(DATE)).rejects.toThrow(/tasks\.json is no readable JSON/);
    expect(readFileSync(file, 'utf8')).toBe('{"tasks": ');
    rmSync(file);
  });

  it('refuses settings it does not know, by name', async () => {
    await expect(detect(DATE, { settings: { poseFreezes: { minSecond: 1 } } })).rejects.toThrow(/minSecond/);
    await expect(detect(DATE, { settings: { version: 2 } })).rejects.toThrow(/newer Regrasp/);
    // A window names no files.
    await expect(detect(DATE, { settings: path.join(base, 'settings.json') })).rejects.toThrow(/settings/);
    await client.settings.patchDataset({ root: rootId, patch: { detect: { trim: 'none' } } });
    await detect(DATE);
    expect(read('bad_frames.json').episodes[KEY].trim_offset).toBe(0);
    await client.settings.patchDataset({ root: rootId, patch: { detect: null } });
    await detect(DATE);
    expect(read('bad_frames.json').episodes[KEY].trim_offset).toBe(34);
  });
});
