import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectIntensitySpikes } from '../../../shared/detect/intensity-spikes.ts';
import { linspaceIndices, median, percentile, roundHalfEven, runningMedian } from '../../../shared/detect/numbers.ts';
import { detectPoseFreezes } from '../../../shared/detect/pose-freezes.ts';
import { detectPoseTeleports } from '../../../shared/detect/pose-teleports.ts';
import { chooseReferenceTick } from '../../../shared/detect/reference-tick.ts';
import { DEFAULT_DETECT_SETTINGS, detectSettingsSchema } from '../../../shared/detect/settings.ts';
import { imageWith } from '../../../shared/detect/testing.ts';
import { NO_PYTHON, pythonWithHdf5 } from '../../../test/support/python.ts';

/** The usual Python of each detector, on the same numbers. */
const SCRIPT = `
import json, sys
import numpy as np
given = json.load(open(sys.argv[1]))
out = {}

values = np.array(given['values'])
out['percentiles'] = [float(np.percentile(values[:n], q)) for n in (1, 2, 7, 600) for q in (0, 1, 50, 99.9, 100)]
out['medians'] = [float(np.median(values[:n])) for n in (1, 2, 7, 600)]
out['rounds'] = [round(x) for x in given['halves']]
out['linspaces'] = [np.linspace(a, b, n).astype(int).tolist() for a, b, n in given['spans']]

def running(values, width=7):
    return np.median(np.lib.stride_tricks.sliding_window_view(np.pad(values, width // 2, mode='reflect'), width), axis=1)
out['running'] = running(values).tolist()

def runs(mask):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2])]

def merged(mask, buffer):
    T, near = len(mask), np.zeros(len(mask), bool)
    for a, b in runs(mask): near[max(0, a - buffer):min(T - 1, b + buffer) + 1] = True
    return [list(run) for run in runs(near)]

def spikes(I, rule):
    if rule == 'absolute': return merged(I > 30, 3)
    keep = np.ones(len(I), bool)
    if rule == 'robust':
        for a, b in runs(I - running(I) > 30):
            if b - a + 1 <= 3: keep[a:b + 1] = False
    return merged(I - np.percentile(I[keep], 99.9) > 30, 3)
out['spikes'] = {rule: [spikes(np.array(I), rule) for I in given['intensities']] for rule in ('robust', 'p999', 'absolute')}

P, t = np.array(given['poses']), np.array(given['times']) / 1e9
def steps(P, dt):
    v = np.linalg.norm(np.diff(P[:, :3], axis=0), axis=1) / dt
    w = 2 * np.arccos(np.clip(np.abs(np.sum(P[1:, 3:] * P[:-1, 3:], axis=1)), 0, 1)) / dt
    return v, w
def teleports(rule):
    v, w = steps(P, 1 / 30 if rule == 'both_at_30hz' else np.diff(t))
    bad = {'either': (v > 5) | (w > 15), 'translation': v > 5, 'both_at_30hz': (v > 5) & (w > 15)}[rule]
    flags = np.zeros(len(P), bool)
    flags[:-1] |= bad
    flags[1:] |= bad
    return merged(flags, 3)
out['teleports'] = {rule: teleports(rule) for rule in ('either', 'translation', 'both_at_30hz')}

S, ts = np.array(given['samples']), np.array(given['sampleTimes']) / 1e9
v, w = steps(S, np.maximum(np.diff(ts), 1e-9))
mid = (ts[1:] + ts[:-1]) / 2
same = np.all(P[1:] == P[:-1], axis=1)
shortest = round(0.25 / np.median(np.diff(t)))
events = []
for i, j in [(a + 1, b + 1) for a, b in runs(same)]:
    a, b = i - 1, j
    if b - a + 1 < shortest: continue
    if events and a <= events[-1][1] + 2: events[-1][1] = b
    else: events.append([a, b])
out['freezes'] = []
for a, b in events:
    lo, hi = max(t[0], t[a] - 1), min(t[-1], t[b] + 1)
    near = (mid >= lo) & (mid <= hi)
    inside = ts[(ts >= t[a]) & (ts <= t[b])]
    gaps = np.diff(np.concatenate([[t[a]], inside, [t[b]]]))
    pairs = np.arange(a, b) if b - a <= 32 else np.linspace(a, b - 1, 32).astype(int)
    out['freezes'].append({
        'ticks': [a, b],
        'trans': float(v[near].max()) if near.any() else 0, 'ang': float(w[near].max()) if near.any() else 0,
        'gap': float(gaps.max()),
        'dup': float(np.array(given['duplicate'])[pairs + 1].mean()), 'motion': float(np.array(given['motion'])[pairs + 1].mean()),
    })

D = np.array(given['distances'])
first = int(np.flatnonzero(D <= np.percentile(D, 1))[0])
smoothed = int(np.argmin(np.convolve(D, np.ones(30) / 30, mode='same')))
out['references'] = [first, smoothed, int(np.flatnonzero(D <= np.percentile(D, 0.1))[0])]
print(json.dumps(out))
`;

