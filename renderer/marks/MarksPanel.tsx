import { Diamond, Hand, LifeBuoy, Tag } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { type MarkerFault, type Marks, markerFaults } from '../../shared/review/marker-faults.ts';
import type { Taxonomy } from '../../shared/review/taxonomy.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { titleOf, useCommandEnabled, useKeyLabel } from '../commands/CommandButton.tsx';
import { runCommand } from '../commands/registry.ts';
import { Button, EmptyState, Keys, Tooltip } from '../design/index.ts';
import { CodePicker } from './CodePicker.tsx';
import { FailureCard } from './FailureCard.tsx';
import { FaultList } from './FaultList.tsx';
import styles from './MarksPanel.module.css';
import { listMarks } from './marking.ts';
import { useMarkInHand, useMarks, useMarksShown } from './marks-state.ts';
import { readTaxonomy, useTaxonomy } from './project.ts';
import { RecoveryRow } from './RecoveryRow.tsx';
import { TaskMarkForm } from './TaskMarkForm.tsx';
import { TaskMarks } from './TaskMarks.tsx';

/** The failures of the open recording, how each was recovered, the steps of the task, and what of them is still to settle. */
export function MarksPanel({ open }: { open: OpenEpisode }) {
  const review = useSession((session) => session.review);
  const saveState = useSession((session) => session.saveState);
  const marks = useMarksShown();
  const read = useTaxonomy((taxonomy) => taxonomy.read);
  const picker = useMarks((state) => state.picker);
  const naming = useMarks((state) => state.naming);
  useEffect(() => void readTaxonomy(), []);
  const ticks = open.player.times.length;
  const faults = useMemo(() => (marks && read ? markerFaults(marks, ticks, read.taxonomy) : []), [marks, read, ticks]);
  if (open.fingerprint === null) {
    return (
      <EmptyState title="This recording cannot be marked">
        Its content cannot be told apart from other recordings', so no mark could be found again. What is wrong with the
        file stands under Episode.
      </EmptyState>
    );
  }
  if (!review || !marks) {
    return (
      <EmptyState title={typeof saveState === 'object' ? 'The review cannot be read' : 'Reading the review'}>
        {typeof saveState === 'object' ? saveState.fault : null}
      </EmptyState>
    );
  }
  return (
    <div className={styles.panel}>
      <Tools />
      {picker ? <CodePicker picker={picker} marks={marks} /> : null}
      {naming ? <TaskMarkForm ticks={naming} marks={marks} /> : null}
      <div className={styles.scroller}>
        <Problems problems={read?.problems ?? []} />
        <Failures marks={marks} open={open} faults={faults} taxonomy={read?.taxonomy ?? null} />
        <Unlinked marks={marks} open={open} faults={faults} taxonomy={read?.taxonomy ?? null} />
        <TaskMarks marks={marks} open={open} faults={faults} />
        {listMarks(marks).length > 0 && read ? <FaultList faults={faults} open={open} /> : null}
      </div>
    </div>
  );
}

const TOOLS = [
  ['marks.failure', 'Failure', Diamond],
  ['marks.handOff', 'Hand-off', Hand],
  ['marks.recovery', 'Recovery', LifeBuoy],
  ['marks.task', 'Task step', Tag],
] as const;

/** What can be marked at the playhead, by its keys. */
function Tools() {
  return (
    <div className={styles.tools} role="toolbar" aria-label="Mark at the playhead">
      {TOOLS.map(([id, label, Icon]) => (
        <Tool key={id} id={id} label={label} icon={<Icon size={13} aria-hidden />} />
      ))}
    </div>
  );
}

function Tool({ id, label, icon }: { id: string; label: string; icon: React.ReactNode }) {
  const isEnabled = useCommandEnabled(id);
  const key = useKeyLabel(id);
  return (
    <Tooltip content={titleOf(id)}>
      <Button
        size="s"
        icon={icon}
        aria-disabled={!isEnabled}
        onClick={(press) => runCommand(id, undefined, { timeStamp: press.timeStamp, repeat: false })}
      >
        {label} {key ? <Keys label={key} /> : null}
      </Button>
    </Tooltip>
  );
}

interface FailuresProps {
  marks: Marks;
  open: OpenEpisode;
  faults: readonly MarkerFault[];
  taxonomy: Taxonomy | null;
}

function Failures({ marks, open, faults, taxonomy }: FailuresProps) {
  const inHand = useMarkInHand();
  const listed = useMemo(() => listMarks({ ...marks, recoveries: {}, taskMarks: {} }), [marks]);
  if (listed.length === 0) {
    return (
      <EmptyState icon={<Diamond size={20} />} title="No failure is marked">
        Go to where it is first seen to fail and mark it there: what leads up to it is kept around it. The recovery, if
        there was one, is marked after it.
      </EmptyState>
    );
  }
  return (
    <ul className={styles.marks} aria-label="Failures">
      {listed.map(({ id }, index) => (
        <FailureCard
          key={id}
          id={id}
          number={index + 1}
          marks={marks}
          open={open}
          inHand={inHand}
          faults={faults}
          taxonomy={taxonomy}
        />
      ))}
    </ul>
  );
}

/** Recoveries whose failure is gone, as another install may leave them: to be linked to one, or deleted. */
function Unlinked({ marks, open, faults, taxonomy }: FailuresProps) {
  const inHand = useMarkInHand();
  const ids = Object.keys(marks.recoveries).filter(
    (id) => !Object.hasOwn(marks.failures, marks.recoveries[id]?.failure ?? ''),
  );
  if (ids.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Recoveries of no failure">
      <h2 className={styles.heading}>Of no failure</h2>
      <ul className={styles.recoveries}>
        {ids.map((id) => (
          <RecoveryRow key={id} {...{ id, marks, open, inHand, faults, taxonomy }} sign="R?" />
        ))}
      </ul>
    </section>
  );
}

/** What could not be taken of the lab's own codes. */
function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems} aria-label="Codes of the lab">
      {problems.map((problem) => (
        <li key={problem} data-selectable>
          {problem}
        </li>
      ))}
    </ul>
  );
}
