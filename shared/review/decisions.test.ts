import { describe, expect, it } from 'vitest';
import { decisionsOf } from './decisions.ts';
import type { Finding, Verdict } from './finding.ts';
import type { Layer } from './review.ts';

const finding: Finding = {
  ...{ id: 'pose-freeze:left:10-20', detector: 'pose-freeze', class: 'ot_loss', side: 'left', ticks: [10, 20] },
  ...{ streams: [], tracks: [], series: [], startNs: 0, endNs: 1, signals: {}, thresholds: {} },
  ...{ margin: 0, severity: 0.5, text: '' },
};
const of = { detector: 'pose-freeze', class: 'ot_loss', side: 'left' as const, ticks: [10, 20] as [number, number] };
const layer = (annotator: string, verdicts: Record<string, Verdict>, at = '2026-01-01T00:00:00.000Z'): Layer => ({
  ...{ annotator, outcome: null, notes: {}, findings: {}, flags: {}, verdicts, lastAt: at },
  decidedAt: Object.fromEntries(Object.keys(verdicts).map((id) => [id, at])),
});

describe('what people decided of a recording', () => {
  it('is told of everybody, the latest first', () => {
    const ada = layer('ada', { [finding.id]: { value: 'cut', of } }, '2026-01-02T00:00:00.000Z');
    const bob = layer('bob', { [finding.id]: { value: 'keep', of } }, '2026-01-01T00:00:00.000Z');
    for (const review of [
      { own: ada, others: [bob] },
      { own: bob, others: [ada] },
    ]) {
      const given = decisionsOf(review, [finding]).ofFinding.get(finding.id);
      expect(given?.map(({ annotator, verdict }) => [annotator, verdict.value])).toEqual([
        ['ada', 'cut'],
        ['bob', 'keep'],
      ]);
    }
  });

  it('says where an event was, and whose verdict has none any more', () => {
    const was = { ...of, ticks: [15, 30] as [number, number] };
    const gone = { ...of, ticks: [90, 99] as [number, number] };
    const ada = layer('ada', {
      'pose-freeze:left:15-30': { value: 'cut', of: was },
      'pose-freeze:left:90-99': { value: 'keep', of: gone, note: 'rest' },
    });
    const { ofFinding, unmatched } = decisionsOf({ own: ada, others: [] }, [finding]);
    expect(ofFinding.get(finding.id)?.[0]?.movedFrom).toEqual(was);
    expect(unmatched).toMatchObject([
      { id: 'pose-freeze:left:90-99', annotator: 'ada', reason: 'gone', verdict: { note: 'rest' } },
    ]);
  });

  it('keeps events that people made apart, each with the verdict of its own', () => {
    const event = {
      class: 'ot_loss',
      side: null,
      streams: [],
      ticks: [1, 2] as [number, number],
      replaces: [],
      text: '',
    };
    const ada = { ...layer('ada', { mine: { value: 'cut', of } }), findings: { mine: event, other: event } };
    const { hand, ofFinding, unmatched } = decisionsOf({ own: ada, others: [] }, []);
    expect(hand.map(({ id, decision }) => [id, decision?.verdict.value])).toEqual([
      ['mine', 'cut'],
      ['other', undefined],
    ]);
    expect([ofFinding.size, unmatched.length]).toEqual([0, 0]);
  });
});
