import { Merge, Repeat, SquareSplitHorizontal, Tag, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Marks } from '../../shared/review/marker-faults.ts';
import type { TaskMark } from '../../shared/review/markers.ts';
import type { OpenEpisode } from '../app/session.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { TextField } from '../design/index.ts';
import styles from './MarksPanel.module.css';
import { showMark } from './mark-navigation.ts';
import { lengthText, timeText } from './mark-words.ts';
import { listMarks } from './marking.ts';
import { useMarkInHand } from './marks-state.ts';
import { Parts } from './Parts.tsx';
import { renameTaskMark } from './say.ts';

/** The steps of the task, in order of time; nothing where none is marked. */
export function TaskMarks({ marks, open }: { marks: Marks; open: OpenEpisode }) {
  const inHand = useMarkInHand();
  const listed = listMarks({ failures: {}, recoveries: {}, taskMarks: marks.taskMarks });
  if (listed.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Steps of the task">
      <h2 className={styles.heading}>Steps of the task</h2>
      <ul className={styles.marks}>
        {listed.map(({ id }) => (
          <Row key={id} id={id} marks={marks} open={open} isInHand={inHand?.map === 'taskMarks' && inHand.id === id} />
        ))}
      </ul>
    </section>
  );
}

function Row({ id, marks, open, isInHand }: { id: string; marks: Marks; open: OpenEpisode; isInHand: boolean }) {
  const mark = marks.taskMarks[id] as TaskMark;
  const { times } = open.player;
  const [first, last] = mark.ticks;
  return (
    <li className={styles.card} data-in-hand={isInHand}>
      <button
        type="button"
        className={styles.about}
        aria-pressed={isInHand}
        aria-expanded={isInHand}
        onClick={(press) => showMark('taskMarks', id, undefined, press.timeStamp)}
      >
        <Tag size={13} aria-hidden className={styles.taskSign} />
        <span className={styles.words}>
          <span className={styles.title}>
            <span className={styles.name}>{mark.label}</span>
          </span>
          <span className={styles.place}>
            {timeText(times, first)}, tick {first}
            {first === last ? null : <span className={styles.detail}>{lengthText(times, mark.ticks)}</span>}
          </span>
        </span>
      </button>
      {isInHand ? (
        <div className={styles.form}>
          <Parts mark={{ map: 'taskMarks', id }} marks={marks} open={open} />
          <Label key={id} id={id} label={mark.label} />
          <div className={styles.actions}>
            <CommandButton id="play.loop" size="s" icon={<Repeat size={14} />} label="Loop it with its lead-in" />
            <CommandButton
              id="review.split"
              size="s"
              icon={<SquareSplitHorizontal size={14} />}
              label="Split it at the playhead"
            />
            <CommandButton
              id="marks.join"
              size="s"
              icon={<Merge size={14} />}
              label="Join it with the nearest of its label"
            />
            <CommandButton id="marks.delete" size="s" icon={<Trash2 size={14} />} label="Delete the task mark" />
          </div>
        </div>
      ) : null}
    </li>
  );
}

/** Kept on Enter and on leaving the field; an empty one stays what it was. */
function Label({ id, label }: { id: string; label: string }) {
  const [text, setText] = useState(label);
  useEffect(() => setText(label), [label]);
  const keep = () => {
    if (text.trim() === '') setText(label);
    else void renameTaskMark(id, text.trim());
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
        event.currentTarget.blur();
      }}
    />
  );
}
