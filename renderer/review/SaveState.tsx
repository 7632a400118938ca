import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle, Redo2, Undo2 } from 'lucide-react';
import { useEffect } from 'react';
import { useSession } from '../app/session.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { Button, Tooltip } from '../design/index.ts';
import { registerFindingCommands } from '../findings/findings-commands.ts';
import { followFindings } from '../findings/findings-state.ts';
import { followRing } from '../findings/follow-ring.ts';
import { followScope } from '../findings/scope-state.ts';
import { followTrial } from '../findings/thresholds/trial-state.ts';
import { registerMarkCommands } from '../marks/marks-commands.ts';
import { followMarks } from '../marks/marks-state.ts';
import { followTaxonomy } from '../marks/project.ts';
import { followMovingSteps } from './moving-step.ts';
import { followReview, retry, useReviewState } from './review-actions.ts';
import { registerReviewCommands } from './review-commands.ts';
import styles from './SaveState.module.css';
import { savedAtText } from './saved-at.ts';

/** Whether what one said is safe, always in sight; with undo and redo by the name of their step. */
export function SaveState() {
  useEffect(() => followReview(), []);
  useEffect(() => registerReviewCommands(), []);
  useEffect(() => followFindings(), []);
  useEffect(() => followScope(), []);
  useEffect(() => followMovingSteps(), []);
  useEffect(() => followMarks(), []);
  useEffect(() => followTaxonomy(), []);
  useEffect(() => followTrial(), []);
  useEffect(() => followRing(), []);
  useEffect(() => registerFindingCommands(), []);
  useEffect(() => registerMarkCommands(), []);
  const review = useSession((session) => session.review);
  const unsent = useReviewState((state) => state.unsent);
  const undoName = unsent.at(-1)?.name ?? review?.undo.name;
  return (
    <div className={styles.save}>
      <CommandButton id="edit.undo" icon={<Undo2 size={15} />} label={undoName ? `Undo: ${undoName}` : 'Undo'} />
      <CommandButton
        id="edit.redo"
        icon={<Redo2 size={15} />}
        label={review?.redo.name ? `Redo: ${review.redo.name}` : 'Redo'}
      />
      <Sentence />
    </div>
  );
}

function Sentence() {
  const saveState = useSession((session) => session.saveState);
  const review = useSession((session) => session.review);
  const unsent = useReviewState((state) => state.unsent.length);
  if (saveState === 'saving') {
    return (
      <span className={styles.sentence}>
        <LoaderCircle size={13} aria-hidden /> Saving…
      </span>
    );
  }
  if (saveState !== 'idle') {
    return (
      <span className={styles.sentence} data-tone="bad">
        <Tooltip content={saveState.fault}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip has to be reachable by keyboard */}
          <span className={styles.fault} tabIndex={0}>
            <CircleAlert size={13} aria-hidden />
            <span>Not saved: {saveState.fault}</span>
          </span>
        </Tooltip>
        {unsent > 0 ? (
          <Button size="s" onClick={() => void retry()}>
            Save now
          </Button>
        ) : null}
      </span>
    );
  }
  if (!review?.savedAt) {
    return (
      <span className={styles.sentence} data-tone="muted">
        <CircleDashed size={13} aria-hidden /> {review ? 'No changes yet' : 'No review'}
      </span>
    );
  }
  return (
    <Tooltip content={`Kept in the journal of ${review.annotator}, ${new Date(review.savedAt).toLocaleString()}.`}>
      <span className={styles.sentence} data-tone="muted">
        <CircleCheck size={13} aria-hidden /> {savedAtText(review.savedAt, new Date())}
      </span>
    </Tooltip>
  );
}
