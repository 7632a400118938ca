import { describe, expect, it } from 'vitest';
import { detectEpisode } from '../../../shared/detect/detect.ts';
import { DEFAULT_DETECT_SETTINGS } from '../../../shared/detect/settings.ts';
import { cameras, inputWith } from '../../../shared/detect/testing.ts';
import { nearest } from '../../../shared/time/sampling.ts';
import { type PlanOptions, planEpisode } from '../../sample/plan.ts';

/** Clock and motion capture of the sample rig, without its pictures: cameras that move, but where the recorder stalls. */
function detected(options: Pick<PlanOptions, 'story' | 'faults' | 'seed' | 'seconds'>) {
  const plan = planEpisode({ name: 'episode_000', startUnixSeconds: 1782980045.318, createdAt: '', ...options });
  const timesNs = plan.tickSeconds.map((seconds) => Math.round(seconds * 1e9));
  const ticks = timesNs.length;
  const isRepeated = (tick: number) => (plan.repeats[tick] as number) >= 0;
  const tracks = plan.tracks.map(({ body, seconds, poses }) => {
    const sampleNs = seconds.map((at) => Math.round(at * 1e9));
    const aligned = new Float64Array(ticks * 7);
    timesNs.forEach((ns, tick) => {
      const row = nearest(sampleNs, ns) * 7;
      aligned.set(poses.subarray(row, row + 7), tick * 7);
    });
    const side = body === 'motherboard' ? null : body === 'sensor_left' ? ('left' as const) : ('right' as const);
    return { track: body, side, aligned, sampleNs, samples: poses };
  });
  const input = inputWith({ ticks, timesNs, tracks, images: cameras(ticks, { isRepeated }) });
  const { findings } = detectEpisode(input, DEFAULT_DETECT_SETTINGS);
  return { faults: plan.truth.faults, findings };
}

describe.each([7, 11, 12, 13, 14, 15])('a rig of seed %i', (seed) => {
  it('has nothing to tell of a sound recording', () => {
    for (const story of ['transfer', 'slip-and-recovery'] as const)
      expect(detected({ story, seed, seconds: 45, faults: false }).findings).toEqual([]);
  });

  it('has its faults found where they are, and nothing else', () => {
    const { faults, findings } = detected({ story: 'transfer', seed, seconds: 30, faults: true });
    const ofKind = (kind: string) => faults.filter((fault) => fault.kind === kind).map(({ ticks }) => ticks);
    const ofClass = (of: string) => findings.filter((finding) => finding.class === of).map(({ ticks }) => ticks);
    // Cameras that move speak against stillness, so that a hand that was held still counts as lost here.
    const still = ofKind('real-stillness').flatMap((ticks) => [ticks, ticks]);
    const near = (expected: readonly (readonly number[])[], room: number) =>
      expected.map(([a = 0, b = 0]) => [
        expect.closeTo(a, -Math.log10(2 * room)),
        expect.closeTo(b, -Math.log10(2 * room)),
      ]);
    const inOrder = [...ofKind('optitrack-loss'), ...still].sort(([a], [b]) => a - b);
    expect(ofClass('ot_loss')).toEqual(near(inOrder, 2));
    expect(ofClass('pipeline_stall')).toEqual(near([...ofKind('recorder-stall'), ...ofKind('recorder-stall')], 2));
    expect(ofClass('dropped_ticks')).toEqual(ofKind('dropped-ticks'));
    expect(ofClass('ot_late_start')).toHaveLength(3);
    expect(ofClass('pose_teleport')).toHaveLength(3);
    expect(findings).toHaveLength(4 + 2 + 2 + 3 + 3);
  });
});
