import { describe, expect, it } from 'vitest';
import { angleBetween, type QuaternionXyzw } from '../../shared/geometry/pose.ts';
import { nearest } from '../../shared/time/sampling.ts';
import { BODIES, type EpisodePlan, type PlannedTrack, planEpisode } from './plan.ts';
import type { Fault } from './truth.ts';

const start = { seed: 7, startUnixSeconds: 1782980045.318, createdAt: '2026-07-02T10:14:05' };
const faulty = planEpisode({ ...start, name: 'episode_000', story: 'transfer', seconds: 20, faults: true });
const clean = planEpisode({ ...start, name: 'episode_001', story: 'slip-and-recovery', seconds: 20, faults: false });

const pose = (track: PlannedTrack, i: number) => Array.from(track.poses.subarray(i * 7, i * 7 + 7));
const quaternion = (values: number[]) => values.slice(3) as unknown as QuaternionXyzw;
const distance = (a: number[], b: number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
const trackOf = (plan: EpisodePlan, body = 'sensor_left') => plan.tracks.find((t) => t.body === body) as PlannedTrack;
const planted = (kind: Fault['kind'], body?: string) =>
  faulty.truth.faults.find((fault) => fault.kind === kind && (!body || fault.bodies?.includes(body))) as Fault;

/** Poses as a tick sees them: the nearest sample, held for ever. */
function atTicks(plan: EpisodePlan, body: string): number[][] {
  const track = trackOf(plan, body);
  return Array.from(plan.tickSeconds, (at) => pose(track, nearest(track.seconds, at)));
}

/** Fastest step between native samples inside ticks [from, to]. */
function fastest(plan: EpisodePlan, body: string, from: number, to: number) {
  const track = trackOf(plan, body);
  let metresPerSecond = 0;
  let radiansPerSecond = 0;
  for (let i = 1; i < track.seconds.length; i++) {
    const [a, b] = [track.seconds[i - 1]!, track.seconds[i]!];
    if (a < plan.tickSeconds[from]! || b > plan.tickSeconds[to]!) continue;
    const [p, q] = [pose(track, i - 1), pose(track, i)];
    metresPerSecond = Math.max(metresPerSecond, distance(p, q) / (b - a));
    radiansPerSecond = Math.max(radiansPerSecond, angleBetween(quaternion(p), quaternion(q)) / (b - a));
  }
  return { metresPerSecond, radiansPerSecond };
}

describe('clocks', () => {
  it('tick at about 30 Hz with jitter, always forwards', () => {
    for (const plan of [faulty, clean]) {
      const gaps = Array.from(plan.tickSeconds.subarray(1), (at, i) => at - plan.tickSeconds[i]!);
      expect(Math.min(...gaps)).toBeGreaterThan(0.02);
      const sorted = [...gaps].sort((a, b) => a - b);
      expect(sorted[gaps.length >> 1]).toBeCloseTo(1 / 29.97, 2);
      expect(new Set(gaps.map((gap) => gap.toFixed(6))).size).toBeGreaterThan(200);
    }
  });

  it('motion capture comes in bursts at about 100 Hz, each body with its own length', () => {
    for (const { seconds } of clean.tracks) {
      const gaps = Array.from(seconds.subarray(1), (at, i) => at - seconds[i]!);
      expect(Math.min(...gaps)).toBeGreaterThan(0);
      expect(gaps.filter((gap) => gap < 0.004).length / gaps.length).toBeGreaterThan(0.4);
      expect(gaps.filter((gap) => gap > 0.014).length / gaps.length).toBeGreaterThan(0.3);
      expect(seconds.length / (seconds.at(-1)! - seconds[0]!)).toBeGreaterThan(97);
      expect(Math.max(...gaps)).toBeLessThan(0.1);
    }
    expect(new Set(faulty.tracks.map(({ seconds }) => seconds.length)).size).toBe(3);
  });

  it('keeps ordinary motion slower than any detector minds, and never bit-identical', () => {
    for (const body of BODIES) {
      const speed = fastest(clean, body, 0, clean.tickSeconds.length - 1);
      expect(speed.metresPerSecond).toBeLessThan(5);
      expect(speed.radiansPerSecond).toBeLessThan(15);
      const track = trackOf(clean, body);
      for (let i = 1; i < track.seconds.length; i++) expect(pose(track, i)).not.toEqual(pose(track, i - 1));
    }
  });
});

describe('planted faults', () => {
  it('are all there, in range and in order', () => {
    const kinds = new Set(faulty.truth.faults.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'dropped-ticks',
      'late-optitrack-start',
      'led-flicker',
      'optitrack-loss',
      'pose-teleport',
      'real-stillness',
      'recorder-stall',
      'solver-flip',
    ]);
    for (const { ticks } of faulty.truth.faults) {
      expect(ticks[0]).toBeGreaterThanOrEqual(0);
      expect(ticks[1]).toBeGreaterThanOrEqual(ticks[0]);
      expect(ticks[1]).toBeLessThan(faulty.tickSeconds.length);
    }
    expect(clean.truth.faults).toEqual([]);
  });

  it('teleports faster than 5 m/s and 15 rad/s from tick to tick, and comes back', () => {
    const { ticks } = planted('pose-teleport');
    const seen = atTicks(faulty, 'sensor_right');
    const jump = [seen[ticks[0] - 1]!, seen[ticks[0]]!] as const;
    expect(distance(...jump) * 30).toBeGreaterThan(5);
    expect(angleBetween(quaternion(jump[0]), quaternion(jump[1])) * 30).toBeGreaterThan(15);
    expect(distance(seen[ticks[0] - 1]!, seen[ticks[1] + 1]!)).toBeLessThan(0.05);
  });

  it('flips about half a turn in place', () => {
    const { samples } = planted('solver-flip');
    const track = trackOf(faulty);
    const [before, during] = [pose(track, samples![0] - 1), pose(track, samples![0])];
    expect(distance(before, during)).toBeLessThan(0.02);
    expect(angleBetween(quaternion(before), quaternion(during))).toBeGreaterThan(2.8);
    expect(
      angleBetween(quaternion(pose(track, samples![1])), quaternion(pose(track, samples![1] + 1))),
    ).toBeGreaterThan(2.8);
  });

  it('loses a body as repeated samples while the hand moves on', () => {
    const { samples, ticks } = planted('optitrack-loss', 'sensor_right');
    const track = trackOf(faulty, 'sensor_right');
    for (let i = samples![0]; i <= samples![1]; i++) expect(pose(track, i)).toEqual(pose(track, samples![0] - 1));
    expect(ticks[1] - ticks[0]).toBeGreaterThan(30);
    expect(distance(pose(track, samples![1]), pose(track, samples![1] + 1))).toBeGreaterThan(0.05);
  });

  it('loses a body as a gap without samples', () => {
    const fault = planted('optitrack-loss', 'sensor_left');
    expect(fault.samples).toBeUndefined();
    const { seconds } = trackOf(faulty);
    const gaps = Array.from(seconds.subarray(1), (at, i) => at - seconds[i]!);
    expect(Math.max(...gaps)).toBeGreaterThan(0.75);
  });

  it('stands really still: bit-identical poses with samples arriving, and nothing jumping near it', () => {
    const { ticks } = planted('real-stillness');
    for (const body of BODIES) {
      const seen = atTicks(faulty, body);
      for (let tick = ticks[0] + 2; tick <= ticks[1] - 1; tick++) expect(seen[tick]).toEqual(seen[ticks[0] + 1]);
      const near = fastest(faulty, body, ticks[0] - 30, ticks[1] + 30);
      expect(near.metresPerSecond).toBeLessThan(5);
      expect(near.radiansPerSecond).toBeLessThan(15);
      const inside = trackOf(faulty, body).seconds.filter((at) => at > 13.4 && at < 14.7);
      expect(inside.length).toBeGreaterThan(110);
    }
    const [a, b] = [ticks[0] + 2, ticks[1] - 1];
    expect(faulty.sceneSeconds[a]).toBe(faulty.sceneSeconds[b]);
  });

  it('stalls all cameras on one picture without motion capture', () => {
    const { ticks } = planted('recorder-stall');
    for (let tick = ticks[0] + 1; tick <= ticks[1]; tick++) expect(faulty.repeats[tick]).toBe(ticks[0]);
    expect(faulty.repeats[ticks[1] + 1]).toBe(-1);
    for (const { seconds } of faulty.tracks) {
      expect(seconds.filter((at) => at > 15.6 && at < 16.3).length).toBe(0);
    }
  });

  it('drops as many ticks as it says', () => {
    const holes = faulty.truth.faults.filter(({ kind }) => kind === 'dropped-ticks');
    expect(holes.map(({ lost }) => lost)).toEqual([5, 2]);
    for (const { ticks, lost } of holes) {
      const gap = faulty.tickSeconds[ticks[1]]! - faulty.tickSeconds[ticks[0]]!;
      expect(Math.round(gap * 29.97) - 1).toBe(lost);
    }
  });

  it('starts motion capture late, body by body', () => {
    for (const body of BODIES) {
      const fault = planted('late-optitrack-start', body);
      const first = trackOf(faulty, body).seconds[0]!;
      expect(first).toBeGreaterThan(0.5);
      expect(faulty.tickSeconds[fault.ticks[1] - 1]!).toBeLessThan(first);
      expect(trackOf(clean, body).seconds[0]!).toBeLessThan(0);
    }
  });
});

