import { EyeOff, SendHorizontal, Undo2 } from 'lucide-react';
import type { Layer } from '../../shared/review/review.ts';
import { submitReview, withdrawReview } from '../../shared/review/submission.ts';
import { useSession } from '../app/session.ts';
import { Button } from '../design/index.ts';
import styles from './ReviewPanel.module.css';
import { perform } from './review-actions.ts';

/** Says that one is done with the episode; where the project is blind, that opens what others said. */
export function Submission({ own, hidden }: { own: Layer; hidden: number }) {
  const isBlind = useSession((session) => session.datasetSettings?.blindUntilSubmitted ?? false);
  const at = own.said['submission/episode']?.at;
  if (own.submission) {
    return (
      <section className={styles.part} aria-label="Submission">
        <div className={styles.row}>
          <span className={styles.complete}>
            <SendHorizontal size={13} aria-hidden /> Submitted{at ? ` ${timeOf(at)}` : ''}
          </span>
          <Button size="s" tone="ghost" icon={<Undo2 size={12} />} onClick={() => void perform(withdrawReview())}>
            Withdraw
          </Button>
        </div>
      </section>
    );
  }
  const others = hidden === 1 ? 'One other person reviewed' : `${hidden} others reviewed`;
  return (
    <section className={styles.part} aria-label="Submission">
      {hidden > 0 ? (
        <p className={styles.hidden}>
          <EyeOff size={13} aria-hidden /> {others} this episode. What they said is shown once you submit.
        </p>
      ) : null}
      <Button
        size="s"
        tone={own.outcome && isBlind ? 'primary' : 'normal'}
        icon={<SendHorizontal size={13} />}
        disabled={own.outcome === null}
        onClick={() => void perform(submitReview())}
      >
        Submit the review
      </Button>
      {own.outcome === null ? <p className={styles.muted}>An outcome comes first.</p> : null}
    </section>
  );
}

function timeOf(at: string): string {
  return new Date(at).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
}
