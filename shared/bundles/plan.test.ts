import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankEpisode, type Episode, type Stream } from '../episode/episode.ts';
import type { Finding } from '../review/finding.ts';
import { emptyHistory, layerOf } from '../review/fold.ts';
import type { Failure } from '../review/markers.ts';
import type { Layer } from '../review/review.ts';
import { taxonomySchema } from '../review/taxonomy.ts';
import { overlap } from '../time/ranges.ts';
import type { Candidate } from './candidate.ts';
import { featuresOf, firstDifference } from './compatible.ts';
import { estimateBytes } from './estimate.ts';
import { gridOf } from './grid.ts';
import { planOf } from './plan.ts';
import { RECIPE_SCHEMA, type Recipe, readRecipe } from './recipe.ts';
import { partOf } from './split.ts';

const taxonomy = taxonomySchema.parse(
  JSON.parse(readFileSync(new URL('../../resources/taxonomy/v1.json', import.meta.url), 'utf8')),
);
const TICKS = 900;
const PERIOD = 1e9 / 30;
const times = Float64Array.from({ length: TICKS }, (_, tick) => Math.round(tick * PERIOD));

const finding = (first: number, last: number, more: Partial<Finding> = {}): Finding => ({
  ...{ id: `pose-freeze:left:${first}-${last}`, detector: 'pose-freeze', class: 'ot_loss', side: 'left' },
  ...{ streams: [], tracks: [], series: [], ticks: [first, last], startNs: 0, endNs: 0, signals: {}, thresholds: {} },
  ...{ margin: 1, severity: 0.5, text: `Still from ${first} to ${last}.`, ...more },
});
const verdictOn = (one: Finding, value: 'keep' | 'cut') => ({
  [one.id]: { value, of: { detector: one.detector, class: one.class, side: one.side, ticks: one.ticks } },
});
const failure = (event: number, more: Partial<Failure> = {}): Failure => ({
  ...{ event, window: [Math.max(0, event - 240), Math.min(TICKS - 1, event + 156)], code: 'GRASP_SLIP' },
  ...{ severity: 'low', resetability: 'immediate', whatHappened: '', handOff: null, ...more },
});
const layer = (annotator: string, more: Partial<Layer> = {}): Layer => ({
  ...layerOf(emptyHistory(annotator)),
  ...more,
});
const camera: Stream = {
  ...{ id: 'cam0', name: 'Camera', kind: 'color', position: null, shape: [TICKS, 48, 64, 3], width: 64, height: 48 },
  ...{ channels: 3, dtype: 'uint8', encoding: 'pixels', video: null, order: 'rgb', count: TICKS, clock: 'ticks' },
  ...{ rule: 'latest', chunk: null, filter: 'none', filters: [], serial: null, fault: null },
};
const candidate = (own: Partial<Layer> = {}, more: Partial<Candidate> = {}): Candidate => ({
  ...{ episode: 'root/a.h5', path: 'a.h5', task: 'insert', date: '2026-05-11', fingerprint: 'a'.repeat(64), times },
  ...{
    medianPeriodNs: PERIOD,
    review: { own: layer('ana', own), others: [], hidden: 0 },
    findings: [],
    holds: { path: 'a.h5', streams: [], series: [], tracks: [] },
    gaps: [],
    seen: new Map(),
    properties: {},
  },
  ...more,
});
function recipe(more: Record<string, unknown> = {}): Recipe {
  const read = readRecipe(
    { schema: RECIPE_SCHEMA, name: 'all', targets: ['regrasp'], taxonomyVersion: 1, ...more },
    'all.json',
  );
  if (typeof read === 'string') throw new Error(read);
  return read;
}
const everything = { units: { kinds: ['rollout', 'failure', 'recovery', 'segment'], segmentAtLeastSeconds: 0.5 } };

