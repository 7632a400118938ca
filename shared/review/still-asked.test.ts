import { describe, expect, it } from 'vitest';
import type { Failure } from './markers.ts';
import type { Outcome } from './review.ts';
import { stillAsked } from './still-asked.ts';

const failure = (said: Partial<Failure> = {}): Failure => ({
  ...{ event: 5, window: [0, 9], code: null, severity: null, resetability: null, whatHappened: '', handOff: null },
  ...said,
});
const asked = (value: Outcome['value'], said: Partial<Parameters<typeof stillAsked>[0]> = {}) =>
  stillAsked({ outcome: { value }, description: null, failures: {}, ...said }).map(({ what }) => what);

describe('stillAsked', () => {
  it('asks nothing of a success, and nothing before there is an outcome', () => {
    expect(asked('success')).toEqual([]);
    expect(stillAsked({ outcome: null, description: null, failures: {} })).toEqual([]);
  });

  it('asks each outcome for what makes it complete', () => {
    expect(asked('not_scored')).toEqual(['why it is not scored']);
    expect(asked('not_scored', { outcome: { value: 'not_scored', reason: 'The camera fell.' } })).toEqual([]);
    expect(asked('success_suboptimal')).toEqual(['what happened, in words']);
    expect(asked('success_suboptimal', { failures: { a: failure() } })).toEqual(['what happened, in words']);
    expect(asked('success_side_effect')).toEqual(['what happened, in words', 'where the side effect is']);
    expect(asked('failure', { description: { text: ' ' } })).toEqual(['what happened, in words', 'where it fails']);
  });

  it('names the failure that lacks something where there are several, in their order of time', () => {
    const failures = {
      later: failure({ event: 9, code: 'GRASP_SLIP' }),
      first: failure({ severity: 'low' }),
    };
    const missing = stillAsked({ outcome: { value: 'failure' }, description: { text: 'It fell.' }, failures });
    expect(missing).toEqual([
      { where: 'failure', what: 'the code of failure 1', failure: 'first' },
      { where: 'failure', what: 'the severity of failure 2', failure: 'later' },
    ]);
    const done = { a: failure({ code: 'GRASP_SLIP', severity: 'low' }) };
    expect(asked('failure', { description: { text: 'It fell.' }, failures: done })).toEqual([]);
  });
});
