import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectEpisode } from './detect.ts';
import { findingId, readFindingId } from './findings.ts';
import { detectIntensitySpikes } from './intensity-spikes.ts';
import { judge } from './pose-freezes.ts';
import { DEFAULT_DETECT_SETTINGS, type DetectSettings, detectSettingsSchema } from './settings.ts';
import type { ContactSignals } from './signals.ts';
import { cameras, imageWith, inputWith, steadyTimes, trackWith, wandering } from './testing.ts';

const settingsWith = (more: Parameters<typeof detectSettingsSchema.parse>[0]): DetectSettings =>
  detectSettingsSchema.parse(more);
const TICKS = 300;
const times = steadyTimes(TICKS);
const both = [trackWith('left', times, wandering), trackWith('right', times, wandering)];
const found = (input: Parameters<typeof detectEpisode>[0], settings = DEFAULT_DETECT_SETTINGS) =>
  detectEpisode(input, settings).findings.map((finding) => [finding.class, finding.side, finding.ticks]);

function contact(side: 'left' | 'right', intensityAt: (tick: number) => number): ContactSignals {
  const intensity = Float32Array.from({ length: TICKS }, (_, tick) => intensityAt(tick));
  const none = new Float32Array(TICKS);
  return {
    ...{ side, stream: `gelsight/${side}/frames`, intensityFromFirst: intensity, intensity, area: none, mixed: none },
    ...{ reference: { tick: 0, definition: 'first-at-percentile' }, drift: 0 },
  };
}

describe('intensity spikes', () => {
  it('are found where more than a thousandth of the ticks spike, which the plain percentile cannot', () => {
    const flicker = contact('left', (tick) => (tick === 40 || tick === 41 || tick === 200 ? 90 : 5 + (tick % 3)));
    const input = inputWith({ ticks: TICKS, contacts: [flicker] });
    expect(found(input)).toEqual([
      ['led_flicker', 'left', [37, 44]],
      ['led_flicker', 'left', [197, 203]],
    ]);
    expect(found(input, settingsWith({ intensitySpikes: { rule: 'p999' } }))).toEqual([]);
    expect(found(input, settingsWith({ intensitySpikes: { bufferTicks: 0 } })).map(([, , ticks]) => ticks)).toEqual([
      [40, 41],
      [200, 200],
    ]);
  });

  it('are not what a press of the gel looks like, long or steep as it may be', () => {
    const press = contact('right', (tick) => (tick > 100 && tick < 160 ? 70 : 4));
    expect(found(inputWith({ ticks: TICKS, contacts: [press] }))).toEqual([]);
    const absolute = settingsWith({ intensitySpikes: { rule: 'absolute' } });
    expect(found(inputWith({ ticks: TICKS, contacts: [press] }), absolute)).toHaveLength(1);
  });

  it('stay where they are when everything is shifted in time, and never lie outside of the span', () => {
    const values = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(values, fc.nat(30), fc.nat(30), (series, before, after) => {
        const padded = [...Array<number>(before).fill(255), ...series, ...Array<number>(after).fill(255)];
        const plain = detectIntensitySpikes(
          series,
          { first: 0, last: series.length - 1 },
          DEFAULT_DETECT_SETTINGS.intensitySpikes,
        );
        const within = detectIntensitySpikes(
          padded,
          { first: before, last: before + series.length - 1 },
          DEFAULT_DETECT_SETTINGS.intensitySpikes,
        );
        expect(within.buffered).toEqual(plain.buffered.map(([a, b]) => [a + before, b + before]));
      }),
    );
  });

  it('skip ticks without a number, and say nothing of a hand that is not in use', () => {
    const gap = contact('left', (tick) => (tick < 50 ? Number.NaN : tick === 120 ? 80 : 5));
    expect(found(inputWith({ ticks: TICKS, contacts: [gap] }))).toEqual([['led_flicker', 'left', [117, 123]]]);
    expect(found(inputWith({ ticks: TICKS, contacts: [gap] }, { activeSides: ['right'] }))).toEqual([]);
    const nothing = contact('left', () => Number.NaN);
    expect(found(inputWith({ ticks: TICKS, contacts: [nothing] }))).toEqual([]);
  });
});

