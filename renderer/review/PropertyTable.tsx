import { Plus, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Layer, Property } from '../../shared/review/review.ts';
import { inWords } from '../app/format.ts';
import type { OpenEpisode } from '../app/session.ts';
import { Button, IconButton } from '../design/index.ts';
import { setProperty, wordOf } from './gestures.ts';
import { useOverview } from './overview-state.ts';
import styles from './PropertyTable.module.css';
import { keyOf, keysToOffer, propertyOf } from './property-words.ts';
import panel from './ReviewPanel.module.css';
import { perform } from './review-actions.ts';

/** The conditions of the episode, by any key: what was used in the dataset before is offered, and what the files say. */
export function PropertyTable({ own, open }: { own: Layer; open: OpenEpisode }) {
  const heading = useId();
  const keys = useId();
  const overview = useOverview();
  const used = overview?.properties ?? [];
  const recorded = open.episode.properties;
  const offered = keysToOffer(
    own.properties,
    used.map(({ key }) => key),
    Object.keys(recorded),
  );
  const [isAdding, setIsAdding] = useState(false);
  const said = Object.entries(own.properties).sort(([a], [b]) => (a < b ? -1 : 1));
  const valuesOf = (key: string): string[] => {
    const values = used.find((each) => each.key === key)?.values ?? [];
    return [...new Set([...(key in recorded ? [recorded[key] as Property] : []), ...values].map(String))];
  };
  return (
    <section className={panel.part} aria-labelledby={heading}>
      <header className={panel.row}>
        <h2 id={heading} className={panel.heading}>
          Properties
        </h2>
        {isAdding ? null : (
          <Button size="s" icon={<Plus size={13} />} onClick={() => setIsAdding(true)}>
            Property
          </Button>
        )}
      </header>
      {said.length === 0 && !isAdding ? (
        <p className={panel.muted}>Checkpoint, scene, site, lighting …: what rates are compared by.</p>
      ) : null}
      <datalist id={keys}>
        {offered.map((key) => (
          <option key={key} value={key} />
        ))}
      </datalist>
      {said.length > 0 ? (
        <ul className={styles.table}>
          {said.map(([key, value]) => (
            <Row key={key} name={key} value={value} values={valuesOf(key)} />
          ))}
        </ul>
      ) : null}
      {isAdding ? <Adding keys={keys} valuesOf={valuesOf} onDone={() => setIsAdding(false)} /> : null}
    </section>
  );
}

function Row({ name, value, values }: { name: string; value: Property; values: readonly string[] }) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const list = useId();
  const id = useId();
  const keep = () => {
    const next = propertyOf(text);
    if (next === '') setText(String(value));
    else if (next !== value) void perform(setProperty(name, next));
  };
  return (
    <li className={styles.row}>
      <label htmlFor={id} className={styles.key} title={name}>
        {inWords(name)}
      </label>
      <input
        id={id}
        className={styles.value}
        list={list}
        maxLength={2000}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
          else if (event.key === 'Escape') {
            event.stopPropagation();
            setText(String(value));
          }
        }}
      />
      <datalist id={list}>
        {values.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <IconButton
        size="s"
        label={`Remove ${inWords(name)}: ${wordOf(value)}`}
        icon={<X size={12} />}
        onClick={() => void perform(setProperty(name, null))}
      />
    </li>
  );
}

function Adding({ keys, valuesOf, onDone }: { keys: string; valuesOf(key: string): string[]; onDone(): void }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const list = useId();
  const name = keyOf(key);
  const isWhole = name !== '' && value.trim() !== '';
  return (
    <form
      className={styles.adding}
      aria-label="New property"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWhole) return;
        void perform(setProperty(name, propertyOf(value)));
        setKey('');
        setValue('');
        first.current?.focus();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onDone();
      }}
    >
      <input
        ref={first}
        aria-label="Key"
        placeholder="Key"
        className={styles.value}
        list={keys}
        maxLength={100}
        value={key}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setKey(event.target.value)}
      />
      <input
        aria-label="Value"
        placeholder="Value"
        className={styles.value}
        list={list}
        maxLength={2000}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setValue(event.target.value)}
      />
      <datalist id={list}>
        {valuesOf(name).map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <Button size="s" tone="primary" type="submit" disabled={!isWhole}>
        Add
      </Button>
      <Button size="s" tone="ghost" onClick={onDone}>
        Done
      </Button>
    </form>
  );
}
