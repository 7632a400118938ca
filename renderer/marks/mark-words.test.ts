import { describe, expect, it } from 'vitest';
import { lengthText, timeText } from './mark-words.ts';

const times = Float64Array.of(0, 1e9, 2.5e9);

describe('where a mark lies, in words', () => {
  it('is told by recorded time, and never by a time the recording does not have', () => {
    expect(timeText(times, 2)).toBe('2.50 s');
    expect(timeText(times, 3)).toBe('after the end');
    expect(lengthText(times, [0, 2])).toBe('2.50 s');
    expect(lengthText(times, [2, 2])).toBe('one tick');
    expect(lengthText(times, [1, 30])).toBe('30 ticks');
    expect(lengthText(times, [20, 30])).toBe('11 ticks');
  });
});
