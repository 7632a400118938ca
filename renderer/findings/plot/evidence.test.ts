import { describe, expect, it } from 'vitest';
import { detectEpisode } from '../../../shared/detect/detect.ts';
import type { SeriesSignals } from '../../../shared/detect/input.ts';
import { DEFAULT_DETECT_SETTINGS } from '../../../shared/detect/settings.ts';
import type { ContactSignals } from '../../../shared/detect/signals.ts';
import { cameras, imageWith, inputWith, steadyTimes, trackWith, wandering } from '../../../shared/detect/testing.ts';
import type { Episode } from '../../../shared/episode/episode.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import type { EpisodeArrays } from '../../app/session.ts';
import { type EvidencePlot, type EvidenceSources, evidenceOf, type JudgedEvent } from './evidence.ts';
import { plotInWords } from './evidence-words.ts';
import { scaleOf } from './plot-scale.ts';

const TICKS = 300;
const times = steadyTimes(TICKS);

/** A hand that jumps at tick 100 and stands from 150 to 180, a gel that flickers at 220, a joint that jumps at 250. */
function recording() {
  const held = (tick: number) => wandering(tick >= 150 && tick <= 180 ? 150 : tick);
  const pose = (tick: number) => [
    ...held(tick).slice(0, 2),
    (held(tick)[2] ?? 0) + (tick >= 100 ? 1 : 0),
    ...held(tick).slice(3),
  ];
  const left = trackWith('left', times, pose);
  const intensity = Float32Array.from({ length: TICKS }, (_, tick) => (tick === 220 ? 90 : 5));
  const contact: ContactSignals = {
    ...{ side: 'left', stream: 'gel', intensityFromFirst: intensity, intensity },
    ...{ area: new Float32Array(TICKS), mixed: new Float32Array(TICKS) },
    ...{ reference: { tick: 0, definition: 'first-at-percentile' }, drift: 0 },
  };
  const gel = imageWith('gel', TICKS, { kind: 'tactile', position: 'left', isRepeated: (tick) => tick % 2 === 1 });
  const joint = Float64Array.from({ length: TICKS }, (_, tick) => Math.sin(tick / 20) + (tick >= 250 ? 3 : 0));
  const series: SeriesSignals = {
    ...{ id: 'state', name: 'State', group: 'arm', role: 'state', unit: 'rad', components: ['elbow'], limits: null },
    ...{ timesNs: times, values: joint },
  };
  const images = [...cameras(TICKS), gel];
  const input = inputWith(
    { ticks: TICKS, timesNs: times, images, contacts: [contact], tracks: [left] },
    { series: [series] },
  );
  const arrays = new Map<string, EpisodeArrays>([
    ['clock:master', { times, values: new Float64Array(0), width: 0 }],
    ['track:sensor_left', { times, values: left.samples, width: 7 }],
    ['series:state', { times, values: joint, width: 1 }],
  ]);
  const episode = {
    ...{ masterClock: 'master', clocks: [{ id: 'master', medianPeriodNs: 33_333_333 }] },
    streams: [...images.map(({ stream }) => ({ id: stream, name: stream.toUpperCase() }))],
    tracks: [{ id: 'sensor_left', name: 'Left hand', side: 'left', rule: 'nearest' }],
    series: [{ id: 'state', name: 'State', unit: 'rad', clock: 'master', components: ['elbow'] }],
  } as unknown as Episode;
  const sources: EvidenceSources = { episode, arrays, signals: input.signals, settings: DEFAULT_DETECT_SETTINGS };
  return { findings: detectEpisode(input, DEFAULT_DETECT_SETTINGS).findings, sources };
}

const { findings, sources } = recording();
const eventOf = (finding: Finding): JudgedEvent => ({
  ...{ id: finding.id, class: finding.class, side: finding.side, ticks: finding.ticks, text: finding.text },
  ...{ finding, hand: null, decision: null },
});
const foundBy = (detector: string) => {
  const finding = findings.find((candidate) => candidate.detector === detector);
  if (!finding) throw new Error(`Nothing was found by ${detector}.`);
  return finding;
};
const evidence = (detector: string, more: Partial<EvidenceSources> = {}) =>
  evidenceOf(eventOf(foundBy(detector)), { ...sources, ...more });
const highest = ({ lines }: EvidencePlot, at = 0) =>
  Math.max(...(lines[at]?.values ?? []).filter((value) => Number.isFinite(value)));