interface Expected {
  percentiles: number[];
  medians: number[];
  rounds: number[];
  linspaces: number[][];
  running: number[];
  spikes: Record<string, number[][][]>;
  teleports: Record<string, number[][]>;
  freezes: { ticks: number[]; trans: number; ang: number; gap: number; dup: number; motion: number }[];
  references: number[];
}

/** Numbers that look random and are the same each time. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const python = pythonWithHdf5();

describe.skipIf(!python)(`numbers of the usual Python${python ? '' : ` (${NO_PYTHON})`}`, () => {
  const random = numbers(5);
  const values = Array.from({ length: 600 }, () => random() * 200 - 100);
  const halves = [0.5, 1.5, 2.5, 7.5, 7.4925, -0.5, -1.5, 3, 8.4999];
  const spans: [number, number, number][] = [
    [10, 76, 32],
    [0, 33, 32],
    [3, 1000, 32],
    [5, 5, 1],
  ];
  const intensities = Array.from({ length: 12 }, (_, which) => {
    const series = Array.from({ length: 200 + which * 130 }, (_, tick) => 4 + random() * 3 + (tick % 97 > 60 ? 18 : 0));
    for (let burst = 0; burst < which; burst++) {
      const at = Math.floor(random() * series.length);
      for (let i = at; i < Math.min(series.length, at + 1 + (burst % 5)); i++) series[i] = 38 + random() * 60;
    }
    return series;
  });
  // Long enough that one tick is less than a thousandth: the plain percentile finds it too.
  intensities.push(Array.from({ length: 1500 }, (_, tick) => 4 + random() * 3 + (tick === 700 ? 80 : 0)));
  const ticks = 900;
  const times = Array.from({ length: ticks }, (_, tick) => Math.round((tick / 29.97 + random() * 0.004) * 1e9));
  const samples: number[][] = [];
  const sampleTimes: number[] = [];
  const turned = (angle: number) => [0, Math.sin(angle / 2), 0, Math.cos(angle / 2)];
  for (let i = 0; i < 3100; i++) {
    const at = i / 100 + random() * 0.006;
    if (at > 11 && at < 11.6) continue;
    const held = at > 5 && at < 5.9 ? 5 : at > 20 && at < 24 ? 20 : at;
    const jump = at > 8 && at < 8.05 ? 0.4 : 0;
    const flip = at > 15 && at < 15.2 ? 2.8 : jump * 3;
    sampleTimes.push(Math.round(at * 1e9));
    samples.push([0.3 + 0.1 * Math.sin(held) + jump, 0.05 * held, 0.1, ...turned(0.2 * Math.sin(held) + flip)]);
  }
  const poses = times.map((at) => {
    let best = 0;
    for (let i = 1; i < sampleTimes.length; i++)
      if (Math.abs(sampleTimes[i]! - at) < Math.abs(sampleTimes[best]! - at)) best = i;
    return samples[best]!;
  });
  const duplicate = Array.from({ length: ticks }, () => (random() < 0.4 ? 1 : 0));
  const motion = Array.from({ length: ticks }, () => Math.fround(random() * 9));
  const distances = Array.from({ length: 500 }, (_, tick) => 12 + 9 * Math.sin(tick / 40) + random() * 4);

  const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp numpy '));
  let expected = {} as Expected;
  if (python) {
    const file = path.join(folder, 'given.json');
    const given = {
      values,
      halves,
      spans,
      intensities,
      poses,
      times,
      samples,
      sampleTimes,
      duplicate,
      motion,
      distances,
    };
    writeFileSync(file, JSON.stringify(given));
    expected = JSON.parse(execFileSync(python, ['-', file], { input: SCRIPT, encoding: 'utf8', maxBuffer: 1e8 }));
  }
  rmSync(folder, { recursive: true, force: true });

  const span = { first: 0, last: ticks - 1 };
  const timesNs = Float64Array.from(times);
  const aligned = Float64Array.from(poses.flat());

  it('are percentiles, medians, rounded halves and spaced indices, to the last bit', () => {
    const found = [1, 2, 7, 600].flatMap((n) => [0, 1, 50, 99.9, 100].map((q) => percentile(values.slice(0, n), q)));
    expect(found).toEqual(expected.percentiles);
    expect([1, 2, 7, 600].map((n) => median(values.slice(0, n)))).toEqual(expected.medians);
    expect(halves.map((half) => roundHalfEven(half) + 0)).toEqual(expected.rounds);
    expect(spans.map(([from, to, count]) => linspaceIndices(from, to, count))).toEqual(expected.linspaces);
    expect([...runningMedian(values, 7)]).toEqual(expected.running);
  });

  it.each(['robust', 'p999', 'absolute'] as const)('are the intensity spikes (%s)', (rule) => {
    const settings = { ...DEFAULT_DETECT_SETTINGS.intensitySpikes, rule };
    const found = intensities.map(
      (series) => detectIntensitySpikes(series, { first: 0, last: series.length - 1 }, settings).buffered,
    );
    expect(found).toEqual(expected.spikes[rule]);
    expect(found.flat().length).toBeGreaterThan(rule === 'p999' ? 0 : 10);
  });

  it.each(['either', 'translation', 'both_at_30hz'] as const)('are the teleports (%s)', (rule) => {
    const found = detectPoseTeleports(aligned, timesNs, span, { ...DEFAULT_DETECT_SETTINGS.poseTeleports, rule });
    expect(found.map(({ ticks: range }) => range)).toEqual(expected.teleports[rule]);
    expect(found.length).toBeGreaterThan(0);
  });

  it('are the freezes with every signal', () => {
    const image = imageWith('realsense/cam0/color', ticks, {
      duplicate: Uint8Array.from(duplicate),
      motion: Float32Array.from(motion),
    });
    const periodSeconds = median(timesNs.subarray(1).map((at, i) => at - timesNs[i]!)) / 1e9;
    const found = detectPoseFreezes(
      {
        ...{ track: 'sensor_left', side: 'left', aligned },
        ...{ sampleNs: Float64Array.from(sampleTimes), samples: Float64Array.from(samples.flat()) },
      },
      { timesNs, span, periodSeconds, cameras: [image, null, null], tactile: image },
      DEFAULT_DETECT_SETTINGS.poseFreezes,
    );
    expect(found.map((freeze) => freeze.ticks)).toEqual(expected.freezes.map((freeze) => freeze.ticks));
    expect(found.length).toBe(3);
    found.forEach(({ signals }, at) => {
      const { trans, ang, gap, dup, motion: moved } = expected.freezes[at]!;
      expect(signals.trans_vel_near_mps).toBeCloseTo(trans, 6);
      expect(Math.abs(signals.ang_vel_near_rad_s - ang)).toBeLessThan(1e-4);
      expect(signals.opt_gap_s).toBeCloseTo(gap, 6);
      expect(signals.cam0_dup).toBeCloseTo(dup, 12);
      expect(signals.tac_dup).toBeCloseTo(dup, 12);
      expect(signals.tac_motion).toBeCloseTo(moved, 5);
      expect(signals.cam1_dup).toBeNull();
    });
  });

  it('are the reference ticks', () => {
    const definitions = ['first-at-percentile', 'smoothed-minimum', 'quietest-to-median'] as const;
    expect(definitions.map((definition) => chooseReferenceTick(definition, distances))).toEqual(expected.references);
  });
});

describe('settings', () => {
  it('fill in what a file leaves out, and refuse a name they do not know', () => {
    expect(detectSettingsSchema.parse({ poseFreezes: { minSeconds: 1 } })).toEqual({
      ...DEFAULT_DETECT_SETTINGS,
      poseFreezes: { ...DEFAULT_DETECT_SETTINGS.poseFreezes, minSeconds: 1 },
    });
    expect(detectSettingsSchema.safeParse({ poseFreezes: { minSecond: 1 } }).success).toBe(false);
    expect(detectSettingsSchema.safeParse({ version: 2 }).success).toBe(false);
    expect(detectSettingsSchema.safeParse({ intensitySpikes: { medianTicks: 4 } }).success).toBe(false);
  });
});
