import { RadioGroup } from 'radix-ui';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { onLeaving } from '../app/leaving.ts';
import type { Choice } from './choices.ts';
import styles from './MarksPanel.module.css';

/** One of a few, in a row or two; a value that is none of them stands beside them as it came. */
export function Segments({
  label,
  value,
  choices,
  columns,
  onChoose,
}: {
  label: string;
  value: string | null;
  choices: readonly Choice[];
  columns: number;
  onChoose(value: string): void;
}) {
  const isKnown = value === null || choices.some((choice) => choice.value === value);
  const all = isKnown
    ? choices
    : [...choices, { value, title: value, definition: 'Not in the taxonomy: kept as it came.' }];
  const name = useId();
  return (
    <div className={styles.field}>
      <span id={name} className={styles.label}>
        {label}
      </span>
      <RadioGroup.Root
        className={styles.segments}
        aria-labelledby={name}
        value={value ?? ''}
        onValueChange={onChoose}
        style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      >
        {all.map((choice) => (
          <RadioGroup.Item key={choice.value} value={choice.value} className={styles.segment} title={choice.definition}>
            {choice.title}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  );
}

/** Words of several lines, kept when one leaves the field, presses Enter (Shift+Enter starts a line) or leaves the page. */
export function Words({
  label,
  value,
  isFocused = false,
  onFocused,
  onKeep,
  hint,
}: {
  label: string;
  value: string;
  /** Takes the focus now. */
  isFocused?: boolean;
  onFocused?(): void;
  onKeep(text: string): void;
  hint?: ReactNode;
}) {
  const [text, setText] = useState(value);
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (!isFocused) return;
    area.current?.focus();
    onFocused?.();
  }, [isFocused, onFocused]);
  const keep = () => {
    if (text.trim() !== value.trim()) onKeep(text.trim());
  };
  const latest = useRef(keep);
  useEffect(() => {
    latest.current = keep;
  });
  useEffect(() => onLeaving(() => latest.current()), []);
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label} {hint}
      </label>
      <textarea
        ref={area}
        id={id}
        rows={2}
        maxLength={20_000}
        className={styles.text}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const isDone = (event.key === 'Enter' && !event.shiftKey) || event.key === 'Escape';
          if (!isDone) return;
          event.preventDefault();
          event.stopPropagation();
          // What was typed is kept either way: nothing is lost, and undo takes it back.
          event.currentTarget.blur();
        }}
      />
    </div>
  );
}
