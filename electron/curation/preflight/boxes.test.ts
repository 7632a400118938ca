import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import { rememberMade } from '../common/made.ts';
import { contactFile, galleryFile } from '../common/output-paths.ts';
import type { StageEpisode } from '../stage.ts';
import { type BoxInput, preflightBoxes } from './boxes.ts';

let root: string;
let input: BoxInput;

const EPISODE: StageEpisode = {
  ...{ id: 'r/e', path: 'data/pushT/2026-06-18/episode_000.h5', format: 'react', task: 'pushT', date: '2026-06-18' },
  ...{ stem: 'episode_000', ticks: 100, durationNs: null, fault: null, problems: [] },
};
const RECORDED_MS = Date.UTC(2026, 5, 18, 12);

beforeEach(async () => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-preflight-')));
  const place = { root: { id: 'r', path: root, storageDir: path.join(root, '.regrasp') }, out: null };
  const entry = {
    n_frames: 100,
    intensity_spikes: [[3, 5]],
    pose_teleports_L: [],
    ot_loss_L: [[0, 9]],
    ot_loss_R: [[5, 14]],
  };
  input = {
    place,
    known: [{ episode: EPISODE, fingerprint: 'f1', recordedUntilMs: RECORDED_MS }],
    all: [EPISODE],
    tasks: { tasks: { pushT: { per_date_notes: { '2026-06-18': { kind: 'session' } } } } },
    badFrames: { episodes: { '2026-06-18/episode_000': { ...entry, fingerprint: 'f1' } } },
    breakdown: {
      ...{ total_frames: 100, n_episodes: 1 },
      modes: { gelsight_led_flicker: { frames: 3 }, pose_teleport: { frames: 0 }, ot_loss: { frames: 15 } },
    },
    commandOf: (stage) => `regrasp ${stage}`,
    quarantineCommand: 'regrasp check --quarantine',
  };
  for (const [stage, file] of [
    ['contact', contactFile(place, EPISODE, '.pt')],
    ['gallery', galleryFile(place, EPISODE)],
  ] as const) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, stage);
    await rememberMade(place.root, { file, stage, from: ['f1'], options: {} });
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What keeps boxes open, and the stage that mends each. */
async function open(): Promise<string[]> {
  const boxes = await preflightBoxes(input);
  expect(boxes).toHaveLength(6);
  return boxes.flatMap(({ isTicked, missing, command }) =>
    isTicked ? [] : missing.map((each) => `${command}: ${each}`),
  );
}

