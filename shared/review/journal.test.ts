import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockClaimedBy, formatLine, isPlainlyALine, readLine } from './journal.ts';
import { checkChange, effectiveChanges, sameValue } from './records.ts';
import { type GestureLine, gestureLineSchema, JOURNAL_VERSION } from './review.ts';

const toText = (value: unknown) => JSON.stringify(value);
const line: GestureLine = {
  v: JOURNAL_VERSION,
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
    const patch = [{ map: 'outcome' as const, id: 'episode', value }];
    const old = JSON.stringify({ ...line, v: 1, patch, inverse: patch });
    expect(readLine(old, 'here')).toMatchObject({
      v: JOURNAL_VERSION,
      inverse: [{ value: { value: 'failure' } }],
      patch: [{ map: 'outcome', id: 'episode', value: { value: 'failure', reason: 'by hand' } }],
    });
  });

  it('says what is wrong with a line that cannot be read, and where', () => {
    const text = formatLine(line);
    expect(readLine(text.slice(0, 60), 'a.jsonl, line 3')).toMatch(/^a\.jsonl, line 3 was cut off/);
    expect(readLine('garbage', 'here')).toMatch(/damaged/);
    expect(readLine('[]', 'here')).toMatch(/no gesture/);
    expect(readLine(JSON.stringify({ ...line, v: JOURNAL_VERSION + 1 }), 'here')).toMatch(/newer Regrasp/);
    for (const v of [0, -1, 0.5, '1', null, undefined])
      expect(readLine(JSON.stringify({ ...line, v }), 'here')).toMatch(/no gesture/);
    expect(readLine(JSON.stringify({ ...line, at: 'yesterday' }), 'here')).toMatch(/at: no time/);
    expect(readLine(JSON.stringify({ ...line, clock: 2 ** 52 }), 'here')).toMatch(/clock/);
    expect(readLine(text.replace('"success"', '"splendid"'), 'here')).toMatch(/left out.*outcome\/episode/);
  });
});

describe('any text', () => {
  it('is a gesture, a sentence that names the place, or nothing; it never throws', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ v: fc.constantFrom(0, 1, 2, 3), patch: fc.jsonValue(), inverse: fc.jsonValue() }).map(toText),
      fc
        .record({ map: fc.constantFrom('outcome', 'failures', 'x'), id: fc.jsonValue(), value: fc.jsonValue() })
        .map((change) => toText({ ...line, v: 1, patch: [change, null], inverse: [change] })),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const read = readLine(text, 'a.jsonl, line 3');
        if (typeof read === 'string') expect(read).toMatch(/^a\.jsonl, line 3 /);
        else if (read) expect(read.v).toBe(JOURNAL_VERSION);
        expect(clockClaimedBy(text)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('that is plainly a line is one for the schema too, as it stands', () => {
    const odd = fc.constantFrom(undefined, null, '', 'x', 0, -1, 1, 2.5, 1e300, [], {}, 'yesterday', 'x'.repeat(300));
    const change = fc.record(
      { map: fc.constantFrom('notes', 'hopes', 7), id: fc.oneof(fc.string(), odd), value: fc.jsonValue(), more: odd },
      { requiredKeys: ['map', 'id'] },
    );
    const fields = ['id', 'at', 'clock', 'annotator', 'install', 'kind', 'name', 'target', 'group', 'taxonomy', 'more'];
    const mutation = fc.oneof(
      fc.record({ field: fc.constantFrom(...fields, 'recording', 'patch', 'inverse', 'v'), value: odd }),
      fc.record({ field: fc.constantFrom('patch', 'inverse'), value: fc.array(change, { maxLength: 2 }) }),
      fc.record({
        field: fc.constant('at'),
        value: fc.constantFrom('2026-02-31T00:00:00.000Z', '2026-05-11', line.at),
      }),
    );
    let plain = 0;
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 2 }), (all) => {
        const value = { ...line, ...Object.fromEntries(all.map(({ field, value }) => [field, value])) };
        const asRead = JSON.parse(JSON.stringify(value));
        if (!isPlainlyALine(asRead)) return;
        plain += 1;
        expect(gestureLineSchema.parse(asRead)).toEqual(asRead);
      }),
      { numRuns: 600 },
    );
    expect(plain).toBeGreaterThan(10);
    expect(isPlainlyALine(line)).toBe(true);
  });

  it('of a newer version still has its place before what is said now', () => {
    expect(clockClaimedBy(JSON.stringify({ v: 99, clock: 41, shape: 'unknown' }))).toBe(41);
    expect([clockClaimedBy('{"clock":'), clockClaimedBy('{"clock":1e300}'), clockClaimedBy('null')]).toEqual([0, 0, 0]);
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
