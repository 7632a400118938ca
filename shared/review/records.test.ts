import { describe, expect, it } from 'vitest';
import { checkChange } from './records.ts';

const of = { detector: 'pose-freeze', class: 'ot_loss', side: 'left', ticks: [3, 9] };
const id = 'pose-freeze:left:3-9';

describe('what a gesture may write', () => {
  it('is a verdict that says what it is of, and into what it was merged', () => {
    const fits = (value: unknown) => typeof checkChange({ map: 'verdicts', id, value }) !== 'string';
    expect(fits({ value: 'keep', of })).toBe(true);
    expect(fits({ value: 'cut', of, note: 'hand out of view' })).toBe(true);
    expect(fits({ value: 'merge', mergedInto: 'pose-freeze:left:12-20', of })).toBe(true);
    expect(fits({ value: 'merge', of })).toBe(false);
    expect(fits({ value: 'cut', mergedInto: 'pose-freeze:left:12-20', of })).toBe(false);
    expect(fits({ value: 'merge', mergedInto: id, of })).toBe(false);
    expect(fits({ value: 'maybe', of })).toBe(false);
    expect(fits({ value: 'keep', of: { ...of, ticks: [9, 3] } })).toBe(false);
  });

  it('is an event of one’s own, or a flag', () => {
    const event = { class: 'ot_loss', side: 'left', streams: [], ticks: [3, 20], replaces: [id], text: '' };
    expect(checkChange({ map: 'findings', id: 'h', value: event })).toEqual({ map: 'findings', id: 'h', value: event });
    expect(checkChange({ map: 'findings', id: 'h', value: { ...event, ticks: [20, 3] } })).toMatch(/ends no earlier/);
    const flag = { kind: 'occlusion', ticks: [4, 4] };
    expect(checkChange({ map: 'flags', id: 'f', value: flag })).toEqual({ map: 'flags', id: 'f', value: flag });
    expect(checkChange({ map: 'flags', id: 'f', value: { kind: 'nice', ticks: [4, 4] } })).toMatch(/does not fit/);
  });
});
