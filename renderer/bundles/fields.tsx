import { type ReactNode, useState } from 'react';
import { Button, TextField } from '../design/index.ts';
import styles from './ExportDialog.module.css';

/** A part of the form under a heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={styles.section}>
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

/** Any of several, as buttons that stay down. */
export function Choices<Value extends string>({
  label,
  options,
  chosen,
  caption,
  fault,
  onChange,
}: {
  label: string;
  options: readonly { value: Value; label: string }[];
  chosen: readonly Value[];
  /** Shown above them, where what they are is not plain. */
  caption?: string;
  fault?: string | undefined;
  onChange(chosen: Value[]): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset is read twice
    <div role="group" aria-label={label} className={styles.choices}>
      {caption ? (
        <span className={styles.caption} aria-hidden>
          {caption}
        </span>
      ) : null}
      {options.map((option) => {
        const isChosen = chosen.includes(option.value);
        return (
          <Button
            key={option.value}
            size="s"
            aria-pressed={isChosen}
            className={styles.choice}
            onClick={() =>
              // In the order of the options, so that the same choice is the same recipe.
              onChange(
                options
                  .map(({ value }) => value)
                  .filter((value) => (value === option.value ? !isChosen : chosen.includes(value))),
              )
            }
          >
            {option.label}
          </Button>
        );
      })}
      {fault ? <p className={styles.bad}>{fault}</p> : null}
    </div>
  );
}

/** Text that is read into a value as it is typed: what does not fit stays as it was written. */
export function ReadField<Value>({
  label,
  value,
  write,
  read,
  fault,
  hint,
  inputMode,
  onChange,
}: {
  label: string;
  value: Value;
  write(value: Value): string;
  read(text: string): Value;
  fault?: string | undefined;
  hint?: string;
  inputMode?: 'decimal' | 'numeric';
  onChange(value: Value): void;
}) {
  const stands = JSON.stringify(value);
  const [typed, setTyped] = useState({ text: write(value), stands });
  // Where another recipe was taken in hand, what was typed is of the one before.
  const text = typed.stands === stands ? typed.text : write(value);
  return (
    <TextField
      label={label}
      value={text}
      maxLength={2000}
      {...(inputMode ? { inputMode } : {})}
      hint={hint}
      fault={fault ?? null}
      onChange={(event) => {
        const next = read(event.target.value);
        setTyped({ text: event.target.value, stands: JSON.stringify(next) });
        onChange(next);
      }}
    />
  );
}
