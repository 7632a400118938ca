import { FLAGS, type Flag } from './finding.ts';
import type { Layer, Review } from './review.ts';

export type FlagKind = Flag['kind'];

/** As notes and menus name them. */
export const FLAG_WORDS: Readonly<Record<FlagKind, string>> = {
  occlusion: 'occlusion',
  ot_dropout: 'OT dropout',
  exposure: 'colour or exposure',
  active_side: 'active side',
  other: 'flagged',
};

/** A flag with whose it is. */
export interface FlagOf {
  id: string;
  annotator: string;
  isOwn: boolean;
  flag: Flag;
}

/** Everybody's flags of a recording, by where they begin. */
export function flagsOf({ own, others }: { own: FlagLayer; others: readonly FlagLayer[] }): FlagOf[] {
  return [own, ...others]
    .flatMap((layer) =>
      Object.entries(layer.flags).map(([id, flag]) => ({
        ...{ id, annotator: layer.annotator, isOwn: layer === own, flag },
      })),
    )
    .sort((a, b) => a.flag.ticks[0] - b.flag.ticks[0] || FLAGS.indexOf(a.flag.kind) - FLAGS.indexOf(b.flag.kind));
}

type FlagLayer = Pick<Layer, 'annotator' | 'flags'>;

/** Whether anything was flagged in it: the active side is no fault of a recording. */
export function isFlagged(review: Pick<Review, 'own' | 'others'>): boolean {
  return flagsOf(review).some(({ flag }) => flag.kind !== 'active_side');
}

/** "tick 12", "ticks 12-40". */
export function ticksText([first, last]: readonly [number, number]): string {
  return first === last ? `tick ${first}` : `ticks ${first}-${last}`;
}

/** Sides that people confirmed; empty where nobody did. */
export function confirmedSides(flags: Iterable<Flag>): Set<'left' | 'right'> {
  const sides = new Set<'left' | 'right'>();
  for (const { kind, side } of flags) {
    if (kind !== 'active_side' || side === undefined) continue;
    if (side !== 'right') sides.add('left');
    if (side !== 'left') sides.add('right');
  }
  return sides;
}
