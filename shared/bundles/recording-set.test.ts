import { describe, expect, it } from 'vitest';
import { camera, candidate, failure, PERIOD, recipe, taxonomy } from '../../test/support/export-plans.ts';
import { blankEpisode, type Episode, type Stream } from '../episode/episode.ts';
import { featuresOf, firstDifference } from './compatible.ts';
import { estimateBytes } from './estimate.ts';
import { planOf } from './plan.ts';

describe('recordings of one set', () => {
  it('agree, or differ in something that is named', () => {
    const features = (...entries: [string, string][]) => new Map(entries);
    const a = { path: 'a', features: features(['stream cam0', 'color, 640×480, 3 channels'], ['rate', '30']) };
    expect(
      firstDifference(a, {
        path: 'b',
        features: features(['stream cam0', 'color, 640×480, 3 channels'], ['rate', '30.1']),
      }),
    ).toBeNull();
    expect(
      firstDifference(a, {
        path: 'b',
        features: features(['stream cam0', 'color, 640×480, 3 channels'], ['rate', '15']),
      }),
    ).toContain('30.00 Hz and b at 15.00 Hz');
    expect(firstDifference(a, { path: 'b', features: features(['rate', '30']) })).toContain(
      'a has the stream cam0 and b has not',
    );
    expect(
      firstDifference(a, { path: 'b', features: features(['stream cam0', 'color, 320×240, 3 channels']) }),
    ).toContain('640×480');
  });

  it('have every stream the recipe names', () => {
    const { refusals } = planOf([candidate()], recipe({ streams: { ids: ['cam9'] } }), taxonomy);
    expect(refusals.map(({ text }) => text)).toEqual(['a.h5 has no stream cam9, which the recipe asks for.']);
  });

  it('give packets to be copied where they are videos of H.264, as they were recorded', () => {
    const copy = { video: { way: 'copy' } };
    const of = (stream: Stream) =>
      planOf(
        [candidate({}, { holds: { path: 'a.h5', streams: [stream], series: [], tracks: [] } })],
        recipe(copy),
        taxonomy,
      );
    const video = { ...camera, encoding: 'video' as const, video: { codec: 'h264', codecString: null, notes: [] } };
    expect(of(video).refusals).toEqual([]);
    expect(of(camera).refusals[0]?.text).toContain('a.h5: Camera is no video, and only packets of H.264 are copied');
    expect(of({ ...video, video: { ...video.video, codec: 'vp9' } }).refusals[0]?.text).toContain('a video of vp9');
    const refused = { widthAtMostPx: 320 };
    expect(() => recipe({ ...copy, streams: refused })).toThrow(
      /"video\.way" does not fit \(copied packets keep their size/,
    );
    expect(() => recipe({ ...copy, rate: { numerator: 15, denominator: 1 } })).toThrow(
      "the recording's own rate alone",
    );
    expect(() => recipe({ ...copy, targets: ['lerobot-v2.1'] })).toThrow('lerobot-v2.1 has no place');
  });

  it('take no unit with a gap in what is exported, and any with one in what is not', () => {
    const gaps = [{ id: 'cam0', name: 'Camera', ticks: [10, 12] as const }];
    const marked = (streams: Stream[]) =>
      candidate(
        { failures: { f: failure(400) }, outcome: { value: 'failure' } },
        { gaps, holds: { path: 'a.h5', streams, series: [], tracks: [] } },
      );
    const kinds = { units: { kinds: ['rollout', 'failure'] } };
    const { units, refusals } = planOf([marked([camera])], recipe(kinds), taxonomy);
    expect(units.map(({ kind }) => kind)).toEqual(['failure']);
    expect(refusals).toEqual([
      {
        ...{ episode: 'root/a.h5', tick: 10, kind: 'fault' },
        text: 'a.h5: Camera has nothing at ticks 10 to 12: cut them, or leave it out of the recipe (within a rollout).',
      },
    ]);
    expect(planOf([marked([])], recipe(kinds), taxonomy).units).toHaveLength(2);
    // None of the frames at a tenth of the rate stands in the gap.
    const slow = recipe({ ...kinds, rate: { numerator: 2, denominator: 1 } });
    expect(planOf([marked([camera])], slow, taxonomy).units).toHaveLength(2);
  });

  it('are described by what they would export', () => {
    const clock = { id: 'ticks', name: 'ticks', count: 2, basis: 'recorded' as const, firstNs: 0, lastNs: PERIOD };
    const stream = {
      ...{ id: 'cam0', name: 'cam0', kind: 'color' as const, position: null, shape: [2, 4, 6, 3], width: 6, height: 4 },
      ...{ channels: 3, dtype: 'uint8', encoding: 'pixels' as const, video: null, order: 'rgb' as const, count: 2 },
      ...{
        clock: 'ticks',
        rule: 'latest' as const,
        chunk: null,
        filter: 'none',
        filters: [],
        serial: null,
        fault: null,
      },
    };
    const episode: Episode = {
      ...blankEpisode(),
      ...{
        id: 'r/a',
        root: 'r',
        path: 'a',
        format: 'react',
        name: 'a',
        task: 't',
        date: 'd',
        sizeBytes: 1,
        modifiedMs: 1,
      },
      ...{ masterClock: 'ticks', clocks: [{ ...clock, medianPeriodNs: PERIOD, worstGapNs: PERIOD, ascending: true }] },
      ...{ streams: [stream, { ...stream, id: 'cam1', fault: 'gone' }], suggestedTactileOffset: null },
    };
    const { streams, rate } = recipe();
    expect([...featuresOf(episode, { streams, rate }).keys()]).toEqual(['stream cam0', 'rate']);
    const none = featuresOf(episode, {
      streams: { ...streams, ids: ['other'] },
      rate: { numerator: 15, denominator: 1 },
    });
    expect(none.size).toBe(0);

    const holding = (streams: Episode['streams']) =>
      candidate({}, { holds: { path: 'a.h5', streams, series: [], tracks: [] }, episode: 'root/b.h5', path: 'b.h5' });
    const same = { ...stream, id: 'cam0' };
    const sets = [
      candidate({}, { holds: { path: 'a.h5', streams: [same], series: [], tracks: [] } }),
      holding([{ ...same, width: 9 }]),
    ];
    const refused = planOf(sets, recipe(), taxonomy);
    expect(refused.totals.bytes).toBe(refused.units[0]?.bytes);
    expect(refused.refusals).toMatchObject([{ episode: 'root/b.h5', kind: 'fault' }]);
    expect(refused.refusals[0]?.text).toContain('6×4, 3 channels in a.h5 and color, 9×4, 3 channels in b.h5');
    const skipped = planOf(sets, recipe({ onFault: 'skip' }), taxonomy);
    expect(skipped.units.map(({ path }) => path)).toEqual(['a.h5']);
    expect(skipped.leftOut[0]?.reason).toContain('export them apart');
    // One that nothing is taken of has nothing to agree in.
    expect(planOf(sets, recipe({ episodes: { paths: ['b.h5'] } }), taxonomy).refusals).toEqual([]);

    const large = { path: 'a.h5', streams: [{ ...stream, width: 640, height: 480 }], series: [], tracks: [] };
    const bytes = (more: Record<string, unknown> = {}) => estimateBytes(300, large, recipe(more));
    // 3.0 to 3.5 MB for ten seconds of one camera, as it came out.
    expect(bytes()).toBeGreaterThan(2.5e6);
    expect(bytes()).toBeLessThan(4.5e6);
    const all = { streams: { ids: [] } };
    const gel = { ...camera, id: 'gel', kind: 'tactile' as const, width: 640, height: 480 };
    const color = { ...gel, id: 'color', kind: 'color' as const };
    const ofStreams = (...streams: Stream[]) =>
      estimateBytes(177, { path: 'a.h5', series: [], tracks: [], streams }, recipe(all));
    // As they came out: 1.51 to 2.05 MB of the three cameras, 0.54 MB of a gel.
    expect(Math.abs(ofStreams(color) / 1.8e6 - 1)).toBeLessThan(0.3);
    expect(Math.abs(ofStreams(gel) / 0.54e6 - 1)).toBeLessThan(0.3);
    expect(bytes({ video: { crf: 26 } }) / bytes()).toBeCloseTo(0.5, 1);
    expect(bytes({ streams: { widthAtMostPx: 320 } }) / bytes()).toBeCloseTo(0.26, 1);
    expect(bytes({ targets: ['regrasp', 'lerobot-v3.0'] })).toBe(2 * bytes());
    expect(bytes({ streams: { ids: ['other'] } })).toBe(40_000);
  });
});