describe('the plan of an export', () => {
  it('takes the recordings that are named alone', () => {
    const both = [candidate(), candidate({}, { episode: 'root/b.h5', path: 'b.h5' })];
    const { units, leftOut } = planOf(both, recipe({ episodes: { paths: ['b.h5'] } }), taxonomy);
    expect(units.map(({ path }) => path)).toEqual(['b.h5']);
    expect(leftOut).toMatchObject([{ path: 'a.h5', reason: 'it is not among those that are named' }]);
  });

  const findings = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: TICKS - 1 }), fc.integer({ min: 0, max: 60 })), {
      maxLength: 8,
      selector: ([first]) => first,
    })
    .map((list) => list.map(([first, length]) => finding(first, Math.min(TICKS - 1, first + length))));

  it('has no unit that overlaps a cut, and segments that are all the rest', () => {
    fc.assert(
      fc.property(findings, fc.array(fc.constantFrom('keep' as const, 'cut' as const, null)), (found, said) => {
        const verdicts = Object.assign({}, ...found.map((one, n) => (said[n] ? verdictOn(one, said[n]) : {})));
        const marked = candidate(
          { verdicts, failures: { f: failure(400) }, outcome: { value: 'failure' } },
          { findings: found },
        );
        const cut = found.filter((_, n) => said[n] !== 'keep').map(({ ticks }) => ticks);
        const { units, leftOut, refusals } = planOf(
          [marked],
          recipe({ ...everything, exclude: { undecided: 'exclude' } }),
          taxonomy,
        );
        expect(refusals).toEqual([]);
        for (const unit of units) expect(cut.some((one) => overlap(one, unit.ticks))).toBe(false);
        const segments = [...units, ...leftOut].flatMap(({ kind, ticks }) =>
          kind === 'segment' && ticks ? [ticks] : [],
        );
        const covered = new Set(cut.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n)));
        expect(segments.reduce((sum, [from, to]) => sum + to - from + 1, 0)).toBe(TICKS - covered.size);
      }),
    );
  });

  it('is refused while a finding is undecided, with the moment to look at', () => {
    const { units, refusals } = planOf([candidate({}, { findings: [finding(30, 40)] })], recipe(), taxonomy);
    expect(units).toEqual([]);
    expect(refusals).toEqual([
      {
        episode: 'root/a.h5',
        tick: 30,
        kind: 'undecided',
        text: 'a.h5: nobody decided on this yet: Still from 30 to 40.',
      },
    ]);
    const include = recipe({ exclude: { undecided: 'include' } });
    expect(planOf([candidate({}, { findings: [finding(30, 40)] })], include, taxonomy).units).toHaveLength(1);
  });

  it('leaves out a class of its own accord, but never against a person who kept it', () => {
    const one = finding(30, 40);
    const byClass = recipe({ exclude: { undecided: 'include', classes: ['ot_loss'] } });
    const { leftOut } = planOf([candidate({}, { findings: [one] })], byClass, taxonomy);
    expect(leftOut).toMatchObject([{ kind: 'rollout', reason: 'ot_loss at tick 30 is left out by its class' }]);
    const kept = candidate({ verdicts: verdictOn(one, 'keep') }, { findings: [one] });
    expect(planOf([kept], byClass, taxonomy).units).toHaveLength(1);
  });

  it('takes no two streams or bodies that a bundle would call the same, and nothing too long for LeRobot', () => {
    const named = (...names: string[]) => names.map((name, at) => ({ ...camera, id: `cam${at}`, name }));
    const text = (of: Candidate, more: Record<string, unknown> = {}) =>
      planOf([of], recipe(more), taxonomy).refusals.map((one) => one.text);
    const twice = candidate(
      {},
      { holds: { path: 'a.h5', streams: named('Arm cam', 'arm/cam'), series: [], tracks: [] } },
    );
    expect(text(twice)).toEqual([
      'a.h5: the streams "Arm cam" and "arm/cam" would both be called arm_cam in a bundle: choose one of them in the recipe.',
    ]);
    expect(text(twice, { streams: { ids: ['cam1'] } })).toEqual([]);
    const long = candidate(
      {},
      { times: Float64Array.from({ length: 31_000 }, (_, tick) => Math.round(tick * PERIOD)) },
    );
    expect(text(long)).toEqual([]);
    expect(text(long, { targets: ['regrasp', 'lerobot-v2.1'] })).toEqual([
      'a.h5: it lasts 1033 s, and beyond 1000 s LeRobot finds no frames in a video: take segments, or the Regrasp bundle alone (a rollout).',
    ]);
    const { units, leftOut } = planOf([long], recipe({ targets: ['lerobot-v3.0'], onFault: 'skip' }), taxonomy);
    expect([units, leftOut.map(({ kind }) => kind)]).toEqual([[], ['rollout']]);
  });

  it('says of each unit what was decided on the findings that it touches', () => {
    const [kept, open] = [finding(100, 120), finding(500, 520)];
    const marked = candidate(
      {
        verdicts: verdictOn(kept, 'keep'),
        failures: { f: failure(110, { window: [90, 200] }), g: failure(300, { window: [290, 310] }) },
      },
      { findings: [kept, open] },
    );
    const wanted = recipe({ units: { kinds: ['rollout', 'failure'] }, exclude: { undecided: 'include' } });
    expect(planOf([marked], wanted, taxonomy).units.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['rollout', 'undecided'],
      ['failure', 'keep'],
      ['failure', null],
    ]);
  });

  it('cuts failures and their recoveries out with the ids they have', () => {
    const marks = {
      failures: { late: failure(600), early: failure(300) },
      recoveries: {
        r: {
          failure: 'early',
          ticks: [330, 500] as [number, number],
          controlMode: null,
          howRecovered: '',
          outcome: null,
        },
      },
    };
    const { units, totals } = planOf(
      [candidate(marks)],
      recipe({ units: { kinds: ['failure', 'recovery'] } }),
      taxonomy,
    );
    expect(units.map(({ kind, failure: of, recovery, ticks }) => [kind, of, recovery, ticks])).toEqual([
      ['failure', 'early', null, [60, 456]],
      ['failure', 'late', null, [360, 756]],
      ['recovery', 'early', 'r', [330, 500]],
    ]);
    expect(totals).toMatchObject({ recordings: 1, ticks: 397 * 2 + 171, frames: 397 * 2 + 171 });
    expect(totals.seconds).toBeCloseTo((397 * 2 + 171) / 30, 6);
  });

  it('takes the word of one person only, and asks for a name where several spoke', () => {
    const others = [layer('ben', { outcome: { value: 'success' } })];
    const both = candidate({}, { review: { own: layer('ana', { outcome: { value: 'failure' } }), others, hidden: 0 } });
    expect(planOf([both], recipe(), taxonomy).refusals).toMatchObject([
      { text: 'a.h5: ana and ben said different things of it: name in the recipe whose word counts.' },
    ]);
    const named = recipe({ annotators: ['cleo', 'ben'], episodes: { outcomes: ['success'] } });
    expect(planOf([both], named, taxonomy).units).toMatchObject([{ annotator: 'ben' }]);
    // The path stands before the reason already.
    expect(planOf([both], recipe({ onFault: 'skip' }), taxonomy).leftOut).toMatchObject([
      { path: 'a.h5', reason: 'ana and ben said different things of it: name in the recipe whose word counts.' },
    ]);
    const without = recipe({ onFault: 'skip', streams: { ids: ['wrist'] } });
    expect(planOf([candidate()], without, taxonomy).leftOut).toMatchObject([
      { path: 'a.h5', reason: 'it has no stream wrist, which the recipe asks for.' },
    ]);
  });

  it('refuses marks that contradict each other', () => {
    const beyond = candidate({ failures: { f: failure(400, { window: [200, TICKS + 5] }) } });
    expect(planOf([beyond], recipe(), taxonomy).refusals).toMatchObject([{ kind: 'fault', tick: 400 }]);
  });

  it.each([
    [{ tasks: ['wipe'] }, 'its task is insert'],
    [{ dateFrom: '2026-05-12' }, 'it was recorded before 2026-05-12'],
    [{ dateTo: '2026-05-10' }, 'it was recorded after 2026-05-10'],
    [{ outcomes: ['success'] }, 'nobody said how it went'],
    [{ codes: ['MANIP_DROP'] }, 'its failures are GRASP_SLIP'],
    [{ verdicts: ['cut'] }, 'no finding of it was given the verdict cut'],
    [{ properties: { site: ['lab 2'] } }, 'its site is lab 1'],
    [{ properties: { lighting: ['dim'] } }, 'its lighting is not known'],
    [{ reviewStatus: 'submitted' }, 'its review is not submitted'],
    [{ seenShareAtLeast: 0.5 }, '11 % of it was seen by who said how it went'],
  ])('says why a recording is not among those of %o', (episodes, reason) => {
    const one = candidate(
      { failures: { f: failure(400) }, properties: { site: 'lab 1' } },
      { seen: new Map([['ana', [[0, 99] as const]]]), properties: { site: 'x' } },
    );
    expect(planOf([one], recipe({ episodes }), taxonomy).leftOut).toMatchObject([{ kind: null, reason }]);
  });

  it('takes what was said of a recording of which nobody said how it went', () => {
    const taken = (own: Partial<Layer>, more: Record<string, unknown>, others: Layer[] = []) => {
      const review = { own: layer('ana', own), others, hidden: 0 };
      const { units, refusals } = planOf([candidate({}, { review })], recipe(more), taxonomy);
      return [...units.map(({ annotator }) => annotator), ...refusals.map(({ text }) => text)];
    };
    const dim = { episodes: { properties: { lighting: ['dim'] } } };
    expect(taken({ properties: { lighting: 'dim' } }, dim)).toEqual(['ana']);
    expect(taken({ properties: { lighting: 'dim' } }, { ...dim, annotators: ['ben'] })).toEqual([]);
    expect(taken({ submission: { state: 'submitted' } }, { episodes: { reviewStatus: 'submitted' } })).toEqual(['ana']);
    const verdicts = verdictOn(finding(30, 40), 'keep');
    expect(taken({ verdicts }, { episodes: { reviewStatus: 'reviewed' } })).toEqual([null]);
    expect(taken({}, { episodes: { reviewStatus: 'reviewed' } })).toEqual([]);
    // Who said how it went is heard before who said conditions alone; those who said nothing say nothing different.
    const ben = layer('ben', { outcome: { value: 'success' } });
    expect(taken({ properties: { lighting: 'dim' } }, {}, [ben])).toEqual(['ben']);
    const handedIn = { submission: { state: 'submitted' as const } };
    expect(taken(handedIn, {}, [layer('ben', handedIn)])).toEqual(['ana']);
    expect(
      taken({ properties: { lighting: 'dim' } }, {}, [layer('ben', { properties: { lighting: 'bright' } })]),
    ).toEqual([expect.stringMatching(/ana and ben said different things/)]);
  });

  it('warns of what is unlabelled and of what no detector saw', () => {
    const { warnings } = planOf([candidate({}, { findings: null })], recipe(), taxonomy);
    expect(warnings).toEqual([
      'No detector has looked at a.h5: nothing of it could be cut.',
      'Nobody said anything of one recording: their labels are missing, not failures.',
    ]);
  });
});

