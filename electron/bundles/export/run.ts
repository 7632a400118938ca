import type { StageContext, StageEnd } from '../../curation/stage.ts';
import { sentenceOf } from '../../fault.ts';
import { counted } from '../counted.ts';
import { noteExport } from '../exports-log.ts';
import type { ExportOptions } from '../index.ts';
import { type ExportPlan, planExport } from '../plan/plan-export.ts';
import { planLines } from '../plan/plan-lines.ts';
import { checkedPlace, refuseFull } from './place.ts';
import { writeBundle } from './write-bundle.ts';

/** Plans an export and, unless only the plan was asked for, writes the bundle: staged, hashed, verified and renamed whole. */
export async function runExport(context: StageContext<ExportOptions>): Promise<StageEnd> {
  const { options, out, root, log } = context;
  const place = options.dryRun ? null : await checkedPlace(out, root.path);
  const planned = await planExport(context, options.recipe);
  const { plan, refused, unusable, recipe } = planned;
  const lines = planLines(planned);
  if (place === null || refused.length > 0 || plan.units.length === 0) {
    const broken = unusable.map(({ episode, reason }) => ({ path: episode.path, reason }));
    const result = { plan, refused, unusable: broken };
    return { message: notWritten(planned), lines, result, foundProblems: refused.length > 0 };
  }
  await refuseFull(place, neededBytes(planned));
  const { units, bytes, files, compared } = await writeBundle(context, place, planned);
  const noted = { at: new Date().toISOString(), name: recipe.name, out: place, units, bytes };
  // The bundle stands; where the dataset cannot be written, it is only not counted.
  await noteExport(root.storageDir, noted).catch((error: unknown) => log(sentenceOf(error)));
  return {
    message: `Exported ${counted(units, 'unit')} to ${place} (${(bytes / 1e6).toFixed(1)} MB in ${counted(files, 'file')}); verified, ${counted(compared, 'frame')} compared with the recordings.`,
    result: { out: place, units, bytes, files, framesCompared: compared },
    lines,
  };
}

function notWritten({ plan, refused }: ExportPlan): string {
  if (refused.length > 0) return `Nothing was exported: ${refused[0]}`;
  if (plan.units.length === 0) return 'The recipe takes nothing: nothing was exported.';
  return `${counted(plan.units.length, 'unit')} would be exported.`;
}

/** Videos lie a second time beside the bundle until it is whole, unless a Regrasp bundle takes them as they are. */
function neededBytes({ plan, recipe: { targets } }: ExportPlan): number {
  const { bytes } = plan.totals;
  return targets.includes('regrasp') ? bytes : (bytes * (targets.length + 1)) / targets.length;
}
