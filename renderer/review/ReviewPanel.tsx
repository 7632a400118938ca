import { MessageSquarePlus } from 'lucide-react';
import { useId } from 'react';
import type { Layer } from '../../shared/review/review.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Button, EmptyState, Keys } from '../design/index.ts';
import { EpisodeFlags } from '../previews/EpisodeFlags.tsx';
import { CopyLast } from './CopyLast.tsx';
import { DescriptionField } from './DescriptionField.tsx';
import { withGestures } from './gestures.ts';
import { LayersTable } from './LayersTable.tsx';
import { NoteEditor } from './NoteEditor.tsx';
import { NoteList } from './NoteList.tsx';
import { OtherLayer } from './OtherLayer.tsx';
import { OutcomeForm } from './OutcomeForm.tsx';
import { PropertyTable } from './PropertyTable.tsx';
import styles from './ReviewPanel.module.css';
import { discardUnsent, keepDraft, retry, useReviewState } from './review-actions.ts';
import { beginNote } from './review-commands.ts';
import { StillAskedList } from './StillAskedList.tsx';
import { Submission } from './Submission.tsx';
import { useSeen } from './use-seen.ts';

/** What one says of the open episode, and beside it, read-only, what others said. */
export function ReviewPanel() {
  const open = useSession((session) => session.open);
  const review = useSession((session) => session.review);
  const saveState = useSession((session) => session.saveState);
  const unsent = useReviewState((state) => state.unsent);
  if (!open) return <EmptyState title="No episode is open">Open one to say how it went.</EmptyState>;
  if (open.fingerprint === null) {
    return (
      <EmptyState title="This recording cannot be reviewed">
        Its content cannot be told apart from other recordings', so nothing said of it could be found again. What is
        wrong with the file stands under Episode.
      </EmptyState>
    );
  }
  if (!review) {
    return (
      <EmptyState title={typeof saveState === 'object' ? 'The review cannot be read' : 'Reading the review'}>
        {typeof saveState === 'object' ? saveState.fault : null}
      </EmptyState>
    );
  }
  const own = withGestures(review.own, unsent);
  return (
    <div className={styles.panel}>
      <Unsent />
      <section className={styles.part}>
        <header className={styles.row}>
          <h2 className={styles.heading}>Outcome</h2>
          <CopyLast recording={open.fingerprint} />
        </header>
        <OutcomeForm outcome={own.outcome} />
        <StillAskedList own={own} />
      </section>
      <DescriptionField description={own.description} recording={open.fingerprint} />
      <PropertyTable own={own} open={open} />
      <Notes own={own} open={open} />
      <EpisodeFlags open={open} review={{ own, others: review.others }} />
      <Seen open={open} />
      <Submission own={own} hidden={review.hidden} />
      <LayersTable own={own} others={review.others} open={open} />
      {review.others.map((layer) => (
        <OtherLayer key={layer.annotator} layer={layer} open={open} />
      ))}
      {review.problems.length > 0 ? (
        <section className={styles.part}>
          <h2 className={styles.heading}>Not readable</h2>
          <p className={styles.muted}>
            In the folder reviews/{review.fingerprint.slice(0, 12)}… of this dataset's reviews:
          </p>
          <ul className={styles.problems}>
            {review.problems.map((problem) => (
              <li key={problem} data-selectable>
                {problem}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <p className={styles.who}>You are {review.annotator}.</p>
    </div>
  );
}

function Notes({ own, open }: { own: Layer; open: OpenEpisode }) {
  const { draft, isEditing } = useReviewState();
  const key = useKeyLabel('review.note');
  const heading = useId();
  return (
    <section className={styles.part} aria-labelledby={heading}>
      <header className={styles.row}>
        <h2 id={heading} className={styles.heading}>
          Notes
        </h2>
        {isEditing ? null : (
          <Button size="s" icon={<MessageSquarePlus size={13} />} onClick={beginNote}>
            {draft ? 'Continue note' : 'Note'} <Keys label={key} />
          </Button>
        )}
      </header>
      {draft && isEditing ? <NoteEditor draft={draft} open={open} /> : null}
      {draft && !isEditing ? (
        <p className={styles.unfinished}>
          <span>Unfinished: {draft.text}</span>
          <Button size="s" tone="ghost" onClick={() => keepDraft(null)}>
            Discard
          </Button>
        </p>
      ) : null}
      <NoteList notes={own.notes} open={open} isOwn />
    </section>
  );
}

/** What the workstation does not have yet. It is kept in this browser until it does. */
function Unsent() {
  const unsent = useReviewState((state) => state.unsent);
  const saveState = useSession((session) => session.saveState);
  if (unsent.length === 0 || typeof saveState !== 'object') return null;
  return (
    <section className={styles.unsent} aria-label="Not saved yet">
      <p>
        {unsent.length === 1 ? 'One change is' : `${unsent.length} changes are`} not saved yet, and kept in this
        browser: {unsent.map((gesture) => gesture.name).join(', ')}.
      </p>
      <div className={styles.row}>
        <Button size="s" tone="primary" onClick={() => void retry()}>
          Save now
        </Button>
        <Button size="s" tone="danger" onClick={() => void discardUnsent()}>
          Discard
        </Button>
      </div>
    </section>
  );
}

/** Ticks that were really painted, as a share rounded down: "100 %" is said only when none is left. */
function Seen({ open }: { open: OpenEpisode }) {
  const { count, total, percent } = useSeen(open);
  return (
    <section className={styles.part}>
      <div className={styles.seen}>
        <span>{percent} % seen</span>
        <span className={styles.muted}>
          {count} of {total} ticks painted
        </span>
      </div>
      <progress className={styles.progress} value={count} max={Math.max(1, total)} aria-label="Share of ticks seen" />
    </section>
  );
}
