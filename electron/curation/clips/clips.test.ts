import {
  existsSync,
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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectSettingsSchema } from '../../../shared/detect/settings.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import { writePatternRecording } from '../../../test/support/pattern-recording.ts';
import { openStageBench, type StageBench } from '../../../test/support/stage-bench.ts';
import { writeFindings } from '../detect/findings-store.ts';
import { chooseFindings } from './choose-findings.ts';
import { clipEvent } from './clip-event.ts';
import { scheduleClips } from './schedule.ts';
import type { ClipRow } from './summary.ts';

const SLOW_MS = 240_000;
const MS = 1e6;

function findingOf(detector: string, of: string, ticks: [number, number], more: Partial<Finding> = {}): Finding {
  const [startNs, endNs] = ticks.map((tick) => (tick * 1e9) / 30) as [number, number];
  return {
    ...{
      id: `${detector}:left:${ticks[0]}-${ticks[1]}`,
      detector,
      class: of,
      side: 'left',
      streams: [],
      tracks: [],
      series: [],
    },
    ...{ ticks, startNs, endNs, signals: {}, thresholds: {}, margin: 0.3, severity: 0.5, text: 'Text.' },
    ...more,
  };
}

describe('which findings get a clip', () => {
  const freeze = (seconds: number, of = 'ot_loss') => findingOf('pose-freeze', of, [100, 100 + seconds * 30]);
  const spike = (margin: number) => findingOf('intensity-spike', 'led_flicker', [7, 8], { margin });
  const chosen = (findings: Finding[], more = {}) =>
    chooseFindings(findings, { classes: null, minS: 1, maxS: 5, maxMargin: undefined, ...more });

  it('are freezes of one to five seconds, weak spikes and jumps of a single frame', () => {
    const kept = [
      freeze(1),
      freeze(5, 'ambiguous'),
      spike(0.9),
      // As the detector tells it: ticks with the buffer around them, there and back.
      findingOf('pose-teleport', 'pose_teleport', [4, 12], { margin: 9, signals: { jump_ticks: 3 } }),
    ];
    const left = [
      freeze(0.9),
      freeze(5.1),
      spike(1.1),
      findingOf('pose-teleport', 'pose_teleport', [4, 13], { margin: 9, signals: { jump_ticks: 4 } }),
      findingOf('clock-gap', 'dropped_ticks', [3, 4]),
    ];
    expect(chosen([...left, ...kept])).toEqual(kept);
  });

  it('follow the limits and the classes that are named', () => {
    expect(chosen([freeze(0.5), freeze(3)], { minS: 0, maxS: 1 })).toHaveLength(1);
    expect(chosen([freeze(3), spike(40)], { classes: ['led_flicker'] })).toEqual([spike(40)]);
    expect(chosen([spike(40), spike(2)], { classes: ['led_flicker'], maxMargin: 3 })).toEqual([spike(2)]);
    expect(chosen([findingOf('arm-stall', 'arm_stall', [0, 60])], { classes: ['arm_stall'] })).toHaveLength(1);
  });
});

describe('the schedule of an event', () => {
  it('is about sixty frames from a second before to a second after, within the recording', () => {
    const [clip, ...more] = scheduleClips([100, 190], 1000, 'short');
    expect(more).toEqual([]);
    expect(clip?.label).toBe('full');
    expect(clip?.ticks).toHaveLength(60);
    expect([clip?.ticks[0], clip?.ticks.at(-1)]).toEqual([70, 220]);
    expect(new Set(clip?.ticks).size).toBe(60);
    for (const event of [
      [500, 500],
      [500, 503],
      [500, 514],
    ] as const) {
      const shown = scheduleClips(event, 1000, 'short')[0]?.ticks ?? [];
      for (let tick = event[0]; tick <= event[1]; tick += 1) expect(shown).toContain(tick);
    }
    expect(scheduleClips([2, 3], 20, 'short')[0]?.ticks).toEqual(Array.from({ length: 20 }, (_, tick) => tick));
  });

  it('to inspect it is every tick, in parts where it is long', () => {
    const parts = (a: number, b: number) =>
      scheduleClips([a, b], 5000, 'inspect').map(({ label, ticks }) => [label, ticks[0], ticks.at(-1), ticks.length]);
    expect(parts(100, 249)).toEqual([['full', 70, 279, 210]]);
    expect(parts(100, 400)).toEqual([
      ['onset', 70, 219, 150],
      ['offset', 281, 430, 150],
    ]);
    const long = parts(100, 700);
    expect(long.map(([label]) => label)).toEqual(['onset', 'mid1', 'mid2', 'mid3', 'mid4', 'mid5', 'mid6', 'offset']);
    expect(long.every(([, , , length]) => length === 150)).toBe(true);
    expect(parts(100, 4000)).toHaveLength(8);
  });
});

