import { useEffect, useRef } from 'react';
import { TextField } from '../design/index.ts';
import { keepVerdictNote } from './findings-actions.ts';
import { useFindings } from './findings-state.ts';
import type { QueueEvent } from './queue.ts';

const LONGEST = 20_000;

/** The note on a verdict. Enter keeps it, Escape lets it go; before there is a verdict it waits for one. */
export function NoteField({ event }: { event: QueueEvent }) {
  const note = useFindings(({ note }) => (note?.event === event.id ? note : null));
  const field = useRef<HTMLInputElement>(null);
  const isWriting = note !== null;
  useEffect(() => {
    if (isWriting) field.current?.focus();
  }, [isWriting]);
  const value = event.own[0]?.verdict.value;
  const isDecided = value === 'keep' || value === 'cut';
  if (!note) return null;
  return (
    <form
      onSubmit={(submitted) => {
        submitted.preventDefault();
        void keepVerdictNote(event);
      }}
    >
      <TextField
        ref={field}
        label="Note on the verdict"
        hint={isDecided ? 'Enter keeps it.' : 'Enter, then keep or cut: it is kept with the verdict.'}
        maxLength={LONGEST}
        value={note.text}
        onChange={(change) => useFindings.setState({ note: { event: event.id, text: change.target.value } })}
        onKeyDown={(pressed) => {
          if (pressed.key !== 'Escape') return;
          pressed.preventDefault();
          pressed.stopPropagation();
          useFindings.setState({ note: null, focusOn: event.id });
        }}
      />
    </form>
  );
}