describe('pose teleports', () => {
  const jumping = (tick: number) => {
    const [x = 0, ...rest] = wandering(tick);
    return [tick >= 100 && tick < 102 ? x + 0.4 : x, ...rest];
  };
  it('tell what was impossible, and take the recorded time for it', () => {
    const input = inputWith({ ticks: TICKS, tracks: [trackWith('left', times, jumping), both[1]!] });
    const [finding] = detectEpisode(input, DEFAULT_DETECT_SETTINGS).findings;
    expect(finding).toMatchObject({ class: 'pose_teleport', cause: 'translation', side: 'left', ticks: [96, 105] });
    expect(finding?.signals.speed_mps).toBeCloseTo(12, 0);
    // Two frames elsewhere, and the ticks before and behind; what is published has three more on each side.
    expect(finding?.signals.jump_ticks).toBe(4);
    expect(finding?.margin).toBeCloseTo(1.4, 1);
    // The same steps over ten times the time are none.
    const slow = steadyTimes(TICKS, 3);
    const slowly = inputWith({ ticks: TICKS, timesNs: slow, tracks: [trackWith('left', slow, jumping)] });
    expect(found(slowly)).toEqual([]);
    expect(found(slowly, settingsWith({ poseTeleports: { rule: 'both_at_30hz' } }))).toEqual([]);
  });

  it('are found by rotation alone, also where a quaternion only changed its sign they are not', () => {
    const turning = (tick: number) => {
      const sign = tick % 2 === 0 ? 1 : -1;
      const half = tick >= 150 && tick < 200 ? 0.6 : 0;
      return [...wandering(tick).slice(0, 3), 0, sign * Math.sin(half), 0, sign * Math.cos(half)];
    };
    const input = inputWith({ ticks: TICKS, tracks: [trackWith('right', times, turning)] });
    const { findings } = detectEpisode(input, DEFAULT_DETECT_SETTINGS);
    expect(findings.map(({ cause, ticks }) => [cause, ticks])).toEqual([
      ['rotation', [146, 153]],
      ['rotation', [196, 203]],
    ]);
    expect(found(input, settingsWith({ poseTeleports: { rule: 'translation' } }))).toEqual([]);
  });
});

describe('pose freezes', () => {
  const frozen = (from: number, to: number) =>
    trackWith('left', times, (tick) => wandering(tick >= from && tick <= to ? from : tick));

  it('count as loss when the pictures go on, as a stall when all cameras repeat, as stillness when nothing moves', () => {
    const verdict = (images: ReturnType<typeof cameras>) =>
      found(inputWith({ ticks: TICKS, images, tracks: [frozen(100, 140), both[1]!] }));
    expect(verdict(cameras(TICKS))).toEqual([['ot_loss', 'left', [100, 140]]]);
    const isRepeated = (tick: number) => tick >= 101 && tick <= 125;
    expect(verdict(cameras(TICKS, { isRepeated }))).toEqual([['pipeline_stall', 'left', [100, 140]]]);
    expect(verdict(cameras(TICKS, { movement: 1.4 }))).toEqual([['real_still', 'left', [100, 140]]]);
    const oneMoves = [...cameras(TICKS, { movement: 1.4 }).slice(0, 2), imageWith('realsense/cam2/color', TICKS)];
    expect(verdict(oneMoves)).toEqual([['ot_loss', 'left', [100, 140]]]);
  });

  it('must last a quarter of a second of the median rate, and join over one tick', () => {
    const lasting = (length: number) =>
      found(inputWith({ ticks: TICKS, images: cameras(TICKS), tracks: [frozen(100, 100 + length - 1)] }));
    // 0.25 s of 30 Hz is 7.5 ticks: a half is rounded to the even 8.
    expect(lasting(7)).toEqual([]);
    expect(lasting(8)).toEqual([['ot_loss', 'left', [100, 107]]]);
    // At 10 Hz it is 2.5, and so 2: one repeat is enough.
    const slow = steadyTimes(TICKS, 10);
    const once = trackWith('left', slow, (tick) => wandering(tick === 101 ? 100 : tick));
    const input = inputWith({ ticks: TICKS, timesNs: slow, images: cameras(TICKS), tracks: [once] });
    expect(found(input)).toEqual([['ot_loss', 'left', [100, 101]]]);
    const twice = (gap: number) => {
      const again = 61 + gap;
      const held = (tick: number) => (tick >= again && tick <= 80 ? again : tick);
      const track = trackWith('left', times, (tick) => wandering(tick >= 50 && tick <= 60 ? 50 : held(tick)));
      return found(inputWith({ ticks: TICKS, images: cameras(TICKS), tracks: [track] })).map(([, , ticks]) => ticks);
    };
    expect(twice(0)).toEqual([[50, 80]]);
    expect(twice(1)).toEqual([[50, 80]]);
    expect(twice(2)).toEqual([
      [50, 60],
      [63, 80],
    ]);
  });

  it('look at repeats bit for bit unless told otherwise', () => {
    const nearly = trackWith('left', times, (tick) => {
      const [x = 0, ...rest] = wandering(tick >= 100 && tick <= 140 ? 100 : tick);
      return [x + (tick % 2) * 3e-8, ...rest];
    });
    const input = inputWith({ ticks: TICKS, images: cameras(TICKS), tracks: [nearly] });
    expect(found(input)).toEqual([]);
    expect(found(input, settingsWith({ poseFreezes: { tolerance: 1e-7 } }))).toHaveLength(1);
  });

  it('are judged in order, with "ambiguous" where that is asked for', () => {
    const settings = DEFAULT_DETECT_SETTINGS.poseFreezes;
    const calm = {
      ...{ trans_vel_near_mps: 0, ang_vel_near_rad_s: 0, opt_gap_s: 0, cam0_dup: 0, cam1_dup: 0, cam2_dup: 0 },
      ...{ tac_dup: 1, cam0_motion: 4, cam1_motion: 1, view_motion: 1, tac_motion: 1 },
    };
    const verdict = (more: Partial<typeof calm>) => judge({ ...calm, ...more }, settings);
    expect(verdict({ cam0_dup: 0.3, cam1_dup: 0.3, cam2_dup: 0.3, opt_gap_s: 2 })).toBe('pipeline_stall');
    expect(verdict({ cam0_dup: 1, cam1_dup: 1, cam2_dup: 0.29, opt_gap_s: 0.1 })).toBe('ot_loss');
    expect(verdict({ cam0_motion: 1, trans_vel_near_mps: 5 })).toBe('ot_loss');
    expect(verdict({ cam0_motion: 1, ang_vel_near_rad_s: 15 })).toBe('ot_loss');
    expect(verdict({ cam0_motion: 1.99, tac_motion: 2.99 })).toBe('real_still');
    expect(verdict({ cam0_motion: 2 })).toBe('ot_loss');
    expect(judge(calm, { ...settings, otherwise: 'ambiguous' })).toBe('ambiguous');
  });
});

