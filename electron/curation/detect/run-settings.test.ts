import { describe, expect, it } from 'vitest';
import { settingsFor } from './run-settings.ts';

describe('settings of a run', () => {
  const told = (given: Record<string, unknown>) => {
    try {
      return settingsFor(given, {});
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('are those it was given, else those of the dataset, and defaults for the rest', () => {
    const ofDataset = { poseTeleports: { speedMps: 4 } };
    expect(settingsFor(undefined, ofDataset).poseTeleports).toMatchObject({ speedMps: 4, angularRadPerS: 15 });
    expect(settingsFor({}, ofDataset).poseTeleports.speedMps).toBe(5);
  });

  it('that cannot be used are told in one sentence by their name', () => {
    const where = 'Names and defaults are in docs/curation.md.';
    expect(told({ poseTeleports: { speedMsp: 3 } })).toBe(
      `The settings cannot be used: poseTeleports.speedMsp is no setting. ${where}`,
    );
    expect(told({ poseFreezes: { minSeconds: 0 } })).toBe(
      `The settings cannot be used: poseFreezes.minSeconds: give a number above 0. ${where}`,
    );
    expect(told({ trim: 'all' })).toBe(`The settings cannot be used: trim: give ot_start or none. ${where}`);
    expect(told({ version: 2 })).toMatch(/^The settings were written for a newer Regrasp: /);
  });
});
