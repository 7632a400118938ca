import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Flag } from '../../../shared/review/finding.ts';
import type { StageContext, StageEpisode } from '../stage.ts';
import { type MetadataOptions, stage } from './index.ts';
import { withCounters } from './readme.ts';

let root: string;
let flags: Record<string, Flag>;
let failures: string[];
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-metadata-')));
  flags = {};
  failures = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const below = (...parts: string[]) => path.join(root, ...parts);
const read = (...parts: string[]) => readFileSync(below(...parts), 'utf8');
const write = (file: string, content: unknown) => {
  mkdirSync(path.dirname(below(file)), { recursive: true });
  writeFileSync(below(file), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
};

function episode(date: string, number: number): StageEpisode {
  const stem = `episode_00${number}`;
  const at = `data/pushT/${date}/${stem}.h5`;
  return {
    ...{ id: `r/${at}`, path: at, format: 'react', task: 'pushT', date, stem },
    ...{ ticks: 300, durationNs: 10e9, fault: null, problems: [] },
  };
}

/** A recording whose left sensor moves by half a metre, and whose right one lies still. */
const OPENED = {
  episode: {
    streams: [{ id: 'realsense/cam0/color', serial: '143322063538', width: 640, height: 480 }],
    tracks: [
      { id: 'sensor_left', side: 'left' },
      { id: 'sensor_right', side: 'right' },
    ],
    metadata: { fps: 30 },
  },
  poses: new Map([
    ['sensor_left', Float64Array.of(0.1, 0, 0, 0, 0, 0, 1, 0.6, 0, 0, 0, 0, 0, 1)],
    ['sensor_right', Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0.2, 0, 0, 0, 0, 0, 1, 0.201, 0, 0, 0, 0, 0, 1)],
  ]),
};

function run(episodes: StageEpisode[], options: Partial<MetadataOptions> = {}, all = episodes) {
  const layer = { flags };
  const context = {
    options: { writeCaveats: false, docsDone: false, ...options },
    root: { id: 'r', path: root, storageDir: below('.regrasp') },
    out: null,
    episodes,
    all,
    open: async () => ({ opened: OPENED, fingerprint: 'f' }),
    review: async () => ({ own: layer, others: [] }),
    release: async () => {},
    signal: new AbortController().signal,
    progress: () => {},
    fail: (item: string) => failures.push(item),
    log: () => {},
  } as unknown as StageContext<MetadataOptions>;
  return stage.run(context);
}

const BREAKDOWN = {
  total_frames: 1000,
  n_episodes: 2,
  modes: { ot_loss: { frames: 20, pct: 2 }, pose_teleport: { frames: 0, pct: 0 } },
};

