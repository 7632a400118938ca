import { useMemo } from 'react';
import type { OpenEpisode } from '../app/session.ts';
import { EdgeTools } from './EdgeTools.tsx';
import styles from './FindingsPanel.module.css';
import { NoteField } from './NoteField.tsx';
import { FindingPlot } from './plot/FindingPlot.tsx';
import type { QueueEvent } from './queue.ts';
import { SignalFacts } from './SignalFacts.tsx';
import { Verdicts } from './Verdicts.tsx';

/** Of the event in hand: what spoke for it, what can be decided, and its ends. */
export function EventDetails({ event, open }: { event: QueueEvent; open: OpenEpisode }) {
  const isMerged = event.decision?.verdict.value === 'merge';
  // One made by hand is judged by what spoke for the finding it stands for.
  const judged = useMemo(() => (event.hand ? { ...event, finding: event.origin } : event), [event]);
  return (
    <div className={styles.chosen}>
      <Verdicts event={event} />
      <NoteField event={event} />
      {isMerged ? null : <EdgeTools event={event} />}
      <FindingPlot event={judged} open={open} />
      <SignalFacts event={event} />
    </div>
  );
}
