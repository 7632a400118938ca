import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pluginDir } from '../../../test/support/built-worker.ts';
import {
  CURATED,
  type CuratedBench,
  NO_OPENCV,
  openCuratedBench,
  pythonHasOpenCv,
} from '../../../test/support/curation-recordings.ts';
import { runPython } from '../../../test/support/python.ts';
import { READ_TORCH_FILE } from '../../../test/support/torch-file.ts';
import { source as react } from '../../sources/react/index.ts';
import { signalsOf } from '../signals/signals-of.ts';
import type { StageContext, StageEpisode } from '../stage.ts';
import { type ContactOptions, stage } from './index.ts';

/** The usual Python makes the same dictionary of the same recording; what differs is printed, largest difference first. */
const COMPARE = `
${READ_TORCH_FILE}
import sys, json, h5py, hdf5plugin, cv2
pt, h5, trimmed, active = sys.argv[1], sys.argv[2], sys.argv[3] == 'trim', sys.argv[4].split(',')
ours = read_torch_file(pt)
f = h5py.File(h5, 'r')
def small(frame):
    h, w = frame.shape[:2]; s = min(h, w)
    return cv2.resize(frame[(h - s) // 2:(h - s) // 2 + s, (w - s) // 2:(w - s) // 2 + s], (128, 128), interpolation=cv2.INTER_AREA).transpose(2, 0, 1)
ts = f['timestamps'][()]
offset = 0
if trimmed:
    offset = int(np.searchsorted(ts, max(f[f'optitrack/sensor_{s}/timestamps'][0] for s in active)))
theirs, meta = {'view': np.stack([small(v) for v in f['realsense/cam0/color'][offset:]]), 'timestamps': ts[offset:]}, {}
for side in ('left', 'right'):
    stack = np.stack([small(v) for v in f[f'gelsight/{side}/frames'][()]])
    def d(ref): return np.sqrt(((stack.astype(np.float32) - ref.astype(np.float32)) ** 2).sum(1))
    first = np.array([v.mean() for v in d(stack[0])], np.float32)
    index = int(np.argmax(first <= np.percentile(first, 1)))
    dist = d(stack[index])
    theirs[f'tactile_{side}'] = stack[offset:]
    theirs[f'tactile_{side}_intensity'] = dist.mean((1, 2))[offset:]
    theirs[f'tactile_{side}_area'] = (dist > 8).mean((1, 2)).astype(np.float32)[offset:]
    theirs[f'tactile_{side}_mixed'] = (dist * (dist > 8)).mean((1, 2))[offset:]
    at, pose = f[f'optitrack/sensor_{side}/timestamps'][()], f[f'optitrack/sensor_{side}/pose'][()]
    rows = []
    for t in ts[offset:]:
        i = int(np.searchsorted(at, t))
        if i == len(at): i -= 1
        elif i and not (at[i] - t < t - at[i - 1]): i -= 1
        rows.append(pose[i])
    theirs[f'sensor_{side}_pose'] = np.array(rows, np.float32)
    meta[f'ref_first_{side}'], meta[f'ref_p01_{side}'], meta[f'ref_p01_idx_{side}'] = stack[0], stack[index], index
    meta[f'drift_{side}'] = float(d(stack[index])[0].mean())
    png = cv2.imread(pt.replace('.pt', f'.gs_ref_{side}.png'))
    assert np.array_equal(png[..., ::-1], f[f'gelsight/{side}/frames'][index]), side
def apart(a, b):
    if isinstance(b, np.ndarray): return -1 if a.dtype != b.dtype or a.shape != b.shape else float(np.abs(a.astype(np.float64) - b).max())
    return abs(a - b)
given = ours.pop('_contact_meta')
print(json.dumps({
    'offset': offset, 'keys': sorted(ours), 'expected': sorted(theirs),
    'apart': {k: apart(ours[k], theirs[k]) for k in theirs}, 'metaApart': {k: apart(given[k], meta[k]) for k in meta},
    'meta': {k: v for k, v in given.items() if not isinstance(v, np.ndarray)},
}))
`;

interface Compared {
  offset: number;
  keys: string[];
  expected: string[];
  apart: Record<string, number>;
  metaApart: Record<string, number>;
  meta: Record<string, unknown>;
}

