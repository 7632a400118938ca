import type { ContactSignals, Side } from './signals.ts';

/** Mean of colour distances above 8 over all pixels of a gel from which on it counts as touching (`contact_pct` says the same). */
export const IN_CONTACT_MIXED = 0.4;
/** A gel that touches for less of a recording was brushed against, or flickered. */
const TOUCHING_SHARE = 0.01;

export interface ContactSides {
  /** Share of ticks in contact, of those whose picture could be read; null where there is no such gel. */
  left: number | null;
  right: number | null;
  /** The gels that touched something; null where neither did. */
  side: Side | 'both' | null;
}

/** Which hands were in use, as the gels tell it. A guess: a person confirms it. */
export function contactSides(contacts: readonly Pick<ContactSignals, 'side' | 'mixed'>[]): ContactSides {
  const shareOf = (side: Side): number | null => {
    const mixed = contacts.find((contact) => contact.side === side)?.mixed;
    if (!mixed) return null;
    let known = 0;
    let touching = 0;
    for (const value of mixed) {
      if (Number.isNaN(value)) continue;
      known++;
      if (value > IN_CONTACT_MIXED) touching++;
    }
    return known === 0 ? null : touching / known;
  };
  const left = shareOf('left');
  const right = shareOf('right');
  const isLeft = (left ?? 0) >= TOUCHING_SHARE;
  const isRight = (right ?? 0) >= TOUCHING_SHARE;
  return { left, right, side: isLeft && isRight ? 'both' : isLeft ? 'left' : isRight ? 'right' : null };
}
