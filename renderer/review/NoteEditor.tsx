import { useEffect, useId, useRef } from 'react';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import type { OpenEpisode } from '../app/session.ts';
import { Button } from '../design/index.ts';
import { useTimeline } from '../timeline/selection.ts';
import { addNote, changeNote } from './gestures.ts';
import { newId } from './new-id.ts';
import type { NoteDraft } from './note-draft.ts';
import styles from './ReviewPanel.module.css';
import { keepDraft, perform } from './review-actions.ts';
import { TextsMenu } from './TextsMenu.tsx';

const LONGEST = 20_000;

/** Writes one note. Enter saves, Shift+Enter starts a line, Escape leaves it unfinished: nothing typed is lost. */
export function NoteEditor({ draft, open }: { draft: NoteDraft; open: OpenEpisode }) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const id = useId();
  const isEmpty = draft.text.trim() === '';
  const save = () => {
    if (isEmpty) return;
    const note = { text: draft.text.trim(), ...(draft.ticks ? { ticks: [...draft.ticks] as [number, number] } : {}) };
    const gesture = draft.id ? changeNote(draft.id, note) : addNote(newId(), note);
    // From here on the outbox keeps the words.
    void perform(gesture);
    keepDraft(null);
  };
  return (
    <form
      className={styles.editor}
      aria-label={draft.id ? 'Change the note' : 'New note'}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div className={styles.row}>
        <label htmlFor={id} className={styles.muted}>
          {draft.id ? 'Change the note' : 'New note'}
        </label>
        <TextsMenu
          kind="notes"
          text={draft.text}
          onTake={(text) => {
            // After what is there: nothing typed is lost.
            keepDraft({ ...draft, text: isEmpty ? text : `${draft.text.trimEnd()}\n${text}` });
            area.current?.focus();
          }}
        />
      </div>
      <textarea
        ref={area}
        id={id}
        rows={3}
        maxLength={LONGEST}
        value={draft.text}
        className={styles.text}
        onChange={(event) => keepDraft({ ...draft, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            save();
          }
          if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            keepDraft(isEmpty ? null : draft, false);
          }
        }}
      />
      <About draft={draft} open={open} />
      <div className={styles.row}>
        <Button size="s" tone="primary" type="submit" disabled={isEmpty}>
          Save note
        </Button>
        <Button size="s" tone="ghost" onClick={() => keepDraft(isEmpty ? null : draft, false)}>
          {isEmpty ? 'Cancel' : 'Later'}
        </Button>
      </div>
    </form>
  );
}

/** What the note is about: the moment it was begun at, the selection, or everything. */
function About({ draft, open }: { draft: NoteDraft; open: OpenEpisode }) {
  const selection = useTimeline((timeline) => timeline.selection);
  const name = useId();
  const { ticks, atTick } = draft;
  const isMoment = ticks !== null && ticks[0] === ticks[1];
  const range = ticks !== null && !isMoment ? ticks : selection;
  const at = (tick: number) => formatTime(open.player.times[tick] ?? 0);
  const moment = isMoment ? ticks[0] : atTick;
  const options = [
    { label: `Tick ${moment}, ${at(moment)}`, ticks: [moment, moment] as const, checked: isMoment },
    ...(range
      ? [
          {
            label: `Ticks ${range[0]} to ${range[1]}, ${at(range[0])} to ${at(range[1])}`,
            ticks: range,
            checked: ticks !== null && !isMoment,
          },
        ]
      : []),
    { label: 'Whole episode', ticks: null, checked: ticks === null },
  ];
  return (
    <fieldset className={styles.about}>
      <legend className={styles.muted}>About</legend>
      {options.map((option) => (
        <label key={option.label}>
          <input
            type="radio"
            name={name}
            checked={option.checked}
            onChange={() => keepDraft({ ...draft, ticks: option.ticks })}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
