import { useSession } from '../app/session.ts';
import { Button } from '../design/index.ts';
import { recordingName } from './event-words.ts';
import styles from './FindingsPanel.module.css';
import { dismissVerdict } from './findings-actions.ts';
import { classInSentence } from './queue.ts';
import type { QueueScope, ScopedUnmatched } from './scope.ts';

/** Verdicts whose event is not there any more: none is dropped without a word, and each stays until its person removes it. */
export function UnmatchedVerdicts({ unmatched, scope }: { unmatched: readonly ScopedUnmatched[]; scope: QueueScope }) {
  const open = useSession((session) => session.open?.episode.id);
  const annotator = useSession((session) => session.review?.annotator);
  if (unmatched.length === 0) return null;
  return (
    <section className={styles.unmatched}>
      <h2>Verdicts without an event ({unmatched.length})</h2>
      <ul>
        {unmatched.map(({ id, annotator: by, verdict, reason, recording }) => (
          <li key={`${recording.episode} ${by} ${id}`}>
            <span>
              {verdict.value} of {classInSentence(verdict.of.class)} at ticks {verdict.of.ticks.join('–')}
              {scope === 'episode' ? '' : ` of ${recordingName(recording, scope)}`} by {by}:{' '}
              {reason === 'gone' ? 'no such event is found now.' : 'several verdicts fall on one event.'}
              {verdict.note ? ` “${verdict.note}”` : ''}
            </span>
            {by === annotator && recording.episode === open ? (
              <Button
                size="s"
                tone="ghost"
                aria-label={`Remove the verdict at ticks ${verdict.of.ticks.join(' to ')}`}
                onClick={() => void dismissVerdict(id, verdict.of.class)}
              >
                Remove
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
