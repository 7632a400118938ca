import { describe, expect, it } from 'vitest';
import { lonelyRecovery } from './lonely.ts';
import { applyChanges, EMPTY_RECORDS } from './records.ts';
import type { Change } from './review.ts';

const failure = (id: string, value: object | null = { event: 1 }): Change => ({ map: 'failures', id, value });
const recovery = (id: string, of: string | null): Change => ({
  ...{ map: 'recoveries', id },
  value: of === null ? null : { failure: of, ticks: [1, 2] },
});

describe('a recovery', () => {
  const records = applyChanges(EMPTY_RECORDS, [failure('f'), recovery('r', 'f')]);

  it('is refused without its failure, be it marked, linked or left behind', () => {
    expect(lonelyRecovery(EMPTY_RECORDS, [recovery('r', 'f')])).toMatch(/belongs to a failure/);
    expect(lonelyRecovery(records, [recovery('r', 'g')])).toMatch(/belongs to a failure/);
    expect(lonelyRecovery(records, [recovery('s', 'constructor')])).toMatch(/belongs to a failure/);
    expect(lonelyRecovery(records, [failure('f', null)])).toMatch(/delete that with it/);
  });

  it('comes and goes with it in one step, in any order', () => {
    expect(lonelyRecovery(EMPTY_RECORDS, [recovery('r', 'f'), failure('f')])).toBeNull();
    expect(lonelyRecovery(records, [failure('f', null), recovery('r', null)])).toBeNull();
    expect(lonelyRecovery(records, [failure('f', null), failure('g'), recovery('r', 'g')])).toBeNull();
  });

  it('that stands alone already can be moved, linked and deleted', () => {
    const alone = applyChanges(EMPTY_RECORDS, [recovery('r', 'gone'), failure('f')]);
    for (const change of [recovery('r', 'gone'), recovery('r', 'f'), recovery('r', null), failure('f', null)])
      expect(lonelyRecovery(alone, [change])).toBeNull();
  });
});