describe.skipIf(!pythonHasOpenCv())(`contact (${NO_OPENCV})`, { timeout: 180_000 }, () => {
  let bench: CuratedBench;
  let root: string;

  beforeAll(async () => {
    bench = await openCuratedBench();
    root = bench.root;
  }, 180_000);
  afterAll(() => bench?.close());

  const episodeOf = (stem: string): StageEpisode => {
    const place = { path: `${CURATED.date}/${stem}.h5`, task: 'motherboard', date: '2026-05-11', stem };
    const episode: Partial<StageEpisode> = { id: `r1/${place.path}`, ...place, format: 'react', fault: null };
    return episode as StageEpisode;
  };

  async function run(
    stems: string[],
    given: Partial<ContactOptions> = {},
    more: Partial<StageContext<ContactOptions>> = {},
  ) {
    const failed: [string, string][] = [];
    const shown: string[] = [];
    const context: Partial<StageContext<ContactOptions>> = {
      ...{
        options: stage.options.parse(given),
        root: { id: 'r1', path: root, storageDir: path.join(root, '.regrasp') },
      },
      ...{ out: null, episodes: stems.map(episodeOf), version: 'test' },
      ...{ decode: bench.pool, media: bench.media, workerDir: bench.workerDir, pluginDir },
      open: ({ stem }) => bench.open(react, stem),
      release: async () => undefined,
      signal: new AbortController().signal,
      progress: ({ message }) => shown.push(message ?? ''),
      fail: (item, message) => failed.push([item, message]),
      log: () => undefined,
      ...more,
    };
    // All of it that this stage uses.
    const end = await stage.run(context as StageContext<ContactOptions>);
    return { end, failed, shown };
  }

  const folder = () => path.join(root, 'processed', 'mode1_v1', 'motherboard', '2026-05-11');
  const compare = (stem: string, trim: 'trim' | 'whole', active = 'left,right'): Compared =>
    JSON.parse(
      runPython(COMPARE, path.join(folder(), `${stem}.pt`), path.join(root, CURATED.date, `${stem}.h5`), trim, active),
    );

  function expectSame({ keys, expected, apart, metaApart }: Compared): void {
    expect(keys).toEqual(expected);
    // Pictures, stamps, poses and reference are the same; figures of sums over 16,384 pixels are so within their rounding.
    for (const [key, value] of Object.entries(apart)) {
      expect(value, key).toBeGreaterThanOrEqual(0);
      expect(value, key).toBeLessThanOrEqual(/_(intensity|area|mixed)$/.test(key) ? 1e-4 : 0);
    }
    for (const [key, value] of Object.entries(metaApart)) {
      expect(value, key).toBeGreaterThanOrEqual(0);
      expect(value, key).toBeLessThanOrEqual(key.startsWith('drift') ? 1e-4 : 0);
    }
  }

  it('is indexed as the usual Python would, however the recording is stored', async () => {
    const stems = ['episode_000', 'episode_001', 'episode_002', 'episode_003'];
    const { end, failed, shown } = await run(stems);
    expect(failed).toEqual([]);
    expect(end.message).toBe('Indexed the contact of 4 recordings.');
    expect(shown).toContain(`${CURATED.date}/episode_001.h5, 100 %`);
    const stem = 'episode_000';
    const compared = compare(stem, 'trim');
    expect(compared.offset).toBe(9);
    expectSame(compared);
    expect(compared.meta).toMatchObject({
      ...{ formula_version: 'v1', tau: 8, rgb_norm: 'L2', reference_strategy: 'p01' },
      ...{ reference_definition: 'first-at-percentile', trim_offset: 9, pre_trim_n_frames: CURATED.ticks },
      ...{ trim_reason: 'OT not yet streaming at recording start', active_sensors: ['left', 'right'] },
      ref_p01_pt_idx_left: (compared.meta.ref_p01_idx_left as number) - 9,
    });
    const meta = compared.meta as Record<string, number>;
    const summary = JSON.parse(readFileSync(path.join(folder(), `${stem}.contact.json`), 'utf8'));
    expect(summary).toMatchObject({
      ...{ schema: 'regrasp.contact/1', episode: `2026-05-11/${stem}`, n_frames: CURATED.ticks - 9, trim_offset: 9 },
      drift_warning: compared.meta.drift_warning,
      sides: {
        left: { ref_p01_idx: meta.ref_p01_idx_left, drift_flagged: (meta.drift_left as number) > 5 },
        right: { ref_picture: `${stem}.gs_ref_right.png` },
      },
    });
    expect(summary.sides.left.drift).toBeCloseTo(meta.drift_left as number, 6);
    expect(summary.sides.left.intensity.max).toBeGreaterThan(summary.sides.left.intensity.p50);
    const endings = ['.contact.json', '.gs_ref_left.png', '.gs_ref_right.png', '.pt'];
    expect(readdirSync(folder()).sort()).toEqual(stems.flatMap((stem) => endings.map((ending) => stem + ending)));
    // The same recording with the same options gives the same bytes, whatever it was packed with.
    const [first, ...others] = stems.map((each) => readFileSync(path.join(folder(), `${each}.pt`)));
    expect(others.map((other) => other.equals(first as Buffer))).toEqual([true, true, true]);
  });

  it('follows the hands that were in use, and keeps all ticks where it is told to', async () => {
    writeFileSync(
      path.join(root, 'tasks.json'),
      JSON.stringify({ tasks: { motherboard: { per_date_notes: { '2026-05-11': { active_sensors: ['right'] } } } } }),
    );
    try {
      await run(['episode_001'], { force: true });
      const right = compare('episode_001', 'trim', 'right');
      expect(right.offset).toBe(1);
      expectSame(right);
      expect(right.meta.active_sensors).toEqual(['right']);
      writeFileSync(path.join(root, 'tasks.json'), '{ "tasks": ');
      const { failed } = await run(['episode_001']);
      expect(failed).toEqual([
        [`${CURATED.date}/episode_001.h5`, expect.stringMatching(/tasks\.json is no readable JSON/)],
      ]);
    } finally {
      rmSync(path.join(root, 'tasks.json'));
    }
    await run(['episode_001'], { trim: false });
    const whole = compare('episode_001', 'whole');
    expectSame(whole);
    expect(whole.meta).toMatchObject({ trim_offset: 0, trim_reason: 'no trim required' });
  });

  it('is not indexed again where the files are as they would be, and is where one is not', async () => {
    const pt = path.join(folder(), 'episode_002.pt');
    await run(['episode_002']);
    const before = statSync(pt).mtimeMs;
    const again = await run(['episode_002']);
    expect(again.end).toMatchObject({
      message: 'Indexed the contact of 0 recordings; 1 was as it should be already.',
      result: { episodes: [{ state: 'fresh', trim_offset: 9 }] },
    });
    expect(statSync(pt).mtimeMs).toBe(before);
    truncateSync(pt, 1000);
    // What an ended run left behind goes; what another one writes at this moment stays.
    const [old, young] = ['a', 'b'].map((name) => path.join(folder(), `.episode_002.pt.${name.repeat(12)}.tmp`)) as [
      string,
      string,
    ];
    for (const remains of [old, young]) writeFileSync(remains, 'half');
    utimesSync(old, 1, 1);
    expect((await run(['episode_002'])).end.result).toMatchObject({ episodes: [{ state: 'written' }] });
    expectSame(compare('episode_002', 'trim'));
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
    rmSync(young);
  });

  it('leaves the signals of what it read behind', async () => {
    await run(['episode_003'], { force: true });
    const totals: number[] = [];
    const { pool: decode, media, workerDir } = bench;
    const context = { decode, media, workerDir, pluginDir, signal: new AbortController().signal };
    const opened = await bench.open(react, 'episode_003');
    const signals = await signalsOf({ ...context, root: { storageDir: path.join(root, '.regrasp') } }, opened, {
      progress: ({ total }) => totals.push(total),
    });
    // Two cameras are left to be read.
    expect(new Set(totals)).toEqual(new Set([2 * CURATED.ticks]));
    expect(signals.contacts.map(({ side }) => side)).toEqual(['left', 'right']);
    expect(signals.images).toHaveLength(5);
  });

  it('of a recording with damaged pictures is told in a sentence; the others are done, and nothing half-written stays', async () => {
    const { end, failed } = await run(['episode_005', 'episode_004']);
    expect(failed).toEqual([
      [
        `${CURATED.date}/episode_005.h5`,
        expect.stringMatching(/sample 40 of gelsight\/left\/frames is damaged.*Nothing was written/),
      ],
    ]);
    expect(end.message).toBe('Indexed the contact of 1 recording.');
    expect(readdirSync(folder()).filter((name) => name.includes('episode_005'))).toEqual([]);
    expect(existsSync(path.join(folder(), 'episode_004.pt'))).toBe(true);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const cancelled = new AbortController();
    const running = run(
      ['episode_000'],
      { force: true },
      {
        out: path.join(root, 'elsewhere'),
        signal: cancelled.signal,
        progress: ({ message = '' }) => {
          if (message.includes('%')) cancelled.abort(new Error('No more.'));
        },
      },
    );
    await expect(running).rejects.toThrow('No more.');
    expect(readdirSync(path.join(root, 'elsewhere', 'motherboard', '2026-05-11'))).toEqual([]);
  });
});