describe('the numbers behind an event', () => {
  it('reach from a second before it to half a second after', () => {
    const { window, event } = evidence('pose-teleport');
    expect(event).toEqual({ startNs: times[96], endNs: times[103] });
    expect([window.startNs, window.endNs]).toEqual([(times[96] ?? 0) - 1e9, (times[103] ?? 0) + 5e8]);
    const first = { ...foundBy('pose-teleport'), ticks: [0, 299] as [number, number] };
    expect(evidenceOf(eventOf(first), sources).window).toEqual({ startNs: 0, endNs: times[299] });
  });

  it('are those that the detector measured, with its limits', () => {
    const [speed] = evidence('pose-teleport').plots;
    expect(speed?.title).toBe('Speed of Left hand');
    expect(speed && highest(speed)).toBeCloseTo(foundBy('pose-teleport').signals.speed_mps ?? 0, 6);
    expect(speed?.limits).toEqual([{ value: 5, label: 'limit 5' }]);

    const [intensity] = evidence('intensity-spike').plots;
    const { base, intensity_above_base: above } = foundBy('intensity-spike').signals;
    expect(intensity && highest(intensity)).toBeCloseTo((base ?? 0) + (above ?? 0), 4);
    expect(intensity?.limits.map(({ label }) => label)).toEqual(['limit 35', 'base 5']);

    const jump = evidence('jump').plots;
    expect(jump.map(({ title }) => title)).toEqual(['elbow', 'Step']);
    expect(jump[1] && highest(jump[1])).toBeCloseTo(foundBy('jump').signals.step ?? 0, 6);
  });

  it('of a freeze are the speed nearby, what the cameras and the gel of the hand saw, and which pictures repeat', () => {
    const { plots } = evidence('pose-freeze');
    expect(plots.map(({ title }) => title)).toEqual([
      'Speed of Left hand',
      'Motion in the cameras',
      'Motion in the gel',
    ]);
    expect(plots[1]?.lines.map(({ label }) => label)).toEqual([
      'REALSENSE/CAM0/COLOR',
      'REALSENSE/CAM1/COLOR',
      'REALSENSE/CAM2/COLOR',
    ]);
    expect(plots[1]?.limits).toEqual([{ value: 2, label: 'still below 2' }]);
    expect(plots[1]?.repeats[0]?.times.length).toBe(0);
    expect(plots[2]?.repeats[0]?.times.length).toBeGreaterThan(30);
    expect(plots[2]?.lines[0]?.hue).toBe('left');
  });

  it('are told apart from what is not here yet', () => {
    const without = evidence('pose-freeze', { signals: null });
    expect(without.plots.map(({ title }) => title)).toEqual(['Speed of Left hand']);
    expect(without.lacksSignals).toBe(true);
    expect(evidence('pose-teleport', { signals: null }).lacksSignals).toBe(false);
    const byHand: JudgedEvent = {
      ...{ id: 'x', class: 'ot_loss', side: null, ticks: [10, 20], text: '', finding: null },
      hand: { class: 'ot_loss', side: null, streams: ['gel'], ticks: [10, 20], replaces: [], text: '' },
    };
    expect(evidenceOf(byHand, sources).plots.map(({ title }) => title)).toEqual(['Motion in the gel']);
    const ofNothing = { ...byHand, hand: { ...byHand.hand, streams: [] } } as unknown as JudgedEvent;
    expect(evidenceOf(ofNothing, sources)).toMatchObject({ plots: [], lacksSignals: false });
  });

  it('are said in words', () => {
    const found = evidence('pose-teleport');
    const words = plotInWords(found.plots[0] as EvidencePlot, found);
    expect(words).toBe(
      'Speed of Left hand in m/s, 2.20 s to 3.93 s; at most 30 at 3.33 s and at least 0.00395 within the event. limit 5',
    );
  });
});

describe('the scale', () => {
  const plot = (values: number[], limits: number[], isFromZero = true): EvidencePlot => ({
    ...{ title: '', unit: '', repeats: [], isFromZero },
    lines: [{ label: '', hue: 0, times: Float64Array.from(values), values: Float64Array.from(values) }],
    limits: limits.map((value) => ({ value, label: '' })),
  });

  it('always has the limits in sight, and cuts off what lies far beyond', () => {
    expect(scaleOf(plot([0, 1, Number.NaN], [5]))).toEqual([0, 6.25]);
    expect(scaleOf(plot([0, 10], [5]))).toEqual([0, 11]);
    expect(scaleOf(plot([0, 51_000], [5]))).toEqual([0, 25]);
    expect(scaleOf(plot([0, 4], []))).toEqual([0, 4.4]);
    expect(scaleOf(plot([], []))).toEqual([0, 1.1]);
  });

  it('lies around values that have no zero, with a limit that is near', () => {
    const [low, high] = scaleOf(plot([10, 12], [13, 100], false));
    expect(low).toBeCloseTo(9.76);
    expect(high).toBeCloseTo(13.24);
    const [flatLow, flatHigh] = scaleOf(plot([3, 3], [], false));
    expect(flatLow).toBeLessThan(3);
    expect(flatHigh).toBeGreaterThan(3);
  });
});
