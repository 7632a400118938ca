import { ListFilter, X } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { LibraryEntry } from '../../shared/api/library.ts';
import { useSession } from '../app/session.ts';
import { Button, Menu, type MenuEntry } from '../design/index.ts';
import {
  type Choice,
  type Facet,
  facetsOf,
  isChosen,
  keepPlaces,
  labelOf,
  toggleChoice,
  valueLabel,
} from './facets.ts';
import styles from './Library.module.css';

/** A facet with more values is found faster by typing; the chosen ones are always there. */
const MOST_LISTED = 12;

/**
 * A menu of what there is to filter by. It is made while it is open: with many episodes that costs a moment. What a scan
 * finds meanwhile comes in below what stands there, so that nothing moves under the person who is choosing.
 */
export function FilterMenu({
  entries,
  choices,
  onChange,
}: {
  /** All that could be listed, filtered or not. */
  entries: readonly LibraryEntry[];
  choices: readonly Choice[];
  onChange(choices: Choice[]): void;
}) {
  const [isOpen, setOpen] = useState(false);
  const formats = useSession((session) => session.formats);
  const shown = useRef<readonly Facet[]>([]);
  /** What was chosen at any time since it is open stays in the list when it is taken out again. */
  const listed = useRef<readonly Choice[]>([]);
  const facets = useMemo(() => {
    shown.current = isOpen ? keepPlaces(shown.current, facetsOf(entries, choices, formats)) : [];
    listed.current = isOpen ? [...listed.current.filter((choice) => !isChosen(choices, choice)), ...choices] : [];
    return shown.current;
  }, [isOpen, entries, choices, formats]);
  return (
    <Menu align="end" entries={facetEntries(facets, listed.current, choices, onChange)} onOpenChange={setOpen}>
      <Button
        tone="ghost"
        className={styles.sort}
        aria-label="Filter by format, task, date, outcome or property"
        title="Filter by what is recorded"
        icon={<ListFilter size={14} />}
        data-chosen={choices.length > 0 || undefined}
      />
    </Menu>
  );
}

/** What is filtered by, each to be taken out by a press. Nothing while nothing is. */
export function FilterBar({ choices, onChange }: { choices: readonly Choice[]; onChange(choices: Choice[]): void }) {
  const formats = useSession((session) => session.formats);
  if (choices.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label="Active filters">
      {choices.map((choice) => {
        const text = `${labelOf(choice.facet)}: ${valueLabel(choice.facet, choice.value, formats)}`;
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
  listedAnyway: readonly Choice[],
  choices: readonly Choice[],
  onChange: (choices: Choice[]) => void,
): MenuEntry[] {
  if (facets.length === 0) return [{ heading: 'Every episode here says the same of itself' }];
  return facets.flatMap(({ name, label, values }): MenuEntry[] => {
    const listed = values.filter(
      ({ value }, index) => index < MOST_LISTED || isChosen(listedAnyway, { facet: name, value }),
    );
    const rest = values.length - listed.length;
    return [
      { id: name, heading: rest > 0 ? `${label} (${rest} more: type them into the filter)` : label },
      ...listed.map(({ value, label: text, count }) => ({
        id: `${name} ${value}`,
        label: text,
        count,
        staysOpen: true,
        checked: isChosen(choices, { facet: name, value }),
        onSelect: () => onChange(toggleChoice(choices, { facet: name, value })),
      })),
    ];
  });
}
