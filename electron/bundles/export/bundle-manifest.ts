import type { z } from 'zod';
import type { Candidate } from '../../../shared/bundles/candidate.ts';
import type { Plan } from '../../../shared/bundles/plan.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { bundleFileSchema } from '../schemas.ts';
import type { NamedUnit } from './named-units.ts';
import type { SummedFile } from './sums.ts';
import { codesWithin } from './unit-codes.ts';

export const BUNDLE_SCHEMA = 'regrasp.bundle/1';

/**
 * `bundle.json`: what the bundle holds and where each of it comes from. No clock of the export is in it: the same recipe over
 * the same recordings says the same.
 */
export function bundleManifest(
  units: readonly NamedUnit[],
  candidates: ReadonlyMap<string, Candidate>,
  recipe: Recipe,
  leftOut: Plan['leftOut'],
  made: { version: string; engine: string; taxonomy: number },
  files: readonly SummedFile[],
): z.input<typeof bundleFileSchema> {
  const frames = units.reduce((sum, { grid }) => sum + grid.ticks.length, 0);
  const count = (kind: NamedUnit['unit']['kind']) => units.filter(({ unit }) => unit.kind === kind).length;
  return {
    schema: BUNDLE_SCHEMA,
    name: recipe.name,
    made_by: `regrasp ${made.version}`,
    encoder: made.engine,
    taxonomy_version: made.taxonomy,
    hold_periods: units[0]?.holdPeriods ?? null,
    targets: recipe.targets,
    totals: {
      ...{ units: units.length, rollouts: count('rollout'), failures: count('failure'), recoveries: count('recovery') },
      ...{
        segments: count('segment'),
        frames,
        files: files.length,
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      },
    },
    units: units.map(({ id, folder, unit, rate, recordedNs, labels, grid, tactileOffset }) => ({
      ...{ id, folder: recipe.targets.includes('regrasp') ? folder : null, kind: unit.kind, split: unit.split },
      source: {
        ...{ path: unit.path, fingerprint: unit.fingerprint, ticks: [...unit.ticks] },
        ...{ start_s: (recordedNs[0] as number) / 1e9, end_s: (recordedNs.at(-1) as number) / 1e9 },
        tactile_offset_ticks: tactileOffset,
        task: candidates.get(unit.episode)?.task ?? '',
        date: candidates.get(unit.episode)?.date ?? '',
      },
      ...{ frames: grid.ticks.length, rate, worst_error_ms: grid.worstErrorNs / 1e6 },
      ...{ repeated: grid.repeated, skipped: grid.skipped },
      verdict: unit.verdict,
      labels: labels && {
        annotator: labels.annotator,
        outcome: labels.outcome?.value ?? null,
        codes: codesWithin(labels, unit.ticks),
        failures: Object.keys(labels.failures).length,
        recoveries: Object.keys(labels.recoveries).length,
      },
      ...{ failure: unit.failure, recovery: unit.recovery },
    })),
    left_out: leftOut.map(({ path, kind, ticks, reason }) => ({
      ...{ path, kind, reason },
      ticks: ticks && [...ticks],
    })),
    recipe,
    files: [...files],
  };
}