describe('a split', () => {
  it('keeps each recording where it is, whatever else is there, in about the shares asked for', () => {
    const shares = { train: 0.8, validation: 0.1, test: 0.1 };
    const counts: Record<string, number> = {};
    for (let n = 0; n < 5000; n++) {
      const part = partOf(`recording ${n}`, 'one', shares);
      counts[part] = (counts[part] ?? 0) + 1;
      expect(partOf(`recording ${n}`, 'one', { test: 0.1, validation: 0.1, train: 0.8 })).toBe(part);
    }
    expect(counts.train).toBeGreaterThan(3880);
    expect(counts.train).toBeLessThan(4120);
    expect(counts.test).toBeGreaterThan(400);
    expect(partOf('recording 1', 'one', { all: 1 })).toBe('all');
  });
});

describe('frames of a unit', () => {
  const jittered = fc
    .array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), { minLength: 2, maxLength: 200 })
    .map((steps) => {
      let at = 0;
      return Float64Array.from(steps, (step) => (at += step * PERIOD));
    });

  it('stand at k / fps, each on the tick nearest to it, and the worst of them is told', () => {
    fc.assert(
      fc.property(jittered, fc.integer({ min: 1, max: 60 }), (recorded, fps) => {
        const rate = { numerator: fps, denominator: 1 };
        const { ticks, worstErrorNs, repeated, skipped } = gridOf(recorded, [0, recorded.length - 1], rate, PERIOD);
        let worst = 0;
        for (const [frame, tick] of ticks.entries()) {
          const at = (recorded[0] as number) + (frame * 1e9) / fps;
          const best = Math.min(...recorded.map((time) => Math.abs(time - at)));
          expect(Math.abs((recorded[tick] as number) - at)).toBe(best);
          worst = Math.max(worst, best);
        }
        expect(worstErrorNs).toBe(worst);
        expect(ticks.length - repeated + skipped).toBe(recorded.length);
        expect((ticks.length - 1) / fps).toBeLessThanOrEqual(
          ((recorded.at(-1) as number) - (recorded[0] as number)) / 1e9 + 1e-6,
        );
      }),
    );
  });

  it('are the ticks themselves at the native rate', () => {
    const { ticks, fps, worstErrorNs } = gridOf(times, [10, 40], 'native', PERIOD);
    expect([...ticks]).toEqual(Array.from({ length: 31 }, (_, n) => n + 10));
    expect(fps).toBeCloseTo(30, 9);
    expect(worstErrorNs).toBeLessThan(2);
  });
});

