import { expect, it } from 'vitest';
import type { Layer } from '../../shared/review/review.ts';
import { markLines } from './mark-lines.ts';

it('tells each mark of a layer by its sign, failures in time with their recoveries behind them', () => {
  const failure = { severity: null, resetability: null, whatHappened: '', handOff: null };
  const recovery = { controlMode: null, howRecovered: '', outcome: null };
  const layer: Pick<Layer, 'failures' | 'recoveries' | 'taskMarks'> = {
    failures: {
      late: { ...failure, event: 80, window: [70, 90], code: 'MANIP_DROP', whatHappened: 'It fell.' },
      early: { ...failure, event: 20, window: [10, 30], code: null, severity: 'low', resetability: 'minor_reset' },
    },
    recoveries: {
      second: { ...recovery, failure: 'late', ticks: [95, 99] },
      first: { ...recovery, failure: 'late', ticks: [85, 90], controlMode: 'teleoperation', outcome: 'not_recovered' },
      alone: { ...recovery, failure: 'gone', ticks: [5, 6], howRecovered: 'By itself.' },
    },
    taskMarks: { t: { label: 'lift', ticks: [1, 2] } },
  };
  expect(markLines(layer).map(({ sign, said, words, tick }) => [sign, said, words, tick])).toEqual([
    ['F1', 'no code, low, minor reset', '', 20],
    ['F2', 'MANIP_DROP', 'It fell.', 80],
    ['R2', 'not recovered, by teleoperation', '', 85],
    ['R2.2', '', '', 95],
    ['R?', '', 'By itself.', 5],
    ['', 'lift', '', 1],
  ]);
});
