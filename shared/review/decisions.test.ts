import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionsOf } from './decisions.ts';
import type { Finding, Verdict } from './finding.ts';
import { emptyHistory, layerOf } from './fold.ts';
import type { Layer } from './review.ts';

const finding: Finding = {
  ...{ id: 'pose-freeze:left:10-20', detector: 'pose-freeze', class: 'ot_loss', side: 'left', ticks: [10, 20] },
  ...{ streams: [], tracks: [], series: [], startNs: 0, endNs: 1, signals: {}, thresholds: {} },
  ...{ margin: 0, severity: 0.5, text: '' },
};
const of = { detector: 'pose-freeze', class: 'ot_loss', side: 'left' as const, ticks: [10, 20] as [number, number] };
const layer = (annotator: string, verdicts: Record<string, Verdict>, at = '2026-01-01T00:00:00.000Z'): Layer => ({
  ...layerOf(emptyHistory(annotator)),
  ...{ verdicts, lastAt: at },
  said: Object.fromEntries(Object.keys(verdicts).map((id) => [`verdicts/${id}`, { at, firstAt: at }])),
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
    const ada = { ...layer('ada', { mine: { value: 'cut', of } }), findings: { mine: event, other: { ...event } } };
    const { hand, ofFinding, unmatched } = decisionsOf({ own: ada, others: [] }, []);
    expect(hand.map(({ id, decisions }) => [id, decisions[0]?.verdict.value])).toEqual([
      ['mine', 'cut'],
      ['other', undefined],
    ]);
    expect([ofFinding.size, unmatched.length]).toEqual([0, 0]);
  });

  it('is also what one said of an event that another person made, until that is gone', () => {
    const event = {
      class: 'ot_loss',
      side: null,
      streams: [],
      ticks: [1, 2] as [number, number],
      replaces: [],
      text: '',
    };
    const on = { ...of, ticks: event.ticks };
    const ada = { ...layer('ada', { made: { value: 'cut', of: on } }), findings: { made: event } };
    const bob = layer('bob', { made: { value: 'keep', of: on } }, '2026-01-02T00:00:00.000Z');
    const { hand, unmatched } = decisionsOf({ own: ada, others: [bob] }, []);
    expect(hand.map(({ annotator, decisions }) => [annotator, decisions.map(({ verdict }) => verdict.value)])).toEqual([
      ['ada', ['keep', 'cut']],
    ]);
    expect(unmatched).toEqual([]);
    const moved = { ...ada, findings: { made: { ...event, ticks: [40, 60] as [number, number] } } };
    const { decisions = [] } = decisionsOf({ own: moved, others: [bob] }, []).hand[0] ?? {};
    expect(decisions.map(({ movedFrom }) => movedFrom?.ticks)).toEqual([event.ticks, event.ticks]);
    expect(decisionsOf({ own: { ...ada, findings: {} }, others: [bob] }, []).unmatched).toMatchObject([
      { id: 'made', annotator: 'ada', reason: 'gone' },
      { id: 'made', annotator: 'bob', reason: 'gone' },
    ]);
  });

  const ticks = fc.tuple(fc.nat(40), fc.nat(9)).map(([first, more]): [number, number] => [first, first + more]);
  const id = fc.oneof(
    ticks.map((range) => `pose-freeze:left:${range.join('-')}`),
    fc.constantFrom('h1', 'h2', 'h3'),
  );
  const people = fc.array(
    fc.record({
      verdicts: fc.dictionary(
        id,
        fc.record({
          value: fc.constantFrom('keep' as const, 'cut' as const),
          of: ticks.map((range) => ({ ...of, ticks: range })),
        }),
        { maxKeys: 8 },
      ),
      findings: fc.dictionary(
        fc.constantFrom('h1', 'h2', 'h3'),
        ticks.map((range) => ({ class: 'ot_loss', side: null, streams: [], ticks: range, replaces: [], text: '' })),
        { maxKeys: 3 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );

  it('is never dropped: all that anybody said stands with an event or is listed', () => {
    fc.assert(
      fc.property(people, fc.uniqueArray(ticks, { selector: String, maxLength: 8 }), (said, found) => {
        const findings = found.map((range) => ({
          ...{ ...finding, id: `pose-freeze:left:${range.join('-')}`, ticks: range },
        }));
        const [own, ...others] = said.map((one, index) => ({ ...layer(`person ${index}`, one.verdicts), ...one }));
        const { ofFinding, hand, unmatched } = decisionsOf({ own: own as Layer, others }, findings);
        const told = [...[...ofFinding.values()].flat(), ...hand.flatMap(({ decisions }) => decisions), ...unmatched];
        const kept = new Set(told.map((decision) => `${decision.annotator} ${decision.id}`));
        for (const [index, { verdicts }] of said.entries())
          for (const each of Object.keys(verdicts)) expect(kept).toContain(`person ${index} ${each}`);
        const events = [...ofFinding.keys(), ...hand.map((event) => event.id)];
        expect(new Set(events).size).toBe(events.length);
        expect(new Set(hand.map((event) => event.id))).toEqual(
          new Set(said.flatMap((one) => Object.keys(one.findings))),
        );
      }),
    );
  });
});