describe('a recipe', () => {
  it.each([
    [null, 'x.json is no recipe: its "schema" should say "regrasp.recipe/1".'],
    [
      { schema: 'regrasp.recipe/2' },
      'x.json was written by a newer version (regrasp.recipe/2): open it with that one.',
    ],
    [{ schema: RECIPE_SCHEMA, name: 'a', targets: [], taxonomyVersion: 1 }, '"targets" does not fit'],
    [
      { schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp', 'regrasp'], taxonomyVersion: 1 },
      '"targets" does not fit ("regrasp" is there twice)',
    ],
    [
      {
        ...{ schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1 },
        units: { kinds: ['rollout', 'segment', 'rollout'] },
      },
      '"units.kinds" does not fit ("rollout" is there twice)',
    ],
    [{ schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1, wat: 1 }, 'wat'],
    [
      {
        ...{ schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1 },
        rate: { numerator: 240_000, denominator: 1 },
      },
      '"rate" does not fit (asks for more than 1000 frames a second)',
    ],
    [
      { schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1, split: { shares: { train: 0.5 } } },
      'add up to one',
    ],
    [
      { schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1, split: { shares: { '../a': 1 } } },
      'is made of small letters, digits and "_"',
    ],
  ])('that cannot be used is told in one sentence: %o', (value, sentence) => {
    expect(readRecipe(value, 'x.json')).toContain(sentence);
  });

  it('reads back as itself', () => {
    const written = recipe(everything);
    expect(readRecipe(JSON.parse(JSON.stringify(written)), 'x.json')).toEqual(written);
  });
});

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
