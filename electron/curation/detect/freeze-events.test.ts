import { describe, expect, it } from 'vitest';
import type { Detection } from '../../../shared/detect/detect.ts';
import type { EpisodeSignals } from '../../../shared/detect/signals.ts';
import { decisionsOf } from '../../../shared/review/decisions.ts';
import type { Finding, HandFinding, Verdict } from '../../../shared/review/finding.ts';
import { emptyHistory, layerOf } from '../../../shared/review/fold.ts';
import type { Layer } from '../../../shared/review/review.ts';
import { eventsOf } from './freeze-events.ts';

const TICKS = 200;
const signals = {
  timesNs: Float64Array.from({ length: TICKS }, (_, tick) => tick * 4e7),
  ticks: TICKS,
} as EpisodeSignals;
const freeze = (first: number, last: number): Finding => ({
  ...{ id: `pose-freeze:left:${first}-${last}`, detector: 'pose-freeze', class: 'ot_loss', side: 'left' },
  ...{ streams: [], tracks: ['sensor_left'], series: [], ticks: [first, last], startNs: 0, endNs: 0 },
  ...{ signals: { opt_gap_s: 0.5, length_s: 1 }, thresholds: {}, margin: 1, severity: 0.5, text: 'It stands still.' },
});
const AT = '2026-07-02T10:00:00.000Z';

function published(findings: Finding[], verdicts: Record<string, Verdict>, made: Record<string, HandFinding> = {}) {
  const own: Layer = {
    ...layerOf(emptyHistory('ada')),
    ...{ lastAt: AT, verdicts, findings: made },
    said: Object.fromEntries(Object.keys(verdicts).map((id) => [`verdicts/${id}`, { at: AT, firstAt: AT }])),
  };
  const detection = { findings, trim: { first: 30, last: TICKS - 1, reason: '' } } as unknown as Detection;
  return eventsOf(detection, signals, decisionsOf({ own, others: [] }, findings), {
    ...{ episode: '2026-07-02/episode_000', task: 'task' },
  });
}
const on = (ticks: [number, number], detector = 'hand'): Verdict['of'] => ({
  ...{ detector, class: 'ot_loss', side: 'left', ticks },
});
const hand = (ticks: [number, number], replaces: string[], of = 'ot_loss'): HandFinding => ({
  ...{ class: of, side: 'left', streams: [], ticks, replaces, text: 'by hand' },
});

describe('what people decided, as it is published', () => {
  it('carries verdict, reviewer, time and note of an event with other ends, and of what it stands for', () => {
    const found = freeze(50, 80);
    const { events } = published(
      [found],
      {
        [found.id]: { value: 'merge', mergedInto: 'h', of: on([50, 80], 'pose-freeze'), note: 'late' },
        h: { value: 'cut', of: on([55, 80]), note: 'late' },
      },
      { h: hand([55, 80], [found.id]) },
    );
    expect(events).toMatchObject([
      {
        ...{ id: found.id, source: 'detected', manual_verdict: 'merge', merged_into: 'h', replaced_by: ['h'] },
        ...{ reviewer: 'ada', reviewed_at: AT, note: 'late', opt_gap_s: 0.5 },
      },
      {
        ...{ id: 'h', source: 'hand', manual_verdict: 'cut', merged_into: null, reviewer: 'ada', reviewed_at: AT },
        ...{ note: 'late', _h5_a: 55, _h5_b: 80, a: 25, b: 50, replaces: [found.id], verdict: 'ot_loss' },
      },
    ]);
    expect(events[1]).not.toHaveProperty('decided_on');
  });

  it('carries both parts of a split, and says of what was detected that both stand for it', () => {
    const found = freeze(50, 80);
    const { events } = published(
      [found, freeze(100, 120)],
      {
        [found.id]: { value: 'merge', mergedInto: 'a', of: on([50, 80], 'pose-freeze') },
        a: { value: 'keep', of: on([50, 59]) },
        b: { value: 'cut', of: on([60, 80]) },
      },
      { a: hand([50, 59], [found.id]), b: hand([60, 80], [found.id]) },
    );
    expect(events.map(({ id, manual_verdict, replaced_by }) => [id, manual_verdict, replaced_by])).toEqual([
      [found.id, 'merge', ['a', 'b']],
      ['pose-freeze:left:100-120', null, undefined],
      ['a', 'keep', undefined],
      ['b', 'cut', undefined],
    ]);
  });

  it('carries events that were added by hand, of any class, decided or not', () => {
    const { events, otherEvents } = published(
      [],
      { lost: { value: 'cut', of: on([40, 44]), note: 'seen on video' } },
      { lost: hand([40, 44], []), open: hand([60, 61], [], 'real_still'), jump: hand([70, 71], [], 'jump') },
    );
    expect(events).toMatchObject([
      { id: 'lost', source: 'hand', manual_verdict: 'cut', note: 'seen on video', reviewed_at: AT, text: 'by hand' },
      { id: 'open', verdict: 'real_still', manual_verdict: null, reviewer: 'ada', reviewed_at: null },
    ]);
    expect(otherEvents).toMatchObject([{ id: 'jump', verdict: 'jump', source: 'hand', manual_verdict: null }]);
  });

  it('says where an event of somebody’s was when it was decided on, if it was moved since', () => {
    const { events } = published([], { h: { value: 'keep', of: on([40, 44]) } }, { h: hand([40, 60], []) });
    expect(events[0]).toMatchObject({ manual_verdict: 'keep', decided_on: { _h5_a: 40, _h5_b: 44 } });
  });
});
