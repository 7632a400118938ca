import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  joinOf,
  moveEdge,
  moveRange,
  snapped,
  splitAt,
  splitRecovery,
  tickAfter,
  windowAround,
  withEvent,
  withWindow,
} from './marker-edits.ts';
import { type Marks, markerFaults } from './marker-faults.ts';
import { DEFAULT_WINDOW, type Failure, failureSchema, type Recovery, recoverySchema } from './markers.ts';
import { codeOf, codesByCategory, labTaxonomySchema, taxonomySchema, withLabCodes, worstSeverity } from './taxonomy.ts';

const taxonomy = taxonomySchema.parse(
  JSON.parse(readFileSync(new URL('../../resources/taxonomy/v1.json', import.meta.url), 'utf8')),
);
const TICKS = 600;
/** 30 Hz with jitter. */
const times = Float64Array.from({ length: TICKS }, (_, tick) => tick * 33_333_333 + ((tick * 7919) % 9) * 1e6);

const tick = fc.integer({ min: 0, max: TICKS - 1 });
const range = fc.tuple(tick, tick).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
const edge = fc.constantFrom('start' as const, 'end' as const);

describe('ranges of a recording', () => {
  it('stay in order and within it, whatever is done to them', () => {
    fc.assert(
      fc.property(range, edge, fc.integer({ min: -2000, max: 2000 }), (start, which, to) => {
        for (const [first, last] of [moveEdge(start, which, to, TICKS), moveRange(start, to, TICKS)]) {
          expect(first).toBeGreaterThanOrEqual(0);
          expect(first).toBeLessThanOrEqual(last);
          expect(last).toBeLessThan(TICKS);
        }
        const [first, last] = moveRange(start, to, TICKS);
        expect(last - first).toBe(start[1] - start[0]);
      }),
    );
  });

  it('are brought back by either edge from beyond a recording that is shorter than the one they were made on', () => {
    const beyond: [number, number] = [TICKS + 100, TICKS + 200];
    expect(moveEdge(beyond, 'end', TICKS + 199, TICKS)).toEqual([TICKS - 1, TICKS - 1]);
    expect(moveEdge(beyond, 'start', TICKS + 99, TICKS)).toEqual([TICKS - 1, TICKS + 200]);
    expect(moveEdge([10, TICKS + 200], 'end', 0, TICKS)).toEqual([10, 10]);
  });

  it('come back from a split by a join', () => {
    fc.assert(
      fc.property(range, tick, (whole, at) => {
        const parts = splitAt(whole, at);
        expect(parts === null).toBe(at <= whole[0] || at > whole[1]);
        if (!parts) return;
        expect(parts[1][0]).toBe(parts[0][1] + 1);
        expect(joinOf(parts[1], parts[0])).toEqual(whole);
      }),
    );
  });

  it('are made around an event by time, and always hold it', () => {
    fc.assert(
      fc.property(
        tick,
        fc.double({ min: 0, max: 30, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (event, before, after) => {
          const [first, last] = windowAround(times, event, { before, after });
          expect(first).toBeLessThanOrEqual(event);
          expect(last).toBeGreaterThanOrEqual(event);
          const at = times[event] as number;
          for (let index = 0; index < TICKS; index += 1) {
            const away = ((times[index] as number) - at) / 1e9;
            expect(index >= first && index <= last, `tick ${index}`).toBe(away >= -before && away <= after);
          }
        },
      ),
      { numRuns: 30 },
    );
    expect(windowAround(times, 300, DEFAULT_WINDOW)).toEqual([61, 456]);
    expect(windowAround(times, 3, DEFAULT_WINDOW)[0]).toBe(0);
  });

  it('are stepped through by seconds, never standing still', () => {
    fc.assert(
      fc.property(tick, fc.constantFrom(-1, -0.001, 0.001, 1), (from, seconds) => {
        const to = tickAfter(times, from, seconds);
        if (seconds > 0) expect(to).toBeGreaterThan(from === TICKS - 1 ? from - 1 : from);
        else expect(to).toBeLessThan(from === 0 ? 1 : from);
      }),
    );
    expect(Math.abs((times[tickAfter(times, 100, 1)] as number) - (times[100] as number) - 1e9)).toBeLessThan(5e7);
  });

  it('snap to the nearest candidate within reach, and to nothing else', () => {
    expect(snapped(100, [90, 97, 104], 5)).toBe(97);
    expect(snapped(100, [96, 104], 5)).toBe(96);
    expect(snapped(100, [90, 106], 5)).toBe(100);
    expect(snapped(100, [94], 5)).toBe(100);
    expect(snapped(100, [], 5)).toBe(100);
  });
});

const failure: Failure = {
  event: 300,
  window: [60, 456],
  code: 'GRASP_SLIP',
  severity: 'low',
  resetability: 'minor_reset',
  whatHappened: '',
  handOff: 330,
};
const recovery: Recovery = {
  failure: 'f',
  ticks: [340, 420],
  controlMode: 'teleoperation',
  howRecovered: '',
  outcome: 'recovered',
};
const marks = (more: Partial<Marks> = {}): Marks => ({
  failures: { f: failure },
  recoveries: { r: recovery },
  taskMarks: {},
  ...more,
});
const texts = (of: Marks, ticks = TICKS) =>
  markerFaults(of, ticks, taxonomy).map(({ level, text }) => `${level}: ${text}`);

describe('a failure and its recovery', () => {
  it('fit their schemas, and an event outside of its window does not', () => {
    expect(failureSchema.parse(failure)).toEqual(failure);
    expect(recoverySchema.parse(recovery)).toEqual(recovery);
    expect(failureSchema.safeParse({ ...failure, event: 500 }).success).toBe(false);
    fc.assert(
      fc.property(range, tick, (window, event) => {
        expect(failureSchema.safeParse(withWindow(failure, window)).success).toBe(true);
        expect(failureSchema.safeParse(withEvent(failure, event)).success).toBe(true);
      }),
    );
    expect(withWindow(failure, [310, 400]).event).toBe(310);
    expect(withEvent(failure, 20).window).toEqual([20, 456]);
  });

  it('are split into two attempts at the same failure', () => {
    expect(splitRecovery(recovery, 380)).toEqual([
      { ...recovery, ticks: [340, 379], outcome: null },
      { ...recovery, ticks: [380, 420] },
    ]);
    expect(splitRecovery(recovery, 340)).toBeNull();
  });

  it('are found right when they are', () => {
    expect(texts(marks())).toEqual([]);
  });

  it('are told each fault, and where it is', () => {
    const alone = { failures: { f: { ...failure, handOff: null } }, recoveries: {} };
    expect(texts(marks(alone))).toEqual(['note: The failure has no recovery.']);
    expect(texts(marks({ recoveries: {} }))).toEqual(['note: The operator takes over, and no recovery is marked.']);
    expect(texts(marks({ failures: {} }))).toEqual([
      'error: The recovery belongs to no failure: link it to one, or delete it.',
    ]);
    expect(texts(marks({ recoveries: { r: { ...recovery, failure: 'constructor' } } }))).toContain(
      'error: The recovery belongs to no failure: link it to one, or delete it.',
    );
    expect(texts(marks({ failures: { f: { ...failure, handOff: 200 } } }))).toEqual([
      'error: The operator takes over before the failure is seen: move one of the two.',
    ]);
    expect(texts(marks({ recoveries: { r: recovery, s: { ...recovery, ticks: [420, 430] } } }))).toEqual([
      'error: Two recoveries overlap: move one, or join them.',
    ]);
    // Windows often share a lead-in: worth knowing, and nothing to settle.
    const [first] = failure.window;
    const before = { ...failure, window: [Math.max(0, first - 40), first] as [number, number], event: first };
    const two = marks({
      failures: { f: failure, g: before },
      recoveries: { r: recovery, s: { ...recovery, failure: 'g' } },
    });
    expect(texts(two).filter((text) => text.startsWith('note'))).toEqual([
      'note: Its window overlaps that of a failure before: both hold what they share.',
    ]);
    const apart = { ...before, window: [before.window[0], first - 1] as [number, number], event: first - 1 };
    expect(texts({ ...two, failures: { f: failure, g: apart } }).filter((text) => text.startsWith('note'))).toEqual([]);
    expect(texts(marks({ recoveries: { r: { ...recovery, controlMode: 'other', howRecovered: ' ' } } }))).toEqual([
      'missing: Steered in another way says too little by itself: say how it recovered.',
    ]);
    expect(texts(marks({ recoveries: { r: { ...recovery, ticks: [340, 340] } } }))).toEqual([
      'error: The recovery is a single tick: give it a length.',
    ]);
    expect(texts(marks({ recoveries: { r: { ...recovery, ticks: [290, 340] } } }))).toEqual([
      'error: The recovery begins before its failure is seen: move one of the two.',
    ]);
    expect(texts(marks(), 400)).toHaveLength(2);
    expect(texts(marks({ taskMarks: { t: { label: 'lift', ticks: [590, 700] } } }))[0]).toMatch(/^error: .*lift/);
    const bare = { ...failure, code: null, severity: null, resetability: null };
    expect(texts(marks({ failures: { f: bare } }))).toEqual([
      'missing: The failure has no code yet.',
      'missing: The failure has no severity yet.',
      'missing: The failure has no resetability yet.',
    ]);
    const foreign = { ...failure, code: 'LAB_7', severity: 'awful' };
    expect(texts(marks({ failures: { f: foreign } }))).toEqual([
      'note: The code LAB_7 is not in the taxonomy: it is kept as it came.',
      'note: The severity "awful" is not in the taxonomy: it is kept as it came.',
    ]);
    expect(texts(marks({ failures: { f: { ...failure, code: 'OTHER' } } }))[0]).toMatch(
      /^missing: Other says too little/,
    );
    expect(texts(marks({ recoveries: { r: { ...recovery, controlMode: null, outcome: null } } }))).toHaveLength(2);
    expect(markerFaults(marks({ recoveries: {} }), TICKS, taxonomy)[0]).toMatchObject({
      map: 'failures',
      id: 'f',
      tick: 330,
    });
  });
});

describe('the taxonomy', () => {
  it('names every code once, below a category that is there', () => {
    const codes = taxonomy.codes.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codesByCategory(taxonomy).flatMap(({ codes: own }) => own)).toHaveLength(codes.length);
    expect(taxonomy.categories.map(({ slug }) => slug)).toEqual([
      ...['reaching', 'grasp', 'manipulation', 'sequencing_semantic', 'collision', 'hardware', 'not_attempted'],
      ...['sudden_termination', 'other'],
    ]);
  });

  it('takes a lab’s own codes, and leaves what stands as it is', () => {
    const slip = { code: 'GRASP_SLIP', category: 'grasp', title: 'Ours', definition: 'Ours.' };
    const lab = labTaxonomySchema.parse({
      version: 1,
      codes: [
        { code: 'LAB_SPILL', category: 'manipulation', title: 'Spilled', definition: 'The cup is tipped over.' },
        slip,
        { ...slip, code: 'LAB_LOST', category: 'lost' },
      ],
    });
    const merged = withLabCodes(taxonomy, lab);
    expect(codeOf(merged.taxonomy, 'LAB_SPILL')?.title).toBe('Spilled');
    expect(codeOf(merged.taxonomy, 'GRASP_SLIP')).toEqual(codeOf(taxonomy, 'GRASP_SLIP'));
    expect(merged.problems).toEqual([
      expect.stringMatching(/GRASP_SLIP is there already/),
      expect.stringMatching(/"lost", which is no category/),
    ]);
    expect(taxonomy.codes).toHaveLength(28);
  });

  it('knows the worst of several severities', () => {
    expect(worstSeverity(taxonomy, ['low', 'catastrophic', 'medium'])).toBe('catastrophic');
    expect(worstSeverity(taxonomy, ['unheard'])).toBeUndefined();
  });
});