describe('stories', () => {
  it('slips, then recovers', () => {
    const [failure, recovery] = clean.truth.events;
    expect([failure?.kind, recovery?.kind]).toEqual(['failure', 'recovery']);
    const seen = atTicks(clean, 'motherboard');
    const level = (tick: number) => angleBetween(quaternion(seen[tick]!), quaternion(seen[failure!.ticks[0]]!));
    expect(level(failure!.ticks[1])).toBeGreaterThan(0.25);
    expect(level(recovery!.ticks[1])).toBeLessThan(0.12);
    expect(seen.at(-1)![1]).toBeLessThan(0.03);
  });

  it('holds what fits when it is short, and goes on when it is long', () => {
    const short = planEpisode({ ...start, name: 'a', story: 'transfer', seconds: 3, faults: true });
    expect(new Set(short.truth.faults.map(({ kind }) => kind))).toEqual(
      new Set(['late-optitrack-start', 'led-flicker']),
    );
    const long = planEpisode({ ...start, name: 'a', story: 'slip-and-recovery', seconds: 65, faults: false });
    const seen = atTicks(long, 'sensor_left');
    for (let tick = 1; tick < seen.length; tick++) expect(distance(seen[tick]!, seen[tick - 1]!)).toBeLessThan(0.03);
  });

  it('is the same for the same seed and another for another', () => {
    const again = planEpisode({ ...start, name: 'episode_000', story: 'transfer', seconds: 20, faults: true });
    expect(again.tracks).toEqual(faulty.tracks);
    const other = planEpisode({ ...start, seed: 8, name: 'episode_000', story: 'transfer', seconds: 20, faults: true });
    expect(other.tickSeconds).not.toEqual(faulty.tickSeconds);
  });
});
