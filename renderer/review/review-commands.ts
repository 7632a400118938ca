import { useSession } from '../app/session.ts';
import { showDialog, useView } from '../app/view-state.ts';
import { registerCommands } from '../commands/registry.ts';
import { useTimeline } from '../timeline/selection.ts';
import { clearOutcome, setOutcome } from './gestures.ts';
import { openNextUnreviewed } from './next-unreviewed.ts';
import { draftAt } from './note-draft.ts';
import { canReview, keepDraft, perform, redo, undo, useReviewState } from './review-actions.ts';

/** Answers the way to take them back. */
export function registerReviewCommands(): () => void {
  const outcome = (value: Parameters<typeof setOutcome>[0]) => ({
    run: () => void perform(setOutcome(value)),
    isEnabled: canReview,
    isChecked: () => useSession.getState().review?.own.outcome?.value === value,
  });
  const review = () => useSession.getState().review;
  return registerCommands({
    'review.success': outcome('success'),
    'review.suboptimal': outcome('success_suboptimal'),
    'review.sideEffect': outcome('success_side_effect'),
    'review.failure': outcome('failure'),
    'review.notScored': outcome('not_scored'),
    'review.clearOutcome': {
      run: () => void perform(clearOutcome()),
      isEnabled: () => canReview() && review()?.own.outcome !== null,
    },
    'review.nextUnreviewed': {
      run: () => void openNextUnreviewed(),
      isEnabled: () => useSession.getState().root !== null,
    },
    'review.publish': { run: () => showDialog('publish'), isEnabled: canPublish },
    'review.note': { run: beginNote, isEnabled: canReview },
    'edit.undo': {
      run: () => void undo(),
      isEnabled: () => useReviewState.getState().unsent.length > 0 || (review()?.undo.count ?? 0) > 0,
    },
    'edit.redo': { run: () => void redo(), isEnabled: () => (review()?.redo.count ?? 0) > 0 },
  });
}

/** Only recordings of one format hold what people say of them. */
function canPublish(): boolean {
  return canReview() && useSession.getState().open?.episode.format === 'oopsie';
}

/** Opens the editor on what was begun before, else on a new note about this moment or the selection around it. */
export function beginNote(): void {
  const { open } = useSession.getState();
  if (!open) return;
  open.player.pause();
  const { draft } = useReviewState.getState();
  const tick = open.player.shown()?.header.tick ?? open.player.commandedTick();
  // Where nothing was written yet, nothing was begun: the moment is this one.
  const begun = draft && (draft.id !== null || draft.text.trim() !== '') ? draft : null;
  keepDraft(begun ?? draftAt(tick, useTimeline.getState().selection), true);
  useView.setState({ isInspectorShown: true, inspectorTab: 'review' });
}
