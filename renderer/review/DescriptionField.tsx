import { useId } from 'react';
import type { Description } from '../../shared/review/review.ts';
import { Button } from '../design/index.ts';
import { describe } from './gestures.ts';
import { useKeptDraft } from './kept-draft.ts';
import styles from './ReviewPanel.module.css';
import { perform } from './review-actions.ts';
import { TextsMenu } from './TextsMenu.tsx';

const LONGEST = 20_000;
export const DESCRIPTION_ID = 'review-description';

/** What happened in the episode, in words. Kept when one leaves the field, and with Enter; Shift+Enter starts a line. */
export function DescriptionField({ description, recording }: { description: Description | null; recording: string }) {
  const heading = useId();
  const [draft, write] = useKeptDraft(`description.${recording}`);
  const said = description?.text ?? '';
  const text = draft ?? said;
  const isChanged = draft !== null && draft.trim() !== said;
  const keep = (next: string) => {
    if (next.trim() !== said) void perform(describe(next));
    write(null);
  };
  return (
    <section className={styles.part} aria-labelledby={heading}>
      <header className={styles.row}>
        <h2 id={heading} className={styles.heading}>
          Description
        </h2>
        <TextsMenu kind="descriptions" text={text} onTake={keep} />
      </header>
      <textarea
        id={DESCRIPTION_ID}
        aria-labelledby={heading}
        rows={2}
        maxLength={LONGEST}
        className={styles.text}
        placeholder="What happened, in words"
        value={text}
        onChange={(event) => write(event.target.value)}
        onBlur={() => {
          if (draft !== null) keep(draft);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            if (draft !== null) keep(draft);
          }
          if (event.key === 'Escape' && draft !== null) {
            event.preventDefault();
            event.stopPropagation();
            write(null);
          }
        }}
      />
      {isChanged ? (
        <p className={styles.row}>
          <span className={styles.muted}>Enter keeps it, Escape puts back what was said.</span>
          <Button size="s" tone="primary" onClick={() => keep(text)}>
            Keep
          </Button>
        </p>
      ) : null}
    </section>
  );
}
