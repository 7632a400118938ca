import { describe, expect, it } from 'vitest';
import { parseGoTo, resolveGoTo } from './go-to.ts';

const times = Float64Array.from({ length: 3001 }, (_, index) => index * 33_333_333);

describe('go to', () => {
  it.each([
    ['372', { kind: 'tick', tick: 372 }],
    ['12.4s', { kind: 'time', ns: 12_400_000_000 }],
    ['12,4 s', { kind: 'time', ns: 12_400_000_000 }],
    ['1:02.4', { kind: 'time', ns: 62_400_000_000 }],
    ['1:00:02', { kind: 'time', ns: 3_602_000_000_000 }],
    ['250ms', { kind: 'time', ns: 250_000_000 }],
    ['2min', { kind: 'time', ns: 120_000_000_000 }],
    ['+5s', { kind: 'time-by', ns: 5_000_000_000 }],
    ['-0:05', { kind: 'time-by', ns: -5_000_000_000 }],
    ['-30', { kind: 'ticks-by', ticks: -30 }],
    ['−30', { kind: 'ticks-by', ticks: -30 }],
    ['+7', { kind: 'ticks-by', ticks: 7 }],
    ['50%', { kind: 'share', share: 0.5 }],
    ['250 %', { kind: 'share', share: 1 }],
  ])('understands %s', (text, target) => {
    expect(parseGoTo(text)).toEqual(target);
  });

  it.each(['', 'abc', '12.4', '1:75', '1:70:00', '+50%', '5x', '--3', '.', '1..2s', '9999999999999999'])(
    'says nothing for "%s"',
    (text) => {
      expect(parseGoTo(text)).toBeUndefined();
    },
  );

  it('lands on the tick at or before a time', () => {
    expect(resolveGoTo({ kind: 'time', ns: 33_333_332 }, times, 0)).toBe(0);
    expect(resolveGoTo({ kind: 'time', ns: 33_333_333 }, times, 0)).toBe(1);
    expect(resolveGoTo({ kind: 'time-by', ns: -1_000_000_000 }, times, 61)).toBe(30);
  });

  it('stays in the recording', () => {
    expect(resolveGoTo({ kind: 'tick', tick: 99_999 }, times, 0)).toBe(3000);
    expect(resolveGoTo({ kind: 'ticks-by', ticks: -30 }, times, 3)).toBe(0);
    expect(resolveGoTo({ kind: 'share', share: 1 }, times, 3)).toBe(3000);
    expect(resolveGoTo({ kind: 'time', ns: 5 }, [], 0)).toBe(0);
  });
});
