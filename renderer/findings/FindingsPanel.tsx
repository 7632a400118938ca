import { useRef } from 'react';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { Button, EmptyState, Spinner } from '../design/index.ts';
import { AddForm } from './AddForm.tsx';
import { BulkDialog } from './BulkDialog.tsx';
import { DetectButton } from './DetectButton.tsx';
import { EventList } from './EventList.tsx';
import styles from './FindingsPanel.module.css';
import { scopeWords } from './findings-actions.ts';
import { useFindings } from './findings-state.ts';
import { QueueHeader } from './QueueHeader.tsx';
import type { ScopedQueue } from './scope.ts';
import { readScope, type ScopePlace, useScope } from './scope-state.ts';
import { ThresholdsPanel } from './thresholds/ThresholdsPanel.tsx';
import { UnmatchedVerdicts } from './UnmatchedVerdicts.tsx';
import { useQueue, useScopedQueue } from './use-queue.ts';

/** What detectors propose of the open episode, its date or its task, worst first, and what people decide of it. */
export function FindingsPanel({ open }: { open: OpenEpisode }) {
  const queue = useScopedQueue();
  const scroller = useRef<HTMLDivElement>(null);
  const scope = useView((view) => view.findingsScope);
  return (
    <div className={styles.panel} data-scope="queue">
      <QueueHeader queue={queue} />
      <ThresholdsPanel open={open} />
      <AddForm open={open} />
      <div ref={scroller} className={styles.scroller}>
        <Missing queue={queue} />
        <EventList events={queue.shown} scope={scope} scroller={scroller} />
        <UnmatchedVerdicts unmatched={queue.unmatched} scope={scope} />
      </div>
      <BulkDialog />
    </div>
  );
}

/** What there is to say where rows are missing: nothing looked for, nothing found, nothing that is shown, nothing read. */
function Missing({ queue }: { queue: ScopedQueue }) {
  const { state, detected } = useFindings();
  const own = useQueue();
  const scope = useScope();
  const isEmpty = queue.shown.length === 0;
  const fault = typeof state === 'object' ? state.fault : typeof scope.state === 'object' ? scope.state.fault : null;
  if (fault !== null) {
    return (
      <EmptyState
        title="The findings cannot be read"
        actions={<Button onClick={() => void readScope()}>Try again</Button>}
      >
        {fault}
      </EmptyState>
    );
  }
  if (scope.state === 'loading' || (isEmpty && (state === 'loading' || (detected && !own)))) {
    return (
      <p className={styles.none}>
        <Spinner label="Reading the findings" size={12} /> Reading the findings
        {scope.recordings.size > 0 ? `: ${scope.recordings.size.toLocaleString('en-US')} recordings so far` : ''}
      </p>
    );
  }
  if (queue.hidden > 0 && isEmpty) return <p className={styles.none}>The filter leaves out all of them.</p>;
  if (scope.place) return <NotLookedInto place={scope.place} looked={scope.recordings.size} isEmpty={isEmpty} />;
  if (!detected) {
    return (
      <EmptyState title="Nothing was looked for yet" actions={<DetectButton label="Detect" />}>
        Detectors propose flicker, teleports, freezes and gaps of this recording; you decide what each is worth.
      </EmptyState>
    );
  }
  return isEmpty ? <p className={styles.none}>Nothing was found.</p> : null;
}

/** Recordings of a wider scope that no detector has seen. */
function NotLookedInto({ place, looked, isEmpty }: { place: ScopePlace; looked: number; isEmpty: boolean }) {
  const listed = useSession(({ entries }) => {
    let count = 0;
    for (const { root, task, date, listsOthers } of entries.values())
      if (
        root === place.root &&
        task === place.task &&
        (place.date === undefined || date === place.date) &&
        !listsOthers
      )
        count++;
    return count;
  });
  const left = listed - looked;
  if (looked === 0) {
    return (
      <EmptyState title="Nothing was looked for yet" actions={<DetectButton label="Detect" />}>
        No detector has seen any of the {listed.toLocaleString('en-US')} recordings {scopeWords()}.
      </EmptyState>
    );
  }
  return (
    <>
      {left > 0 ? (
        <p className={styles.none}>
          {left.toLocaleString('en-US')} of {listed.toLocaleString('en-US')} recordings {scopeWords()}{' '}
          {left === 1 ? 'was' : 'were'} not looked into. <DetectButton label="Detect" />
        </p>
      ) : null}
      {isEmpty ? <p className={styles.none}>Nothing was found.</p> : null}
    </>
  );
}
