import { useId, useState } from 'react';
import type { Marks } from '../../shared/review/marker-faults.ts';
import { Button, TextField } from '../design/index.ts';
import styles from './MarksPanel.module.css';
import { addTaskMark } from './mark-actions.ts';
import { momentWords, useMarks } from './marks-state.ts';

/** Names a step of the task that is being marked; labels used before are suggested. Enter keeps it, Escape leaves it. */
export function TaskMarkForm({ ticks, marks }: { ticks: readonly [number, number]; marks: Marks }) {
  const [label, setLabel] = useState('');
  const list = useId();
  const used = [...new Set(Object.values(marks.taskMarks).map((mark) => mark.label))];
  const close = () => useMarks.setState({ naming: null });
  const isWhole = label.trim() !== '';
  return (
    <form
      className={styles.naming}
      aria-label="Mark a step of the task"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) void addTaskMark(label.trim(), ticks);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <TextField
        label={
          ticks[0] === ticks[1]
            ? `Step of the task at ${momentWords(ticks[0])}`
            : `Step of the task, ticks ${ticks.join('–')}`
        }
        value={label}
        maxLength={500}
        list={list}
        placeholder="e.g. lift"
        autoFocus
        onChange={(event) => setLabel(event.target.value)}
      />
      <datalist id={list}>
        {used.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <div className={styles.actions}>
        <Button size="s" tone="primary" type="submit" disabled={!isWhole}>
          Mark
        </Button>
        <Button size="s" tone="ghost" onClick={close}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
