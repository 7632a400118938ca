import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapWarning, nominalClock, recordedClock } from './clocks.ts';

const START = 1778400000.25;
const build = (stamps: number[]) => recordedClock('c', 'Clock', Float64Array.from(stamps), START, 'e.h5: the clock');

describe('a recorded clock', () => {
  it('counts nanoseconds from the start, exactly enough for a step', () => {
    const { clock, times, problems } = build([START, START + 0.5, START + 1]);
    expect([...times]).toEqual([0, 5e8, 1e9]);
    expect(clock).toMatchObject({
      count: 3,
      firstNs: 0,
      lastNs: 1e9,
      medianPeriodNs: 5e8,
      worstGapNs: 5e8,
      ascending: true,
    });
    expect(problems).toEqual([]);
  });

  it('knows the median and the longest period, however many there are', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(steps, (milliseconds) => {
        let at = 0;
        const stamps = [0, ...milliseconds].map((step) => {
          at += step;
          return START + at / 1000;
        });
        const { clock } = build(stamps);
        const sorted = [...milliseconds].sort((a, b) => a - b);
        expect(clock.medianPeriodNs).toBeCloseTo((sorted[sorted.length >> 1] as number) * 1e6, -4);
        expect(clock.worstGapNs).toBeCloseTo((sorted.at(-1) as number) * 1e6, -4);
      }),
    );
  });

  it('holds the latest stamp where one runs back or was never written, and says so', () => {
    const { clock, times, problems } = build([0, START, START + 2, START + 1, Number.NaN, START + 3]);
    expect([...times]).toEqual([0, 0, 2e9, 2e9, 2e9, 3e9]);
    expect(clock.ascending).toBe(false);
    expect(problems.map(({ code }) => code)).toEqual(['clock-not-ascending', 'stamp-missing']);
    expect(problems[0]?.message).toBe(
      'e.h5: the clock runs backwards 1 time; those samples are placed at the latest stamp before them.',
    );
  });

  it('takes a repeated stamp for a held sample: no problem, and no period', () => {
    const { clock, problems } = build([START, START, START + 1, START + 1, START + 2]);
    expect(clock).toMatchObject({ medianPeriodNs: 1e9, ascending: false });
    expect(problems).toEqual([]);
  });

  it('never runs back, whatever was recorded', () => {
    const stamp = fc.oneof(fc.double({ min: START - 10, max: START + 10 }), fc.constant(0), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(stamp), (stamps) => {
        const { times } = build(stamps);
        expect(times.length).toBe(stamps.length);
        for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThanOrEqual(times[i - 1] as number);
        expect(times.every(Number.isSafeInteger)).toBe(true);
      }),
    );
  });

  it('names its longest gap and where it is', () => {
    const clock = build([START, START + 0.1, START + 0.2, START + 1.7, START + 1.8]);
    expect(gapWarning(clock, 'e.h5: the clock')?.message).toBe(
      'e.h5: the clock has 1 gap, the longest 1.50 s at 0.20 s: look at what was lost there.',
    );
    expect(gapWarning(build([START, START + 0.1, START + 0.2]), 'x')).toBeNull();
  });
});

describe('a nominal clock', () => {
  it('stands at its rate without drifting', () => {
    const { clock, times } = nominalClock('c', 'Clock', 31, 30);
    expect(times[30]).toBe(1e9);
    expect(clock).toMatchObject({ basis: 'nominal', count: 31 });
    expect(nominalClock('c', 'Clock', 0, 30).clock).toMatchObject({
      firstNs: null,
      lastNs: null,
      medianPeriodNs: null,
    });
  });
});
