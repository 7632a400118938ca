import type { Change } from '../../shared/review/review.ts';
import { api } from '../app/api.ts';
import { attempt, notify } from '../app/notices.ts';
import { registerCommand } from '../commands/registry.ts';
import { newId } from './new-id.ts';
import { useReviewState } from './review-actions.ts';

export interface TogetherPart {
  recording: string;
  /** Id in the list, where it is not sure that something was looked for in it. */
  episode?: string;
  id: string;
  patch: Change[];
}

/**
 * One step over several recordings of a root. Faults become notices; where it was kept in any, one undo is offered for
 * all. False when nothing came of it and it may be tried again.
 */
export async function keepTogether({
  root,
  name,
  parts,
}: {
  root: string;
  name: string;
  parts: TogetherPart[];
}): Promise<boolean> {
  const group = newId();
  const end = await attempt(() => api.review.together({ root, group, name, parts }));
  if (!end) return false;
  for (const text of new Set(end.faults.map(({ message }) => message))) notify('bad', text);
  if (end.kept > 0) offerUndo(root, group, `${name}.`);
  else if (end.faults.length === 0) notify('info', `${name}: it is so already.`);
  return true;
}

let stopOffering = () => {};

/** Until anything else is said, undo takes all of it back, whichever recording is open. */
function offerUndo(root: string, group: string, text: string): void {
  stopOffering();
  const takeBack = async () => {
    stopOffering();
    const end = await attempt(() => api.review.undoTogether({ root, group }));
    if (!end) return;
    for (const { message } of end.faults) notify('bad', message);
    notify('info', `Taken back in ${end.kept} ${end.kept === 1 ? 'recording' : 'recordings'}.`);
  };
  const stopCommand = registerCommand('edit.undo', { run: () => void takeBack() });
  const stopFollowing = useReviewState.subscribe(({ unsent }, before) => {
    if (unsent.length > before.unsent.length) stopOffering();
  });
  stopOffering = () => {
    stopOffering = () => {};
    stopCommand();
    stopFollowing();
  };
  notify('good', text, { label: 'Undo', run: () => void takeBack() });
}
