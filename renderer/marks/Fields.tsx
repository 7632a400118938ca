import { RadioGroup } from 'radix-ui';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useKeptDraft } from '../review/kept-draft.ts';
import { TextsMenu } from '../review/TextsMenu.tsx';
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

/**
 * Words of several lines, kept when one leaves the field or presses Enter (Shift+Enter starts a line); Escape puts back what
 * was said. What is being written stays in the browser's storage until it is kept.
 */
export function Words({
  id: of,
  kind,
  label,
  value,
  isFocused = false,
  onFocused,
  onKeep,
  hint,
}: {
  /** The mark that they are of. */
  id: string;
  kind: 'whatHappened' | 'howRecovered';
  label: string;
  value: string;
  /** Takes the focus now. */
  isFocused?: boolean;
  onFocused?(): void;
  onKeep(text: string): void;
  hint?: ReactNode;
}) {
  const [draft, write] = useKeptDraft(`${kind}.${of}`);
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!isFocused) return;
    area.current?.focus();
    onFocused?.();
  }, [isFocused, onFocused]);
  const text = draft ?? value;
  const keep = (next: string) => {
    if (next.trim() !== value.trim()) onKeep(next.trim());
    write(null);
  };
  return (
    <div className={styles.field}>
      <div className={styles.labelRow}>
        <label htmlFor={id} className={styles.label}>
          {label} {hint}
        </label>
        <TextsMenu kind={kind} text={text} onTake={keep} />
      </div>
      <textarea
        ref={area}
        id={id}
        rows={2}
        maxLength={20_000}
        className={styles.text}
        value={text}
        onChange={(event) => write(event.target.value)}
        onBlur={() => {
          if (draft !== null) keep(draft);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const isKept = event.key === 'Enter' && !event.shiftKey;
          if (!isKept && event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          if (isKept && draft !== null) keep(draft);
          else write(null);
          // Keys are those of the timeline again; what was put back is not kept by leaving.
          const field = event.currentTarget;
          window.setTimeout(() => field.blur(), 0);
        }}
      />
    </div>
  );
}