describe('metadata', () => {
  it('edits tasks.json in place: dates, counts, notes; and leaves everything else as it is written', async () => {
    const before = `{
    "schema_version": 1,
    "rate": 3.0e1,
    "tasks": {
        "other": {"dates": ["2026-01-01"], "n_episode_files": 4.0},
        "pushT": {
            "operator": "yx",
            "dates": ["2026-06-18"],
            "per_date_notes": {
                "2026-06-18": {"kind": "session", "active_sensors": ["right"], "note": "by hand"}
            }
        }
    }
}
`;
    write('tasks.json', before);
    write('figures/dataset_figures/bad_frames.json', {
      episodes: { '2026-06-19/episode_001': { ot_loss_L: [[3, 9]], intensity_spikes: [] } },
    });
    flags = { f1: { kind: 'occlusion', ticks: [12, 40], text: 'hand before the lens' } };
    const all = [episode('2026-06-18', 0), episode('2026-06-19', 0), episode('2026-06-19', 1)];
    const end = await run(all);
    const text = read('tasks.json');
    const tasks = JSON.parse(text).tasks;
    expect(tasks.pushT.dates).toEqual(['2026-06-18', '2026-06-19']);
    expect(tasks.pushT.n_episode_files).toBe(3);
    expect(tasks.pushT.per_date_notes['2026-06-19']).toEqual({
      kind: 'session',
      active_sensors: ['left'],
      note: expect.stringMatching(
        /^left hand only \(guessed .*\); 2 episodes; OT loss \(left\) in ep_001; 2 × occlusion: ep_000 at ticks 12-40 \(hand before the lens\), ep_001 at ticks 12-40 /,
      ),
    });
    for (const kept of [
      '"rate": 3.0e1',
      '"n_episode_files": 4.0',
      '"operator": "yx"',
      '"active_sensors": ["right"], "note": "by hand"}',
    ])
      expect(text).toContain(kept);
    expect(end.lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/2026-06-18: the note that stands there was kept/),
        expect.stringMatching(/2026-06-19: active sensors left are guessed: confirm/),
      ]),
    );
    const again = read('tasks.json');
    await run(all);
    expect(read('tasks.json')).toBe(again);
  });

  it('keeps its own note up with the data until a person changes it', async () => {
    const [one] = [episode('2026-06-18', 0)];
    await run([one]);
    flags = { f1: { kind: 'active_side', ticks: [0, 0], side: 'both' } };
    await run([one]);
    const note = () => JSON.parse(read('tasks.json')).tasks.pushT.per_date_notes['2026-06-18'];
    expect(note().note).toBe('bimanual; 1 episode');
    expect(note().active_sensors).toEqual(['left', 'right']);
    write('tasks.json', read('tasks.json').replace('bimanual; 1 episode', 'mine'));
    flags = {};
    await run([one]);
    expect(note().note).toBe('mine');
  });

  it('lists what was flagged by kind, with every place', async () => {
    flags = {
      f1: { kind: 'occlusion', ticks: [40, 40] },
      f2: { kind: 'occlusion', ticks: [3, 9], text: 'cable' },
      f3: { kind: 'ot_dropout', ticks: [5, 5] },
      f4: { kind: 'active_side', ticks: [0, 0], side: 'left' },
    };
    await run([episode('2026-06-18', 0)]);
    expect(JSON.parse(read('tasks.json')).tasks.pushT.per_date_notes['2026-06-18']).toEqual({
      kind: 'session',
      active_sensors: ['left'],
      note: 'left hand only; 1 episode; 2 × occlusion: ep_000 at ticks 3-9 (cable), ep_000 at tick 40; OT dropout in ep_000 at tick 5',
    });
  });

  it('never writes over active sensors that a person put there, and says what others confirmed', async () => {
    const [one] = [episode('2026-06-18', 0)];
    const block = () => JSON.parse(read('tasks.json')).tasks.pushT.per_date_notes['2026-06-18'];
    await run([one]);
    expect(block().active_sensors).toEqual(['left']);
    write('tasks.json', read('tasks.json').replace(/"active_sensors": \[[^\]]*\]/, '"active_sensors": ["right"]'));
    flags = { f1: { kind: 'active_side', ticks: [0, 0], side: 'both' } };
    const end = await run([one]);
    expect(block()).toMatchObject({ active_sensors: ['right'], note: 'right hand only; 1 episode' });
    expect(end.lines).toContainEqual(
      expect.stringMatching(/active_sensors right that stand there were kept; in episode_000 .* confirmed left, right/),
    );
    // Beside a note by hand a side that nobody named yet is filled in, once it is confirmed.
    write('tasks.json', { tasks: { pushT: { per_date_notes: { '2026-06-18': { note: 'mine' } } } } });
    await run([one]);
    expect(block()).toEqual({ note: 'mine', active_sensors: ['left', 'right'] });
  });

  it.each([
    ['{"tasks": {"pushT": {"dates": "2026"}}}', /does not fit at tasks\.pushT\.dates and was left alone/],
    ['{"tasks": {}', /is no JSON and was left alone \(line 1/],
    ['{"schema_version": 2, "tasks": {}}', /newer layout \(2\) and was left alone/],
    ['{"schema_version": 2, "tasks": []}', /newer layout \(2\)/],
    ['{"schema_version": "tasks/9"}', /newer layout/],
  ])('refuses %j with a sentence and leaves it alone', async (text, sentence) => {
    write('tasks.json', text);
    write('README.md', '<!-- regrasp:counters -->\n<!-- /regrasp:counters -->');
    await expect(run([episode('2026-06-18', 0)])).rejects.toThrow(sentence);
    expect(read('tasks.json')).toBe(text);
    expect(read('README.md')).toBe('<!-- regrasp:counters -->\n<!-- /regrasp:counters -->');
  });

  it('fills in the counters between the markers of README.md, and nowhere else', async () => {
    write('README.md', '# React\nold\n<!-- regrasp:counters -->\nstale\n<!-- /regrasp:counters -->\nEpisodes: 9\n');
    const named = [episode('2026-06-19', 0)];
    await run(named, {}, [episode('2026-06-18', 0), ...named]);
    const readme = read('README.md');
    expect(readme).toMatch(
      /^# React\nold\n<!-- regrasp:counters -->\n[\s\S]*<!-- \/regrasp:counters -->\nEpisodes: 9\n$/,
    );
    expect(readme).toContain('| Episodes | 2 |');
    expect(readme).toContain('| Frames | 600 |');
    expect(readme).toContain('| Duration | 20 s |');
    expect(readme).not.toContain('stale');
    expect(() => withCounters('<!-- regrasp:counters --> <!-- regrasp:counters -->', {} as never, 'R')).toThrow(
      /left alone/,
    );
  });

  it('tells which documents are due: a new failure mode, a share changed by more than half a percent, a new rig', async () => {
    write('figures/dataset_figures/data_quality_breakdown.json', BREAKDOWN);
    const of = async (options: Partial<MetadataOptions> = {}) => {
      const { result } = await run([episode('2026-06-18', 0)], options);
      return (result as { due: { doc: string; why: string }[] }).due.map(({ doc, why }) => `${doc}: ${why}`);
    };
    expect(await of()).toEqual([
      expect.stringMatching(/docs\/quality\.md: ot_loss is a failure mode that was not there before \(2\.00 %/),
      expect.stringMatching(/docs\/recording\.md/),
      expect.stringMatching(/README\.md: there is none/),
      expect.stringMatching(/docs\/caveats\.md: an entry on pushT, 2026-06-18 is drafted in .*caveats-draft\.md/),
    ]);
    expect(read('.regrasp', 'curation', 'caveats-draft.md')).toContain('ot_loss was found for the first time');
    write('README.md', '<!-- regrasp:counters --><!-- /regrasp:counters -->');
    expect(await of({ docsDone: true })).toEqual([]);
    expect(await of()).toEqual([]);
    write('figures/dataset_figures/data_quality_breakdown.json', {
      ...BREAKDOWN,
      modes: { ot_loss: { frames: 25, pct: 2.5 } },
    });
    expect(await of()).toEqual([]);
    write('figures/dataset_figures/data_quality_breakdown.json', {
      ...BREAKDOWN,
      modes: { ot_loss: { frames: 26, pct: 2.51 } },
    });
    expect(await of()).toEqual([
      expect.stringMatching(/docs\/quality\.md: the share of ot_loss went from 2\.00 % to 2\.51 %/),
    ]);
  });

  it('appends to docs/caveats.md on request alone, and once', async () => {
    flags = { f1: { kind: 'exposure', ticks: [5, 5] } };
    write('docs/caveats.md', '# Caveats\n\nOld.\n');
    await run([episode('2026-06-18', 0)]);
    expect(read('docs', 'caveats.md')).toBe('# Caveats\n\nOld.\n');
    await run([episode('2026-06-18', 0)], { writeCaveats: true });
    await run([episode('2026-06-18', 0)], { writeCaveats: true });
    expect(read('docs', 'caveats.md')).toBe(
      '# Caveats\n\nOld.\n\n## pushT, 2026-06-18\n\n- colour or exposure in ep_000 at tick 5.\n',
    );
    expect(failures).toEqual([]);
  });
});
