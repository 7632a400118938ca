import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nominalClock } from '../common/clocks.ts';
import { gapWarning, recordedClock } from './recorded-clock.ts';
import { keepStamps } from './stamps.ts';

const START = 1778400000.25;
const WORDS = { id: 'c', name: 'Clock', where: 'e.h5: the clock', row: 'tick' };

function build(stamps: number[]) {
  const seconds = Float64Array.from(stamps);
  const kept = keepStamps(seconds);
  if (!kept) throw new Error('no usable stamps');
  return recordedClock(WORDS, seconds, kept, START);
}

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

  it('says which rows it had to place, and how many', () => {
    const { clock, problems } = build([START, START + 1, 0, START + 3, START + 900, START + 5, Number.NaN, START + 7]);
    expect(clock.ascending).toBe(false);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'clock-not-ascending',
        'e.h5: the clock jumps at 1 tick (tick 4): by the order of the recording it is placed between the neighbours.',
      ],
      [
        'stamp-missing',
        'e.h5: the clock has no usable stamp for 2 ticks (the first at tick 2): by the order of the recording they are placed between the neighbours.',
      ],
    ]);
  });

  it('takes a repeated stamp for a held sample: no problem, and no period', () => {
    const { clock, problems } = build([START, START, START + 1, START + 1, START + 2]);
    expect(clock).toMatchObject({ medianPeriodNs: 1e9, ascending: false });
    expect(problems).toEqual([]);
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
