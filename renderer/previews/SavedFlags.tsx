import { CircleAlert, Redo2, Undo2 } from 'lucide-react';
import { CommandButton } from '../commands/CommandButton.tsx';
import { Button } from '../design/index.ts';
import { useOutputs } from './outputs-state.ts';
import styles from './Previews.module.css';
import { sayAgain, usePreviewReview } from './preview-review.ts';
import { useWatching } from './preview-state.ts';

/** Undo and redo of the recording in hand, and what could not be kept. */
export function SavedFlags() {
  const current = useWatching((watching) => watching.current);
  const review = useOutputs(({ recordings }) => recordings.find(({ episode }) => episode === current)?.review ?? null);
  const { fault, unsent } = usePreviewReview();
  const undoName = review?.undo.name;
  const redoName = review?.redo.name;
  return (
    <span className={styles.group}>
      {unsent.length > 0 ? (
        <span className={styles.unsaved} role="alert">
          <CircleAlert size={13} aria-hidden />
          <span title={fault ?? undefined}>Not saved: {fault ?? 'not sent yet'}</span>
          <Button size="s" onClick={() => void sayAgain()}>
            Save now
          </Button>
        </span>
      ) : null}
      <CommandButton id="edit.undo" icon={<Undo2 size={15} />} label={undoName ? `Undo: ${undoName}` : 'Undo'} />
      <CommandButton id="edit.redo" icon={<Redo2 size={15} />} label={redoName ? `Redo: ${redoName}` : 'Redo'} />
    </span>
  );
}
