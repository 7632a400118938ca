import type { LeftOut, PlannedUnit } from '../../../shared/bundles/plan.ts';
import type { Bundle, BundleFault } from './bundle-files.ts';
import type { PlannedAnew } from './bundle-source.ts';

type Facts = Pick<PlannedUnit, 'path' | 'kind' | 'ticks' | 'failure' | 'recovery' | 'split' | 'annotator' | 'frames'>;

/**
 * That the bundle's recipe takes the same units of the recordings as they are now. One that could not be made is missing where
 * the recipe allows that; everything else is told.
 */
export function planFaults({ units, left_out: leftOut, recipe }: Bundle, plan: PlannedAnew | string): BundleFault[] {
  if (typeof plan === 'string')
    return [{ path: 'recipe.json', text: `it takes nothing of the recordings any more: ${plan}` }];
  const { units: planned } = plan;
  const faults: BundleFault[] = [];
  const told = (text: string) => faults.push({ path: 'bundle.json', text });
  const wanted = new Map(planned.map((unit) => [keyOf(unit), unit]));
  const order: string[] = [];
  for (const unit of units) {
    const { source, labels, kind, failure, recovery, split, frames } = unit;
    const own: Facts = {
      ...{ path: source.path, ticks: source.ticks, annotator: labels?.annotator ?? null, kind },
      ...{ failure, recovery, split, frames },
    };
    const other = wanted.get(keyOf(own));
    order.push(keyOf(own));
    if (!other) {
      told(`unit ${unit.id} (${nameOf(own)}) is none that its recipe takes of the recordings today.`);
      continue;
    }
    wanted.delete(keyOf(own));
    for (const key of ['split', 'annotator', 'frames'] as const)
      if (own[key] !== other[key])
        told(
          `unit ${unit.id} has the ${key} ${own[key] ?? 'none'}, and its recipe gives it ${other[key] ?? 'none'} today.`,
        );
    if (other.fingerprint !== source.fingerprint)
      told(`unit ${unit.id} is of another recording than ${source.path} is today.`);
  }
  const isLeftOut = new Set(
    leftOut.flatMap(({ path, kind, ticks }) => (kind && ticks ? nameOf({ path, kind, ticks }) : [])),
  );
  for (const unit of wanted.values())
    if (recipe.onFault === 'refuse' || !isLeftOut.has(nameOf(unit)))
      told(`its recipe takes ${nameOf(unit)} today, which is not in it.`);
  const there = new Set(order);
  const inPlan = planned.map(keyOf).filter((key) => there.has(key));
  const isInPlan = new Set(inPlan);
  const inBundle = order.filter((key) => isInPlan.has(key));
  if (inPlan.some((key, at) => key !== inBundle[at]))
    told('its units are in another order than its recipe gives them.');
  const leftWords = ({ path, kind, ticks, reason }: Omit<LeftOut, 'episode'>) =>
    `${kind ?? 'all'} of ${path}${ticks ? ` ticks ${ticks[0]}–${ticks[1]}` : ''}: ${reason}`;
  const [own, today] = [new Set(leftOut.map(leftWords)), new Set(plan.leftOut.map(leftWords))];
  // What its recipe takes and could not be made.
  const unmade = new Set(recipe.onFault === 'skip' ? [...wanted.values()].map(nameOf) : []);
  for (const one of leftOut) {
    const { path, kind, ticks } = one;
    const isUnmade = kind !== null && ticks !== null && unmade.has(nameOf({ path, kind, ticks }));
    if (!isUnmade && !today.has(leftWords(one)))
      told(`it leaves out ${leftWords(one)}, and its recipe does not today.`);
  }
  for (const words of today)
    if (!own.has(words)) told(`its recipe leaves out ${words} today, of which it says nothing.`);
  return faults;
}

/** Two failures may have one window. */
function keyOf(unit: Pick<Facts, 'kind' | 'path' | 'ticks' | 'failure' | 'recovery'>): string {
  return [nameOf(unit), unit.failure, unit.recovery].join('\n');
}

function nameOf({ kind, path, ticks }: Pick<Facts, 'kind' | 'path' | 'ticks'>): string {
  return `${kind} ${path} ticks ${ticks[0]}–${ticks[1]}`;
}
