import { Check, ChevronRight, CornerDownLeft } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Marks } from '../../shared/review/marker-faults.ts';
import { codeOf, type Taxonomy } from '../../shared/review/taxonomy.ts';
import { Button, Keys, Spinner } from '../design/index.ts';
import styles from './CodePicker.module.css';
import { type Choice, choicesFor, onlyCodeOf, type PickerStep, STEPS } from './choices.ts';
import { type Asked, momentWords } from './marks-state.ts';
import { readTaxonomy, useTaxonomy } from './project.ts';
import { choose, closePicker, STEP_WORDS } from './say.ts';

/**
 * Asks what a mark is, one thing after the other: a digit takes the line it stands before, letters search, Escape leaves
 * what is said so far. It has the focus while it is open, and closes when that goes elsewhere.
 */
export function CodePicker({ picker, marks }: { picker: Asked; marks: Marks }) {
  const { map, id, step } = picker;
  const [asked, setAsked] = useState({ step, query: '', category: null as string | null, at: 0 });
  // Another question starts anew.
  const now = asked.step === step ? asked : { step, query: '', category: null, at: 0 };
  const read = useTaxonomy((taxonomy) => taxonomy.read);
  const fault = useTaxonomy((taxonomy) => taxonomy.fault);
  const listId = useId();
  const box = useRef<HTMLElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useFocusWhileOpen(box, input);
  const suggested = read && isFresh(now) && step === 'code' ? suggestionOf(read.taxonomy, picker.suggested) : [];
  const choices = read ? [...suggested, ...choicesFor(read.taxonomy, step, now.category, now.query)] : [];
  const at = Math.min(now.at, Math.max(0, choices.length - 1));
  const said = (Object.hasOwn(marks[map], id) ? marks[map][id] : undefined) as Record<string, unknown> | undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the line that the arrows reached comes into sight
  useEffect(() => {
    document.getElementById(`${listId}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at, step, now.query, now.category]);
  const isGone = said === undefined;
  useEffect(() => {
    if (isGone) closePicker();
  }, [isGone]);
  if (!said) return null;

  const take = (choice: Choice | undefined) => {
    if (!choice) return;
    const only = choice.isCategory && read ? onlyCodeOf(read.taxonomy, choice.value) : undefined;
    if (choice.isCategory && only === undefined) setAsked({ ...now, category: choice.value, at: 0 });
    else void choose(only ?? choice.value);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const actions: Record<string, () => void> = {
      ArrowDown: () => setAsked({ ...now, at: choices.length === 0 ? 0 : (at + 1) % choices.length }),
      ArrowUp: () => setAsked({ ...now, at: choices.length === 0 ? 0 : (at + choices.length - 1) % choices.length }),
      Enter: () => take(choices[at]),
      Escape: closePicker,
    };
    const isBack = event.key === 'Backspace' && now.query === '' && now.category !== null;
    const act =
      digit && !event.shiftKey
        ? () => take(choices[Number(digit) - 1 + suggested.length])
        : isBack
          ? back
          : actions[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const back = () => setAsked({ ...now, category: null, at: 0 });
  const category =
    now.category === null ? undefined : read?.taxonomy.categories.find(({ slug }) => slug === now.category);
  return (
    <section ref={box} className={styles.picker} aria-label={QUESTIONS[step]}>
      <header className={styles.head}>
        <h2 className={styles.question}>{QUESTIONS[step]}</h2>
        <ol className={styles.steps} aria-label="What is asked">
          {STEPS[map].map((each) => (
            <li key={each} aria-current={each === step ? 'step' : undefined} data-said={said[each] !== null}>
              {said[each] === null ? null : <Check size={10} aria-label="said" />}
              {STEP_WORDS[each]}
            </li>
          ))}
        </ol>
      </header>
      <div className={styles.search}>
        {category ? (
          <button type="button" className={styles.category} onClick={back} tabIndex={-1}>
            {category.title} <ChevronRight size={11} aria-hidden />
          </button>
        ) : null}
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={QUESTIONS[step]}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={choices.length > 0 ? `${listId}-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder="A digit, or type to search"
          value={now.query}
          onChange={(event) => setAsked({ ...now, query: event.target.value.replace(/\d/g, ''), at: 0 })}
          onKeyDown={onKeyDown}
        />
      </div>
      {read ? null : fault === null ? (
        <p className={styles.none}>
          <Spinner size={12} label="Reading the codes" /> Reading the codes
        </p>
      ) : (
        <p className={styles.none}>
          {fault}{' '}
          <Button size="s" onClick={() => void readTaxonomy()}>
            Try again
          </Button>
        </p>
      )}
      {read && choices.length === 0 ? <p className={styles.none}>Nothing by that name.</p> : null}
      <div id={listId} role="listbox" aria-label={QUESTIONS[step]} className={styles.list}>
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the search field's, which has the focus
          <div
            key={choice.value}
            data-suggested={index < suggested.length}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={styles.choice}
            data-leads={choice.isCategory}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(choice)}
          >
            <span className={styles.digit}>
              {index < suggested.length ? (
                <Keys label="↵" />
              ) : index - suggested.length < 9 ? (
                <Keys label={String(index - suggested.length + 1)} />
              ) : null}
            </span>
            <span className={styles.words}>
              <span className={styles.title}>
                {choice.title}
                {choice.under ? <span className={styles.under}> {choice.under}</span> : null}
                {said[step] === choice.value ? <Check size={12} aria-label="chosen" /> : null}
              </span>
              <span className={styles.definition}>{choice.definition}</span>
            </span>
            {choice.isCategory ? (
              <ChevronRight size={13} aria-hidden className={styles.sign} />
            ) : index === at && now.query !== '' ? (
              <CornerDownLeft size={12} aria-hidden className={styles.sign} />
            ) : null}
          </div>
        ))}
      </div>
      <footer className={styles.foot}>
        <Keys label="Esc" /> leaves it as it is
        <span className={styles.moment}>{momentOf(marks, picker)}</span>
      </footer>
    </section>
  );
}

const QUESTIONS: Readonly<Record<PickerStep, string>> = {
  code: 'What failed?',
  severity: 'How bad was it?',
  resetability: 'What does a reset take?',
  controlMode: 'Who steered the recovery?',
  outcome: 'How did the recovery end?',
};

function isFresh({ query, category }: { query: string; category: string | null }): boolean {
  return query === '' && category === null;
}

/** What a finding speaks for, before everything else: Enter takes it. */
function suggestionOf(taxonomy: Taxonomy, code: string | undefined): Choice[] {
  const known = code === undefined ? undefined : codeOf(taxonomy, code);
  return known ? [{ value: known.code, title: known.title, definition: known.definition, under: 'Suggested' }] : [];
}

function momentOf(marks: Marks, { map, id }: Asked): string {
  const tick = map === 'failures' ? marks.failures[id]?.event : marks.recoveries[id]?.ticks[0];
  return tick === undefined ? '' : momentWords(tick);
}

/** Takes the focus, gives it back at the end, and closes the picker when it goes elsewhere in this window. */
function useFocusWhileOpen(box: React.RefObject<HTMLElement | null>, input: React.RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const before = document.activeElement;
    input.current?.focus({ preventScroll: true });
    const onFocus = (event: FocusEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) closePicker();
    };
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) closePicker();
    };
    document.addEventListener('focusin', onFocus);
    document.addEventListener('pointerdown', onPointer);
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('pointerdown', onPointer);
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [box, input]);
}
