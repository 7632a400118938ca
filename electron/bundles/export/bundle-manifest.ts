import type { z } from 'zod';
import type { Candidate } from '../../../shared/bundles/candidate.ts';
import type { Plan } from '../../../shared/bundles/plan.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { Layer } from '../../../shared/review/review.ts';
import { overlap, type TickRange } from '../../../shared/time/ranges.ts';
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
    units: units.map(({ id, folder, unit, rate, recordedNs, labels, grid, tactileOffset, startUnixSeconds }) => ({
      ...{ id, folder: recipe.targets.includes('regrasp') ? folder : null, kind: unit.kind, split: unit.split },
      source: {
        ...{ path: unit.path, fingerprint: unit.fingerprint, ticks: [...unit.ticks] },
        ...{ start_s: (recordedNs[0] as number) / 1e9, end_s: (recordedNs.at(-1) as number) / 1e9 },
        tactile_offset_ticks: tactileOffset,
        start_unix_s: startUnixSeconds,
        properties: { ...candidates.get(unit.episode)?.properties, ...labels?.properties },
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
      marks: marksWithin(labels, unit.ticks),
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

/** What people said of the failures and recoveries that a unit touches, in order of time. */
function marksWithin(
  labels: Layer | null,
  ticks: TickRange,
): z.input<typeof bundleFileSchema>['units'][number]['marks'] {
  const failures = Object.entries(labels?.failures ?? {}).filter(([, { window }]) => overlap(window, ticks));
  const recoveries = Object.entries(labels?.recoveries ?? {}).filter(([, one]) => overlap(one.ticks, ticks));
  return {
    failures: failures
      .map(([id, { code, severity, resetability, whatHappened, event, window, handOff }]) => ({
        ...{ id, code, severity, resetability, what_happened: whatHappened },
        ...{ event_tick: event, window_ticks: [...window] as [number, number], hand_off_tick: handOff },
      }))
      .sort((a, b) => a.event_tick - b.event_tick || (a.id < b.id ? -1 : 1)),
    recoveries: recoveries
      .map(([id, { failure, controlMode, howRecovered, outcome, ticks: range }]) => ({
        ...{ id, failure, control_mode: controlMode, how_recovered: howRecovered, outcome },
        ticks: [...range] as [number, number],
      }))
      .sort((a, b) => a.ticks[0] - b.ticks[0] || (a.id < b.id ? -1 : 1)),
  };
}
