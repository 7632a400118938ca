import styles from './FindingsPanel.module.css';
import { classWord, type Queue } from './queue.ts';

/** Verdicts whose event is not there any more: none is dropped without a word. */
export function UnmatchedVerdicts({ unmatched }: Pick<Queue, 'unmatched'>) {
  if (unmatched.length === 0) return null;
  return (
    <section className={styles.unmatched}>
      <h2>Verdicts without an event</h2>
      <ul>
        {unmatched.map(({ id, annotator, verdict, reason }) => (
          <li key={`${annotator} ${id}`}>
            {verdict.value} of {classWord(verdict.of.class).toLowerCase()} at ticks {verdict.of.ticks.join('–')} by{' '}
            {annotator}: {reason === 'gone' ? 'no such event is found now.' : 'several verdicts fall on one event.'}
          </li>
        ))}
      </ul>
    </section>
  );
}
