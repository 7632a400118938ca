import { describe, expect, it } from 'vitest';
import standard from '../../resources/taxonomy/v1.json' with { type: 'json' };
import { FINDING_CLASSES } from '../../shared/detect/findings.ts';
import type { Marks } from '../../shared/review/marker-faults.ts';
import { codeOf, codesByCategory, taxonomySchema } from '../../shared/review/taxonomy.ts';
import { choicesFor, nextStep, onlyCodeOf, suggestedCode, wordFor } from './choices.ts';

const taxonomy = taxonomySchema.parse(standard);
const values = (...given: [Parameters<typeof choicesFor>[1], string | null, string]) =>
  choicesFor(taxonomy, ...given).map(({ value }) => value);

describe('what there is to choose from', () => {
  it('reaches every code by two digits: its category, then itself', () => {
    const categories = values('code', null, '');
    expect(categories.length).toBeLessThanOrEqual(9);
    expect(categories[1]).toBe('grasp');
    expect(values('code', 'grasp', '')[3]).toBe('GRASP_SLIP');
    for (const { slug, codes } of codesByCategory(taxonomy)) {
      expect(codes.length, slug).toBeLessThanOrEqual(9);
      expect(values('code', slug, '')).toEqual(codes.map(({ code }) => code));
    }
    expect([onlyCodeOf(taxonomy, 'not_attempted'), onlyCodeOf(taxonomy, 'grasp')]).toEqual(['NOATT_STALL', undefined]);
  });

  it('finds by what is typed: code, title, category, definition; every word of it', () => {
    expect(values('code', null, 'slip')).toEqual(['GRASP_SLIP']);
    expect(values('code', 'hardware', 'drop')[0]).toBe('MANIP_DROP');
    expect(values('code', null, 'wrong')[0]).toBe('REACH_POSITION');
    expect(values('code', null, 'wrong order')).toEqual(['SEM_WRONG_ORDER']);
    expect(values('code', null, 'GRASP_')).toEqual(expect.arrayContaining(['GRASP_MISS', 'GRASP_SLIP']));
    expect(values('code', null, 'nothing of this kind')).toEqual([]);
    expect(values('severity', null, 'cat')).toEqual(['catastrophic']);
    expect(values('controlMode', null, '')).toHaveLength(5);
  });

  it('suggests codes that stand, and none for a fault of the recorder', () => {
    const suggested = FINDING_CLASSES.flatMap((each) => suggestedCode(each) ?? []);
    expect(suggested).toHaveLength(5);
    for (const code of suggested) expect(codeOf(taxonomy, code)?.code, code).toBe(code);
    expect(suggestedCode('ot_loss')).toBeUndefined();
  });

  it('asks what is not said yet, and nothing of a mark that is gone', () => {
    const said = { code: 'GRASP_SLIP', severity: null, resetability: null, whatHappened: '', handOff: null };
    const marks: Marks = {
      failures: { f: { event: 5, window: [0, 9], ...said } },
      recoveries: { r: { failure: 'f', ticks: [6, 8], controlMode: null, howRecovered: '', outcome: 'partly' } },
      taskMarks: {},
    };
    expect(nextStep(marks, 'failures', 'f', 'code')).toBe('severity');
    expect(nextStep(marks, 'failures', 'f', 'severity')).toBe('resetability');
    expect(nextStep(marks, 'recoveries', 'r', 'controlMode')).toBeNull();
    expect(nextStep(marks, 'failures', 'gone', 'code')).toBeNull();
    expect([wordFor(taxonomy, 'code', 'GRASP_SLIP'), wordFor(taxonomy, 'severity', 'theirs')]).toEqual([
      'Slips',
      'theirs',
    ]);
  });
});
