import { foldNext, type LayerHistory } from '../../shared/review/fold.ts';
import { lonelyRecovery } from '../../shared/review/lonely.ts';
import { checkChange, differenceBetween, effectiveChanges, inverseOf } from '../../shared/review/records.ts';
import type { Change, GestureLine } from '../../shared/review/review.ts';
import { Fault } from '../fault.ts';

/** What a step writes, decided once its turn has come and the journals were read. */
export type Step = Pick<GestureLine, 'kind' | 'name' | 'patch' | 'inverse' | 'target' | 'taxonomy'>;

/** A gesture. What does not fit and what changes nothing is refused. */
export function doing(name: string, patch: readonly Change[], taxonomyVersion: number): (own: LayerHistory) => Step {
  const decide = doingWhereItMatters(name, patch, taxonomyVersion);
  return (own) => {
    const step = decide(own);
    if (!step) throw new Fault('REFUSED', `"${name}" changes nothing: it is so already.`);
    return step;
  };
}

/** A gesture that is said of many recordings: undefined in those where it is so already. What does not fit is refused. */
export function doingWhereItMatters(
  name: string,
  patch: readonly Change[],
  taxonomyVersion: number,
): (own: LayerHistory) => Step | undefined {
  return ({ records }) => {
    const checked = patch.map(checkChange);
    const wrong = checked.find((change) => typeof change === 'string');
    if (typeof wrong === 'string') throw new Fault('REFUSED', `"${name}" was not kept. ${wrong}`);
    const changes = effectiveChanges(records, checked as Change[]);
    if (changes.length === 0) return undefined;
    const lonely = lonelyRecovery(records, changes);
    if (lonely !== null) throw new Fault('REFUSED', `"${name}" was not kept. ${lonely}`);
    const step: Step = { kind: 'do', name, patch: changes, inverse: inverseOf(records, changes) };
    return changes.some(namesAFailure) ? { ...step, taxonomy: taxonomyVersion } : step;
  };
}

function namesAFailure({ map, value }: Change): boolean {
  return map === 'failures' && ((value as { code?: unknown } | null)?.code ?? null) !== null;
}

/** Takes a gesture of one's own back, or does it again. */
export function steppingBack(own: LayerHistory, kind: 'undo' | 'redo', gesture: GestureLine): Step {
  const { name, id: target } = gesture;
  const after = foldNext(own, { ...gesture, id: '', kind, target, clock: (own.last?.clock ?? 0) + 1 });
  if (!after)
    throw new Fault('REFUSED', `"${name}" cannot be ${kind === 'undo' ? 'taken back' : 'done again'} any more.`);
  return {
    ...{ kind, name, target },
    patch: differenceBetween(own.records, after.records, gesture.patch),
    inverse: differenceBetween(after.records, own.records, gesture.patch),
  };
}
