import { ListFilter, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Menu, type MenuEntry } from '../design/index.ts';
import { type Choice, type Facet, isChosen, labelOf, toggleChoice, valueLabel } from './facets.ts';
import styles from './Library.module.css';

/** A facet with more values is found faster by typing; the chosen ones are always there. */
const MOST_LISTED = 12;

/** A menu of what there is to filter by. It is made when it is asked for: with many episodes that costs a moment. */
export function FilterMenu({
  facetsOf,
  choices,
  onChange,
}: {
  facetsOf(): Facet[];
  choices: readonly Choice[];
  onChange(choices: Choice[]): void;
}) {
  const [facets, setFacets] = useState<Facet[]>([]);
  const look = () => setFacets(facetsOf());
  return (
    <Menu align="end" entries={facetEntries(facets, choices, onChange)}>
      <Button
        tone="ghost"
        className={styles.sort}
        aria-label="Filter by format, task, date, outcome or property"
        title="Filter by what is recorded"
        icon={<ListFilter size={14} />}
        data-chosen={choices.length > 0 || undefined}
        onPointerDown={look}
        onKeyDown={look}
      />
    </Menu>
  );
}

/** What is filtered by, each to be taken out by a press. Nothing while nothing is. */
export function FilterBar({ choices, onChange }: { choices: readonly Choice[]; onChange(choices: Choice[]): void }) {
  if (choices.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label="Active filters">
      {choices.map((choice) => {
        const text = `${labelOf(choice.facet)}: ${valueLabel(choice.facet, choice.value)}`;
        return (
          <li key={`${choice.facet} ${choice.value}`}>
            <button
              type="button"
              className={styles.chip}
              aria-label={`Remove the filter ${text}`}
              title={text}
              onClick={() => onChange(toggleChoice(choices, choice))}
            >
              <span className={styles.chipText}>{text}</span>
              <X size={11} aria-hidden />
            </button>
          </li>
        );
      })}
      {choices.length > 1 ? (
        <li>
          <button type="button" className={styles.clear} onClick={() => onChange([])}>
            Clear all
          </button>
        </li>
      ) : null}
    </ul>
  );
}

function facetEntries(
  facets: readonly Facet[],
  choices: readonly Choice[],
  onChange: (choices: Choice[]) => void,
): MenuEntry[] {
  if (facets.length === 0) return [{ heading: 'Every episode here says the same of itself' }];
  return facets.flatMap(({ name, label, values }): MenuEntry[] => {
    const listed = values.filter(
      ({ value }, index) => index < MOST_LISTED || isChosen(choices, { facet: name, value }),
    );
    const rest = values.length - listed.length;
    return [
      { heading: rest > 0 ? `${label} (${rest} more: type them into the filter)` : label },
      ...listed.map(({ value, label: text, count }) => ({
        label: text,
        keyLabel: count.toLocaleString('en-US'),
        checked: isChosen(choices, { facet: name, value }),
        onSelect: () => onChange(toggleChoice(choices, { facet: name, value })),
      })),
    ];
  });
}
