import { formatTime } from '../../../shared/time/nanoseconds.ts';
import { counted } from '../counted.ts';
import type { ExportPlan } from './plan-export.ts';

/** A plan for the terminal: a line a unit, a line for everything that is left out and why. */
export function planLines({ plan, refused, unusable, notOpened }: ExportPlan): string[] {
  const { units, leftOut, warnings, totals } = plan;
  return [
    ...units.map(
      (unit) =>
        `${unit.kind.padEnd(8)} ${unit.path} ticks ${unit.ticks[0]}–${unit.ticks[1]}, ${counted(unit.frames, 'frame')}, ${unit.split}`,
    ),
    ...leftOut.map(
      ({ path, kind, ticks, reason }) =>
        `left out ${path}${kind && ticks ? ` ${kind} ${ticks[0]}–${ticks[1]}` : ''}: ${reason}`,
    ),
    ...(notOpened > 0 ? [`left out ${counted(notOpened, 'recording')} by name, task or date`] : []),
    ...(unusable.length > 0 ? [`${counted(unusable.length, 'recording')} cannot be read`] : []),
    ...warnings.map((text) => `note: ${text}`),
    ...refused.map((text) => `refused: ${text}`),
    `${counted(units.length, 'unit')} of ${counted(totals.recordings, 'recording')}, ${formatTime(totals.seconds * 1e9)}, ${counted(totals.frames, 'frame')}, about ${(totals.bytes / 1e6).toFixed(1)} MB`,
  ];
}
