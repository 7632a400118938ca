import { describe, expect, it } from 'vitest';
import type { RecordingOutputs } from '../../shared/api/outputs.ts';
import { CARD_PX, filterCards, findingsText, layOut, moveInGrid, outcomeOf } from './grid.ts';

describe('the grid', () => {
  it.each([200, 620, 640, 1050, 1670, 3000])('fills %i pixels with cards that are wide enough', (widthPx) => {
    const { columns, cardWidthPx, rowHeightPx } = layOut(widthPx);
    const used = columns * cardWidthPx + (columns + 1) * CARD_PX.gap;
    expect(used).toBeLessThanOrEqual(widthPx);
    expect(used).toBeGreaterThan(widthPx - columns - 1);
    if (columns > 1) expect(cardWidthPx).toBeGreaterThanOrEqual(CARD_PX.least);
    expect(rowHeightPx).toBeGreaterThan(cardWidthPx * 0.375);
  });

  it('is moved over by keys, and ends at its ends', () => {
    const to = (key: string, at: number) => moveInGrid(key, at, 8, 3, 2);
    expect([to('ArrowRight', 2), to('ArrowLeft', 0), to('ArrowRight', 7)]).toEqual([3, 0, 7]);
    expect([to('ArrowDown', 1), to('ArrowUp', 4), to('ArrowUp', 1)]).toEqual([4, 1, 1]);
    // Below it is no card: the last row is gone to all the same, and stayed in.
    expect([to('ArrowDown', 5), to('ArrowDown', 7)]).toEqual([7, 7]);
    expect([to('PageDown', 1), to('PageUp', 7), to('Home', 5), to('End', 0)]).toEqual([7, 1, 0, 7]);
    expect(to('Enter', 3)).toBeUndefined();
    expect(moveInGrid('End', 0, 0, 3, 2)).toBeUndefined();
  });
});

const card = (episode: string, undecided: number | null, flags: string[] = []) =>
  ({
    ...{ episode, outcome: 'failure' },
    findings: undecided === null ? null : { total: 4, undecided },
    review: {
      own: {
        annotator: 'ada',
        outcome: null,
        flags: Object.fromEntries(flags.map((kind, at) => [at, { kind, ticks: [0, 0] }])),
      },
      others: [],
    },
  }) as unknown as RecordingOutputs;

describe('what is to be looked at', () => {
  const all = [card('a', 2), card('b', 0, ['occlusion']), card('c', null, ['active_side']), card('d', 1, ['exposure'])];
  const of = (undecided: boolean, flagged: boolean) =>
    filterCards(all, { found: false, undecided, flagged }).map((each) => each.episode);

  it('is undecided, flagged, or both; a side that somebody confirmed is no flag', () => {
    expect(of(false, false)).toEqual(['a', 'b', 'c', 'd']);
    expect(of(true, false)).toEqual(['a', 'd']);
    expect(of(false, true)).toEqual(['b', 'd']);
    expect(of(true, true)).toEqual(['d']);
    const found = filterCards(all, { found: true, undecided: false, flagged: false });
    expect(found.map((each) => each.episode)).toEqual(['a', 'b', 'd']);
  });

  it('is said in words', () => {
    expect(all.map(findingsText)).toEqual([
      '4 findings, 2 undecided',
      '4 findings, all decided',
      'not looked for findings',
      '4 findings, 1 undecided',
    ]);
    // Which recording it is, and so what was found in it, is known once somebody opened it on this install.
    expect(findingsText({ findings: null, review: null })).toBe('findings told once it is opened here');
    expect(outcomeOf(card('a', 0))).toBe('failure');
    const said = card('a', 0);
    (said.review as { own: { outcome: unknown } }).own.outcome = { value: 'success' };
    expect(outcomeOf(said)).toBe('success');
  });
});
