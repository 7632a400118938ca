import { applyChanges, type Records, recordOf } from './records.ts';
import type { Change } from './review.ts';

/**
 * A sentence where these changes would leave a recovery without the failure that made it necessary; null where they do not.
 * One that stands alone already, as files of two installs may leave it, can still be changed and linked.
 */
export function lonelyRecovery(records: Records, changes: readonly Change[]): string | null {
  const after = applyChanges(records, changes);
  const isThere = (failure: string) => recordOf(after, 'failures', failure) !== null;
  const ofNothing = changes.some(({ map, id, value }) => {
    if (map !== 'recoveries' || value === null) return false;
    const { failure } = value as { failure: string };
    const before = recordOf(records, 'recoveries', id) as { failure: string } | null;
    return !isThere(failure) && before?.failure !== failure;
  });
  if (ofNothing) return 'A recovery belongs to a failure, and that failure is not there: mark the failure first.';
  const gone = new Set(changes.flatMap(({ map, id, value }) => (map === 'failures' && value === null ? [id] : [])));
  if (gone.size === 0) return null;
  const left = [...(after.get('recoveries')?.values() ?? [])] as { failure: string }[];
  return left.some(({ failure }) => gone.has(failure))
    ? 'The failure has a recovery, which would belong to nothing: delete that with it.'
    : null;
}