describe('a recording', () => {
  it('is judged from the first tick at which every active body is tracked', () => {
    const late = trackWith('left', times, wandering);
    late.sampleNs = times.slice(40);
    late.samples = late.aligned.slice(40 * 7);
    for (let tick = 0; tick < 40; tick++) late.aligned.set(late.aligned.subarray(40 * 7, 41 * 7), tick * 7);
    const input = inputWith({ ticks: TICKS, images: cameras(TICKS), tracks: [late, both[1]!] });
    const { trim, findings } = detectEpisode(input, DEFAULT_DETECT_SETTINGS);
    expect(trim).toEqual({ first: 40, last: 299, reason: 'OT not yet streaming at recording start' });
    expect(findings.map(({ class: of, ticks }) => [of, ticks])).toEqual([['ot_late_start', [0, 39]]]);
    expect(found(input, settingsWith({ trim: 'none' }))).toContainEqual(['ot_loss', 'left', [0, 40]]);
    expect(found({ ...input, activeSides: ['right'] }).map(([of]) => of)).toEqual(['ot_late_start']);
    expect(detectEpisode({ ...input, activeSides: ['right'] }, DEFAULT_DETECT_SETTINGS).trim.first).toBe(0);
  });

  it('is told of lost ticks, drift, one stuck camera, and a body that was never tracked', () => {
    const gapped = times.map((ns, tick) => (tick > 150 ? ns + 2e8 : ns));
    const images = cameras(TICKS);
    images[1] = imageWith('realsense/cam1/color', TICKS, { isRepeated: (tick) => tick > 200 && tick <= 240 });
    const never = { ...both[0]!, sampleNs: new Float64Array(0), samples: new Float64Array(0) };
    const input = inputWith({
      ...{ ticks: TICKS, timesNs: gapped, images, contacts: [{ ...contact('left', () => 5), drift: 6.2 }] },
      tracks: [
        { ...never, aligned: new Float64Array(TICKS * 7).fill(Number.NaN) },
        trackWith('right', gapped, wandering),
      ],
    });
    expect(found(input)).toEqual([
      ['contact_drift', 'left', [0, 299]],
      ['ot_missing', 'left', [0, 299]],
      ['dropped_ticks', null, [150, 151]],
      ['frozen_video', null, [200, 240]],
    ]);
    const gap = detectEpisode(input, DEFAULT_DETECT_SETTINGS).findings.find(({ detector }) => detector === 'clock-gap');
    expect(gap?.signals.lost_ticks).toBe(6);
  });

  it('without a tick or with one is judged without a fault', () => {
    for (const ticks of [0, 1, 2]) {
      const some = steadyTimes(ticks);
      const tracks = [trackWith('left', some, wandering)];
      expect(found(inputWith({ ticks, images: cameras(ticks), tracks }))).toEqual([]);
    }
  });

  it('takes cameras of another format for frozen only while something else moves', () => {
    const isRepeated = (tick: number) => tick > 100 && tick <= 160;
    const joints = (moves: boolean) => ({
      ...{
        id: 'q',
        name: 'Joints',
        group: 'Joints',
        role: 'state' as const,
        unit: 'rad',
        components: ['j'],
        limits: null,
      },
      timesNs: times,
      values: Float64Array.from({ length: TICKS }, (_, tick) => Math.sin((moves || tick < 90 ? tick : 90) / 40)),
    });
    const images = [imageWith('front', TICKS, { isRepeated })];
    const judged = (series: ReturnType<typeof joints>[]) =>
      found(inputWith({ ticks: TICKS, images }, { profile: 'general', series }));
    expect(judged([joints(true)])).toEqual([['frozen_video', null, [100, 160]]]);
    expect(judged([joints(false)])).toEqual([]);
    expect(judged([])).toEqual([['frozen_video', null, [100, 160]]]);
    // A camera at half the rate repeats every picture: that is its pace.
    const slow = [imageWith('front', TICKS, { isRepeated: (tick) => tick % 2 === 1 || (tick > 100 && tick < 104) })];
    expect(found(inputWith({ ticks: TICKS, images: slow }, { profile: 'general' }))).toEqual([]);
  });

  it('takes an encoded video for frozen although no two of its pictures are the same bit for bit', () => {
    // As x264 writes a camera that stands from sample 60 on: it settles, then next to nothing, and a key frame at 90.
    const motionOf = (held: readonly [number, number], moving: number) => (sample: number) =>
      sample <= held[0] || sample > held[1] ? moving : sample === held[0] + 1 ? 0.06 : sample === 90 ? 0.87 : 0.004;
    const images = (motion: (sample: number) => number, ticksASample = 1) => {
      const index = Int32Array.from({ length: TICKS }, (_, tick) => Math.floor(tick / ticksASample));
      const isNew = (tick: number) => tick > 0 && index[tick] !== index[tick - 1];
      const duplicate = Uint8Array.from({ length: TICKS }, (_, tick) => Number(tick > 0 && !isNew(tick)));
      const apart = Float32Array.from({ length: TICKS }, (_, tick) =>
        isNew(tick) ? motion(index[tick] as number) : 0,
      );
      return [imageWith('front', TICKS, { index, duplicate, motion: apart }), imageWith('wrist', TICKS)];
    };
    const judged = (of: ReturnType<typeof images>, encoded = ['front']) =>
      found(inputWith({ ticks: TICKS, images: of }, { profile: 'general', encoded }));
    expect(judged(images(motionOf([60, 110], 3)))).toEqual([['frozen_video', null, [61, 110]]]);
    // Stored pixels change only where something moved, however little: a gripper far away.
    expect(judged(images(motionOf([60, 110], 3)), [])).toEqual([]);
    expect(judged(images(motionOf([60, 70], 3)))).toEqual([]);
    // A slow camera of a scene in which little moves: each of its pictures is another.
    expect(judged(images(motionOf([0, 0], 1.2), 3))).toEqual([]);
    expect(judged(images(motionOf([0, 0], 0.05)))).toEqual([]);
  });
});

describe('findings', () => {
  it('have ids that are the same for the same event, short enough for a review and read back', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.nat(1e6), fc.nat(1e4), (of, first, length) => {
        const id = findingId('frozen-video', of, [first, first + length]);
        expect(id.length).toBeLessThanOrEqual(200);
        expect(readFindingId(id)).toMatchObject({ detector: 'frozen-video', ticks: [first, first + length] });
        if (of.length < 150) expect(readFindingId(id)?.of).toBe(of);
      }),
    );
    expect(readFindingId('9b2e6c54-hand')).toBeUndefined();
    const [a, b] = ['x'.repeat(300), `${'x'.repeat(299)}y`].map((of) => findingId('jump', of, [1, 2]));
    expect(a).not.toBe(b);
  });
});