describe('the boxes before publishing', () => {
  it('are all ticked when everything is there, whatever times the files bear', async () => {
    utimesSync(contactFile(input.place, EPISODE, '.pt'), 1, 1);
    expect(await open()).toEqual([]);
    for (const { command, evidence } of await preflightBoxes(input)) {
      expect(command).toBeNull();
      expect(evidence).toMatch(/^(1 of 1|5 of 5)$/);
    }
  });

  it('say once of a file that is there and cannot be read what is wrong with it, where, and what to do', async () => {
    input.known = [...input.known, { ...(input.known[0] as (typeof input.known)[number]), fingerprint: 'f2' }];
    const file = path.join(root, 'processed', 'bad_frames.json');
    const remedy = 'correct it, or move it away.';
    const told = async () => (await open()).filter((line) => line.includes('bad_frames.json'));
    input.badFrames = new Fault('UNUSABLE', `${file} is no JSON: ${remedy}`);
    const said = `regrasp detect: ${file} is no JSON: ${remedy}`;
    expect(await told()).toEqual([said, said]);
    input.badFrames = { episodes: { '2026-06-18/episode_000': { n_frames: 'many' } } };
    const [first] = await told();
    expect(first).toMatch(
      /bad_frames\.json does not fit at episodes\..*episode_000\.n_frames: correct it, or move it away\.$/,
    );
    input.tasks = [];
    expect((await open())[1]).toMatch(/tasks\.json does not fit at its top: correct it, or move it away\.$/);
  });

  it('tell an entry of a recording that was put in quarantine since, and let one be that is merely elsewhere', async () => {
    const entry = { n_frames: 50, intensity_spikes: [], task: 'pushT' };
    const badFrames = input.badFrames as { episodes: Record<string, unknown> };
    for (const key of ['2026-06-18/episode_001', 'pushT/2026-06-19/episode_000', '../../episode_002'])
      badFrames.episodes[key] = { ...entry };
    (input.breakdown as Record<string, unknown>).total_frames = 250;
    (input.breakdown as Record<string, unknown>).n_episodes = 4;
    expect(await open()).toEqual([]);
    for (const [date, name] of [
      ['2026-06-18', 'episode_001.h5.corrupt'],
      // Recorded again under the same name: the entry is of what is there.
      ['2026-06-18', 'episode_000.h5.corrupt'],
      ['2026-06-19', 'episode_000.hdf5.corrupt'],
    ] as const) {
      mkdirSync(path.join(root, 'data', 'pushT', date), { recursive: true });
      writeFileSync(path.join(root, 'data', 'pushT', date, name), 'cut short');
    }
    expect(await open()).toEqual([
      'regrasp detect: 2026-06-18/episode_001 has an entry and is in quarantine',
      'regrasp detect: pushT/2026-06-19/episode_000 has an entry and is in quarantine',
    ]);
  });

  it('tell a .pt that is missing, empty, or of another recording', async () => {
    const file = contactFile(input.place, EPISODE, '.pt');
    input.known = [{ episode: EPISODE, fingerprint: 'f2', recordedUntilMs: RECORDED_MS }];
    expect(await open()).toEqual([
      'regrasp contact: pushT/2026-06-18/episode_000.pt was made of another recording',
      'regrasp detect: pushT/2026-06-18/episode_000 has an entry of another recording',
      'regrasp gallery: pushT/2026-06-18/episode_000.gif was made of another recording',
    ]);
    input.known = [{ episode: EPISODE, fingerprint: 'f1', recordedUntilMs: RECORDED_MS }];
    // Made by another program: only time can tell.
    const archive = `PK\x03\x04 made elsewhere PK\x05\x06${'\0'.repeat(18)}`;
    writeFileSync(file, archive);
    utimesSync(file, RECORDED_MS / 1000 + 60, RECORDED_MS / 1000 + 60);
    expect(await open()).toEqual([]);
    utimesSync(file, RECORDED_MS / 1000 - 60, RECORDED_MS / 1000 - 60);
    expect(await open()).toEqual(['regrasp contact: pushT/2026-06-18/episode_000.pt is older than its recording']);
    for (const [content, fault] of [
      [archive.slice(0, 20), '.pt is cut short'],
      ['a note', '.pt is nothing that torch wrote'],
      ['', '.pt is empty'],
    ] as const) {
      writeFileSync(file, content);
      expect(await open()).toEqual([`regrasp contact: pushT/2026-06-18/episode_000${fault}`]);
    }
    writeFileSync(file, '\x80\x02 of older versions', 'latin1');
    expect(await open()).toEqual([]);
    rmSync(file);
    expect(await open()).toContain('regrasp contact: pushT/2026-06-18/episode_000 has no .pt');
  });

  it('tell a GIF of another program that is none, or cut short', async () => {
    const file = galleryFile(input.place, EPISODE);
    for (const [content, missing] of [
      ['a note', ['regrasp gallery: pushT/2026-06-18/episode_000.gif is no GIF']],
      ['GIF89a and not all', ['regrasp gallery: pushT/2026-06-18/episode_000.gif is cut short']],
      ['GIF89a and all of it;', []],
    ] as const) {
      writeFileSync(file, content);
      expect(await open()).toEqual(missing);
    }
  });

  it('tell a GIF that is missing or too large, a date without a note, an episode without an entry', async () => {
    writeFileSync(galleryFile(input.place, EPISODE), Buffer.alloc(4 * 2 ** 20 + 1));
    input.tasks = { tasks: { pushT: { per_date_notes: {} } } };
    input.badFrames = { episodes: {} };
    input.breakdown = { total_frames: 0, n_episodes: 0, modes: {} };
    expect(await open()).toEqual([
      'regrasp metadata: pushT/2026-06-18',
      'regrasp detect: pushT/2026-06-18/episode_000 has no entry',
      'regrasp gallery: pushT/2026-06-18/episode_000.gif is larger than 4 MiB',
      'regrasp detect: modes.gelsight_led_flicker.frames is not there and should be 0',
      'regrasp detect: modes.pose_teleport.frames is not there and should be 0',
      'regrasp detect: modes.ot_loss.frames is not there and should be 0',
    ]);
  });

  it('name the command that puts aside what no stage can use, and beside it the one for the rest', async () => {
    const truncated: StageEpisode = {
      ...{ ...EPISODE, id: 'r/t', path: 'data/pushT/2026-06-18/episode_001.h5', stem: 'episode_001', ticks: 0 },
      problems: [{ severity: 'error', code: 'truncated', message: 'episode_001.h5 is cut short.' }],
    };
    input.known = [...input.known, { episode: truncated, fingerprint: null, recordedUntilMs: null }];
    const keys = ['contact', 'contact', 'detect', 'gallery'];
    const commands = (await preflightBoxes(input)).flatMap(({ command }) => command ?? []);
    expect(commands).toEqual(keys.map(() => 'regrasp check --quarantine'));
    rmSync(galleryFile(input.place, EPISODE));
    const gallery = (await preflightBoxes(input)).find(({ box }) => box.includes('GIF'));
    expect(gallery?.command).toBe('regrasp check --quarantine && regrasp gallery');
  });

  it('count stalls of the recorder too where the breakdown or an entry has any', async () => {
    const { episodes } = input.badFrames as { episodes: Record<string, Record<string, unknown>> };
    (episodes['2026-06-18/episode_000'] as Record<string, unknown>).pipeline_stall = [[20, 29]];
    expect(await open()).toEqual(['regrasp detect: modes.pipeline_stall.frames is not there and should be 10']);
    (input.breakdown as { modes: Record<string, unknown> }).modes.pipeline_stall = { frames: 10 };
    expect(await open()).toEqual([]);
  });

  it('compute the totals anew', async () => {
    input.breakdown = {
      ...{ total_frames: 99, n_episodes: 1 },
      modes: { gelsight_led_flicker: { frames: 3 }, pose_teleport: { frames: 0 }, ot_loss: { frames: 20 } },
    };
    expect(await open()).toEqual([
      'regrasp detect: total_frames is 99 and should be 100',
      'regrasp detect: modes.ot_loss.frames is 20 and should be 15',
    ]);
    input.breakdown = undefined;
    expect(await open()).toEqual([expect.stringMatching(/data_quality_breakdown\.json is not there/)]);
  });
});
