import type { OpenEpisode } from '../app/session.ts';
import styles from './FindingsPanel.module.css';
import { FindingPlot } from './plot/FindingPlot.tsx';
import type { QueueEvent } from './queue.ts';
import { SignalFacts } from './SignalFacts.tsx';
import { Verdicts } from './Verdicts.tsx';

/** Of the event in hand: what spoke for it, and what can be decided. */
export function EventDetails({ event, open }: { event: QueueEvent; open: OpenEpisode }) {
  return (
    <div className={styles.chosen}>
      <FindingPlot event={event} open={open} />
      <SignalFacts event={event} />
      <Verdicts event={event} />
    </div>
  );
}
