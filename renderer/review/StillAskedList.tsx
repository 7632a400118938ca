import { ArrowRight, CircleCheck } from 'lucide-react';
import type { Layer } from '../../shared/review/review.ts';
import { type StillAsked, stillAsked } from '../../shared/review/still-asked.ts';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { selectMark } from '../marks/marks-state.ts';
import { DESCRIPTION_ID } from './DescriptionField.tsx';
import { REASON_ID } from './OutcomeForm.tsx';
import styles from './ReviewPanel.module.css';

/** What the chosen outcome still asks for; each goes to where it is said. */
export function StillAskedList({ own }: { own: Layer }) {
  const asked = stillAsked(own);
  if (own.outcome === null) return null;
  if (asked.length === 0) {
    return (
      <p className={styles.complete}>
        <CircleCheck size={13} aria-hidden /> Nothing is missing for this outcome.
      </p>
    );
  }
  return (
    <div className={styles.asked}>
      <p>Still to say:</p>
      <ul>
        {asked.map((each) => (
          <li key={each.what}>
            <button type="button" className={styles.jump} onClick={(event) => goTo(each, own, event.timeStamp)}>
              <ArrowRight size={12} aria-hidden /> {each.what}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function goTo({ where, failure }: StillAsked, own: Layer, inputAt: number): void {
  if (where === 'description') document.getElementById(DESCRIPTION_ID)?.focus();
  else if (where === 'reason') document.getElementById(REASON_ID)?.focus();
  else {
    useView.setState({ inspectorTab: 'marks' });
    if (failure === null) return;
    selectMark('failures', failure);
    const event = own.failures[failure]?.event;
    const player = useSession.getState().open?.player;
    player?.pause();
    if (event !== undefined) player?.seek(event, inputAt);
  }
}
