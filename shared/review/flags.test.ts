import { describe, expect, it } from 'vitest';
import type { Flag } from './finding.ts';
import { confirmedSides, flagsOf, isFlagged } from './flags.ts';

const flag = (kind: Flag['kind'], at: number, side?: Flag['side']): Flag => ({
  ...{ kind, ticks: [at, at + 2] },
  ...(side ? { side } : {}),
});

describe('flags', () => {
  it('are everybody’s, in order, with whose they are', () => {
    const own = { annotator: 'ada', flags: { b: flag('occlusion', 9), a: flag('exposure', 3) } };
    const others = [{ annotator: 'ben', flags: { b: flag('ot_dropout', 3) } }];
    expect(flagsOf({ own, others }).map(({ id, annotator, isOwn }) => [id, annotator, isOwn])).toEqual([
      ['b', 'ben', false],
      ['a', 'ada', true],
      ['b', 'ada', true],
    ]);
  });

  it('confirm sides together, and a side is nothing wrong', () => {
    expect([...confirmedSides([flag('active_side', 0, 'left'), flag('occlusion', 0)])]).toEqual(['left']);
    expect([...confirmedSides([flag('active_side', 0, 'both')])].sort()).toEqual(['left', 'right']);
    const own = { flags: { a: flag('active_side', 0, 'both') } };
    expect(isFlagged({ own, others: [] } as never)).toBe(false);
    expect(isFlagged({ own, others: [{ flags: { a: flag('exposure', 1) } }] } as never)).toBe(true);
  });
});
