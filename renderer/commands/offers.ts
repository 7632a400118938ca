import { useEffect, useRef } from 'react';
import type { CommandGroup } from '../../shared/commands/table.ts';
import type { MenuEntry } from '../design/index.ts';

/**
 * Something that can be done with what is open just now: a stream, a folder, a pane, a job. The palette lists it beside the
 * commands of the table, which are the same always and can have keys.
 */
export interface Offer {
  /** Unique among all that is offered at a time. */
  id: string;
  title: string;
  group: CommandGroup;
  /** Of what, where the title does not tell; found by as well. */
  detail?: string;
  /** One of a choice: whether it is the chosen one. */
  isChecked?: boolean;
  isEnabled?: boolean;
  run(): void;
}

const sources = new Set<() => readonly Offer[]>();

/** `list` is asked whenever the palette opens. Answers the way to take it back. */
export function registerOffers(list: () => readonly Offer[]): () => void {
  sources.add(list);
  return () => {
    sources.delete(list);
  };
}

export function allOffers(): Offer[] {
  return [...sources].flatMap((list) => [...list()]);
}

/** What a part of the screen offers while it is there, as it was rendered last. */
export function useOffers(list: () => readonly Offer[]): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  useEffect(() => registerOffers(() => latest.current()), []);
}

/** The entries of a menu: each bears the heading that it stands under, "Show here: Left camera". */
export function offersOfMenu(
  of: { id: string; group: CommandGroup; detail?: string },
  entries: readonly MenuEntry[],
): Offer[] {
  const offers: Offer[] = [];
  let heading = '';
  for (const entry of entries) {
    if (entry === 'separator') heading = '';
    else if ('heading' in entry) heading = `${entry.heading}: `;
    else {
      const title = `${heading}${entry.label}`;
      offers.push({
        ...{ ...of, id: `${of.id}/${title}`, title, run: entry.onSelect },
        ...(entry.checked === undefined ? {} : { isChecked: entry.checked }),
        ...(entry.disabled === undefined ? {} : { isEnabled: !entry.disabled }),
      });
    }
  }
  return offers;
}