describe('what a clip says', () => {
  const place = { at: 3, of: 60, label: 'full', published: [90, 120] as const };
  const freeze = findingOf('pose-freeze', 'ot_loss', [100, 130], { side: 'right' });

  it('rings the sensor while the event lasts, and never before or after', () => {
    expect([99, 100, 130, 131].map((tick) => clipEvent(freeze, tick, tick * 33 * MS, place).ringed?.sides)).toEqual([
      [],
      ['right'],
      ['right'],
      [],
    ]);
    expect(clipEvent(freeze, 110, 0, place).framed).toBeUndefined();
    expect(clipEvent(freeze, 110, 0, place).notes?.[0]?.text).toBe('ot loss [90, 120]  right');
  });

  it('frames the gel as well where the gel is what flickers', () => {
    const flicker = findingOf('intensity-spike', 'led_flicker', [7, 8], { streams: ['gelsight/left/frames'] });
    expect(clipEvent(flicker, 7, 0, place)).toMatchObject({
      ringed: { sides: ['left'] },
      framed: { streams: ['gelsight/left/frames'], word: 'FLICKER' },
    });
    expect(clipEvent(flicker, 9, 0, place).framed).toBeUndefined();
  });
});

describe('clips of a recording', { timeout: SLOW_MS }, () => {
  const TICKS = 90;
  const BELOW = 'data/pattern/2026-07-02/episode_000.h5';
  let root: string;
  let bench: StageBench;
  const freeze = findingOf('pose-freeze', 'ot_loss', [40, 75]);
  const flicker = findingOf('intensity-spike', 'led_flicker', [7, 8], { streams: ['gelsight/left/frames'] });
  const store = (findings: Finding[]) =>
    writeFindings(path.join(root, '.regrasp'), {
      ...{ version: 1, fingerprint, path: BELOW, task: 'pattern', date: '2026-07-02', at: '2026-07-02T10:00:00Z' },
      ...{ settings: detectSettingsSchema.parse({}), activeSides: ['left', 'right'], ticks: TICKS },
      ...{ trim: { first: 5, last: TICKS - 1, reason: 'no trim required' }, findings },
    });
  let fingerprint = '';

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-clips-')));
    await writePatternRecording(root, BELOW, { ticks: TICKS });
    bench = await openStageBench(root);
    fingerprint = (await bench.workstation.openEpisode(`${bench.root.id}/${BELOW}`)).fingerprint ?? '';
  }, SLOW_MS);
  afterAll(async () => {
    await bench?.close();
    rmSync(root, { recursive: true, force: true });
  }, SLOW_MS);

  const folder = () => path.join(root, 'figures/dataset_figures/freeze_check_short');
  const summary = (): ClipRow[] => JSON.parse(readFileSync(path.join(folder(), 'summary.json'), 'utf8')).clips;

  it('are refused with a sentence where nothing was looked for', async () => {
    const { failures } = await bench.run('clips', { out: path.join(root, 'none') });
    expect(failures).toEqual([
      { item: 'data/pattern/2026-07-02/episode_000.h5', message: expect.stringContaining('regrasp detect') },
    ]);
  });

  it('are one an event, named by its published ticks, and listed', async () => {
    await store([freeze, flicker]);
    const { failures, end } = await bench.run('clips');
    expect(failures).toEqual([]);
    expect(end.message).toContain('2 clips of 1 recording in ');
    const names = [
      '2026-07-02_episode_000_left_2-3_clip00_led_flicker_full.gif',
      '2026-07-02_episode_000_left_35-70_clip00_full.gif',
    ];
    expect(readdirSync(path.join(folder(), 'pattern')).sort()).toEqual(names);
    expect(
      summary().map(({ gif, freeze_a, freeze_b, _h5_a, clip_a, label, frames, side }) => [
        gif,
        freeze_a,
        freeze_b,
        _h5_a,
        clip_a,
        label,
        frames,
        side,
      ]),
    ).toEqual([
      [`pattern/${names[0]}`, 2, 3, 7, -5, 'full', 39, 'left'],
      [`pattern/${names[1]}`, 35, 70, 40, 5, 'full', 60, 'left'],
    ]);
    const [header, ...lines] = readFileSync(path.join(folder(), 'summary.csv'), 'utf8').trim().split('\n');
    expect(header?.startsWith('episode,side,freeze_a,freeze_b,freeze_len_s,clip_a,clip_b,label,gif')).toBe(true);
    expect(lines).toHaveLength(2);
    expect(
      readFileSync(path.join(folder(), 'pattern', names[0] as string))
        .subarray(0, 6)
        .toString('latin1'),
    ).toBe('GIF89a');
  });

  it('are fresh by content, kept when others are asked for, and gone with their event', async () => {
    expect((await bench.run('clips')).end.result).toMatchObject({ made: 0, fresh: 1 });
    await bench.run('clips', { options: { class: 'led_flicker' } });
    expect(summary()).toHaveLength(2);
    await store([flicker]);
    await bench.run('clips');
    expect(summary().map((row) => row.class)).toEqual(['led_flicker']);
    expect(readdirSync(path.join(folder(), 'pattern'))).toHaveLength(1);
  });

  it('do not add to a summary that is not theirs', async () => {
    const out = path.join(root, 'other');
    mkdirSync(out);
    writeFileSync(path.join(out, 'summary.json'), '{"version": 7}');
    await expect(bench.run('clips', { out })).rejects.toThrow(/summary\.json is no summary .* left as it is/);
    expect(readFileSync(path.join(out, 'summary.json'), 'utf8')).toBe('{"version": 7}');
    expect(existsSync(path.join(out, 'pattern'))).toBe(false);
  });
});
