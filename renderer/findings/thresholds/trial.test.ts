import { describe, expect, it } from 'vitest';
import { DEFAULT_DETECT_SETTINGS, type DetectSettings, detectSettingsSchema } from '../../../shared/detect/settings.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import { groupsFor, settingOf, THRESHOLD_GROUPS } from './threshold-table.ts';
import { countOf, countSentence, datasetPatch, followed, movedFromDefault, withDefaults, withValue } from './trial.ts';

const moved = (...changes: Parameters<typeof withValue> extends [unknown, ...infer Rest] ? Rest[] : never) =>
  changes.reduce<DetectSettings>((settings, change) => {
    const next = withValue(settings, ...change);
    if (typeof next === 'string') throw new Error(next);
    return next;
  }, DEFAULT_DETECT_SETTINGS);

const finding = (id: string, ticks: [number, number], detector = id.slice(0, id.indexOf(':'))) =>
  ({ id, ticks, detector }) as Finding;

/** As the workstation keeps the settings of a dataset: null takes a key away. */
function keep(stored: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...stored, ...patch }).filter(([, value]) => value !== null));
}

describe('the table of thresholds', () => {
  it('names settings that there are, with sliders over values that they allow and the default among them', () => {
    for (const { part, rows } of THRESHOLD_GROUPS)
      for (const row of rows) {
        const usual = settingOf(DEFAULT_DETECT_SETTINGS, part, row.key);
        expect(usual, `${part}.${row.key}`).toBeDefined();
        if (row.kind === 'number') {
          expect(usual, row.key).toBeGreaterThanOrEqual(row.min);
          expect(usual, row.key).toBeLessThanOrEqual(row.max);
          for (const value of [row.min, row.max])
            expect(withValue(DEFAULT_DETECT_SETTINGS, part, row.key, value), row.key).toBeTypeOf('object');
        }
        if (row.kind === 'choice')
          for (const { value } of row.options)
            expect(withValue(DEFAULT_DETECT_SETTINGS, part, row.key, value), value).toBeTypeOf('object');
      }
  });

  it('shows what can find something in the recording', () => {
    const of = (about: Partial<Parameters<typeof groupsFor>[0]>) =>
      groupsFor({ isReact: false, hasGels: false, hasTracks: false, hasSeries: false, ...about }).map(
        ({ part }) => part,
      );
    expect(of({ isReact: true, hasGels: true, hasTracks: true })).toEqual([
      'intensitySpikes',
      'poseTeleports',
      'poseFreezes',
      'recording',
    ]);
    expect(of({ hasTracks: true, hasSeries: true })).toEqual(['poseTeleports', 'recording', 'motion']);
  });
});

describe('a trial', () => {
  it('takes values the settings allow, and says what is wrong with others', () => {
    expect(moved(['poseTeleports', 'speedMps', 3]).poseTeleports.speedMps).toBe(3);
    const refused = (part: 'recording' | 'poseFreezes', key: string, value: number) =>
      withValue(DEFAULT_DETECT_SETTINGS, part, key, value);
    expect(refused('recording', 'gapPeriods', 1)).toBe('At least 1.1.');
    expect(refused('poseFreezes', 'duplicateFraction', 2)).toBe('At most 1.');
    expect(refused('poseFreezes', 'minSeconds', Number.NaN)).toBe('A number is needed here.');
  });

  it('is kept as what differs from the defaults, and takes back what no longer does', () => {
    const before = moved(['poseTeleports', 'speedMps', 3], ['recording', 'contactDrift', 9]);
    const stored = keep({}, datasetPatch({ ...before, reference: 'smoothed-minimum' }));
    expect(stored).toEqual({
      reference: 'smoothed-minimum',
      poseTeleports: { speedMps: 3 },
      recording: { contactDrift: 9 },
    });
    const after = moved(['poseTeleports', 'angularRadPerS', 8]);
    const again = keep(stored, datasetPatch(after));
    expect(again).toEqual({ poseTeleports: { angularRadPerS: 8 } });
    expect(detectSettingsSchema.parse(again)).toEqual(after);
  });

  it('goes back to the defaults of what can be moved alone', () => {
    const settings = {
      ...moved(['motion', 'enabled', false], ['poseFreezes', 'minSeconds', 1]),
      trim: 'none' as const,
    };
    settings.poseFreezes = { ...settings.poseFreezes, tolerance: 1e-7 };
    expect(movedFromDefault(settings)).toEqual(['poseFreezes.minSeconds', 'motion.enabled']);
    const reset = withDefaults(settings);
    expect(movedFromDefault(reset)).toEqual([]);
    expect(reset.trim).toBe('none');
    expect(reset.poseFreezes.tolerance).toBe(1e-7);
  });

  it('tells how many more or fewer it finds', () => {
    expect(countSentence(12, 15)).toBe('12 findings, 3 fewer than stored');
    expect(countSentence(1, 0)).toBe('1 finding, 1 more than stored');
    expect(countSentence(2, 2)).toBe('2 findings, as many as stored');
    const [jump, stall, other] = [
      finding('jump:a:1-2', [1, 2]),
      finding('stall:a:1-2', [1, 2]),
      finding('x:a:1-2', [1, 2]),
    ];
    expect(countOf(['jump', 'stall'], [jump, other], [jump, stall])).toBe('1 (1 fewer)');
    expect(countOf(['jump'], [jump], [jump, other])).toBe('1');
  });

  it('keeps the event in hand where it has other ends', () => {
    const now = [
      finding('pose-freeze:left:100-130', [100, 130]),
      finding('pose-freeze:left:132-190', [132, 190]),
      finding('pose-freeze:right:100-190', [100, 190]),
      finding('pose-teleport:left:100-190', [100, 190]),
    ];
    expect(followed('pose-freeze:left:100-190', now)).toBe('pose-freeze:left:132-190');
    expect(followed('pose-freeze:left:132-190', now)).toBe('pose-freeze:left:132-190');
    expect(followed('pose-freeze:left:300-310', now)).toBeUndefined();
    expect(followed('hand-made', now)).toBe('hand-made');
  });
});
