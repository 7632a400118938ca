import { useId, useState } from 'react';
import { FINDING_CLASSES } from '../../shared/detect/findings.ts';
import type { OpenEpisode } from '../app/session.ts';
import { Button, Select, TextField } from '../design/index.ts';
import { useTimeline } from '../timeline/selection.ts';
import { guessFor, hasSides } from './adding.ts';
import { openQueue } from './current-queue.ts';
import { addEvent } from './edge-actions.ts';
import styles from './FindingsPanel.module.css';
import { useFindings } from './findings-state.ts';
import { classWord } from './queue.ts';

const CLASSES = [...FINDING_CLASSES]
  .map((value) => ({ value, label: classWord(value) }))
  .sort((a, b) => (a.label < b.label ? -1 : 1));

/** Adds an event that no detector proposed: the selection as it is, which may be moved while this stands here. */
export function AddForm({ open }: { open: OpenEpisode }) {
  const adding = useFindings((findings) => findings.adding);
  return adding ? <Form key={adding.ticks.join()} open={open} begun={adding.ticks} /> : null;
}

function Form({ open, begun }: { open: OpenEpisode; begun: readonly [number, number] }) {
  const ticks = useTimeline((timeline) => timeline.selection) ?? begun;
  const [guess] = useState(() => guessFor(openQueue()?.events ?? [], begun, open.episode));
  const [of, setClass] = useState(guess.class ?? '');
  const [side, setSide] = useState(guess.side ?? '');
  const [text, setText] = useState('');
  const name = useId();
  const isWhole = of !== '' && side !== '';
  const { times } = open.player;
  const length = ((times[ticks[1]] ?? 0) - (times[ticks[0]] ?? 0)) / 1e9;
  const close = () => useFindings.setState({ adding: null });
  return (
    <form
      className={styles.adding}
      aria-label="Add a finding"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWhole) return;
        void addEvent({ class: of, side: side === 'none' ? null : (side as 'left' | 'right'), ticks, text });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <h2>
        Add a finding: {ticks[0] === ticks[1] ? `tick ${ticks[0]}` : `ticks ${ticks.join('–')}`}
        {length > 0 ? `, ${length.toFixed(2)} s` : ''}
      </h2>
      <Select
        size="s"
        label="Class"
        value={of}
        options={[...(of === '' ? [{ value: '', label: 'Choose a class…' }] : []), ...CLASSES]}
        onChange={setClass}
        isFocused
      />
      <fieldset className={styles.sides}>
        <legend>Side</legend>
        {(hasSides(open.episode) ? (['left', 'right', 'none'] as const) : (['none'] as const)).map((value) => (
          <label key={value}>
            <input type="radio" name={name} checked={side === value} onChange={() => setSide(value)} />
            {value === 'none' ? 'Neither' : value === 'left' ? 'Left' : 'Right'}
          </label>
        ))}
      </fieldset>
      <TextField
        label="What is wrong (may stay empty)"
        value={text}
        maxLength={20_000}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles.verdicts}>
        <Button size="s" tone="primary" type="submit" disabled={!isWhole}>
          Add
        </Button>
        <Button size="s" tone="ghost" onClick={close}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
