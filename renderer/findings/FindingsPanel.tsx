import type { OpenEpisode } from '../app/session.ts';
import { EmptyState } from '../design/index.ts';
import { DetectButton } from './DetectButton.tsx';
import { EventRow } from './EventRow.tsx';
import styles from './FindingsPanel.module.css';
import { useFindings } from './findings-state.ts';
import { QueueHeader } from './QueueHeader.tsx';
import { ThresholdsPanel } from './thresholds/ThresholdsPanel.tsx';
import { UnmatchedVerdicts } from './UnmatchedVerdicts.tsx';
import { useQueue } from './use-queue.ts';

/** What detectors propose of the open episode, worst first, and what people decide of it. */
export function FindingsPanel({ open }: { open: OpenEpisode }) {
  const { state, detected } = useFindings();
  const queue = useQueue();

  if (typeof state === 'object') return <EmptyState title="The findings cannot be read">{state.fault}</EmptyState>;
  if (state === 'loading' || (detected && !queue)) return <EmptyState title="Reading the findings" />;
  if (!detected || !queue) {
    return (
      <EmptyState title="Nothing was looked for yet" actions={<DetectButton label="Detect" />}>
        Detectors propose flicker, teleports, freezes and gaps of this recording; you decide what each is worth.
      </EmptyState>
    );
  }
  return (
    <div className={styles.panel} data-scope="queue">
      <QueueHeader queue={queue} />
      <ThresholdsPanel open={open} />
      {queue.events.length === 0 ? <p className={styles.none}>Nothing was found.</p> : null}
      <ul className={styles.events} aria-label="Findings">
        {queue.events.map((event) => (
          <EventRow key={event.id} event={event} open={open} />
        ))}
      </ul>
      <UnmatchedVerdicts unmatched={queue.unmatched} />
    </div>
  );
}
