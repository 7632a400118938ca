import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  camera,
  candidate,
  everything,
  failure,
  finding,
  layer,
  PERIOD,
  recipe,
  TICKS,
  taxonomy,
  verdictOn,
} from '../../test/support/export-plans.ts';
import type { Layer } from '../review/review.ts';
import { overlap } from '../time/ranges.ts';
import type { Candidate } from './candidate.ts';
import { planOf } from './plan.ts';

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
