import { useEffect, useRef } from 'react';
import type { Flag } from '../../shared/review/finding.ts';
import { Button, Dialog, Keys } from '../design/index.ts';
import styles from './ActiveSideDialog.module.css';
import { type SideGuess, useAskedSide } from './flag-commands.ts';

type Side = NonNullable<Flag['side']>;

const SIDES: readonly { side: Side; word: string; key: string; code: string }[] = [
  { side: 'left', word: 'Left', key: 'L', code: 'KeyL' },
  { side: 'right', word: 'Right', key: 'R', code: 'KeyR' },
  { side: 'both', word: 'Both', key: 'B', code: 'KeyB' },
];

/** Asks which gels were in use; the data proposes, a person confirms with one key. */
export function ActiveSideDialog() {
  const asked = useAskedSide((state) => state.asked);
  const guess = asked?.guess ?? null;
  const proposed = guess === 'loading' ? null : (guess?.side ?? null);
  const proposedButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (proposed) proposedButton.current?.focus();
  }, [proposed]);
  useEffect(() => {
    if (!asked) return;
    // Wherever the focus is while the question stands: letters are short for its buttons.
    const onKey = (event: KeyboardEvent) => {
      const chosen = SIDES.find(({ code }) => code === event.code);
      if (!chosen || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      event.preventDefault();
      event.stopPropagation();
      asked.answer(chosen.side);
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [asked]);
  if (!asked) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) useAskedSide.setState({ asked: null });
      }}
      title="Which side was in use?"
      size="s"
    >
      <div className={styles.body}>
        <p className={styles.guess}>{guessText(guess)}</p>
        <div className={styles.sides}>
          {SIDES.map(({ side, word, key }) => (
            <Button
              key={side}
              ref={side === (proposed ?? 'both') ? proposedButton : undefined}
              tone={side === proposed ? 'primary' : 'normal'}
              onClick={() => asked.answer(side)}
            >
              {word} <Keys label={key} />
            </Button>
          ))}
        </div>
        <p className={styles.hint}>It becomes the date's active sensors when its notes are written.</p>
      </div>
    </Dialog>
  );
}

function guessText(guess: SideGuess | 'loading'): string {
  if (guess === 'loading') return 'Looking which gels touched something…';
  if (!guess) return 'Nothing is known of the gels yet: detect or contact has not looked at this recording.';
  const share = (side: 'left' | 'right') => {
    const of = guess[side];
    return of === null ? `no ${side} gel` : `the ${side} gel touches something in ${percent(of)} of the ticks`;
  };
  const words = guess.side === null ? 'neither' : guess.side;
  return `The data says ${words}: ${share('left')}, ${share('right')}.`;
}

function percent(of: number): string {
  const value = of * 100;
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`;
}
