import { CheckCheck, Tag, X } from 'lucide-react';
import { useId, useState } from 'react';
import { OUTCOMES, type Outcome, type Property } from '../../shared/review/review.ts';
import { formatCount } from '../app/format.ts';
import { Button, Dialog, IconButton, Menu, type MenuEntry, TextField } from '../design/index.ts';
import { clearOutcome, outcomeWord, setOutcome, setProperty } from '../review/gestures.ts';
import { useOverview } from '../review/overview-state.ts';
import { COMMON_KEYS, keyOf, propertyOf } from '../review/property-words.ts';
import styles from './SelectionBar.module.css';
import { sayOfMany, stopSaying, useSaying } from './say-of-many.ts';

/** How many episodes are chosen, and what can be said of all of them at once. */
export function SelectionBar({
  root,
  episodes,
  onClear,
}: {
  root: string;
  episodes: readonly string[];
  onClear(): void;
}) {
  const { progress } = useSaying();
  const [isAsking, setIsAsking] = useState(false);
  const count = episodes.length.toLocaleString('en-US');
  const say = (value: Outcome['value']) => () => void sayOfMany(root, episodes, setOutcome(value));
  const outcomes: MenuEntry[] = [
    { heading: `Outcome of ${formatCount(episodes.length, 'episode')}` },
    ...OUTCOMES.map((value) => ({ label: inSentence(outcomeWord(value)), onSelect: say(value) })),
    'separator',
    { label: 'Clear the outcome', onSelect: () => void sayOfMany(root, episodes, clearOutcome()) },
  ];
  return (
    <section className={styles.bar} aria-label="Chosen episodes">
      <div className={styles.row}>
        <b>{count} chosen</b>
        <IconButton size="s" label="Choose none" icon={<X size={13} />} onClick={onClear} />
      </div>
      {progress ? (
        <div className={styles.row}>
          <progress
            className={styles.progress}
            aria-label="Episodes looked up"
            value={progress.done}
            max={progress.total}
          />
          <span>
            {progress.done} of {progress.total}
          </span>
          <Button size="s" onClick={stopSaying}>
            Stop
          </Button>
        </div>
      ) : (
        <div className={styles.row}>
          <Menu entries={outcomes}>
            <Button size="s" icon={<CheckCheck size={13} />}>
              Outcome…
            </Button>
          </Menu>
          <Button size="s" icon={<Tag size={13} />} onClick={() => setIsAsking(true)}>
            Property…
          </Button>
        </div>
      )}
      {isAsking ? (
        <PropertyDialog
          count={episodes.length}
          onClose={() => setIsAsking(false)}
          onSay={(key, value) => void sayOfMany(root, episodes, setProperty(key, value))}
        />
      ) : null}
    </section>
  );
}

function PropertyDialog({
  count,
  onClose,
  onSay,
}: {
  count: number;
  onClose(): void;
  onSay(key: string, value: Property | null): void;
}) {
  const used = useOverview()?.properties ?? [];
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const [form, keys, values] = [useId(), useId(), useId()];
  const name = keyOf(key);
  const isRemoval = value.trim() === '';
  return (
    <Dialog
      open
      size="s"
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={`Property of ${formatCount(count, 'episode')}`}
      description="Said in your review of each. One undo takes all of it back."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form={form} disabled={name === ''}>
            {isRemoval ? 'Remove it' : 'Set it'}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (name === '') return;
          onSay(name, isRemoval ? null : propertyOf(value));
          onClose();
        }}
      >
        <TextField
          label="Key"
          list={keys}
          maxLength={100}
          value={key}
          placeholder="e.g. checkpoint_id"
          onChange={(event) => setKey(event.target.value)}
        />
        <TextField
          label="Value (left empty, the property is removed)"
          list={values}
          maxLength={2000}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <datalist id={keys}>
          {[...new Set([...used.map((each) => each.key), ...COMMON_KEYS])].map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <datalist id={values}>
          {(used.find((each) => each.key === name)?.values ?? []).map((each) => (
            <option key={String(each)} value={String(each)} />
          ))}
        </datalist>
      </form>
    </Dialog>
  );
}

function inSentence(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
