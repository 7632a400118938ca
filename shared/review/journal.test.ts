import { describe, expect, it } from 'vitest';
import { formatLine, readLine } from './journal.ts';
import { checkChange, effectiveChanges, sameValue } from './records.ts';
import type { GestureLine } from './review.ts';

const line: GestureLine = {
  v: 1,
  id: 'g1',
  at: '2026-05-11T12:00:00.000Z',
  clock: 1,
  annotator: 'Ann',
  install: 'rig',
  kind: 'do',
  name: 'Set outcome to success',
  patch: [{ map: 'outcome', id: 'episode', value: { value: 'success' } }],
  inverse: [{ map: 'outcome', id: 'episode', value: null }],
};

describe('readLine', () => {
  it('reads what formatLine wrote', () => {
    expect(readLine(formatLine(line), 'here')).toEqual(line);
    expect(readLine('', 'here')).toBeUndefined();
  });

  it('brings an outcome of an earlier version into today’s words', () => {
    const value = { value: 'recovered', reason: 'by hand' };
    const old = { ...line, patch: [{ map: 'outcome' as const, id: 'episode', value }] };
    expect(readLine(formatLine(old), 'here')).toMatchObject({
      patch: [{ map: 'outcome', id: 'episode', value: { value: 'failure', reason: 'by hand' } }],
    });
  });

  it('says what is wrong with a line that cannot be read, and where', () => {
    const text = formatLine(line);
    expect(readLine(text.slice(0, 60), 'a.jsonl, line 3')).toMatch(/^a\.jsonl, line 3 was cut off/);
    expect(readLine('garbage', 'here')).toMatch(/damaged/);
    expect(readLine('[]', 'here')).toMatch(/no gesture/);
    expect(readLine(formatLine({ ...line, v: 2 as 1 }), 'here')).toMatch(/newer Regrasp/);
    expect(readLine(text.replace('"success"', '"splendid"'), 'here')).toMatch(/left out.*outcome\/episode/);
  });
});

describe('changes', () => {
  it('are checked against their map', () => {
    expect(checkChange({ map: 'notes', id: 'n', value: { text: 'x', extra: 1 } })).toEqual({
      map: 'notes',
      id: 'n',
      value: { text: 'x' },
    });
    expect(checkChange({ map: 'notes', id: 'n', value: { text: 1 } })).toMatch(/notes\/n/);
    expect(checkChange({ map: 'outcome', id: 'other', value: null })).toMatch(/whole episode/);
    expect(checkChange({ map: 'notes', id: '__proto__', value: null })).toMatch(/cannot be the id/);
  });

  it('that change nothing are dropped, and the last of a record wins', () => {
    const records = new Map([['notes' as const, new Map([['a', { text: 'x', ticks: [1, 2] }]])]]);
    expect(effectiveChanges(records, [{ map: 'notes', id: 'a', value: { ticks: [1, 2], text: 'x' } }])).toEqual([]);
    expect(effectiveChanges(records, [{ map: 'notes', id: 'b', value: null }])).toEqual([]);
    expect(
      effectiveChanges(records, [
        { map: 'notes', id: 'a', value: { text: 'y' } },
        { map: 'notes', id: 'a', value: { text: 'z' } },
      ]),
    ).toEqual([{ map: 'notes', id: 'a', value: { text: 'z' } }]);
  });

  it('compare by value', () => {
    expect(sameValue({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameValue([1], { 0: 1 })).toBe(false);
    expect(sameValue({ a: { b: [1, 2] } }, { a: { b: [1, 3] } })).toBe(false);
  });
});
