import { Tag } from 'lucide-react';
import { useRef, useState } from 'react';
import type { MarkerFault, Marks } from '../../shared/review/marker-faults.ts';
import type { TaskMark } from '../../shared/review/markers.ts';
import type { OpenEpisode } from '../app/session.ts';
import { TextField } from '../design/index.ts';
import { MarkActions } from './MarkActions.tsx';
import { MarkButton, useInSightInHand } from './MarkButton.tsx';
import styles from './MarksPanel.module.css';
import { lengthText, timeText } from './mark-words.ts';
import { listMarks } from './marking.ts';
import { useMarkInHand } from './marks-state.ts';
import { Parts } from './Parts.tsx';
import { renameTaskMark } from './say.ts';

interface TaskMarksProps {
  marks: Marks;
  open: OpenEpisode;
  faults: readonly MarkerFault[];
}

/** The steps of the task, in order of time; nothing where none is marked. */
export function TaskMarks({ marks, open, faults }: TaskMarksProps) {
  const inHand = useMarkInHand();
  const listed = listMarks({ failures: {}, recoveries: {}, taskMarks: marks.taskMarks });
  if (listed.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Steps of the task">
      <h2 className={styles.heading}>Steps of the task</h2>
      <ul className={styles.marks}>
        {listed.map(({ id }) => (
          <Row key={id} {...{ id, marks, open, faults }} isInHand={inHand?.map === 'taskMarks' && inHand.id === id} />
        ))}
      </ul>
    </section>
  );
}

function Row({ id, marks, open, isInHand, faults }: TaskMarksProps & { id: string; isInHand: boolean }) {
  const mark = marks.taskMarks[id] as TaskMark;
  const { times } = open.player;
  const [first, last] = mark.ticks;
  const row = useInSightInHand<HTMLLIElement>(isInHand);
  return (
    <li ref={row} className={styles.card} data-in-hand={isInHand}>
      <MarkButton
        mark={{ map: 'taskMarks', id }}
        {...{ isInHand, faults }}
        icon={<Tag size={13} aria-hidden className={styles.taskSign} />}
        title={<span className={styles.name}>{mark.label}</span>}
        place={
          <>
            {timeText(times, first)}, tick {first}
            {first === last ? null : <span className={styles.detail}>{lengthText(times, mark.ticks)}</span>}
          </>
        }
      />
      {isInHand ? (
        <div className={styles.form}>
          <Parts mark={{ map: 'taskMarks', id }} marks={marks} open={open} />
          <Label key={`${id} ${mark.label}`} id={id} label={mark.label} />
          <MarkActions
            split="Split it at the playhead"
            join="Join it with the nearest of its label"
            remove="Delete the task mark"
          />
        </div>
      ) : null}
    </li>
  );
}

/** Kept on Enter and on leaving the field; an empty one stays what it was, as on Escape. */
function Label({ id, label }: { id: string; label: string }) {
  const [text, setText] = useState(label);
  const isPutBack = useRef(false);
  const keep = () => {
    const said = isPutBack.current ? '' : text.trim();
    isPutBack.current = false;
    if (said === '') setText(label);
    else void renameTaskMark(id, said);
  };
  return (
    <TextField
      label="Label"
      value={text}
      maxLength={500}
      onChange={(event) => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.stopPropagation();
        isPutBack.current = event.key === 'Escape';
        event.currentTarget.blur();
      }}
    />
  );
}
