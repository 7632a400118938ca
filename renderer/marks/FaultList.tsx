import { CircleAlert, Info, OctagonX } from 'lucide-react';
import type { MarkerFault } from '../../shared/review/marker-faults.ts';
import type { OpenEpisode } from '../app/session.ts';
import styles from './MarksPanel.module.css';
import { showFault } from './mark-navigation.ts';
import { timeText } from './mark-words.ts';

const SIGNS = {
  error: { icon: OctagonX, word: 'Wrong' },
  missing: { icon: CircleAlert, word: 'Missing' },
  note: { icon: Info, word: 'Note' },
} as const;

/** What is not right or not said yet of all marks, by where it is; each goes there. */
export function FaultList({ faults, open }: { faults: readonly MarkerFault[]; open: OpenEpisode }) {
  const toSettle = faults.filter(({ level }) => level !== 'note').length;
  const { times } = open.player;
  return (
    <section className={styles.section} aria-label="To settle">
      <h2 className={styles.heading}>
        {toSettle === 0 ? 'Nothing to settle' : 'To settle'}
        {toSettle > 0 ? <span className={styles.count}>{toSettle}</span> : null}
      </h2>
      {toSettle === 0 ? (
        <p className={styles.settled}>Everything that is asked for is said, and nothing contradicts itself.</p>
      ) : null}
      <ul className={styles.faults}>
        {faults.map((fault) => {
          const { icon: Icon, word } = SIGNS[fault.level];
          return (
            <li key={`${fault.map} ${fault.id} ${fault.text}`} data-level={fault.level}>
              <button type="button" onClick={(press) => showFault(fault, press.timeStamp)}>
                <Icon size={13} aria-label={word} />
                <span className={styles.faultText}>{fault.text}</span>
                <span className={styles.detail}>{timeText(times, fault.tick)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
