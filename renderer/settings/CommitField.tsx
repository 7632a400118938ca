import { useEffect, useState } from 'react';
import { TextField } from '../design/index.ts';

export interface CommitFieldProps {
  /** Spoken only: the row beside it shows the same words. */
  label: string;
  value: string;
  /** A sentence when the text cannot be taken. */
  check?(text: string): string | null;
  onCommit(text: string): void;
  inputMode?: 'text' | 'numeric' | 'decimal';
}

/** A field that is taken over on Enter or on leaving it, when it changed and can be taken; Escape puts it back. */
export function CommitField({ label, value, check, onCommit, inputMode }: CommitFieldProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const fault = text === value ? null : (check?.(text) ?? null);
  const commit = () => {
    if (text === value) return;
    if (fault === null) onCommit(text);
    else setText(value);
  };
  return (
    <TextField
      label={label}
      hideLabel
      value={text}
      fault={fault}
      inputMode={inputMode}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && fault === null) commit();
        if (event.key === 'Escape' && text !== value) {
          setText(value);
          event.stopPropagation();
        }
      }}
    />
  );
}
