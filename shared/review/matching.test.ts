import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingId } from '../detect/findings.ts';
import type { Finding, Verdict } from './finding.ts';
import { isReplaced, matchVerdicts } from './matching.ts';

function finding(first: number, last: number, more: Partial<Finding> = {}): Finding {
  const of = more.side ?? 'left';
  const base = { detector: 'pose-freeze', class: 'ot_loss', side: of, streams: [], tracks: [], series: [] };
  const rest = { startNs: 0, endNs: 0, signals: {}, thresholds: {}, margin: 0, severity: 0.5, text: '' };
  const id = findingId(more.detector ?? 'pose-freeze', of, [first, last]);
  return { id, ...base, ticks: [first, last], ...rest, ...more };
}

function verdictOn(event: Finding, value: 'keep' | 'cut' = 'cut'): Record<string, Verdict> {
  const { detector, class: of, side, ticks } = event;
  return { [event.id]: { value, of: { detector, class: of, side, ticks } } };
}

describe('verdicts of events that were detected anew', () => {
  it('hold for the same event', () => {
    const event = finding(100, 140);
    expect(matchVerdicts(verdictOn(event), [event, finding(300, 320)])).toEqual({
      ...{ exact: [{ verdict: event.id, finding: event.id }], moved: [], unmatched: [] },
    });
  });

  it('go with an event that moved, and say from where', () => {
    const [before, after] = [finding(100, 139), finding(120, 159)];
    const { exact, moved, unmatched } = matchVerdicts(verdictOn(before), [after, finding(160, 200)]);
    expect([exact, unmatched]).toEqual([[], []]);
    expect(moved).toEqual([
      { verdict: before.id, finding: after.id, from: expect.objectContaining({ ticks: [100, 139] }), overlap: 20 / 60 },
    ]);
  });

  it('say so when the event is taken for something else now', () => {
    const before = finding(100, 139);
    const after = { ...before, class: 'real_still' };
    const { moved } = matchVerdicts(verdictOn(before), [after]);
    expect(moved).toMatchObject([{ finding: after.id, from: { class: 'ot_loss' }, overlap: 1 }]);
  });

  it('are listed where the event is gone: another side, detector or place is another event', () => {
    const before = finding(100, 139);
    const others = [
      finding(100, 139, { side: 'right' }),
      finding(140, 150),
      finding(100, 139, { detector: 'pose-teleport' }),
    ];
    expect(matchVerdicts(verdictOn(before), others)).toEqual({
      ...{ exact: [], moved: [], unmatched: [{ verdict: before.id, reason: 'gone' }] },
    });
  });

  it('go with each part of an event that fell apart', () => {
    const before = finding(100, 139);
    const { moved } = matchVerdicts(verdictOn(before), [finding(100, 110), finding(120, 145)]);
    expect(moved.map(({ finding: id }) => id)).toEqual(['pose-freeze:left:100-110', 'pose-freeze:left:120-145']);
  });

  it('must agree where events grew together', () => {
    const [a, b] = [finding(100, 110), finding(120, 145)];
    const whole = [finding(100, 145)];
    expect(matchVerdicts({ ...verdictOn(a), ...verdictOn(b) }, whole).moved).toHaveLength(2);
    expect(matchVerdicts({ ...verdictOn(a), ...verdictOn(b, 'keep') }, whole)).toEqual({
      exact: [],
      moved: [],
      unmatched: [a, b].map(({ id }) => ({ verdict: id, reason: 'conflict' })),
    });
  });

  it('never take an event from a verdict of its own', () => {
    const [gone, here] = [finding(100, 110), finding(105, 130)];
    const match = matchVerdicts({ ...verdictOn(gone, 'keep'), ...verdictOn(here) }, [here]);
    expect(match.exact).toEqual([{ verdict: here.id, finding: here.id }]);
    expect(match.unmatched).toEqual([{ verdict: gone.id, reason: 'gone' }]);
  });

  it('hold for events that a person made, for as long as they are there', () => {
    const of = { detector: 'hand', class: 'ot_loss', side: null, ticks: [3, 9] as [number, number] };
    const hand = { h1: { class: 'ot_loss', side: null, streams: [], ticks: of.ticks, replaces: [], text: '' } };
    expect(matchVerdicts({ h1: { value: 'cut', of } }, [], hand).exact).toHaveLength(1);
    expect(matchVerdicts({ h1: { value: 'cut', of } }, []).unmatched).toEqual([{ verdict: 'h1', reason: 'gone' }]);
  });

  const events = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 9 })), {
      selector: ([first]) => first,
      maxLength: 12,
    })
    .map((spans) => spans.map(([first, more]) => finding(first, first + more)));
  const values = fc.infiniteStream(fc.constantFrom('keep' as const, 'cut' as const));

  it('are each listed once or more, never dropped, and no event has two that differ', () => {
    fc.assert(
      fc.property(events, events, values, (before, after, value) => {
        const verdicts = Object.assign({}, ...before.map((event) => verdictOn(event, value.next().value)));
        const { exact, moved, unmatched } = matchVerdicts(verdicts, after);
        const listed = [...exact, ...moved, ...unmatched].map(({ verdict }) => verdict);
        expect([...new Set(listed)].sort()).toEqual(Object.keys(verdicts).sort());
        expect(unmatched.every(({ verdict }) => listed.filter((id) => id === verdict).length === 1)).toBe(true);
        const said = new Map<string, string>();
        for (const { verdict, finding: id } of [...exact, ...moved]) {
          const now = (verdicts as Record<string, Verdict>)[verdict]!.value;
          expect(said.get(id) ?? now).toBe(now);
          said.set(id, now);
        }
        for (const { overlap } of moved) expect(overlap > 0 && overlap <= 1).toBe(true);
      }),
    );
  });

  it('are all exact when nothing changed, in whatever order', () => {
    fc.assert(
      fc.property(events, values, (all, value) => {
        const verdicts = Object.assign({}, ...all.map((event) => verdictOn(event, value.next().value)));
        const match = matchVerdicts(verdicts, [...all].reverse());
        expect(match.exact).toHaveLength(all.length);
        expect([match.moved, match.unmatched]).toEqual([[], []]);
      }),
    );
  });
});

describe('events that a person made', () => {
  const hand = (replaces: string[]) => ({
    h: {
      class: 'ot_loss',
      side: 'left' as const,
      streams: [],
      ticks: [90, 150] as [number, number],
      replaces,
      text: '',
    },
  });
  it('stand for what they replace, also when that has moved since', () => {
    expect(isReplaced(finding(100, 140), hand(['pose-freeze:left:100-140']))).toBe(true);
    expect(isReplaced(finding(100, 140), hand(['pose-freeze:left:130-160']))).toBe(true);
    expect(isReplaced(finding(100, 140), hand(['pose-freeze:left:141-160']))).toBe(false);
    // That one is there still: it has not moved here.
    const detected = new Set(['pose-freeze:left:130-160']);
    expect(isReplaced(finding(100, 140), hand(['pose-freeze:left:130-160']), detected)).toBe(false);
    expect(isReplaced(finding(130, 160), hand(['pose-freeze:left:130-160']), detected)).toBe(true);
    expect(isReplaced(finding(100, 140), hand(['pose-freeze:right:100-140', 'intensity-spike:left:100-140']))).toBe(
      false,
    );
  });
});
